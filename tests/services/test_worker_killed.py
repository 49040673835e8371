"""A worker process that is killed in the middle of an import: another one goes on, and nothing is lost or doubled."""

import io
import signal
import time
import uuid

import pytest
from flask import Flask
from sqlalchemy import func, select

from inspect_app.extensions import db
from inspect_app.models import ImportBatch, Job, StolenItem
from inspect_app.reference.mappings import preset
from inspect_app.services import imports as service
from inspect_app.services.import_job import CHUNK_ROWS
from tests.factories.accounts import actor_for, create_user
from tests.factories.commands import LEASE_S, start_command
from tests.factories.sheets import csv_file, row

ROWS = 8 * CHUNK_ROWS


def _done_units(job_id: int) -> int:
    db.session.rollback()
    return db.session.scalar(select(Job.done_units).where(Job.id == job_id)) or 0


@pytest.mark.parametrize("stop", [signal.SIGKILL, signal.SIGTERM])
def test_an_import_outlives_its_worker(app: Flask, stop: signal.Signals) -> None:
    desk, settings = actor_for(create_user(role="desk")), app.config["INSPECT"]
    content = csv_file([row(number) for number in range(ROWS)])
    import_id = service.upload_import(desk, settings, str(uuid.uuid4()), "a.csv", io.BytesIO(content))
    service.start_import(desk, settings, import_id, preset("common"))
    job_id = service.find_import(desk, import_id).job_id
    worker = start_command(app, "worker", "--once")
    try:
        deadline = time.monotonic() + 60
        while _done_units(job_id) < 2 * CHUNK_ROWS and time.monotonic() < deadline:
            time.sleep(0.02)
        worker.send_signal(stop)
        worker.wait(timeout=20)
    finally:
        worker.kill()
        worker.wait()
    done = _done_units(job_id)
    assert 2 * CHUNK_ROWS <= done < ROWS, "the worker was stopped too early or too late to prove anything"
    job = db.session.get_one(Job, job_id, populate_existing=True)
    assert job.state == ("running" if stop == signal.SIGKILL else "queued")
    if stop == signal.SIGKILL:
        time.sleep(LEASE_S + 0.5)
    # The interpreter of the second worker is started only now: it can know nothing but what the database says.
    assert start_command(app, "worker", "--once").wait(timeout=120) == 0
    db.session.rollback()
    batch = db.session.get_one(ImportBatch, import_id, populate_existing=True)
    assert (batch.state, batch.accepted_rows, batch.refused_rows, batch.repeated_rows) == ("done", ROWS, 0, 0)
    assert db.session.scalar(select(func.count(StolenItem.id))) == ROWS
    assert db.session.scalar(select(func.count(func.distinct(StolenItem.import_key)))) == ROWS
