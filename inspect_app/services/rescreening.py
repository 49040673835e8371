"""Compares everything with everything anew, with the matcher in force, as a job that may be killed at any moment.

Three passes, each in steps that commit with the job's cursor:

1. Everything is filed under the keys of this matcher. Marks of other versions are taken away.
2. Every goods line is compared with every stolen item, as when it is saved, and marked.
3. The stolen items are marked.

What is saved meanwhile is screened by its own transaction. Every screening holds one lock until its commit and asks
behind it which matcher is in force, so all of them, and the steps of this job, stand in one order. Therefore:

    Any goods line and any stolen item that are marked with version V have been compared with V, as they are now.

Proof, by the mark that was set last. A mark of V says that its record is filed under the keys of V, for filing it with
another version takes the mark away. A record that is saved is compared with all that are filed, so with every one that
was marked V before. A goods line marked in pass 2 comes after pass 1: whatever item is marked V was filed before it was
compared. A stolen item marked in pass 3 was filed in pass 1 or saved since; a goods line that stood when pass 2 began
was compared with it there, and one that was saved later compared itself, when the item was filed already. Where another
matcher is put in force on the way, the job begins again.

Where the pairs are compared is no part of the proof: a cluster is given what this process read behind the lock and
gives back what depends on that alone, and it is waited for before the alerts are settled and the step commits.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.matching.comparing import COMPARED_HERE, Comparing
from inspect_app.models import GoodsLine, Job, StolenItem
from inspect_app.services.actors import Actor
from inspect_app.services.jobs import JobRun, Step, enqueue, job_run
from inspect_app.services.match_index import GOODS, STOLEN, lock_index
from inspect_app.services.matcher import current_matcher
from inspect_app.services.screening import refile, screen_goods_lines
from inspect_app.services.screening_marks import mark_screened
from inspect_app.services.transaction import Transaction, transaction

RESCREEN: Final = "rescreen"
STAGES: Final = ("file_items", "file_lines", "screen", "mark")
# A step holds the lock that every screening waits for: so few records that it is done in well under a second.
_STEP_RECORDS: Final = {"file_items": 200, "file_lines": 200, "screen": 50, "mark": 5_000}


def start_rescreening(actor: Actor, settings: Settings, *, held_by: str = "") -> JobRun | None:
    """Starts the job; the one that waits already will do. Returns what to run when ``held_by`` is the worker.

    Raises:
        NotAllowed: the actor may not put a matcher in force.
    """
    actor.require("matching.approve")
    with transaction(actor) as tx:
        job = enqueue_rescreening(tx, held_by=held_by, lease_s=settings.job_lease_s)
        return job_run(job, held_by, settings) if held_by else None


def enqueue_rescreening(tx: Transaction, *, held_by: str = "", lease_s: int = 0) -> Job:
    """Adds the job in the open transaction, for example with the change of matcher that makes it needed.

    A job that waits will take another step and see which matcher is in force, so it is not added a second time.
    """
    if not held_by:
        waiting = select(Job).where(Job.kind == RESCREEN, Job.state == "queued").limit(1).with_for_update()
        if (job := db.session.scalar(waiting)) is not None:
            return job
    job = enqueue(tx, RESCREEN, {}, total_units=_total_units(), held_by=held_by, lease_s=lease_s)
    tx.record("matching:rescreening:started", job, after={"matcher_version": current_matcher().version})
    return job


def run_rescreening(run: JobRun, comparing: Comparing = COMPARED_HERE) -> None:
    """Does what is left of the job, step after step; ``comparing`` says where pass 2 compares its pairs."""
    # A worker that was killed between the last step and the word that the job is done leaves it at "done".
    while run.cursor.get("stage") != "done":
        with run.step() as step:
            lock_index()
            _take_step(step, comparing)
            if step.cursor["stage"] == "done":
                told = {name: step.cursor[name] for name in ("version", "alerts", "restarts")}
                step.tx.record("matching:rescreening:finished", db.session.get_one(Job, run.job_id), after=told)


def give_up_rescreening(tx: Transaction, job: Job) -> None:
    """Says in the trail that the job has failed for good; the gaps stay to be seen in the statement."""
    tx.record("matching:rescreening:failed", job, after={"error": job.error[:200]})


def _take_step(step: Step, comparing: Comparing) -> None:
    """One step of the stage that the cursor names.

    The cursor: ``stage``, ``after`` (the id of the last record done), ``until`` (of the last to do), ``filed`` (of the
    last item that was filed), ``version``, ``alerts`` (how many the lines done so far have), ``restarts``.
    """
    version, cursor = current_matcher().version, step.cursor
    if cursor.get("version") != version:
        restarts = cursor.get("restarts", -1) + 1
        cursor.update(version=version, restarts=restarts, alerts=0, filed=_last_id(StolenItem))
        cursor.update(stage=STAGES[0], after=0, until=cursor["filed"])
        step.done_units = 0
    stage = cursor["stage"]
    rows = _next_rows(_table(stage), cursor["after"], cursor["until"], _STEP_RECORDS[stage])
    if stage == "screen":
        cursor["alerts"] += len(screen_goods_lines(step.tx, rows, comparing))
    elif stage == "mark":
        mark_screened(STOLEN, [item.id for item in rows if item.withdrawn_at is None], version)
    else:
        refile(STOLEN if stage == "file_items" else GOODS, rows)
    step.done_units += len(rows)
    if len(rows) == _STEP_RECORDS[stage]:
        cursor["after"] = rows[-1].id
        return
    following = (*STAGES, "done")[STAGES.index(stage) + 1]
    until = _last_id(GoodsLine) if _table(following) is GoodsLine else cursor["filed"]
    cursor.update(stage=following, after=0, until=until)


def _table(stage: str) -> Any:
    return GoodsLine if stage in ("file_lines", "screen") else StolenItem


def _next_rows(table: Any, after: int, until: int, limit: int) -> Sequence[Any]:
    place = GoodsLine.venue if table is GoodsLine else StolenItem.report
    query = select(table).where(table.id > after, table.id <= until).order_by(table.id).limit(limit)
    return db.session.scalars(query.options(joinedload(place), selectinload(table.identifiers))).all()


def _last_id(table: Any) -> int:
    """What is saved with a later id is screened by its own transaction."""
    return db.session.scalar(select(func.max(table.id))) or 0


def _total_units() -> int:
    lines = db.session.scalar(select(func.count()).select_from(GoodsLine)) or 0
    items = db.session.scalar(select(func.count()).select_from(StolenItem)) or 0
    return 2 * lines + 2 * items
