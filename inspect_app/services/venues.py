"""Venues: registering and editing them, with what must not happen to a register: doubles and lost changes."""

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from inspect_app.extensions import db
from inspect_app.matching.text import normalise
from inspect_app.models import Venue
from inspect_app.services.actors import Actor
from inspect_app.services.audit import audited_values, changed_values
from inspect_app.services.credit_codes import CheckedCode, check_credit_code
from inspect_app.services.directory import unit_in_charge
from inspect_app.services.scope import OutOfArea
from inspect_app.services.transaction import transaction
from inspect_app.services.venue_names import spell_name
from inspect_app.services.venue_search import find_venues, list_markets

__all__ = [
    "AreaNotYours",
    "CreditCodeTaken",
    "CreditCodeWrong",
    "MarketNotPossible",
    "SamePlaceKnown",
    "VenueChangedMeanwhile",
    "VenueDetails",
    "edit_venue",
    "find_code_holder",
    "find_venues",
    "get_venue",
    "list_markets",
    "register_venue",
]

MarketProblem = Literal["not_a_market", "market_in_market", "has_stalls"]

# Columns that are taken over from the details as they are.
_PLAIN_COLUMNS: Final = (
    "kind",
    "name",
    "filing_number",
    "licences",
    "address",
    "area_code",
    "lat",
    "lng",
    "market_id",
    "state",
    "risk",
    "notes",
)


class AreaNotYours(Exception):
    """Venues of this area are registered and moved by its own officers."""


class VenueChangedMeanwhile(Exception):
    """Someone else saved the venue after the form was opened; nothing was overwritten."""


class CreditCodeWrong(Exception):
    """The code is none, and nobody has said that it stands so on the licence; ``checked`` says what is wrong."""

    def __init__(self, checked: CheckedCode) -> None:
        super().__init__(checked.problem)
        self.checked = checked


class CreditCodeTaken(Exception):
    """``other`` has this code already."""

    def __init__(self, other: Venue) -> None:
        super().__init__(other.id)
        self.other = other


class SamePlaceKnown(Exception):
    """``other`` has the same name and address; saving goes on when a person confirms that there are two."""

    def __init__(self, other: Venue) -> None:
        super().__init__(other.id)
        self.other = other


class MarketNotPossible(Exception):
    """The venue cannot be a stall of that market, or cannot cease to be a market; ``problem`` says why."""

    def __init__(self, problem: MarketProblem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueDetails:
    """What is known of a venue. A person's field that is None stays as it is, "" removes it.

    ``unit_id`` None means the police unit whose area it is. ``is_code_as_on_licence`` keeps a code whose check
    character is wrong, marked as doubtful.
    """

    kind: str
    name: str
    area_code: str
    address: str = ""
    credit_code: str = ""
    is_code_as_on_licence: bool = False
    filing_number: str = ""
    licences: str = ""
    lat: float | None = None
    lng: float | None = None
    responsible_name: str | None = field(default=None, repr=False)
    responsible_phone: str | None = field(default=None, repr=False)
    unit_id: int | None = None
    market_id: int | None = None
    state: str = "active"
    risk: str = "low"
    notes: str = ""


def register_venue(
    actor: Actor, submission_id: str, details: VenueDetails, *, is_second_at_place: bool = False
) -> tuple[Venue, bool]:
    """Registers a venue; True when it is new, False when the same form (``submission_id``) made it before.

    Raises:
        NotAllowed: the actor may not edit venues.
        AreaNotYours: the area lies outside the actor's.
        CreditCodeWrong, CreditCodeTaken: see there.
        SamePlaceKnown: a venue of this name and address is there and ``is_second_at_place`` is not set.
        MarketNotPossible: see there.
    """
    actor.require("venues.edit")
    try:
        return _register(actor, submission_id, details, is_second_at_place)
    except (IntegrityError, SamePlaceKnown, CreditCodeTaken):
        # Two of the same form or code at one moment: the second try finds what the first one saved, its own form first.
        return _register(actor, submission_id, details, is_second_at_place)


def edit_venue(
    actor: Actor, venue_id: int, version: int, details: VenueDetails, *, is_second_at_place: bool = False
) -> Venue:
    """Changes a venue whose form was opened at ``version``. The same change sent twice is made once.

    Raises:
        NotAllowed, AreaNotYours, CreditCodeWrong, CreditCodeTaken, SamePlaceKnown, MarketNotPossible: as in
            ``register_venue``.
        OutOfArea: the venue does not exist or lies outside the actor's area.
        VenueChangedMeanwhile: it was saved since, with other values than these.
    """
    actor.require("venues.edit")
    try:
        return _edit(actor, venue_id, version, details, is_second_at_place)
    except IntegrityError:
        return _edit(actor, venue_id, version, details, is_second_at_place)


def get_venue(actor: Actor, venue_id: int) -> Venue:
    """One venue.

    Raises:
        NotAllowed: the actor may not see venues.
        OutOfArea: there is none with this id, or it lies outside the actor's area.
    """
    actor.require("venues.view")
    venue = db.session.get(Venue, venue_id)
    if venue is None or not actor.sees_area(venue.area_code):
        raise OutOfArea
    return venue


def find_code_holder(actor: Actor, credit_code: str, *, except_id: int | None = None) -> Venue | None:
    """The venue that has this code already, wherever it lies.

    Raises:
        NotAllowed: the actor may not see venues.
    """
    actor.require("venues.view")
    if not credit_code:
        return None
    return db.session.scalar(select(Venue).where(Venue.credit_code == credit_code, Venue.id != (except_id or 0)))


def _register(actor: Actor, submission_id: str, details: VenueDetails, is_second_at_place: bool) -> tuple[Venue, bool]:
    with transaction(actor) as tx:
        known = db.session.scalar(select(Venue).where(Venue.submission_id == submission_id))
        if known is not None:
            return known, False
        values = _column_values(actor, details)
        _check_code_is_free(values["credit_code"], None)
        _check_market(actor, details, None)
        if not is_second_at_place:
            _check_place_is_free(details, None)
        venue = Venue(submission_id=submission_id, created_by_id=actor.user_id, **values)
        db.session.add(venue)
        db.session.flush()
        tx.record("venues:venue:registered", venue, after=audited_values(venue))
        return venue, True


def _edit(actor: Actor, venue_id: int, version: int, details: VenueDetails, is_second_at_place: bool) -> Venue:
    with transaction(actor) as tx:
        db.session.execute(select(Venue.id).where(Venue.id == venue_id).with_for_update())
        venue = get_venue(actor, venue_id)
        values = _column_values(actor, details)
        if all(getattr(venue, name) == value for name, value in values.items()):
            return venue
        if venue.version != version:
            raise VenueChangedMeanwhile
        _check_code_is_free(values["credit_code"], venue)
        _check_market(actor, details, venue)
        is_moved = any(getattr(venue, name) != values[name] for name in ("name", "address"))
        if is_moved and not is_second_at_place:
            _check_place_is_free(details, venue)
        before = audited_values(venue)
        for name, value in values.items():
            setattr(venue, name, value)
        db.session.flush()
        old, new = changed_values(before, audited_values(venue))
        if "state" in new:
            states = {"state": old.pop("state")}, {"state": new.pop("state")}
            tx.record("venues:venue:state_changed", venue, before=states[0], after=states[1])
        if new:
            tx.record("venues:venue:edited", venue, before=old, after=new)
        return venue


def _column_values(actor: Actor, details: VenueDetails) -> dict[str, Any]:
    """The columns that the details change, with what follows from them.

    Raises:
        AreaNotYours: the area lies outside the actor's.
        CreditCodeWrong: the code is none and is not kept as on the licence.
    """
    if not actor.sees_area(details.area_code):
        raise AreaNotYours
    checked = check_credit_code(details.credit_code)
    if checked.problem and not (checked.problem == "check_character" and details.is_code_as_on_licence):
        raise CreditCodeWrong(checked)
    spelling = spell_name(details.name)
    unit = unit_in_charge(details.area_code) if details.unit_id is None else None
    values = {name: getattr(details, name) for name in _PLAIN_COLUMNS}
    values |= {
        "name_pinyin": spelling.pinyin,
        "name_initials": spelling.initials,
        "credit_code": checked.value or None,
        "is_credit_code_doubtful": checked.problem is not None,
        "unit_id": details.unit_id or (unit.id if unit else None),
    }
    for name in ("responsible_name", "responsible_phone"):
        typed = getattr(details, name)
        if typed is not None:
            values[name] = typed
    return values


def _check_code_is_free(credit_code: str | None, venue: Venue | None) -> None:
    if credit_code is None:
        return
    query = select(Venue).where(Venue.credit_code == credit_code, Venue.id != (venue.id if venue else 0))
    other = db.session.scalar(query)
    if other is not None:
        raise CreditCodeTaken(other)


def _check_place_is_free(details: VenueDetails, venue: Venue | None) -> None:
    """Equal initials are found by an index; which of them are the same place is compared in one normal form."""
    query = select(Venue).where(
        Venue.name_initials == spell_name(details.name).initials, Venue.id != (venue.id if venue else 0)
    )
    wanted = normalise(details.name), normalise(details.address)
    for other in db.session.scalars(query.order_by(Venue.id)):
        if (normalise(other.name), normalise(other.address)) == wanted:
            raise SamePlaceKnown(other)


def _check_market(actor: Actor, details: VenueDetails, venue: Venue | None) -> None:
    if venue is not None and details.kind != "market":
        stalls = select(func.count()).select_from(Venue).where(Venue.market_id == venue.id)
        if db.session.scalar(stalls):
            raise MarketNotPossible("has_stalls")
    if details.market_id is None:
        return
    if details.kind == "market":
        raise MarketNotPossible("market_in_market")
    market = db.session.get(Venue, details.market_id)
    if market is None or market.kind != "market" or not actor.sees_area(market.area_code):
        raise MarketNotPossible("not_a_market")
