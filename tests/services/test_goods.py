"""The goods log: lines by their uid, identifiers in their places, sellers, moves, screening."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from inspect_app.extensions import db
from inspect_app.models import Alert, AuditEvent, GoodsLine, Person, Visit
from inspect_app.models.types import utc_now
from inspect_app.services.actors import Actor
from inspect_app.services.goods import (
    LineChange,
    LineOfAnotherVisit,
    LineUnknown,
    MoveNotAllowed,
    SellerChange,
    alerts_on,
    log_line,
    preview_line,
    remove_line,
    repeat_last_line,
    restore_line,
)
from inspect_app.services.inspections import VisitStart, start_visit
from inspect_app.services.screening import screen_stolen_items
from inspect_app.services.transaction import transaction
from tests.factories import records

IMEI = "860123456789014"


@pytest.fixture
def visit(actor: Actor) -> Visit:
    """A draft of the actor."""
    start = VisitStart(
        submission_id=str(uuid.uuid4()),
        venue_id=records.create_venue().id,
        kind="routine",
        started_at=utc_now() - timedelta(hours=1),
        number_prefix="QC",
    )
    return start_visit(actor, start)[0]


def phone(uid: str = "", **values: object) -> LineChange:
    """A phone with its IMEI."""
    known = {"category": "phone", "brand": "华为", "model": "Mate 60 Pro"}
    return LineChange(line_uid=uid or str(uuid.uuid4()), values={**known, **values}, identifiers={("imei", 1): IMEI})


def steal_it(actor: Actor) -> None:
    """A report of the same phone, in the index of the screening."""
    item = records.create_stolen_item(None, {"imei": IMEI}, model="Mate 60 Pro")
    with transaction(actor) as tx:
        screen_stolen_items(tx, [item])


def test_a_row_sent_twice_is_one_line(actor: Actor, visit: Visit) -> None:
    change = phone()
    first, second = log_line(actor, visit.id, change), log_line(actor, visit.id, change)
    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert [event.action for event in db.session.query(AuditEvent)].count("goods:line:logged") == 1
    assert db.session.query(AuditEvent).filter_by(action="goods:line:edited").count() == 0


def test_a_row_sent_from_two_sides_at_once(app: Flask, actor: Actor, visit: Visit) -> None:
    visit_id, change = visit.id, phone()

    def send(_number: int) -> None:
        with app.app_context():
            log_line(actor, visit_id, change)
            db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(send, range(6)))
    assert db.session.query(GoodsLine).count() == 1


def test_an_empty_row_makes_no_line(actor: Actor, visit: Visit) -> None:
    empty = LineChange(
        line_uid=str(uuid.uuid4()),
        values={"category": "phone", "brand": "", "price_fen": None, "disposition": "on_shelf", "is_in_register": None},
        identifiers={("imei", 1): ""},
        seller=SellerChange(),
    )
    assert log_line(actor, visit.id, empty) is None
    assert db.session.query(GoodsLine).count() == 0


def test_what_is_not_sent_stays(actor: Actor, visit: Visit) -> None:
    uid = str(uuid.uuid4())
    log_line(actor, visit.id, phone(uid, price_fen=120000))
    line = log_line(
        actor, visit.id, LineChange(line_uid=uid, values={"colour": "黑"}, identifiers={("serial", 1): "SN77123"})
    )
    assert line is not None
    assert (line.brand, line.colour, line.price_fen) == ("华为", "黑", 120000)
    assert [(row.kind, row.value, row.check_result) for row in line.identifiers] == [
        ("imei", IMEI, "ok"),
        ("serial", "SN77123", "unchecked"),
    ]
    line = log_line(
        actor, visit.id, LineChange(line_uid=uid, identifiers={("imei", 1): "860123456789015", ("serial", 1): ""})
    )
    assert line is not None
    assert [(row.value, row.check_result, row.check_reason) for row in line.identifiers] == [
        ("860123456789015", "doubtful", "imei_luhn")
    ]


def test_a_line_of_another_visit_is_not_touched(actor: Actor, visit: Visit) -> None:
    other = records.create_goods_line()
    with pytest.raises(LineOfAnotherVisit):
        log_line(actor, visit.id, phone(other.line_uid))


def test_moves_of_goods(actor: Actor, visit: Visit) -> None:
    uid = str(uuid.uuid4())
    log_line(actor, visit.id, phone(uid, disposition="held"))
    with pytest.raises(MoveNotAllowed):
        log_line(actor, visit.id, LineChange(line_uid=uid, values={"disposition": "on_shelf", "brand": "小米"}))
    line = log_line(actor, visit.id, LineChange(line_uid=uid, values={"disposition": "released"}))
    assert line is not None
    assert (line.disposition, line.brand) == ("released", "华为")


def test_the_seller_is_kept_apart_from_other_lines(actor: Actor, visit: Visit) -> None:
    uids = [str(uuid.uuid4()) for _ in range(2)]
    first = log_line(
        actor, visit.id, LineChange(line_uid=uids[0], seller=SellerChange(name="梁试", phone="13800005678"))
    )
    assert first is not None
    shared = first.seller_id
    second = log_line(actor, visit.id, phone(uids[1]))
    assert second is not None
    second.seller_id = shared
    db.session.commit()
    masked = SellerChange(name="梁*", phone="138****5678")
    second = log_line(actor, visit.id, LineChange(line_uid=uids[1], seller=masked))
    assert second is not None
    assert second.seller_id == shared, "masked values say nothing new"
    second = log_line(
        actor, visit.id, LineChange(line_uid=uids[1], seller=SellerChange(name="赵试", phone="138****5678"))
    )
    assert second is not None
    assert second.seller is not None
    assert (second.seller.name, second.seller.phone) == ("赵试", "13800005678")
    assert db.session.get_one(Person, shared).name == "梁试"
    trail = str([(event.before, event.after) for event in db.session.query(AuditEvent)])
    assert "梁试" not in trail
    assert "13800005678" not in trail


def test_a_saved_line_is_screened_and_a_removed_one_is_not(actor: Actor, visit: Visit) -> None:
    steal_it(actor)
    line = log_line(actor, visit.id, phone())
    assert line is not None
    assert [alert.band for alert in alerts_on([line])[line.id]] == ["alert"]
    remove_line(actor, visit.id, line.line_uid)
    assert db.session.query(Alert).one().state == "superseded"
    assert alerts_on([line]) == {}
    assert log_line(actor, visit.id, phone(line.line_uid, brand="小米")).brand == "华为"  # type: ignore[union-attr]
    restore_line(actor, visit.id, line.line_uid)
    assert db.session.query(Alert).one().state == "new"
    with pytest.raises(LineUnknown):
        restore_line(actor, visit.id, str(uuid.uuid4()))
    assert remove_line(actor, visit.id, str(uuid.uuid4())) is None


def test_preview_saves_nothing(actor: Actor, visit: Visit) -> None:
    steal_it(actor)
    hits = preview_line(actor, visit.id, phone())
    assert [hit.match.band for hit in hits] == ["alert"]
    assert preview_line(actor, visit.id, LineChange(line_uid=str(uuid.uuid4()))) == []
    db.session.commit()
    assert db.session.query(GoodsLine).count() == 0
    assert db.session.query(Alert).count() == 0


def test_repeating_the_last_line(actor: Actor, visit: Visit) -> None:
    assert repeat_last_line(actor, visit.id, str(uuid.uuid4())) is None
    log_line(actor, visit.id, phone(marks="左侧划痕", colour="黑", price_fen=5000))
    uid = str(uuid.uuid4())
    for _ in range(2):
        line = repeat_last_line(actor, visit.id, uid)
    assert line is not None
    assert (line.brand, line.colour, line.marks, line.identifiers) == ("华为", "黑", "", [])
    assert db.session.query(GoodsLine).count() == 2


def test_rows_show_what_is_worth_looking_at(app: Flask) -> None:
    line = records.create_goods_line()
    strong, likely = records.create_alert(line), records.create_alert(line, band="possible", probability=0.5)
    records.create_alert(line, band="possible", probability=0.1)
    records.create_alert(line, state="superseded")
    assert {alert.id for alert in alerts_on([line])[line.id]} == {strong.id, likely.id}
