"""``flask --app wsgi worker``: does the long work that waits in the job table."""

import signal
import threading
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import claim_next, work, worker_name

IDLE_S = 0.5


@click.command("worker", help="Do the long work (imports) that waits. Run one or more beside the web server.")
@click.option("--once", is_flag=True, help="Stop when no work waits.")
@with_appcontext
def commands(once: bool) -> None:
    """Claims one job after the other until it is told to stop; a job in work is then handed back at its next step."""
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    run_worker(current_app.config["INSPECT"], stopping, is_once=once)


def run_worker(settings: Settings, stopping: threading.Event, *, is_once: bool = False) -> None:
    """Works until ``stopping`` is set, or with ``is_once`` until nothing waits."""
    name = worker_name()
    while not stopping.is_set():
        run = claim_next(name, JOB_KINDS, settings)
        if run is None:
            if is_once:
                return
            stopping.wait(IDLE_S)
            continue
        run.is_stopping = stopping.is_set
        work(run, JOB_KINDS[run.kind])
        db.session.remove()
