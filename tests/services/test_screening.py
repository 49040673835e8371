"""Screening: both directions, in the transaction, idempotent, and judged pairs left alone."""

import threading
import time
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from inspect_app.extensions import db
from inspect_app.matching import Identifier, Record
from inspect_app.models import Alert, AuditEvent, GoodsLine, MatchKey, StolenItem
from inspect_app.models.types import utc_now
from inspect_app.services.actors import Actor, system_actor
from inspect_app.services.alerts import Verdict, judge_alert
from inspect_app.services.screening import (
    preview,
    screen_goods_line,
    screen_goods_lines,
    screen_stolen_items,
)
from inspect_app.services.transaction import transaction
from tests.factories.records import (
    NOON,
    create_goods_line,
    create_report,
    create_stolen_item,
    create_venue,
    create_visit,
)

IMEI = "860123456789014"


@pytest.fixture
def noise(app: Flask, actor: Actor) -> None:
    """Unrelated phones on both sides, filed in the index."""
    visit, report = create_visit(), create_report()
    lines = [create_goods_line(visit, model=f"Nova {n}", brand="OPPO") for n in range(8)]
    items = [create_stolen_item(report, model=f"K{n}", brand="红米") for n in range(8)]
    screened_items(actor, *items)
    with transaction(actor) as tx:
        screen_goods_lines(tx, [db.session.merge(line) for line in lines])


def screened_line(actor: Actor, line: GoodsLine) -> list[Alert]:
    with transaction(actor) as tx:
        return screen_goods_line(tx, line)


def screened_items(actor: Actor, *items: StolenItem) -> list[Alert]:
    with transaction(actor) as tx:
        return screen_stolen_items(tx, items)


def edited(actor: Actor, line: GoodsLine, imei: str) -> list[Alert]:
    with transaction(actor) as tx:
        line.identifiers[0].value = line.identifiers[0].normalised = imei
        return screen_goods_line(tx, line)


def all_alerts() -> list[Alert]:
    return list(db.session.scalars(select(Alert).order_by(Alert.id)))


def audited(action: str) -> int:
    return db.session.scalar(select(func.count()).select_from(AuditEvent).where(AuditEvent.action == action)) or 0


@pytest.mark.usefixtures("noise")
def test_a_new_goods_line_meets_what_was_reported_before(actor: Actor) -> None:
    screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}))
    alerts = screened_line(actor, create_goods_line(identifiers={"imei": "8601234 56789014"}))
    assert [alert.band for alert in alerts] == ["alert"]
    stored = all_alerts()[0]
    assert stored.state == "new"
    assert stored.probability > 0.99
    assert {c["comparison"]: c["level"] for c in stored.components}["identifier:imei"] == "exact"
    assert audited("alerts:alert:raised") == 1


@pytest.mark.usefixtures("noise")
def test_a_new_report_meets_what_was_logged_before(actor: Actor) -> None:
    screened_line(actor, create_goods_line(identifiers={"imei": IMEI}))
    alerts = screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}))
    assert [alert.band for alert in alerts] == ["alert"]


@pytest.mark.usefixtures("noise")
def test_what_has_nothing_in_common_raises_nothing(actor: Actor) -> None:
    assert screened_items(actor, create_stolen_item(brand="Yadea", model="冠能T5", category="ebike")) == []
    assert screened_line(actor, create_goods_line(brand="", model="", description="旧书一批", category="other")) == []


def test_screened_again_it_is_the_same_alert(actor: Actor) -> None:
    screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}))
    line = create_goods_line(identifiers={"imei": IMEI})
    screened_line(actor, line)
    first = all_alerts()[0]
    raised_at, key = first.raised_at, first.evidence_key
    screened_line(actor, line)
    screened_line(actor, line)
    assert [(alert.id, alert.raised_at, alert.evidence_key) for alert in all_alerts()] == [(first.id, raised_at, key)]
    assert audited("alerts:alert:raised") == 1
    assert audited("alerts:alert:rescored") == 0


def test_an_edited_line_is_filed_under_its_new_keys_alone(actor: Actor) -> None:
    line = create_goods_line(identifiers={"imei": IMEI})
    screened_line(actor, line)
    before = db.session.scalar(select(func.count()).select_from(MatchKey))
    edited(actor, line, "357999001234568")
    assert db.session.scalar(select(func.count()).select_from(MatchKey)) == before
    assert screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}, model="P60")) == []


def test_an_alert_without_evidence_is_superseded_and_returns_with_it(actor: Actor) -> None:
    screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}, model="P60"))
    line = create_goods_line(identifiers={"imei": IMEI})
    screened_line(actor, line)
    assert edited(actor, line, "357999001234568") == []
    assert all_alerts()[0].state == "superseded"
    assert audited("alerts:alert:superseded") == 1
    edited(actor, line, IMEI)
    assert all_alerts()[0].state == "new"
    assert [move.after for move in all_alerts()[0].moves] == ["superseded", "new"]


def test_a_dismissed_pair_stays_quiet_until_its_evidence_changes(actor: Actor) -> None:
    screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}))
    line = create_goods_line(identifiers={"imei": IMEI[:-2] + "41"})
    alert = screened_line(actor, line)[0]
    alert.state = "dismissed"
    db.session.commit()
    screened_line(actor, line)
    assert all_alerts()[0].state == "dismissed"
    edited(actor, line, IMEI)
    assert all_alerts()[0].state == "new"


def test_a_dismissed_pair_comes_back_when_its_quiet_time_is_over(actor: Actor) -> None:
    screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}))
    line = create_goods_line(identifiers={"imei": IMEI})
    alert = screened_line(actor, line)[0]
    dismissed = Verdict(
        submission_id="1", verdict="dismissed", evidence_key=alert.evidence_key, reason="different_item"
    )
    judge_alert(system_actor("cli"), alert.id, dismissed, quiet_days=30)
    screened_line(actor, line)
    assert all_alerts()[0].state == "dismissed"
    assert timedelta(days=29) < all_alerts()[0].quiet_until - utc_now() < timedelta(days=31)
    all_alerts()[0].quiet_until = utc_now() - timedelta(seconds=1)
    db.session.commit()
    screened_line(actor, line)
    assert all_alerts()[0].state == "new"
    assert [move.reason for move in all_alerts()[0].moves] == ["different_item", "quiet_expired"]


@pytest.mark.parametrize("state", ["confirmed", "unsure", "closed"])
def test_what_a_person_decided_is_not_superseded(actor: Actor, state: str) -> None:
    screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}, model="P60"))
    line = create_goods_line(identifiers={"imei": IMEI})
    screened_line(actor, line)[0].state = state
    db.session.commit()
    edited(actor, line, "357999001234568")
    assert all_alerts()[0].state == state


def test_a_withdrawn_item_raises_nothing_and_takes_its_open_alert_back(actor: Actor) -> None:
    item = create_stolen_item(identifiers={"imei": IMEI})
    screened_items(actor, item)
    screened_line(actor, create_goods_line(identifiers={"imei": IMEI}))
    item.withdrawn_at = utc_now()
    db.session.commit()
    screened_items(actor, item)
    assert [alert.state for alert in all_alerts()] == ["superseded"]
    assert screened_line(actor, create_goods_line(identifiers={"imei": IMEI})) == []


def test_a_removed_line_leaves_the_index(actor: Actor) -> None:
    line = create_goods_line(identifiers={"imei": IMEI})
    screened_line(actor, line)
    line.removed_at = utc_now()
    db.session.commit()
    screened_line(actor, line)
    assert db.session.scalar(select(func.count()).select_from(MatchKey)) == 0
    assert screened_items(actor, create_stolen_item(identifiers={"imei": IMEI})) == []


def _screen_and_fail(actor: Actor, line: GoodsLine) -> None:
    with transaction(actor) as tx:
        assert screen_goods_line(tx, line)
        raise RuntimeError


def test_nothing_is_left_of_a_screening_that_is_rolled_back(actor: Actor) -> None:
    screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}))
    line = create_goods_line(identifiers={"imei": IMEI})
    with pytest.raises(RuntimeError):
        _screen_and_fail(actor, line)
    assert all_alerts() == []
    assert db.session.scalar(select(func.count()).select_from(MatchKey).where(MatchKey.side == 0)) == 0


def test_two_that_are_saved_at_once_still_meet(app: Flask, actor: Actor) -> None:
    line, item = create_goods_line(identifiers={"imei": IMEI}), create_stolen_item(identifiers={"imei": IMEI})
    line_id, item_id = line.id, item.id
    db.session.rollback()
    is_screened = threading.Event()

    def screen_the_line() -> None:
        with app.app_context(), transaction(actor) as tx:
            screen_goods_line(tx, db.session.get_one(GoodsLine, line_id))
            is_screened.set()
            time.sleep(0.5)

    thread = threading.Thread(target=screen_the_line)
    thread.start()
    assert is_screened.wait(10)
    with transaction(actor) as tx:
        alerts = screen_stolen_items(tx, [db.session.get_one(StolenItem, item_id)])
        assert [alert.band for alert in alerts] == ["alert"]
    thread.join()


def test_a_chunk_of_an_import_is_screened_in_one_go(actor: Actor) -> None:
    visit = create_visit()
    lines = [create_goods_line(visit, identifiers={"frame": f"WBK77{n}41X{n}"}, category="bicycle") for n in range(5)]
    with transaction(actor) as tx:
        screen_goods_lines(tx, lines)
    report = create_report()
    items = [create_stolen_item(report, identifiers={"frame": f"WBK77{n}41X{n}"}, category="bicycle") for n in range(5)]
    alerts = screened_items(actor, *items)
    pairs = {(alert.goods_line_id, alert.stolen_item_id) for alert in alerts if alert.band == "alert"}
    assert {(line.id, item.id) for line, item in zip(lines, items, strict=True)} <= pairs


def test_the_alert_belongs_to_the_unit_of_the_venue(actor: Actor) -> None:
    from tests.factories.accounts import create_unit

    unit = create_unit()
    screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}))
    line = create_goods_line(create_visit(create_venue(unit_id=unit.id)), identifiers={"imei": IMEI})
    assert screened_line(actor, line)[0].unit_id == unit.id


def test_received_before_the_theft_is_told(actor: Actor) -> None:
    screened_items(actor, create_stolen_item(identifiers={"imei": IMEI}))
    line = create_goods_line(identifiers={"imei": IMEI}, received_on=(NOON - timedelta(days=30)).date())
    alert = screened_line(actor, line)[0]
    assert {c["comparison"]: c["level"] for c in alert.components}["time"] == "before_theft"


def test_received_on_the_day_of_the_theft_is_after_it(actor: Actor) -> None:
    screened_items(actor, create_stolen_item(create_report(occurred_from=NOON, occurred_to=NOON)))
    line = create_goods_line(received_on=date(2026, 11, 2), logged_at=NOON + timedelta(days=1))
    levels = {c["comparison"]: c["level"] for alert in screened_line(actor, line) for c in alert.components}
    assert levels["time"] == "same_days"


@pytest.mark.usefixtures("noise")
def test_preview_tells_a_likely_hit_and_saves_nothing(actor: Actor) -> None:
    item = create_stolen_item(identifiers={"imei": IMEI})
    screened_items(actor, item)
    keys = db.session.scalar(select(func.count()).select_from(MatchKey))
    hits = preview(Record("typed", brand="HUAWEI", identifiers=(Identifier("imei", "8601234567890"),)), limit=2)
    assert [hit.stolen_item_id for hit in hits] in ([], [item.id])
    hits = preview(Record("typed", brand="HUAWEI", identifiers=(Identifier("imei", IMEI),)), limit=2)
    assert [(hit.stolen_item_id, hit.title, hit.match.band) for hit in hits] == [(item.id, "华为 Mate 60", "alert")]
    assert preview(Record("typed")) == []
    assert all_alerts() == []
    assert db.session.scalar(select(func.count()).select_from(MatchKey)) == keys
