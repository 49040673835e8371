"""Comparing everything anew: complete, resumable at any moment, and sound beside what is saved meanwhile."""

import signal
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from inspect_app.extensions import db
from inspect_app.matching.matcher import Matcher
from inspect_app.models import (
    Alert,
    AuditEvent,
    GoodsIdentifier,
    GoodsLine,
    Job,
    MatchKey,
    Screened,
    StolenIdentifier,
    StolenItem,
)
from inspect_app.services import matcher as matcher_in_force
from inspect_app.services import rescreening, screening
from inspect_app.services.actors import Actor, NotAllowed, system_actor
from inspect_app.services.completeness import state_completeness
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import JobRun, work
from inspect_app.services.rescreening import start_rescreening
from inspect_app.services.screening import screen_goods_lines, screen_stolen_items
from inspect_app.services.transaction import transaction
from tests.factories.commands import LEASE_S, start_command
from tests.factories.records import create_goods_line, create_report, create_stolen_item, create_visit

SYSTEM = system_actor("cli")


@pytest.fixture
def register(app: Flask) -> None:
    """Things that nothing has screened: twelve true pairs among phones of few models."""
    visit, report = create_visit(), create_report()
    for number in range(40):
        imei = f"86{number:02d}23456{number:02d}901{number % 10}"
        values: dict[str, Any] = {"model": f"Mate {number % 7}0", "colour": "黑" if number % 2 else "白"}
        create_stolen_item(report, identifiers={"imei": imei}, **values)
        create_goods_line(visit, identifiers={"imei": imei} if number < 12 else {}, **values)


def rescreened(app: Flask) -> JobRun:
    run = start_rescreening(SYSTEM, app.config["INSPECT"], held_by="test")
    assert run is not None
    work(run, JOB_KINDS[run.kind])
    return run


def standing() -> list[tuple[Any, ...]]:
    db.session.rollback()
    alerts = db.session.scalars(select(Alert).order_by(Alert.goods_line_id, Alert.stolen_item_id))
    return [(a.goods_line_id, a.stolen_item_id, a.band, a.state, a.weight_bits, a.evidence_key) for a in alerts]


def marks() -> dict[str, int]:
    query = select(Screened.matcher_version, func.count()).group_by(Screened.matcher_version)
    return {row.matcher_version: row[1] for row in db.session.execute(query)}


def audited(action: str) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == action)) or 0


@pytest.mark.usefixtures("register")
def test_everything_is_compared_with_everything(app: Flask) -> None:
    assert state_completeness(SYSTEM).items.gap_count == 40
    run = rescreened(app)
    assert {(line, item) for line, item, band, *_ in standing() if band == "alert"} >= {(n, n) for n in range(1, 13)}
    stated = state_completeness(SYSTEM)
    assert stated.is_complete
    assert (stated.lines.compared, stated.items.compared, stated.jobs) == (40, 40, [])
    assert (stated.items.last_id, stated.lines.last_id) == (40, 40)
    job = db.session.get_one(Job, run.job_id)
    assert (job.state, job.done_units, job.total_units) == ("done", 160, 160)
    assert audited("matching:rescreening:finished") == 1


@pytest.mark.usefixtures("register")
def test_done_again_nothing_changes(app: Flask) -> None:
    rescreened(app)
    before, events = standing(), audited("alerts:alert:raised")
    rescreened(app)
    assert standing() == before
    assert (audited("alerts:alert:raised"), audited("alerts:alert:rescored")) == (events, 0)


@pytest.mark.usefixtures("register")
def test_a_broken_index_is_mended(app: Flask) -> None:
    rescreened(app)
    whole = standing()
    db.session.execute(delete(Alert))
    db.session.execute(delete(MatchKey).where(MatchKey.side == 1))
    db.session.commit()
    rescreened(app)
    assert standing() == whole


@pytest.mark.usefixtures("register")
def test_what_is_not_screened_is_a_gap(app: Flask) -> None:
    rescreened(app)
    line, item = create_goods_line(), create_stolen_item()
    stated = state_completeness(SYSTEM)
    assert not stated.is_complete
    assert (stated.lines.gaps, list(stated.lines.listed), stated.lines.last_id) == ({"": 1}, [line.id], line.id - 1)
    assert (stated.items.gaps, list(stated.items.listed)) == ({"": 1}, [item.id])
    with transaction(SYSTEM) as tx:
        screen_goods_lines(tx, [line])
        screen_stolen_items(tx, [item])
    assert state_completeness(SYSTEM).is_complete
    item.withdrawn_at = line.removed_at = item.report.reported_at
    db.session.commit()
    stated = state_completeness(SYSTEM)
    assert stated.is_complete
    assert (stated.items.left_out, stated.lines.left_out) == (1, 1)


class InForce:
    """Puts another matcher in force, as a release does."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.matcher = matcher_in_force.BUILT_IN
        for module in (screening, rescreening, sys.modules["inspect_app.services.completeness"]):
            monkeypatch.setattr(module, "current_matcher", lambda: self.matcher)

    def change(self, version: str) -> None:
        """The same words and weights under another version."""
        from dataclasses import replace

        self.matcher = Matcher(self.matcher.book, replace(self.matcher.weights, version=version))


@pytest.fixture
def in_force(monkeypatch: pytest.MonkeyPatch) -> InForce:
    """The matcher in force, which a test may change."""
    return InForce(monkeypatch)


@pytest.mark.usefixtures("register")
def test_another_matcher_makes_everything_a_gap_until_it_is_compared(app: Flask, in_force: InForce) -> None:
    rescreened(app)
    old = in_force.matcher.version
    in_force.change("9.0")
    stated = state_completeness(SYSTEM)
    assert (stated.version, stated.items.gaps, stated.lines.gaps) == (in_force.matcher.version, {old: 40}, {old: 40})
    rescreened(app)
    assert state_completeness(SYSTEM).is_complete
    in_force.matcher = matcher_in_force.BUILT_IN
    assert state_completeness(SYSTEM).items.gap_count == 40


def steps_with(monkeypatch: pytest.MonkeyPatch, between: Callable[[str, int], None]) -> None:
    """Makes steps of ten records and calls ``between`` with stage and number of each before it is taken."""
    monkeypatch.setattr(rescreening, "_STEP_RECORDS", dict.fromkeys(rescreening.STAGES, 10))
    original, numbers = JobRun.step, dict[str, int]()

    def step(self: JobRun) -> Any:
        stage = self.cursor.get("stage", "")
        numbers[stage] = numbers.get(stage, 0) + 1
        between(stage, numbers[stage])
        return original(self)

    monkeypatch.setattr(JobRun, "step", step)


@pytest.mark.usefixtures("register")
def test_a_matcher_that_comes_into_force_on_the_way_begins_it_again(
    app: Flask, in_force: InForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    def between(stage: str, number: int) -> None:
        if (stage, number) == ("screen", 3):
            in_force.change("9.0")

    steps_with(monkeypatch, between)
    run = rescreened(app)
    assert run.cursor["restarts"] == 1
    assert marks() == {in_force.matcher.version: 80}


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("stage", rescreening.STAGES)
@pytest.mark.parametrize("first", ["line", "item"])
def test_what_is_saved_meanwhile_meets_everything(
    app: Flask, in_force: InForce, monkeypatch: pytest.MonkeyPatch, stage: str, first: str
) -> None:
    rescreened(app)
    in_force.change("9.0")
    old_line, old_item = create_goods_line(identifiers={"vin": "LSVAA49J132047371"}, category="vehicle"), None
    old_item = create_stolen_item(identifiers={"vin": "LVHRU1866M5012345"}, category="vehicle")
    wanted = set()

    def save(kind: str) -> None:
        with transaction(SYSTEM) as tx:
            if kind == "line":
                line = create_unsaved(create_goods_line, identifiers={"vin": "LVHRU1866M5012345"}, category="vehicle")
                screen_goods_lines(tx, [line])
                wanted.add((line.id, old_item.id))
            else:
                item = create_unsaved(create_stolen_item, identifiers={"vin": "LSVAA49J132047371"}, category="vehicle")
                screen_stolen_items(tx, [item])
                wanted.add((old_line.id, item.id))

    def between(now: str, number: int) -> None:
        if now == stage and number in (2, 4):
            save(first if number == 2 else {"line": "item", "item": "line"}[first])

    steps_with(monkeypatch, between)
    rescreened(app)
    assert len(wanted) == 2
    assert state_completeness(SYSTEM).is_complete
    assert wanted <= {(line, item) for line, item, band, *_ in standing() if band == "alert"}


def create_unsaved(factory: Callable[..., Any], **values: Any) -> Any:
    """A row of the factory, made in the open transaction."""
    commit = db.session.commit
    db.session.commit = db.session.flush  # type: ignore[method-assign]
    try:
        return factory(**values)
    finally:
        db.session.commit = commit  # type: ignore[method-assign]


def test_only_who_may_put_a_matcher_in_force_starts_it(app: Flask, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        start_rescreening(actor, app.config["INSPECT"])
    start_rescreening(SYSTEM, app.config["INSPECT"])
    start_rescreening(SYSTEM, app.config["INSPECT"])
    assert db.session.scalar(select(func.count(Job.id))) == 1


def stage_of(job_id: int) -> tuple[str, int]:
    db.session.rollback()
    job = db.session.get_one(Job, job_id, populate_existing=True)
    return job.cursor.get("stage", ""), job.done_units


def bicycles() -> None:
    """1,200 stolen bicycles, of which every second one stands in a shop; nothing has screened them."""
    visit, report = create_visit(), create_report()
    rows: list[Any] = []
    for number in range(1_200):
        frame = f"WBK{number * 7919 % 100_000:05d}41X{number % 97:02d}"
        thing = {"category": "bicycle", "brand": "捷安特", "model": f"ATX {number % 9}"}
        item = StolenItem(item_uid=str(uuid.uuid4()), report_id=report.id, **thing)
        item.identifiers = [StolenIdentifier(kind="frame", value=frame, normalised=frame)]
        rows.append(item)
        if number % 2:
            line = GoodsLine(line_uid=str(uuid.uuid4()), visit_id=visit.id, venue_id=visit.venue_id, **thing)
            line.identifiers = [GoodsIdentifier(kind="frame", value=frame, normalised=frame)]
            rows.append(line)
    db.session.add_all(rows)
    db.session.commit()


def test_killed_at_any_moment_nothing_is_missed_or_doubled(app: Flask) -> None:
    bicycles()
    start_rescreening(SYSTEM, app.config["INSPECT"])
    job_id = db.session.scalar(select(Job.id))
    assert job_id is not None
    for stage in ("file_items", "screen"):
        worker = start_command(app, "worker", "--once")
        try:
            deadline = time.monotonic() + 60
            while stage_of(job_id)[0] != stage and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(0.2)
            worker.send_signal(signal.SIGKILL)
            worker.wait(timeout=20)
        finally:
            worker.kill()
            worker.wait()
        assert db.session.get_one(Job, job_id, populate_existing=True).state == "running"
        assert stage_of(job_id)[0] == stage, "the worker was killed too late to prove anything"
        time.sleep(LEASE_S + 0.5)
    assert start_command(app, "worker", "--once").wait(timeout=120) == 0
    assert stage_of(job_id) == ("done", 3_600)
    killed, raised = standing(), audited("alerts:alert:raised")
    assert state_completeness(SYSTEM).is_complete
    assert len([row for row in killed if row[2] == "alert"]) >= 600
    assert raised == len(killed)
    for table in (Alert, MatchKey, Screened):
        db.session.execute(delete(table))
    db.session.commit()
    rescreened(app)
    assert standing() == killed
