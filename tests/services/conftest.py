"""A Dask cluster for the tests of what may be spread over one."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.factories.commands import ROOT
from tests.factories.ports import free_port


@dataclass(frozen=True, slots=True)
class Cluster:
    """A scheduler and two workers, each a process of its own, on the loopback."""

    address: str
    scheduler: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]]

    def kill(self, *processes: subprocess.Popen[bytes]) -> None:
        """Kills some of its processes, or all of them."""
        for process in processes or (*self.workers, self.scheduler):
            process.kill()
            process.wait()


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli." + arguments[0], *arguments[1:]],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A cluster whose two workers are there."""
    from distributed import Client

    address = f"tcp://127.0.0.1:{(port := free_port())}"
    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    workers = [
        start("dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", "--no-dashboard")
        for _ in range(2)
    ]
    started = Cluster(address, scheduler, workers)
    try:
        with Client(address, timeout=60) as client:
            client.wait_for_workers(2, timeout=60)
        yield started
    finally:
        started.kill()
