"""The goods log of a visit: lines are added, changed, taken off and put back, and screened in the same transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from inspect_app import rules
from inspect_app.extensions import db
from inspect_app.models import Alert, GoodsIdentifier, GoodsLine, Person, StolenItem, Visit
from inspect_app.models.types import utc_now
from inspect_app.services.actors import Actor
from inspect_app.services.audit import audited_values, changed_values
from inspect_app.services.identifiers import TypedIdentifier, apply_identifiers
from inspect_app.services.inspections import get_visit, lock_draft
from inspect_app.services.people import mask, save_person
from inspect_app.services.screening import LikelyHit, preview, record_of_line, screen_goods_line
from inspect_app.services.transaction import Transaction, transaction

LINE_COLUMNS: Final = frozenset(
    {
        "category", "description", "brand", "model", "specification", "colour", "marks", "quantity", "unit",
        "weight_g", "price_fen", "received_on", "is_in_register", "disposition",
    }
)  # fmt: skip
_REPEATED: Final = (
    "category", "description", "brand", "model", "specification", "colour", "unit", "received_on", "is_in_register",
)  # fmt: skip
_BLANK: Final[Mapping[str, Any]] = {
    "category": "other", "quantity": None, "weight_g": None, "price_fen": None, "received_on": None,
    "is_in_register": None, "disposition": "on_shelf",
}  # fmt: skip
# A possible match under one in five is not shown on the row.
_WORTH_SHOWING: Final = 0.2
# What a form sends of a line before anybody typed anything: alone it makes no line.
_PRESET: Final = frozenset({"category", "disposition", "unit", "is_in_register"})


class LineOfAnotherVisit(Exception):
    """A line with this uid belongs to another visit."""


class LineUnknown(Exception):
    """The visit has no line with this uid."""


class MoveNotAllowed(Exception):
    """Goods cannot go from ``before`` to ``after``."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__(f"{before} to {after}")
        self.before, self.after = before, after


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerChange:
    """What was typed of a seller; a blank field keeps what is there."""

    name: str = ""
    document_kind: str = "resident_id"
    document: str = ""
    phone: str = ""
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChange:
    """What of a goods line was sent; a name that is missing from ``values`` or ``identifiers`` stays as it is.

    ``identifiers`` maps (kind, place from 1) to the number typed there, "" to take it off. ``sent`` and ``unparsed``
    are as in ``DraftChange``. ``is_kept_blank`` makes the line even if nothing was typed: a photo of it came along.
    """

    line_uid: str
    values: Mapping[str, Any] = field(default_factory=dict)
    identifiers: Mapping[tuple[str, int], str] = field(default_factory=dict)
    seller: SellerChange | None = None
    sent: frozenset[str] = frozenset()
    unparsed: Mapping[str, str] = field(default_factory=dict)
    is_kept_blank: bool = False


def save_line(tx: Transaction, visit: Visit, change: LineChange) -> GoodsLine | None:
    """Changes the line with that uid, or makes it once anything was typed; then screens it.

    None when there is no line yet and nothing to make one of. A line that was taken off stays off.

    Raises:
        LineOfAnotherVisit, MoveNotAllowed: see there.
    """
    line = find_line(visit, change.line_uid)
    if line is None:
        if not (change.is_kept_blank or _says_something(change)):
            return None
        line = _new_line(tx, visit, change.line_uid)
        before: dict[str, Any] = {}
    elif line.removed_at is not None:
        return line
    else:
        before = _picture(line)
    _change_values(line, change.values)
    _change_identifiers(line, change.identifiers)
    if change.seller is not None:
        _change_seller(tx, line, change.seller)
    line.unparsed = merge_unparsed(line.unparsed, change.sent, change.unparsed)
    db.session.flush()
    old, new = changed_values(before, _picture(line))
    if new:
        tx.record("goods:line:edited" if before else "goods:line:logged", line, before=old, after=new)
        screen_goods_line(tx, line)
    return line


def log_line(actor: Actor, visit_id: int, change: LineChange) -> GoodsLine | None:
    """Saves one line of a draft; see ``save_line``.

    Raises:
        NotAllowed, OutOfArea, VisitLocked, NotAnOfficerOfTheVisit: see ``lock_draft``.
        LineOfAnotherVisit, MoveNotAllowed: see there.
    """
    with transaction(actor) as tx:
        return save_line(tx, lock_draft(actor, visit_id), change)


def remove_line(actor: Actor, visit_id: int, line_uid: str) -> GoodsLine | None:
    """Takes a line off the log; it stays as a record and its alerts lapse. None when it was never saved.

    Raises:
        NotAllowed, OutOfArea, VisitLocked, NotAnOfficerOfTheVisit, LineOfAnotherVisit.
    """
    with transaction(actor) as tx:
        line = find_line(lock_draft(actor, visit_id), line_uid)
        if line is not None and line.removed_at is None:
            line.removed_at = utc_now()
            db.session.flush()
            tx.record("goods:line:removed", line, after={"removed_at": line.removed_at.isoformat()})
            screen_goods_line(tx, line)
        return line


def restore_line(actor: Actor, visit_id: int, line_uid: str) -> GoodsLine:
    """Puts a line that was taken off back on the log and screens it again.

    Raises:
        NotAllowed, OutOfArea, VisitLocked, NotAnOfficerOfTheVisit, LineOfAnotherVisit.
        LineUnknown: the visit has none with this uid.
    """
    with transaction(actor) as tx:
        line = find_line(lock_draft(actor, visit_id), line_uid)
        if line is None:
            raise LineUnknown
        if line.removed_at is not None:
            line.removed_at = None
            db.session.flush()
            tx.record("goods:line:restored", line, after={"removed_at": None})
            screen_goods_line(tx, line)
        return line


def repeat_last_line(actor: Actor, visit_id: int, line_uid: str) -> GoodsLine | None:
    """Makes a line like the last one on the log, for the next thing of the same kind; None when the log is empty.

    What tells one thing from its like (identifiers, marks, weight, photos) and who sold it is not repeated.

    Raises:
        NotAllowed, OutOfArea, VisitLocked, NotAnOfficerOfTheVisit, LineOfAnotherVisit.
    """
    with transaction(actor) as tx:
        visit = lock_draft(actor, visit_id)
        lines = [line for line in visit.goods if line.removed_at is None]
        if not lines:
            return None
        values = {name: getattr(lines[-1], name) for name in _REPEATED}
        return save_line(tx, visit, LineChange(line_uid=line_uid, values=values, is_kept_blank=True))


def preview_line(actor: Actor, visit_id: int, change: LineChange) -> list[LikelyHit]:
    """What a line would match as it is being typed; nothing of it is saved.

    Raises:
        NotAllowed, OutOfArea: see ``get_visit``.
    """
    visit = get_visit(actor, visit_id)
    saved = find_line(visit, change.line_uid)
    line = GoodsLine(logged_at=utc_now(), identifiers=[])
    for name in LINE_COLUMNS:
        setattr(line, name, change.values.get(name, getattr(saved, name) if saved else _BLANK.get(name, "")))
    if saved:
        line.identifiers = [GoodsIdentifier(kind=row.kind, value=row.value) for row in saved.identifiers]
    _change_identifiers(line, change.identifiers)
    line.venue = visit.venue
    return preview(record_of_line(line))


def find_line(visit: Visit, line_uid: str) -> GoodsLine | None:
    """The line with that uid, removed or not.

    Raises:
        LineOfAnotherVisit: it belongs elsewhere.
    """
    line = db.session.scalar(select(GoodsLine).where(GoodsLine.line_uid == line_uid))
    if line is not None and line.visit_id != visit.id:
        raise LineOfAnotherVisit
    return line


def alerts_on(lines: Sequence[GoodsLine]) -> dict[int, list[Alert]]:
    """What the officer before the goods must know, by line id, the strongest first.

    Alerts whose evidence is gone are left out, and so are possible matches that are hardly likely: a common phone has
    several, and an officer who is shown them on every row stops looking. The list of alerts has them all.
    """
    query = (
        select(Alert)
        .where(Alert.goods_line_id.in_([line.id for line in lines]), Alert.state != "superseded")
        .where(or_(Alert.band == "alert", Alert.probability >= _WORTH_SHOWING))
        .options(joinedload(Alert.stolen_item).joinedload(StolenItem.report))
        .order_by(Alert.weight_bits.desc())
    )
    found: dict[int, list[Alert]] = {}
    for alert in db.session.scalars(query):
        found.setdefault(alert.goods_line_id, []).append(alert)
    return found


def read_unparsed(stored: str) -> dict[str, str]:
    """The texts of a draft or a line that could not be read, by the name of their field."""
    texts: dict[str, str] = json.loads(stored or "{}")
    return texts


def merge_unparsed(stored: str, sent: frozenset[str], unparsed: Mapping[str, str]) -> str:
    """The stored texts after a form was sent: what was sent is replaced, the rest stays; unchanged text is equal."""
    kept = {name: text for name, text in read_unparsed(stored).items() if name not in sent}
    return json.dumps({**kept, **unparsed}, sort_keys=True)


def _new_line(tx: Transaction, visit: Visit, line_uid: str) -> GoodsLine:
    last = db.session.scalar(select(func.max(GoodsLine.position)).where(GoodsLine.visit_id == visit.id))
    line = GoodsLine(
        line_uid=line_uid,
        venue_id=visit.venue_id,
        position=(last or 0) + 1,
        logged_at=utc_now(),
        created_by_id=tx.actor.user_id,
        category="other",
        disposition="on_shelf",
        unparsed="{}",
    )
    visit.goods.append(line)
    return line


def _change_values(line: GoodsLine, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in LINE_COLUMNS:
            raise ValueError(f"{name} is no column of a goods line")
        if getattr(line, name) == value:
            continue
        if name == "disposition" and not rules.is_move_allowed(rules.GOODS_MOVES, line.disposition, value):
            raise MoveNotAllowed(line.disposition, value)
        setattr(line, name, value)


def _change_identifiers(line: GoodsLine, typed: Mapping[tuple[str, int], str]) -> None:
    """Puts the typed numbers in their places among the ones that are there, kind by kind."""
    places: dict[str, list[str]] = {}
    for row in line.identifiers:
        places.setdefault(row.kind, []).append(row.value)
    for kind, place in sorted(typed):
        numbers = places.setdefault(kind, [])
        numbers.extend([""] * (place - len(numbers)))
        numbers[place - 1] = typed[kind, place]
    read_by = {(row.kind, row.value): row.read_by for row in line.identifiers}
    wanted = [
        TypedIdentifier(kind, number, read_by.get((kind, number), "hand"))
        for kind, numbers in places.items()
        for number in numbers
        if number
    ]
    apply_identifiers(line, wanted, GoodsIdentifier)


def _change_seller(tx: Transaction, line: GoodsLine, typed: SellerChange) -> None:
    seller = line.seller
    if typed.is_removed:
        line.seller_id = None
        line.seller = None
        db.session.flush()
        save_person(tx, seller, name="", document_kind="", document="", phone="", is_removed=True)
        return
    name, document, phone = typed.name, typed.document, typed.phone
    if seller is not None:
        # A form shows the masked values; sent back unchanged they say nothing new.
        masked = mask(seller)
        name, document, phone = (
            "" if value == shown else value
            for value, shown in ((name, masked.name), (document, masked.document), (phone, masked.phone))
        )
    if not (name or document or phone):
        return
    if seller is not None and _is_shared(seller):
        # Another line names the same person: what is put right here must not change that line.
        name, document, phone = name or seller.name, document or seller.document, phone or seller.phone
        seller = None
    line.seller = save_person(tx, seller, name=name, document_kind=typed.document_kind, document=document, phone=phone)


def _is_shared(person: Person) -> bool:
    count = db.session.scalar(select(func.count()).select_from(GoodsLine).where(GoodsLine.seller_id == person.id)) or 0
    return count > 1


def _says_something(change: LineChange) -> bool:
    typed = any(value not in (None, "") for name, value in change.values.items() if name not in _PRESET)
    seller = change.seller is not None and bool(change.seller.name or change.seller.document or change.seller.phone)
    return typed or seller or any(change.identifiers.values()) or bool(change.unparsed)


def _picture(line: GoodsLine) -> dict[str, Any]:
    """All that the audit trail compares of a line: its columns and its numbers."""
    numbers = [[row.kind, row.value, row.check_result] for row in line.identifiers]
    return {**audited_values(line), "identifiers": numbers}
