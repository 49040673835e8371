"""Linking on a cluster of two workers, one of which is killed on the way: the same links to the last pair."""

import time

import pytest

from inspect_app.matching import Identifier, Record, link
from inspect_app.services import distributed
from inspect_app.services.distributed import DaskMissing, SchedulerUnreachable, spread_over
from tests.factories.ports import free_port
from tests.services.conftest import Cluster

# Dask keeps an event loop in a thread, and what it leaves behind warns when it is collected.
pytestmark = pytest.mark.filterwarnings("default")


def phones(side: str, count: int) -> list[Record]:
    return [
        Record(
            f"{side}{number}",
            category="phone",
            brand="华为",
            model=f"Mate {number % 40}",
            colour=("黑", "白", "蓝")[number % 3],
            identifiers=(Identifier("imei", f"86{number * 7919 % 10**7:07d}{number % 10**6:06d}"),),
        )
        for number in range(count)
    ]


def test_the_same_links_even_when_a_worker_is_killed(cluster: Cluster) -> None:
    goods, stolen = phones("g", 12_000), phones("s", 1_500)
    alone = list(link(goods, stolen))
    killed_at: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if not killed_at:
            cluster.kill(cluster.workers[0])
            killed_at.append(done)
            assert done < total, "the worker was killed too late to prove anything"

    with spread_over(cluster.address, timeout_s=60) as spread:
        spread_out = list(link(goods, stolen, kill_one, spread=spread))
    assert killed_at == [2_000]
    assert cluster.workers[1].poll() is None
    assert len(alone) >= 1_500
    assert spread_out == alone


def test_what_does_not_answer_is_said() -> None:
    began = time.monotonic()
    with pytest.raises(SchedulerUnreachable), spread_over(f"tcp://127.0.0.1:{free_port()}", timeout_s=1):
        pass
    assert time.monotonic() - began < 20


def test_without_dask_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr(distributed, "import_module", missing)
    with pytest.raises(DaskMissing), spread_over("tcp://127.0.0.1:1"):
        pass
