"""Jobs: leased once, resumed at their cursor, retried, given up, cancelled."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.models import Job
from inspect_app.models.types import utc_now
from inspect_app.services import jobs
from inspect_app.services.actors import system_actor
from inspect_app.services.jobs import JobFailed, JobKind, JobNotHeld, JobRun, claim_next, work
from inspect_app.services.transaction import transaction
from tests.factories.accounts import create_user

GIVEN_UP: list[int] = []


def _count_to_five(run: JobRun) -> None:
    for number in range(run.cursor.get("number", 0), 5):
        with run.step() as step:
            step.cursor, step.done_units = {"number": number + 1}, number + 1


def _kinds(handler: Callable[[JobRun], None] = _count_to_five) -> dict[str, JobKind]:
    GIVEN_UP.clear()
    return {"count": JobKind(handler, lambda _tx, job: GIVEN_UP.append(job.id))}


@pytest.fixture
def settings(app: Flask) -> Settings:
    return app.config["INSPECT"]


def _enqueue(**values: object) -> int:
    with transaction(system_actor("test")) as tx:
        job = jobs.enqueue(tx, "count", {}, total_units=5)
        for name, value in values.items():
            setattr(job, name, value)
        return job.id


def _claim(settings: Settings, kinds: dict[str, JobKind], worker: str = "one") -> JobRun:
    run = claim_next(worker, kinds, settings)
    assert run is not None
    return run


def _job(job_id: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, job_id, populate_existing=True)


def test_a_job_is_done_by_one_worker(app: Flask, settings: Settings) -> None:
    job_id, kinds = _enqueue(), _kinds()
    run = _claim(settings, kinds)
    assert claim_next("two", kinds, settings) is None
    seen: list[tuple[int, int]] = []
    run.on_progress = lambda done, total: seen.append((done, total))
    work(run, kinds["count"])
    job = _job(job_id)
    assert (job.state, job.done_units, job.cursor, job.leased_by) == ("done", 5, {"number": 5}, "")
    assert seen[-1] == (5, 5)
    assert claim_next("two", kinds, settings) is None


def test_the_oldest_waits_least_and_later_ones_wait_for_their_time(app: Flask, settings: Settings) -> None:
    late, second, first = (_enqueue(run_after=utc_now() + timedelta(seconds=wait)) for wait in (600, -5, -10))
    kinds = _kinds()
    assert [_claim(settings, kinds).job_id for _try in range(2)] == [first, second]
    assert claim_next("one", kinds, settings) is None
    assert _job(late).state == "queued"


def test_unknown_kinds_are_left_alone(app: Flask, settings: Settings) -> None:
    job_id = _enqueue(kind="of-another-version")
    assert claim_next("one", _kinds(), settings) is None
    assert _job(job_id).state == "queued"


def test_two_workers_at_once_never_get_the_same_job(app: Flask, settings: Settings) -> None:
    expected = {_enqueue() for _number in range(12)}
    kinds, claimed, gate = _kinds(), [], threading.Barrier(4)

    def claim_all(name: str) -> None:
        with app.app_context():
            gate.wait()
            misses = 0
            while misses < 3:
                run = claim_next(name, kinds, settings)
                misses = misses + 1 if run is None else 0
                if run is not None:
                    claimed.append(run.job_id)
            db.session.remove()

    threads = [threading.Thread(target=claim_all, args=(f"worker {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(expected)


def test_a_silent_worker_is_replaced_and_finds_out(app: Flask, settings: Settings) -> None:
    job_id, kinds = _enqueue(), _kinds()
    slow = _claim(settings, kinds)
    with slow.step() as step:
        step.cursor, step.done_units = {"number": 2}, 2
    with transaction(system_actor("test")):
        db.session.get_one(Job, job_id).lease_until = utc_now() - timedelta(seconds=1)
    quick = _claim(settings, kinds, "two")
    assert (quick.cursor, quick.done_units) == ({"number": 2}, 2)
    with pytest.raises(JobNotHeld), slow.step() as step:
        step.cursor = {"number": 99}
    work(slow, kinds["count"])
    assert _job(job_id).state == "running", "the slow worker must not settle what is not its own"
    work(quick, kinds["count"])
    assert (_job(job_id).state, _job(job_id).cursor) == ("done", {"number": 5})


def _fail_within(run: JobRun) -> None:
    with run.step() as step:
        step.cursor, step.done_units = {"number": 1}, 1
        db.session.add(Job(kind="count", payload={"made": "in the step"}))
        raise RuntimeError


def test_a_step_is_all_or_nothing(app: Flask, settings: Settings) -> None:
    job_id, kinds = _enqueue(), _kinds()
    run = _claim(settings, kinds)
    with pytest.raises(RuntimeError):
        _fail_within(run)
    assert _job(job_id).cursor == {}
    assert db.session.query(Job).count() == 1


def test_a_failing_job_is_tried_again_later_and_then_given_up(app: Flask, settings: Settings) -> None:
    def fail(_run: JobRun) -> None:
        raise ValueError("王小明 13800000000")

    job_id, kinds = _enqueue(max_attempts=3), _kinds(fail)
    waits = []
    for _attempt in range(2):
        work(_claim(settings, kinds), kinds["count"])
        job = _job(job_id)
        assert job.state == "queued"
        waits.append((job.run_after - utc_now()).total_seconds())
        with transaction(system_actor("test")):
            db.session.get_one(Job, job_id).run_after = utc_now()
    assert 0 < waits[0] < waits[1], "the pauses must grow"
    assert GIVEN_UP == []
    work(_claim(settings, kinds), kinds["count"])
    job = _job(job_id)
    assert (job.state, job.attempts, GIVEN_UP) == ("failed", 3, [job_id])
    assert job.error.startswith("ValueError in test_jobs.py:")
    assert "王小明" not in job.error
    assert claim_next("one", kinds, settings) is None


def test_progress_resets_the_attempts(app: Flask, settings: Settings) -> None:
    def one_step_then_fail(run: JobRun) -> None:
        with run.step() as step:
            step.done_units += 1
        raise ValueError

    job_id, kinds = _enqueue(max_attempts=2), _kinds(one_step_then_fail)
    for _attempt in range(4):
        work(_claim(settings, kinds), kinds["count"])
        with transaction(system_actor("test")):
            db.session.get_one(Job, job_id).run_after = utc_now()
    assert (_job(job_id).state, _job(job_id).done_units) == ("queued", 4)


def test_a_job_that_kills_its_worker_each_time_is_given_up(app: Flask, settings: Settings) -> None:
    job_id, kinds = _enqueue(max_attempts=2), _kinds()
    for _attempt in range(2):
        _claim(settings, kinds)
        with transaction(system_actor("test")):
            db.session.get_one(Job, job_id).lease_until = utc_now() - timedelta(seconds=1)
    assert claim_next("one", kinds, settings) is None
    assert (_job(job_id).state, _job(job_id).error, GIVEN_UP) == ("failed", jobs.WORKER_GAVE_OUT, [job_id])


def test_a_hopeless_job_is_not_tried_again(app: Flask, settings: Settings) -> None:
    def fail(_run: JobRun) -> None:
        raise JobFailed("stored_file_damaged")

    job_id, kinds = _enqueue(), _kinds(fail)
    work(_claim(settings, kinds), kinds["count"])
    assert (_job(job_id).state, _job(job_id).error, GIVEN_UP) == ("failed", "stored_file_damaged", [job_id])


def test_a_cancelled_job_stops_before_its_next_step(app: Flask, settings: Settings) -> None:
    job_id, kinds = _enqueue(), _kinds()
    run = _claim(settings, kinds)
    with run.step() as step:
        step.cursor, step.done_units = {"number": 1}, 1
    with transaction(system_actor("test")):
        assert jobs.cancel_job(job_id)
    work(run, kinds["count"])
    assert (_job(job_id).state, _job(job_id).done_units) == ("cancelled", 1)
    with transaction(system_actor("test")):
        assert not jobs.cancel_job(job_id)
    assert claim_next("one", kinds, settings) is None


def test_a_worker_that_stops_hands_the_job_back_untried(app: Flask, settings: Settings) -> None:
    job_id, kinds = _enqueue(), _kinds()
    run = _claim(settings, kinds)
    run.is_stopping = lambda: True
    work(run, kinds["count"])
    job = _job(job_id)
    assert (job.state, job.cursor, job.attempts) == ("queued", {"number": 1}, 0)
    work(_claim(settings, kinds, "two"), kinds["count"])
    assert _job(job_id).cursor == {"number": 5}


def test_a_heartbeat_prolongs_the_lease(app: Flask, settings: Settings) -> None:
    job_id, kinds = _enqueue(), _kinds()
    run = _claim(replace(settings, job_lease_s=5), kinds)
    before = _job(job_id).lease_until
    run.settings = replace(settings, job_lease_s=500)
    run.heartbeat()
    assert _job(job_id).lease_until - before > timedelta(seconds=400)


def test_a_job_acts_for_who_started_it(app: Flask, settings: Settings) -> None:
    user = create_user(role="desk")
    job_id, kinds = _enqueue(created_by_id=user.id), _kinds()
    run = _claim(settings, kinds)
    assert (run.job_id, run.actor.user_id, run.actor.label, run.actor.origin) == (
        job_id,
        user.id,
        user.badge_number,
        "worker",
    )
