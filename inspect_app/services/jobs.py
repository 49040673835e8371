"""Long work in a table: a job is leased to one worker, goes on in committed steps and outlives the worker.

A worker claims a job for a while (the lease). Each step of the work is one transaction that also moves the job's
cursor and prolongs the lease, so a step is done once or not at all. A worker that is killed leaves a lease that runs
out; whoever claims the job then goes on at the cursor. A step first locks the job and checks that it still holds the
lease: a worker that was only slow finds out there and leaves, with nothing written.
"""

import logging
import os
import socket
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, or_, select

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.models import Job, User
from inspect_app.models.types import JsonDict, utc_now
from inspect_app.services.actors import Actor, system_actor
from inspect_app.services.transaction import Transaction, transaction

LONGEST_BACKOFF_S: Final = 300
# SQLite lets those who wait for its one writer look again every 100 ms: without a pause a job would keep them all out.
_LET_OTHERS_WRITE_S: Final = 0.11
WORKER_GAVE_OUT: Final = "the worker stopped without a word each time"

log = logging.getLogger(__name__)


class JobFailed(Exception):
    """A job that no further attempt can help; ``message`` is kept with it and holds no personal data."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class JobNotHeld(Exception):
    """The job is not this worker's any more: another one took it over, or somebody cancelled it."""


class WorkerStopping(Exception):
    """The worker was asked to stop; the job goes on from its cursor in another one."""


@dataclass(frozen=True, slots=True)
class JobKind:
    """What runs a kind of job, and what is told in the same transaction when the job fails for good."""

    run: Callable[["JobRun"], None]
    give_up: Callable[[Transaction, Job], None]


@dataclass(slots=True)
class Step:
    """One step of the work, inside its transaction: set what has been done, then leave the block."""

    tx: Transaction
    cursor: JsonDict
    done_units: int


@dataclass(slots=True)
class JobRun:
    """What a handler is given: the job's facts as they were when it was claimed, and ``step`` to go on with."""

    job_id: int
    kind: str
    payload: JsonDict
    cursor: JsonDict
    done_units: int
    total_units: int
    actor: Actor
    settings: Settings
    worker: str
    is_stopping: Callable[[], bool] = lambda: False
    on_progress: Callable[[int, int], None] = lambda _done, _total: None

    @contextmanager
    def step(self) -> Iterator[Step]:
        """One transaction of the work; what the handler sets on the step is committed with it.

        Raises:
            JobNotHeld: another worker has the job, or it was cancelled; nothing of the step is kept.
            WorkerStopping: the step is committed, and the worker has to stop.
        """
        with transaction(self.actor) as tx:
            job = _held_job(self.job_id, self.worker)
            step = Step(tx, dict(job.cursor), job.done_units)
            yield step
            if step.cursor != job.cursor or step.done_units != job.done_units:
                # Progress proves that the job is not stuck: attempts count the tries that got nowhere.
                job.attempts = 0
            job.cursor, job.done_units = step.cursor, step.done_units
            job.lease_until = utc_now() + timedelta(seconds=self.settings.job_lease_s)
        self.cursor, self.done_units = step.cursor, step.done_units
        self.on_progress(self.done_units, self.total_units)
        if self.is_stopping():
            raise WorkerStopping
        if db.session.get_bind().dialect.name == "sqlite":
            time.sleep(_LET_OTHERS_WRITE_S)

    def heartbeat(self) -> None:
        """Prolongs the lease during work outside a step that may take longer than the lease.

        Raises:
            JobNotHeld, WorkerStopping: as ``step``.
        """
        with self.step():
            pass


def worker_name() -> str:
    """A name that no other worker has, on this machine or another."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


def enqueue(
    tx: Transaction, kind: str, payload: JsonDict, *, total_units: int = 0, held_by: str = "", lease_s: int = 0
) -> Job:
    """Adds a job in the open transaction and flushes it. ``held_by`` names a worker that begins with it at once."""
    job = Job(kind=kind, payload=payload, total_units=total_units, created_by_id=tx.actor.user_id)
    db.session.add(job)
    if held_by:
        _lease(job, held_by, lease_s)
    db.session.flush()
    return job


def claim_next(worker: str, kinds: Mapping[str, JobKind], settings: Settings) -> JobRun | None:
    """Leases the job that has waited longest, or one whose worker fell silent; None when there is nothing to do.

    A job whose attempts are used up is failed here: its worker died each time before it could say why.
    """
    if db.session.scalar(select(Job.id).where(_is_due(kinds)).limit(1)) is None:
        db.session.rollback()
        return None
    with transaction(system_actor("worker")) as tx:
        query = select(Job).where(_is_due(kinds)).order_by(Job.run_after, Job.id).limit(1)
        job = db.session.scalar(query.with_for_update(skip_locked=True))
        if job is None:
            return None
        if job.attempts >= job.max_attempts:
            _fail(tx, job, kinds[job.kind], WORKER_GAVE_OUT)
            return None
        _lease(job, worker, settings.job_lease_s)
        return job_run(job, worker, settings)


def job_run(job: Job, worker: str, settings: Settings) -> JobRun:
    """What a handler needs to run a job that ``worker`` has just leased."""
    return JobRun(
        job_id=job.id,
        kind=job.kind,
        payload=dict(job.payload),
        cursor=dict(job.cursor),
        done_units=job.done_units,
        total_units=job.total_units,
        actor=_actor_of(job),
        settings=settings,
        worker=worker,
    )


def work(run: JobRun, kind: JobKind) -> None:
    """Runs a leased job to its end and records how it ended. Raises nothing that the job's own work raises."""
    try:
        kind.run(run)
    except JobNotHeld:
        log.info("job %s is not ours any more", run.job_id)
    except WorkerStopping:
        _settle(run, lambda _tx, job: _release(job))
    except JobFailed as failed:
        reason = failed.message
        _settle(run, lambda tx, job: _fail(tx, job, kind, reason))
    except Exception as error:
        # The message of an exception may quote a row, and so a person: only its type and place are kept.
        place = traceback.extract_tb(error.__traceback__)[-1]
        message = f"{type(error).__name__} in {os.path.basename(place.filename)}:{place.lineno}"  # noqa: PTH119
        log.error("job %s: %s", run.job_id, message)
        _settle(run, lambda tx, job: _retry_or_fail(tx, job, kind, message))
    else:
        _settle(run, lambda _tx, job: _finish(job))


def cancel_job(job_id: int) -> bool:
    """Cancels a job in the open transaction; False when it has ended. A running one stops before its next step."""
    job = db.session.scalar(select(Job).where(Job.id == job_id).with_for_update())
    if job is None or job.state not in {"queued", "running"}:
        return False
    _end(job, "cancelled")
    return True


def _is_due(kinds: Mapping[str, Any]) -> ColumnElement[bool]:
    now = utc_now()
    waiting = and_(Job.state == "queued", Job.run_after <= now)
    abandoned = and_(Job.state == "running", Job.lease_until < now)
    return and_(Job.kind.in_(list(kinds)), or_(waiting, abandoned))


def _lease(job: Job, worker: str, lease_s: int) -> None:
    job.state, job.leased_by = "running", worker
    job.lease_until = utc_now() + timedelta(seconds=lease_s)
    job.attempts = (job.attempts or 0) + 1


def _held_job(job_id: int, worker: str) -> Job:
    query = select(Job).where(Job.id == job_id, Job.state == "running", Job.leased_by == worker)
    job = db.session.scalar(query.with_for_update())
    if job is None:
        raise JobNotHeld
    return job


def _settle(run: JobRun, change: Callable[[Transaction, Job], None]) -> None:
    try:
        with transaction(run.actor) as tx:
            change(tx, _held_job(run.job_id, run.worker))
    except JobNotHeld:
        log.info("job %s was taken over or cancelled before it could be settled", run.job_id)


def _finish(job: Job) -> None:
    job.error = ""
    _end(job, "done")


def _release(job: Job) -> None:
    job.state, job.leased_by, job.lease_until = "queued", "", None
    job.attempts = max(0, job.attempts - 1)


def _retry_or_fail(tx: Transaction, job: Job, kind: JobKind, message: str) -> None:
    if job.attempts >= job.max_attempts:
        _fail(tx, job, kind, message)
        return
    job.error = message
    job.state, job.leased_by, job.lease_until = "queued", "", None
    job.run_after = utc_now() + timedelta(seconds=min(2**job.attempts, LONGEST_BACKOFF_S))


def _fail(tx: Transaction, job: Job, kind: JobKind, message: str) -> None:
    job.error = message
    _end(job, "failed")
    kind.give_up(tx, job)


def _end(job: Job, state: str) -> None:
    job.state, job.leased_by, job.lease_until, job.finished_at = state, "", None, utc_now()


def _actor_of(job: Job) -> Actor:
    """Who started the job: its events are theirs. What the job may do was checked when it was started."""
    user = db.session.get(User, job.created_by_id) if job.created_by_id else None
    if user is None:
        return system_actor("worker")
    return Actor(
        user_id=job.created_by_id, label=user.badge_number, origin="worker", unit_id=user.unit_id, is_system=True
    )
