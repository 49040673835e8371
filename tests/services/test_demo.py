"""The demo city: the promised size, coherent records, every state of an alert, the same data every time."""

import hashlib
import re
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_security import AsaList, verify_password
from sqlalchemy import select
from stdnum.cn import ric, uscc

from inspect_app import rules
from inspect_app.extensions import db
from inspect_app.matching.identifiers import check
from inspect_app.models import Alert, Photo, User, Venue, Visit
from inspect_app.models.audit import AuditEvent
from inspect_app.services.audit import verify_chain
from inspect_app.services.demo.city import plan_city
from inspect_app.services.demo.handling import TRUTHS
from inspect_app.services.demo.load import LoadedCity, NotEmpty, load_demo_city
from inspect_app.services.demo_accounts import DEMO_PASSWORD, demo_accounts, has_demo_accounts
from inspect_app.services.inspection_submission import find_problems
from inspect_app.services.numbering import next_number
from tests.conftest import build_app, settings_for

SMALL = 0.05
ENGLISH = {"admin": "administrator"}
# What the clock, the keys of this installation or the salt of a password decide.
NOT_REPEATED = {"name_key", "document_key", "phone_key", "password", "update_datetime", "screened_at"}

# The trail tells when this load was made.
DATED = {"audit_event"}


def _load(store: Path) -> LoadedCity:
    return load_demo_city(plan_city(SMALL), number_prefix="LJ", photo_store=store)


def _digest() -> dict[str, str]:
    """A hash of every table's rows, decrypted, without what cannot be the same twice."""
    digests = {}
    for table in db.metadata.sorted_tables:
        if table.name in DATED:
            continue
        columns = [c for c in table.columns if c.name not in NOT_REPEATED and not isinstance(c.type, AsaList)]
        order = list(table.primary_key.columns) or columns
        rows = db.session.execute(select(*columns).order_by(*order))
        content = "\n".join(repr([_plain(value) for value in row]) for row in rows)
        digests[table.name] = hashlib.sha256(content.encode()).hexdigest()
    db.session.rollback()
    return digests


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def test_city_has_the_promised_size() -> None:
    city = plan_city()
    assert len(city.units) == 12
    assert {unit.agency for unit in city.units} == {"police", "market_regulation"}
    assert len(city.venues) == 60
    assert {venue.kind for venue in city.venues} == set(rules.VENUE_KINDS)
    assert sum(len(report.items) for report in city.reports) == 2_000
    assert len(city.visits) == 300
    lines = [line for visit in city.visits for line in visit.goods]
    assert len(lines) == 5_000
    truths = Counter(line.truth for line in lines)
    assert all(truths[truth] >= 8 for truth in TRUTHS), truths


def test_plan_is_the_same_every_time() -> None:
    assert plan_city(SMALL) == plan_city(SMALL)


def test_numbers_hold_and_belong_to_nobody() -> None:
    city = plan_city()
    for person in city.people:
        assert person.document[6:10] == "1900"
        assert ric.calc_check_digit(person.document) == person.document[-1]
        assert person.phone.startswith("100")
        assert len(person.phone) == 11
    for venue in city.venues:
        assert uscc.is_valid(venue.credit_code), venue
    assert len({venue.credit_code for venue in city.venues}) == 60
    for report in city.reports:
        for number in (number for item in report.items for number in item.numbers):
            assert check(number.kind, number.value).result != "doubtful", number
            assert number.kind in rules.IDENTIFIER_KINDS


def test_units_nest_and_every_venue_has_officers_of_both_agencies() -> None:
    city = plan_city()
    staff = Counter(officer.unit_code for officer in city.officers if officer.role == "inspector")
    for venue in city.venues:
        for agency in ("police", "market_regulation"):
            covering = [u for u in city.units if u.agency == agency and venue.area_code.startswith(u.area_code)]
            assert any(staff[unit.code] >= 2 for unit in covering), (venue.area_code, agency)


def test_readme_names_the_accounts() -> None:
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
    assert f"`{DEMO_PASSWORD}`" in readme
    for account in demo_accounts():
        assert re.search(
            rf"^\| .*`{account.badge_number}`.* \| {ENGLISH.get(account.role, account.role)} ", readme, re.M
        )


def test_stolen_things_are_found_after_they_were_stolen() -> None:
    city = plan_city()
    for visit in city.visits:
        for line in visit.goods:
            assert visit.started_at <= line.logged_at <= (visit.ended_at or line.logged_at)
            if line.truth:
                assert line.report is not None
                assert city.reports[line.report].occurred_to < visit.started_at


def test_load_is_coherent(app: Flask, tmp_path: Path) -> None:
    loaded = _load(tmp_path / "photos")
    states = Counter(alert.state for alert in db.session.scalars(select(Alert)))
    assert set(states) == set(rules.ALERT_STATES)
    for visit in db.session.scalars(select(Visit).where(Visit.state == "submitted")):
        went_on = any(line.disposition in {"seized", "returned", "released"} for line in visit.goods)
        expected = {"outcome_without_held_goods"} if went_on else set()
        assert {problem.code for problem in find_problems(visit)} <= expected, visit.number
    assert db.session.scalar(select(Visit).where(Visit.state == "draft")) is not None
    shown = db.session.scalars(select(Visit).where(Visit.number == loaded.visit_number)).one()
    line_ids = [line.id for line in shown.goods]
    assert db.session.scalar(select(Alert).where(Alert.goods_line_id.in_(line_ids), Alert.band == "alert"))
    for photo in db.session.scalars(select(Photo)):
        assert (tmp_path / "photos" / photo.sha256[:2] / f"{photo.sha256}.jpg").is_file()
    assert list(verify_chain()) == []
    assert db.session.scalar(select(AuditEvent).where(AuditEvent.action == "stolen:report:registered"))
    _check_histories()
    _check_accounts()
    assert next_number("visit-LJ-2026") == db.session.query(Visit).count() + 1


def _check_histories() -> None:
    """Every alert went from "new" to where it is by moves that the table has, forward in time."""
    for alert in db.session.scalars(select(Alert)):
        state, moment = "new", alert.raised_at
        for move in alert.moves:
            assert move.before == state
            assert rules.is_move_allowed(rules.ALERT_MOVES, move.before, move.after)
            assert move.moved_at >= moment
            state, moment = move.after, move.moved_at
        assert alert.state == state
        if state in {"confirmed", "dismissed", "unsure"}:
            assert alert.judgements
            assert alert.judgements[-1].verdict == state


def test_two_loads_give_the_same_rows(app: Flask, sqlite_template: Path, tmp_path: Path) -> None:
    _load(tmp_path / "photos")
    first = _digest()
    shutil.copytree(sqlite_template, tmp_path / "second")
    second_app = build_app(settings_for(tmp_path / "second"))
    with second_app.app_context():
        _load(tmp_path / "second" / "photos")
        assert _digest() == first
        with pytest.raises(NotEmpty):
            _load(tmp_path / "second" / "photos")
        db.session.remove()
        db.engine.dispose()


def _check_accounts() -> None:
    """Every role is there to sign in as, with the shared password."""
    assert has_demo_accounts()
    assert {account.role for account in demo_accounts()} == set(rules.ROLES)
    for account in demo_accounts():
        user = db.session.scalars(select(User).where(User.username == account.badge_number)).one()
        assert user.full_name == account.full_name
        assert [role.name for role in user.roles] == [account.role]
    assert verify_password(DEMO_PASSWORD, user.password)


def test_a_load_that_is_stopped_leaves_nothing(app: Flask, tmp_path: Path) -> None:
    def stop_late(text: str) -> None:
        if text == "photos":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo_city(plan_city(SMALL), number_prefix="LJ", photo_store=tmp_path, tell=stop_late)
    assert db.session.query(User).count() == 0
    assert db.session.query(Venue).count() == 0
    assert not has_demo_accounts()


def test_command(web_app: Flask) -> None:
    runner = web_app.test_cli_runner()
    first = runner.invoke(args=["demo", "load", "--if-empty", "--scale", str(SMALL)])
    assert first.exit_code == 0, first.output
    last = first.stdout.strip().splitlines()[-1]
    assert db.session.scalar(select(Visit).where(Visit.number == last.split()[-1])) is not None
    assert "demo data:" in first.stderr
    assert "demo data:" not in first.stdout
    second = runner.invoke(args=["demo", "load", "--if-empty"])
    assert second.exit_code == 0
    assert "no demo data was loaded" in second.stdout
    assert runner.invoke(args=["demo", "load"]).exit_code == 1
