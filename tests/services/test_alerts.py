"""Alerts: what is listed for whom, how one is judged, and which moves are refused."""

from datetime import timedelta

import pytest
from flask import Flask

from inspect_app.models import AuditEvent
from inspect_app.rules import ALERT_MOVES
from inspect_app.services import alerts as service
from inspect_app.services.actors import Actor, NotAllowed
from inspect_app.services.alerts import AlertFilter, Verdict
from inspect_app.services.scope import OutOfArea
from inspect_app.services.transaction import transaction
from tests.factories import records
from tests.factories.accounts import actor_for, create_unit, create_user


def verdict(**values: str) -> Verdict:
    return Verdict(**{"submission_id": "a", "verdict": "confirmed", "evidence_key": "first", **values})


@pytest.fixture
def elsewhere(app: Flask) -> Actor:
    return actor_for(create_user(unit=create_unit(area_code="420702")))


def test_newest_day_first_and_strongest_within_a_day(app: Flask, actor: Actor) -> None:
    weak = records.create_alert(weight_bits=2.0, raised_at=records.NOON + timedelta(hours=3))
    strong = records.create_alert(weight_bits=9.0)
    yesterday = records.create_alert(weight_bits=30.0, raised_at=records.NOON - timedelta(days=1))
    assert [a.id for a in service.list_alerts(actor, AlertFilter()).rows] == [strong.id, weak.id, yesterday.id]
    strongest = service.list_alerts(actor, AlertFilter(order="strongest"))
    assert [a.id for a in strongest.rows] == [yesterday.id, strong.id, weak.id]


def test_list_keeps_to_band_state_text_and_area(app: Flask, actor: Actor, elsewhere: Actor) -> None:
    seen = records.create_alert(line=records.create_goods_line(brand="雅迪"))
    records.create_alert(band="possible")
    records.create_alert(state="dismissed")
    assert [a.id for a in service.list_alerts(actor, AlertFilter()).rows] == [seen.id]
    assert service.list_alerts(actor, AlertFilter(band="", state="")).total == 3
    assert service.list_alerts(actor, AlertFilter(text="雅迪")).total == 1
    assert service.list_alerts(actor, AlertFilter(text="%")).total == 0
    assert service.list_alerts(elsewhere, AlertFilter()).total == 0
    assert service.count_open_alerts(actor) == 1
    with pytest.raises(OutOfArea):
        service.find_alert(elsewhere, seen.id)


def test_alert_given_to_a_unit_is_seen_by_it(app: Flask, elsewhere: Actor) -> None:
    alert = records.create_alert(unit_id=elsewhere.unit_id)
    assert service.find_alert(elsewhere, alert.id).id == alert.id


def test_judgement_moves_the_alert_and_is_audited(app: Flask, actor: Actor) -> None:
    alert = records.create_alert()
    service.judge_alert(actor, alert.id, verdict(verdict="dismissed", reason="different_item", note="另一部"))
    alert = service.find_alert(actor, alert.id)
    assert alert.state == "dismissed"
    assert [(m.before, m.after, m.reason) for m in alert.moves] == [("new", "dismissed", "different_item")]
    event = AuditEvent.query.order_by(AuditEvent.seq.desc()).first()
    assert (event.action, event.before["state"], event.actor_id) == ("alerts:alert:dismissed", "new", actor.user_id)


def test_same_form_twice_is_one_judgement(app: Flask, actor: Actor) -> None:
    alert = records.create_alert()
    first = service.judge_alert(actor, alert.id, verdict()).id
    assert service.judge_alert(actor, alert.id, verdict()).id == first


def test_judgement_needs_a_reason_the_right_and_the_evidence_seen(app: Flask, actor: Actor) -> None:
    alert = records.create_alert()
    with pytest.raises(service.ReasonMissing):
        service.judge_alert(actor, alert.id, verdict(verdict="dismissed"))
    with pytest.raises(service.ReasonMissing):
        service.judge_alert(actor, alert.id, verdict(verdict="dismissed", reason="other"))
    with pytest.raises(service.EvidenceChanged):
        service.judge_alert(actor, alert.id, verdict(evidence_key="older"))
    with pytest.raises(NotAllowed):
        service.judge_alert(actor_for(create_user(role="auditor")), alert.id, verdict())
    assert service.find_alert(actor, alert.id).state == "new"


@pytest.mark.parametrize("before", sorted(ALERT_MOVES))
def test_moves_follow_the_table(app: Flask, actor: Actor, before: str) -> None:
    for after in ALERT_MOVES:
        alert = records.create_alert(state=before)
        with transaction(actor) as tx:
            alert = service.find_alert(actor, alert.id)
            if after in ALERT_MOVES[before]:
                service.move_alert(tx, alert, after)
                assert alert.state == after
            else:
                with pytest.raises(service.MoveNotAllowed):
                    service.move_alert(tx, alert, after)
