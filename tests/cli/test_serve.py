"""The serve command: says where, restarts its worker, stops at a signal, and says when the port is taken."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _serve(app: Flask, port: int, output: Path) -> subprocess.Popen[bytes]:
    with output.open("wb") as target:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", "serve"],
            cwd=ROOT,
            env={**os.environ, "INSPECT_DATA_DIR": str(app.config["INSPECT"].data_dir), "INSPECT_PORT": str(port)},
            stdout=target,
            stderr=subprocess.STDOUT,
        )


@pytest.fixture
def served(web_app: Flask, port: int, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    output = tmp_path / "serve.txt"
    process = _serve(web_app, port, output)
    try:
        _wait_until(lambda: "Open http" in output.read_text("utf-8"), process)
        yield process, output
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        finally:
            process.kill()
            process.wait()


def _wait_until(is_so: object, process: subprocess.Popen[bytes], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():  # type: ignore[operator]
        assert process.poll() is None, "the command ended"
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def _children(pid: int) -> list[int]:
    return [int(found) for found in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_it_serves_and_stops(served: tuple[subprocess.Popen[bytes], Path], port: int) -> None:
    process, output = served
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
        assert answer.status == 200
    assert f"Open http://127.0.0.1:{port} " in output.read_text("utf-8")
    children = _children(process.pid)
    assert len(children) == 2
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert not any(Path(f"/proc/{child}").exists() for child in children), "a child outlived it"


def test_a_worker_that_dies_is_replaced(served: tuple[subprocess.Popen[bytes], Path]) -> None:
    process, output = served
    web, worker = _children(process.pid)
    os.kill(worker, signal.SIGKILL)
    _wait_until(lambda: len(set(_children(process.pid)) - {web, worker}) == 1, process)
    assert "The worker ended" in output.read_text("utf-8")


def test_nothing_is_left_when_it_is_killed(served: tuple[subprocess.Popen[bytes], Path]) -> None:
    process, _output = served
    children = _children(process.pid)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while any(_is_running(child) for child in children):
        assert time.monotonic() < deadline, "a child holds the port for ever"
        time.sleep(0.05)


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_a_taken_port_is_told_in_plain_words(web_app: Flask, port: int, tmp_path: Path) -> None:
    output = tmp_path / "serve.txt"
    with socket.create_server(("127.0.0.1", port)):
        assert _serve(web_app, port, output).wait(timeout=30) == 1
    text = output.read_text("utf-8")
    assert f"Port {port} on 127.0.0.1 cannot be used" in text
    assert "Traceback" not in text
