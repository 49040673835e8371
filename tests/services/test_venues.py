"""Registering, editing and finding venues: no doubles, no lost changes, nothing outside the own area."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from inspect_app.extensions import db
from inspect_app.models import AuditEvent, Venue
from inspect_app.services.actors import Actor, NotAllowed
from inspect_app.services.scope import OutOfArea
from inspect_app.services.venues import (
    AreaNotYours,
    CreditCodeTaken,
    CreditCodeWrong,
    MarketNotPossible,
    SamePlaceKnown,
    VenueChangedMeanwhile,
    VenueDetails,
    edit_venue,
    get_venue,
    register_venue,
)
from tests.factories import accounts, records

CODE = "91420700MA00AAA02J"


def _details(**values: Any) -> VenueDetails:
    return VenueDetails(
        **{"kind": "second_hand", "name": "古城路旧货行", "area_code": "420704001", "address": "古城路8号", **values}
    )


def _register(actor: Actor, uid: str = "form-1", *, second: bool = False, **values: Any) -> Venue:
    return register_venue(actor, uid, _details(**values), is_second_at_place=second)[0]


def _events() -> list[AuditEvent]:
    return db.session.query(AuditEvent).order_by(AuditEvent.seq).all()


def test_register(actor: Actor) -> None:
    narrow = accounts.create_unit(area_code="420704001")
    venue = _register(
        actor, credit_code=" 91420700-ma00aaa02ｊ", responsible_name="王小明", responsible_phone="13800005678"
    )
    assert (venue.credit_code, venue.is_credit_code_doubtful) == (CODE, False)
    assert venue.name_initials.startswith("gcljhh")
    assert (venue.unit_id, venue.created_by_id, venue.version) == (narrow.id, actor.user_id, 1)
    event = _events()[-1]
    assert (event.action, event.subject_id) == ("venues:venue:registered", str(venue.id))
    assert "王小明" not in str(event.after)
    assert "13800005678" not in str(event.after)


def test_people_are_encrypted(actor: Actor) -> None:
    _register(actor, responsible_name="王小明", responsible_phone="13800005678")
    stored = db.session.execute(text("SELECT responsible_name, responsible_phone FROM venue")).one()
    assert "王" not in stored[0]
    assert "1380" not in stored[1]


def test_same_form_twice_registers_once(actor: Actor) -> None:
    first, is_new = register_venue(actor, "form-1", _details())
    second, is_new_again = register_venue(actor, "form-1", _details())
    assert (first.id, is_new, is_new_again) == (second.id, True, False)
    assert db.session.query(Venue).count() == 1
    assert len(_events()) == 1


def test_named_unit_is_kept(actor: Actor) -> None:
    other = accounts.create_unit("market_regulation")
    assert _register(actor, unit_id=other.id).unit_id == other.id


def test_only_in_the_own_area(actor: Actor) -> None:
    with pytest.raises(AreaNotYours):
        _register(actor, area_code="420702001")
    elsewhere = records.create_venue(area_code="420702001")
    with pytest.raises(OutOfArea):
        get_venue(actor, elsewhere.id)
    with pytest.raises(OutOfArea):
        edit_venue(actor, elsewhere.id, 1, _details())
    mine = _register(actor)
    with pytest.raises(AreaNotYours):
        edit_venue(actor, mine.id, 1, _details(area_code="420702001"))
    with pytest.raises(NotAllowed):
        _register(accounts.actor_for(accounts.create_user(role="desk")))


@pytest.mark.parametrize(
    ("code", "problem"),
    [("91420700MA00AAA02K", "check_character"), ("91420700MA00AAA0", "length"), ("9142070OMA00AAA02J", "characters")],
)
def test_wrong_code_is_refused(actor: Actor, code: str, problem: str) -> None:
    with pytest.raises(CreditCodeWrong) as refused:
        _register(actor, credit_code=code)
    assert refused.value.checked.problem == problem
    assert db.session.query(Venue).count() == 0


def test_wrong_check_character_is_kept_when_it_stands_on_the_licence(actor: Actor) -> None:
    venue = _register(actor, credit_code="91420700MA00AAA02K", is_code_as_on_licence=True)
    assert venue.is_credit_code_doubtful
    with pytest.raises(CreditCodeWrong):
        _register(actor, "form-2", name="另一家", credit_code="91420700MA00AA", is_code_as_on_licence=True)
    righted = edit_venue(actor, venue.id, 1, _details(credit_code=CODE, is_code_as_on_licence=True))
    assert not righted.is_credit_code_doubtful


def test_code_is_registered_once_but_none_is_no_code(actor: Actor) -> None:
    first = _register(actor, credit_code=CODE)
    with pytest.raises(CreditCodeTaken) as refused:
        _register(actor, "form-2", name="另一家", credit_code=CODE)
    assert refused.value.other.id == first.id
    second = _register(actor, "form-3", name="另一家")
    with pytest.raises(CreditCodeTaken):
        edit_venue(actor, second.id, 1, _details(name="另一家", credit_code=CODE))
    assert _register(actor, "form-4", name="第三家").credit_code is None


def test_same_name_at_the_same_address_asks(actor: Actor) -> None:
    first = _register(actor, name="古城（南门）旧货行")
    with pytest.raises(SamePlaceKnown) as refused:
        _register(actor, "form-2", name="古城(南门)舊貨行", address="古城路８号")
    assert refused.value.other.id == first.id
    second = _register(actor, "form-2", name="古城(南门)旧货行", second=True)
    assert second.id != first.id
    # Editing something else of it does not ask again.
    edit_venue(actor, second.id, 1, _details(name="古城(南门)旧货行", notes="二楼"))
    assert _register(actor, "form-3", name="古城(南门)旧货行", address="古城路9号").id


def test_edit_writes_what_changed(actor: Actor) -> None:
    venue = _register(actor, responsible_name="王小明", responsible_phone="13800005678")
    edited = edit_venue(actor, venue.id, 1, _details(name="新城典当行", responsible_phone="", risk="high"))
    assert (edited.name, edited.name_initials.split()[0], edited.version) == ("新城典当行", "xcddh", 2)
    assert (edited.responsible_name, edited.responsible_phone) == ("王小明", "")
    event = _events()[-1]
    assert event.action == "venues:venue:edited"
    assert event.before["name"] == "古城路旧货行"
    assert event.after == {**event.after, "name": "新城典当行", "risk": "high"}
    assert "responsible_name" not in event.after
    assert event.before["responsible_phone"].startswith("hidden:")


def test_change_of_state_is_an_event_of_its_own(actor: Actor) -> None:
    venue = _register(actor)
    edit_venue(actor, venue.id, 1, _details(state="suspended"))
    event = _events()[-1]
    assert (event.action, event.before, event.after) == (
        "venues:venue:state_changed",
        {"state": "active"},
        {"state": "suspended"},
    )


def test_change_made_meanwhile_is_not_overwritten(actor: Actor) -> None:
    venue = _register(actor)
    edit_venue(actor, venue.id, 1, _details(notes="first"))
    with pytest.raises(VenueChangedMeanwhile):
        edit_venue(actor, venue.id, 1, _details(notes="second"))
    assert get_venue(actor, venue.id).notes == "first"
    # The same form sent twice is no conflict, and no second event.
    edit_venue(actor, venue.id, 1, _details(notes="first"))
    assert [event.action for event in _events()] == ["venues:venue:registered", "venues:venue:edited"]


def test_stalls(actor: Actor) -> None:
    market = _register(actor, kind="market", name="鄂城旧货市场")
    stall = _register(actor, "form-2", name="甲12号摊", market_id=market.id)
    assert stall.market is market

    for values, problem in (
        ({"market_id": stall.id}, "not_a_market"),
        ({"market_id": 999}, "not_a_market"),
        ({"market_id": market.id, "kind": "market"}, "market_in_market"),
    ):
        with pytest.raises(MarketNotPossible) as refused:
            _register(actor, "form-3", name="乙13号摊", **values)
        assert refused.value.problem == problem
    with pytest.raises(MarketNotPossible) as refused:
        edit_venue(actor, market.id, 1, _details(name="鄂城旧货市场", kind="pawn"))
    assert refused.value.problem == "has_stalls"


def test_unit_follows_the_area(app: Flask, actor: Actor) -> None:
    market_unit = accounts.create_unit("market_regulation", area_code="420704001")
    assert _register(actor).unit_id == actor.unit_id != market_unit.id


def test_two_at_one_moment(app: Flask, actor: Actor) -> None:
    """Eight people send at once: four the same form, four another form with the same code."""

    def send(number: int) -> str:
        with app.app_context():
            try:
                uid, name = ("form-1", "甲店") if number % 2 else (f"form-{number}", f"乙店{number}")
                return "new" if register_venue(actor, uid, _details(name=name, credit_code=CODE))[1] else "known"
            except CreditCodeTaken:
                return "taken"
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(send, range(8)))
    db.session.rollback()
    assert answers.count("new") == 1
    assert db.session.query(Venue).count() == 1
    assert len(_events()) == 1
