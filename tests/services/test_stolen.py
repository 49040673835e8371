"""Registering, editing and withdrawing stolen property, and finding it again."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from inspect_app.extensions import db
from inspect_app.models import Alert, AuditEvent, GoodsLine, StolenReport
from inspect_app.services import stolen, stolen_search
from inspect_app.services.actors import Actor, NotAllowed
from inspect_app.services.identifiers import TypedIdentifier
from inspect_app.services.scope import OutOfArea
from inspect_app.services.screening import screen_goods_lines
from inspect_app.services.stolen import ItemEntry, OwnerEntry, ReportEntry
from inspect_app.services.stolen_search import ReportQuery
from inspect_app.services.transaction import transaction
from tests.factories import accounts, records

IMEI = "860123456789014"


@pytest.fixture
def desk(app: Flask) -> Actor:
    """A registrar of the desk."""
    return accounts.actor_for(accounts.create_user(role="desk"))


def phone(**values: object) -> ItemEntry:
    typed = {"category": "phone", "brand": "华为", "model": "Mate 60", "identifiers": [TypedIdentifier("imei", IMEI)]}
    return ItemEntry(**{"item_uid": str(uuid.uuid4()), **typed, **values})


def entry(*items: ItemEntry, **values: object) -> ReportEntry:
    typed = {
        "channel": "counter",
        "reported_at": datetime(2026, 11, 3, 2, 0, tzinfo=UTC),
        "occurred_from": records.NOON - timedelta(days=3),
        "occurred_to": records.NOON - timedelta(days=2),
        "place": "滨湖小区",
        "area_code": "420704001",
        "owner": OwnerEntry(name="王小明", document="420704190001010019", phone="13800005678"),
    }
    return ReportEntry(**{**typed, "items": items or (phone(),), **values})


def register(actor: Actor, typed: ReportEntry | None = None, submission_id: str = "") -> StolenReport:
    saved = stolen.register_report(actor, typed or entry(), submission_id or str(uuid.uuid4()))
    report = db.session.get(StolenReport, saved.report_id)
    assert report is not None
    return report


def index_goods(actor: Actor) -> None:
    """What the service that logs goods does, so that reports which come later are compared with them."""
    with transaction(actor) as tx:
        screen_goods_lines(tx, db.session.query(GoodsLine).all())


def actions() -> list[str]:
    return [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.seq)]


def found(actor: Actor, **query: object) -> list[str]:
    return [report.number for report in stolen_search.list_reports(actor, ReportQuery(**query)).page.rows]


def test_a_report_is_registered_with_number_unit_and_audit_event(desk: Actor) -> None:
    unit = accounts.create_unit(area_code="420704001")
    accounts.create_unit(area_code="4207")
    report = register(desk, entry(phone(), phone(category="ebike", identifiers=())))
    assert (report.number, report.unit_id) == ("BA-2026-000001", unit.id)
    assert [(item.position, item.category) for item in report.items] == [(0, "phone"), (1, "ebike")]
    assert actions() == ["people:person:recorded", "stolen:report:registered"]
    trail = str([(event.before, event.after) for event in db.session.query(AuditEvent)])
    assert IMEI in trail
    for personal in ("王小明", "420704190001010019", "13800005678"):
        assert personal not in trail


def test_numbers_follow_the_year_of_the_station_and_skip_taken_ones(desk: Actor) -> None:
    register(desk, entry(number="BA-2026-000001"))
    late = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)
    assert register(desk).number == "BA-2026-000002"
    assert register(desk, entry(reported_at=late)).number == "BA-2027-000001"


def test_the_same_form_makes_one_report(desk: Actor) -> None:
    submission_id = str(uuid.uuid4())
    first = register(desk, submission_id=submission_id)
    again = stolen.register_report(desk, entry(), submission_id)
    assert again == stolen.SavedReport(first.id, 0, 0, is_repeated=True)
    assert db.session.query(StolenReport).count() == 1


def test_the_same_form_twice_at_one_moment_makes_one_report(app: Flask, desk: Actor) -> None:
    submission_id, start = str(uuid.uuid4()), threading.Barrier(2)

    def send(_number: int) -> stolen.SavedReport:
        with app.app_context():
            start.wait()
            try:
                return stolen.register_report(desk, entry(), submission_id)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        saved = list(pool.map(send, range(2)))
    assert saved[0].report_id == saved[1].report_id
    assert sorted(one.is_repeated for one in saved) == [False, True]
    db.session.rollback()
    assert [report.number for report in db.session.query(StolenReport)] == ["BA-2026-000001"]


def test_a_number_is_given_once(desk: Actor) -> None:
    report = register(desk, entry(number="A-77"))
    with pytest.raises(stolen.NumberTaken) as taken:
        register(desk, entry(number="A-77"))
    assert taken.value.report_id == report.id
    assert db.session.query(StolenReport).count() == 1


def test_an_item_uid_of_another_report_takes_nothing_from_it(desk: Actor) -> None:
    item = phone()
    first = register(desk, entry(item))
    second = register(desk, entry(replace(item, brand="小米")))
    assert first.items[0].brand == "华为"
    assert second.items[0].item_uid != item.item_uid


def test_logged_goods_that_match_raise_alerts(desk: Actor) -> None:
    records.create_goods_line(identifiers={"imei": IMEI})
    records.create_goods_line(identifiers={"imei": "490154203237518"}, brand="Apple", model="iPhone 15")
    index_goods(desk)
    saved = stolen.register_report(desk, entry(), str(uuid.uuid4()))
    assert saved.alerts == 1
    view = stolen_search.view_report(desk, saved.report_id)
    assert [[alert.band for alert in alerts] for alerts in view.alerts.values()] == [["alert"]]
    assert stolen_search.list_reports(desk, ReportQuery()).open_alerts == {saved.report_id: 1}


def test_withdrawing_drops_the_alert_and_undoing_brings_it_back(desk: Actor) -> None:
    records.create_goods_line(identifiers={"imei": IMEI})
    index_goods(desk)
    report = register(desk)
    item = report.items[0]
    with pytest.raises(stolen.ReasonMissing):
        stolen.withdraw_item(desk, item.id, "  ")
    stolen.withdraw_item(desk, item.id, "found and returned")
    stolen.withdraw_item(desk, item.id, "again")
    assert db.session.query(Alert).one().state == "superseded"
    assert item.withdrawn_reason == "found and returned"
    assert stolen.reinstate_item(desk, item.id).alerts == 1
    assert db.session.query(Alert).one().state == "new"
    assert [action for action in actions() if action.startswith("stolen:item")] == [
        "stolen:item:withdrawn",
        "stolen:item:reinstated",
    ]
    history = [event.action for event in stolen_search.view_report(desk, report.id).history]
    assert history == ["stolen:item:reinstated", "stolen:item:withdrawn", "stolen:report:registered"]


def test_an_edit_compares_anew_and_keeps_items_that_it_does_not_name(desk: Actor) -> None:
    records.create_goods_line(identifiers={"imei": IMEI})
    index_goods(desk)
    wrong = phone(identifiers=[TypedIdentifier("imei", "490154203237518")], brand="", model="")
    report = register(desk, entry(wrong))
    unnamed, version = report.items[0].item_uid, report.version
    saved = stolen.edit_report(desk, report.id, version, entry(phone(), place="南门", number=report.number))
    assert saved.alerts == 1
    assert report.items[0].item_uid == unnamed
    assert (len(report.items), report.place) == (2, "南门")
    assert report.version > version
    event = db.session.query(AuditEvent).filter_by(action="stolen:report:edited").one()
    assert (event.before["place"], event.after["place"]) == ("滨湖小区", "南门")


def test_an_edit_from_an_old_version_changes_nothing(desk: Actor) -> None:
    report = register(desk)
    version = report.version
    stolen.edit_report(desk, report.id, version, entry(place="first", items=()))
    with pytest.raises(stolen.ReportChanged) as changed:
        stolen.edit_report(desk, report.id, version, entry(place="second", items=()))
    assert changed.value.version == report.version > version
    assert report.place == "first"


def test_who_may_record(desk: Actor, actor: Actor) -> None:
    report = register(desk)
    item_id = report.items[0].id
    for refused in (
        lambda: register(actor),
        lambda: stolen.edit_report(actor, report.id, report.version, entry()),
        lambda: stolen.withdraw_item(actor, item_id, "found"),
        lambda: stolen.reinstate_item(actor, item_id),
    ):
        with pytest.raises(NotAllowed):
            refused()
    with pytest.raises(OutOfArea):
        stolen.withdraw_item(desk, item_id + 1, "found")


def test_an_inspector_sees_the_own_area_what_has_none_and_what_an_alert_leads_to(desk: Actor) -> None:
    here = accounts.actor_for(accounts.create_user(unit=accounts.create_unit(area_code="420704")))
    register(desk, entry(number="HERE"))
    register(desk, entry(number="ELSEWHERE", area_code="420702001"))
    register(desk, entry(number="UNKNOWN", area_code=""))
    assert sorted(found(here)) == ["HERE", "UNKNOWN"]
    records.create_goods_line(records.create_visit(), identifiers={"imei": "490154203237518"})
    index_goods(desk)
    alerted = entry(
        phone(identifiers=[TypedIdentifier("imei", "490154203237518")]), number="ALERTED", area_code="420702001"
    )
    register(desk, alerted)
    assert sorted(found(here)) == ["ALERTED", "HERE", "UNKNOWN"]
    assert len(found(desk)) == 4


def test_the_register_is_searched(desk: Actor) -> None:
    register(desk, entry(number="A-1"))
    bike = phone(category="ebike", brand="雅迪", model="", identifiers=[TypedIdentifier("frame", "WB-2231")])
    second = register(desk, entry(bike, number="B-2", place="东门", reported_at=datetime(2026, 11, 4, tzinfo=UTC)))
    stolen.withdraw_item(desk, second.items[0].id, "found")
    assert found(desk) == ["B-2", "A-1"]
    assert found(desk, text="ｗｂ2231") == ["B-2"]
    assert found(desk, text="雅迪 东门") == ["B-2"]
    assert found(desk, text="雅迪 滨湖") == []
    assert found(desk, text="a-1") == ["A-1"]
    assert found(desk, category="phone") == ["A-1"]
    assert found(desk, state="open") == ["A-1"]
    assert found(desk, state="withdrawn") == ["B-2"]
    assert found(desk, state="withdrawn", category="phone") == []
    assert found(desk, reported_from=datetime(2026, 11, 4, tzinfo=UTC)) == ["B-2"]
    assert found(desk, reported_until=datetime(2026, 11, 4, tzinfo=UTC)) == ["A-1"]
    assert found(desk, text="_") == []


def test_reports_are_found_by_the_owner_only_for_who_may_know(desk: Actor, actor: Actor) -> None:
    register(desk, entry(number="A-1"))
    register(desk, entry(number="B-2", owner=OwnerEntry(name="李")))
    page = stolen_search.list_reports_of_owner(desk, phone="+86 138 0000 5678").page
    assert [report.number for report in page.rows] == ["A-1"]
    assert stolen_search.list_reports_of_owner(desk, phone="13800000000").page.total == 0
    with pytest.raises(NotAllowed):
        stolen_search.list_reports_of_owner(actor, phone="13800005678")
