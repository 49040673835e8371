"""Rescreening on a cluster of two workers: the same alerts to the last component, whatever dies on the way."""

import os
import signal
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from inspect_app.cli import match_screening
from inspect_app.extensions import db
from inspect_app.matching import Match
from inspect_app.matching.comparing import Batch, Comparing, IdPair
from inspect_app.models import Alert, Job, MatchKey, Screened
from inspect_app.services import distributed, rescreening
from inspect_app.services.completeness import state_completeness
from inspect_app.services.distributed import WorkersDiffer, compared_over
from inspect_app.services.jobs import JobKind, work
from inspect_app.services.rescreening import give_up_rescreening, run_rescreening, start_rescreening
from tests.factories.commands import LEASE_S, start_command
from tests.factories.ports import free_port
from tests.services.conftest import Cluster
from tests.services.test_rescreening import SYSTEM, bicycles, rescreened, stage_of

# Dask keeps an event loop in a thread, and what it leaves behind warns when it is collected.
pytestmark = pytest.mark.filterwarnings("default")

Run = Callable[[Iterable[Batch]], Iterable[dict[IdPair, Match]]]


def everything() -> list[dict[str, Any]]:
    """All that the alerts say, the components among it; not when, nor under which number."""
    db.session.rollback()
    query = select(Alert.__table__).order_by(Alert.goods_line_id, Alert.stolen_item_id)
    own = {"id", "created_at", "updated_at", "scored_at", "raised_at"}
    return [
        {key: value for key, value in row.items() if key not in own} for row in db.session.execute(query).mappings()
    ]


def forget_everything() -> None:
    for table in (Alert, MatchKey, Screened):
        db.session.execute(delete(table))
    db.session.commit()


def what_one_process_finds(app: Flask) -> list[dict[str, Any]]:
    """Files bicycles and has this process compare them; nothing of that is left but what is given back."""
    bicycles()
    rescreened(app)
    found = everything()
    forget_everything()
    return found


def rescreened_over(app: Flask, comparing: Comparing) -> None:
    run = start_rescreening(SYSTEM, app.config["INSPECT"], held_by="test")
    assert run is not None
    work(run, JobKind(partial(run_rescreening, comparing=comparing), give_up_rescreening))
    assert db.session.get_one(Job, run.job_id, populate_existing=True).state == "done"


def with_a_blow(run: Run, blow: Callable[[], None]) -> Comparing:
    """Strikes when half of the sixty batches of a step are sent and no answer has been fetched."""

    def struck(batches: Iterable[Batch]) -> Iterable[Batch]:
        for number, batch in enumerate(batches):
            if number == 30:
                # What was sent is compared by now, and its results lie with both workers.
                time.sleep(0.5)
                blow()
            yield batch

    return Comparing(lambda batches: run(struck(batches)), most_records=10)


@pytest.fixture
def one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """All lines in one step."""
    monkeypatch.setitem(rescreening._STEP_RECORDS, "screen", 1_000)


@pytest.mark.usefixtures("one_step")
def test_the_same_alerts_even_when_a_worker_is_killed(
    app: Flask, cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    alone = what_one_process_finds(app)
    killed = []

    def kill_one() -> None:
        cluster.kill(cluster.workers[0])
        killed.append(cluster.workers[0])

    with compared_over(cluster.address, timeout_s=60, patience_s=60) as comparing:
        rescreened_over(app, with_a_blow(comparing.run, kill_one))
    assert killed
    assert cluster.workers[1].poll() is None
    assert "compared here" not in caplog.text, "the other worker was there to do it"
    assert len(alone) >= 600
    assert all(alert["components"] for alert in alone)
    assert everything() == alone
    assert state_completeness(SYSTEM).is_complete


@pytest.mark.usefixtures("one_step")
def test_the_same_alerts_even_when_the_whole_cluster_dies(
    app: Flask, cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    alone = what_one_process_finds(app)
    with compared_over(cluster.address, timeout_s=60, patience_s=0.5) as comparing:
        rescreened_over(app, with_a_blow(comparing.run, cluster.kill))
    assert "compared here" in caplog.text
    assert everything() == alone


def test_killed_on_the_way_the_worker_goes_on_without_the_cluster(app: Flask, cluster: Cluster) -> None:
    alone = what_one_process_finds(app)
    job_query = select(func.max(Job.id))
    before = db.session.scalar(job_query)
    command = start_command(app, "match", "rescreen", "--scheduler", cluster.address)
    try:
        deadline = time.monotonic() + 60
        while (job_id := db.session.scalar(job_query)) == before or stage_of(job_id)[0] != "screen":  # type: ignore[arg-type]
            assert command.poll() is None, "the command ended before it could be killed"
            assert time.monotonic() < deadline
            db.session.rollback()
            time.sleep(0.01)
    finally:
        command.send_signal(signal.SIGKILL)
        command.wait()
    assert job_id is not None
    assert stage_of(job_id)[0] == "screen", "the command was killed too late to prove anything"
    time.sleep(LEASE_S + 0.5)
    assert start_command(app, "worker", "--once").wait(timeout=120) == 0
    assert stage_of(job_id) == ("done", 3_600)
    assert everything() == alone


def test_workers_with_other_code_are_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributed, "matcher_code", lambda: str(os.getpid()))
    with pytest.raises(WorkersDiffer), compared_over(cluster.address, timeout_s=60):
        pass


def test_what_does_not_answer_is_said_and_nothing_begins(web_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_screening, "compared_over", partial(compared_over, timeout_s=1))
    address = f"tcp://127.0.0.1:{free_port()}"
    told = web_app.test_cli_runner().invoke(args=["match", "rescreen", "--scheduler", address])
    assert told.exit_code == 2
    assert told.output == f"Error: No Dask scheduler with a worker answers at {address}.\n"
    assert db.session.scalar(select(func.count(Job.id))) == 0
