"""The agencies, their units and the areas: kept by the administrator."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from inspect_app.extensions import db
from inspect_app.models import Agency, Area, Unit, User
from inspect_app.services.actors import Actor
from inspect_app.services.audit import audited_values, changed_values
from inspect_app.services.transaction import Transaction, transaction

Row = TypeVar("Row")


class CodeTaken(Exception):
    """Another agency, unit or area has this code."""


class PlaceNotFound(Exception):
    """There is no such agency, unit or area."""


class WholeMissing(Exception):
    """A part of an area needs the whole first: 420704001 needs 420704; ``code`` names what is missing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyDraft:
    """What the form says of an agency."""

    code: str
    kind: str
    name_zh: str
    name_en: str
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraft:
    """What the form says of a unit."""

    agency_id: int
    code: str
    name_zh: str
    name_en: str
    area_code: str
    lat: float | None = None
    lng: float | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaDraft:
    """What the form says of an area."""

    code: str
    name_zh: str
    name_en: str


def list_agencies(actor: Actor) -> Sequence[Agency]:
    """Every agency, by kind and code."""
    actor.require("accounts.manage")
    return db.session.scalars(select(Agency).order_by(Agency.kind, Agency.code)).all()


def list_all_units(actor: Actor) -> Sequence[tuple[Unit, int]]:
    """Every unit, inactive ones too, by agency and code, each with the number of its active users."""
    actor.require("accounts.manage")
    active = select(func.count(User.id)).where(User.unit_id == Unit.id, User.active).scalar_subquery()
    query = select(Unit, active).join(Agency).options(joinedload(Unit.agency)).order_by(Agency.kind, Unit.code)
    return [(unit, count) for unit, count in db.session.execute(query)]


def find_agency(actor: Actor, agency_id: int) -> Agency:
    """The agency; raises PlaceNotFound."""
    return _found(actor, Agency, agency_id)


def find_unit(actor: Actor, unit_id: int) -> Unit:
    """The unit; raises PlaceNotFound."""
    return _found(actor, Unit, unit_id)


def find_area(actor: Actor, code: str) -> Area:
    """The area; raises PlaceNotFound."""
    return _found(actor, Area, code)


def save_agency(actor: Actor, draft: AgencyDraft, agency_id: int | None = None) -> Agency:
    """A new agency, or the changed one.

    Raises:
        CodeTaken, PlaceNotFound: as their names say.
    """
    actor.require("accounts.manage")
    with transaction(actor) as tx:
        agency = Agency() if agency_id is None else find_agency(actor, agency_id)
        _refuse_taken(Agency, draft.code, agency_id)
        _save(tx, "agency", agency, draft)
    return agency


def save_unit(actor: Actor, draft: UnitDraft, unit_id: int | None = None) -> Unit:
    """A new unit, or the changed one. Who belongs to it sees the records of its area from the next page on.

    Raises:
        CodeTaken: another unit has the code.
        PlaceNotFound: there is no such unit, agency or area.
    """
    actor.require("accounts.manage")
    with transaction(actor) as tx:
        unit = Unit() if unit_id is None else find_unit(actor, unit_id)
        find_agency(actor, draft.agency_id)
        find_area(actor, draft.area_code)
        _refuse_taken(Unit, draft.code, unit_id)
        _save(tx, "unit", unit, draft)
    return unit


def save_area(actor: Actor, draft: AreaDraft, code: str | None = None) -> Area:
    """A new area, or a new name for the one with ``code``: the code itself never changes, for records carry it.

    Raises:
        CodeTaken: there is an area with the code.
        PlaceNotFound: there is none to change.
        WholeMissing: the area that it is a part of does not exist.
    """
    actor.require("accounts.manage")
    with transaction(actor) as tx:
        if code is not None:
            area = find_area(actor, code)
            draft = AreaDraft(code=code, name_zh=draft.name_zh, name_en=draft.name_en)
        else:
            area = Area()
            if db.session.get(Area, draft.code) is not None:
                raise CodeTaken(draft.code)
            whole = _whole_of(draft.code)
            if whole and db.session.get(Area, whole) is None:
                raise WholeMissing(whole)
        _save(tx, "area", area, draft)
    return area


def _whole_of(code: str) -> str:
    """The code of the district for a street (GB/T 2260 and 10114: 6 of 9 digits); "" where the whole may be absent."""
    return code[:6] if len(code) > 6 else ""


def _found(actor: Actor, kind: type[Row], key: Any) -> Row:
    actor.require("accounts.manage")
    row = db.session.get(kind, key)
    if row is None:
        raise PlaceNotFound(key)
    return row


def _refuse_taken(kind: Any, code: str, own_id: int | None) -> None:
    query = select(kind.id).where(func.lower(kind.code) == code.lower(), kind.id != (own_id or 0)).limit(1)
    if db.session.scalar(query) is not None:
        raise CodeTaken(code)


def _save(tx: Transaction, subject: str, row: Any, draft: Any) -> None:
    is_new = row not in db.session
    before = {} if is_new else audited_values(row)
    for name, value in asdict(draft).items():
        setattr(row, name, value)
    if is_new:
        db.session.add(row)
        db.session.flush()
        tx.record(f"accounts:{subject}:created", row, after=audited_values(row))
        return
    was, now = changed_values(before, audited_values(row))
    if now:
        tx.record(f"accounts:{subject}:edited", row, before=was, after=now)
