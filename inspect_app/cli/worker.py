"""``flask --app wsgi worker``: does the long work that waits in the job table."""

import logging
import signal
import threading
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import claim_next, work, worker_name

IDLE_S = 0.5


log = logging.getLogger(__name__)


@click.command("worker", help="Do the long work (imports) that waits. Run one or more beside the web server.")
@click.option("--once", is_flag=True, help="Stop when no work waits.")
@with_appcontext
def commands(once: bool) -> None:
    """Claims one job after the other until it is told to stop; a job in work is then handed back at its next step."""
    run_until_stopped(current_app.config["INSPECT"], is_once=once)


def run_until_stopped(settings: Settings, *, is_once: bool = False) -> None:
    """Works until SIGTERM or SIGINT comes, or with ``is_once`` until nothing waits."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    name = worker_name()
    while not stopping.is_set():
        try:
            is_idle = not _work_once(name, settings, stopping)
        except OperationalError as error:
            # The database is away for a moment: whatever was leased goes on when its lease runs out.
            log.error("the database does not answer (%s)", type(error.orig).__name__)
            is_idle = True
        if is_idle and is_once:
            return
        if is_idle:
            stopping.wait(IDLE_S)


def _work_once(name: str, settings: Settings, stopping: threading.Event) -> bool:
    """Does one job, if one waits, and says whether one did."""
    try:
        run = claim_next(name, JOB_KINDS, settings)
        if run is None:
            return False
        run.is_stopping = stopping.is_set
        work(run, JOB_KINDS[run.kind])
        return True
    finally:
        db.session.remove()
