"""Stolen property: registering a report with its items, changing it, and taking an item off the search."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inspect_app.extensions import db
from inspect_app.models import Alert, Person, StolenIdentifier, StolenItem, StolenReport
from inspect_app.models.types import utc_now
from inspect_app.services import screening
from inspect_app.services.actors import Actor
from inspect_app.services.audit import audited_values, changed_values
from inspect_app.services.directory import unit_in_charge
from inspect_app.services.identifiers import TypedIdentifier, apply_identifiers
from inspect_app.services.numbering import next_number
from inspect_app.services.people import save_person
from inspect_app.services.scope import OutOfArea
from inspect_app.services.stolen_search import is_visible_to
from inspect_app.services.transaction import Transaction, transaction

SHORTEST_REASON: Final = 2
# The year in a report's number is the year on this clock.
_STATION_CLOCK: Final = ZoneInfo("Asia/Shanghai")


class NumberTaken(Exception):
    """Another report has this number; ``report_id`` is its id, for a link."""

    def __init__(self, report_id: int) -> None:
        super().__init__(report_id)
        self.report_id = report_id


class ReportChanged(Exception):
    """Someone else changed the report meanwhile; ``version`` is what it has now."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class ReasonMissing(Exception):
    """An item is withdrawn only for a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerEntry:
    """The owner as typed; a blank field keeps what is there. ``is_removed`` takes the owner off the report."""

    name: str = ""
    document_kind: str = "resident_id"
    document: str = ""
    phone: str = ""
    is_removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """One stolen thing as typed. ``item_uid`` was made with its row: the same one is the same item."""

    item_uid: str
    category: str = "other"
    description: str = ""
    brand: str = ""
    model: str = ""
    specification: str = ""
    colour: str = ""
    marks: str = ""
    quantity: float | None = None
    unit: str = ""
    weight_g: float | None = None
    value_fen: int | None = None
    identifiers: Sequence[TypedIdentifier] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportEntry:
    """A report as typed. Times are aware; a blank number is given automatically, a blank unit by the area."""

    channel: str
    reported_at: datetime
    number: str = ""
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    place: str = ""
    area_code: str = ""
    method: str = ""
    unit_id: int | None = None
    owner: OwnerEntry = OwnerEntry()
    items: Sequence[ItemEntry] = ()


@dataclass(frozen=True, slots=True)
class SavedReport:
    """What saving came to: how many alerts the items have now, and whether the same form had been sent before."""

    report_id: int
    alerts: int
    possible_matches: int
    is_repeated: bool = False


def register_report(actor: Actor, entry: ReportEntry, submission_id: str) -> SavedReport:
    """Registers a theft with its items and compares them with all goods; the same ``submission_id`` makes one report.

    Raises:
        NotAllowed: the actor may not record reports.
        NumberTaken: another report has the number.
    """
    actor.require("stolen.record")
    for attempt in (1, 2):
        try:
            return _register_once(actor, entry, submission_id)
        except IntegrityError:
            # Two at one moment with the same form or number: the second try finds what the first one made.
            if attempt == 2:
                raise
    raise AssertionError("unreachable")


def edit_report(actor: Actor, report_id: int, version: int, entry: ReportEntry) -> SavedReport:
    """Changes a report and compares its items anew. Items that the entry does not name stay as they are.

    Raises:
        NotAllowed: the actor may not record reports.
        OutOfArea: there is none with this id, or not for this person.
        ReportChanged: the report is not in the ``version`` that the form was made from.
        NumberTaken: another report has the number.
    """
    actor.require("stolen.record")
    with transaction(actor) as tx:
        report = _report_to_change(actor, report_id)
        if report.version != version:
            raise ReportChanged(report.version)
        before = _audited(report)
        _apply_report(tx, report, entry)
        # Whatever changed, the version does: a form that was made from the old one must not overwrite it.
        report.updated_at = utc_now()
        db.session.flush()
        old, new = changed_values(before, _audited(report))
        if new:
            tx.record("stolen:report:edited", report, before=old, after=new)
        return _screened(tx, report)


def withdraw_item(actor: Actor, item_id: int, reason: str) -> StolenItem:
    """Takes an item off the search, for example because it was found; its open alerts are dropped.

    Raises:
        NotAllowed: the actor may not record reports.
        OutOfArea: there is none with this id, or not for this person.
        ReasonMissing: the reason is blank.
    """
    actor.require("stolen.record")
    reason = " ".join(reason.split())[:200]
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing
    with transaction(actor) as tx:
        item = _item_to_change(actor, item_id)
        if item.withdrawn_at is None:
            item.withdrawn_at, item.withdrawn_reason = utc_now(), reason
            db.session.flush()
            tx.record("stolen:item:withdrawn", item, after={"reason": reason})
            screening.screen_stolen_items(tx, [item])
        return item


def reinstate_item(actor: Actor, item_id: int) -> SavedReport:
    """Undoes a withdrawal: the item is searched for again.

    Raises:
        NotAllowed: the actor may not record reports.
        OutOfArea: there is none with this id, or not for this person.
    """
    actor.require("stolen.record")
    with transaction(actor) as tx:
        item = _item_to_change(actor, item_id)
        if item.withdrawn_at is not None:
            before = {"withdrawn_at": item.withdrawn_at.isoformat(), "reason": item.withdrawn_reason}
            item.withdrawn_at, item.withdrawn_reason = None, ""
            db.session.flush()
            tx.record("stolen:item:reinstated", item, before=before)
        return _screened(tx, item.report, [item])


def next_report_number(reported_at: datetime) -> str:
    """The next free number of the year, for example BA-2026-000001. Call it inside a transaction."""
    year = reported_at.astimezone(_STATION_CLOCK).year
    while True:
        number = f"BA-{year}-{next_number(f'stolen-{year}'):06d}"
        # Someone may have typed this very number as the report's own.
        if _report_with_number(number) is None:
            return number


def _register_once(actor: Actor, entry: ReportEntry, submission_id: str) -> SavedReport:
    with transaction(actor) as tx:
        existing = db.session.scalar(select(StolenReport).where(StolenReport.submission_id == submission_id))
        if existing is not None:
            return SavedReport(existing.id, 0, 0, is_repeated=True)
        report = StolenReport(
            submission_id=submission_id, created_by_id=actor.user_id, number="", reported_at=entry.reported_at
        )
        _apply_report(tx, report, entry)
        db.session.add(report)
        db.session.flush()
        tx.record("stolen:report:registered", report, after=_audited(report))
        return _screened(tx, report)


def _apply_report(tx: Transaction, report: StolenReport, entry: ReportEntry) -> None:
    if entry.number and entry.number != report.number:
        other = _report_with_number(entry.number)
        if other is not None:
            raise NumberTaken(other)
    report.number = entry.number or report.number or next_report_number(entry.reported_at)
    for name in ("channel", "reported_at", "occurred_from", "occurred_to", "place", "area_code", "method"):
        setattr(report, name, getattr(entry, name))
    unit = unit_in_charge(entry.area_code) if entry.unit_id is None and entry.area_code else None
    report.unit_id = entry.unit_id or (unit.id if unit else None)
    report.owner = _save_owner(tx, report.owner, entry.owner)
    present = {item.item_uid: item for item in report.items}
    for typed in entry.items:
        item = present.get(typed.item_uid) or _new_item(report, typed.item_uid)
        _apply_item(item, typed)


def _save_owner(tx: Transaction, present: Person | None, typed: OwnerEntry) -> Person | None:
    return save_person(
        tx,
        present,
        name=typed.name,
        document_kind=typed.document_kind,
        document=typed.document,
        phone=typed.phone,
        is_removed=typed.is_removed,
    )


def _new_item(report: StolenReport, item_uid: str) -> StolenItem:
    with db.session.no_autoflush:
        is_used = db.session.scalar(select(StolenItem.id).where(StolenItem.item_uid == item_uid)) is not None
    item = StolenItem(item_uid=str(uuid.uuid4()) if is_used else item_uid, position=len(report.items))
    report.items.append(item)
    return item


def _apply_item(item: StolenItem, typed: ItemEntry) -> None:
    for name in (
        "category", "description", "brand", "model", "specification", "colour",
        "marks", "quantity", "unit", "weight_g", "value_fen",
    ):  # fmt: skip
        setattr(item, name, getattr(typed, name))
    with db.session.no_autoflush:
        apply_identifiers(item, typed.identifiers, StolenIdentifier)


def _screened(tx: Transaction, report: StolenReport, items: Sequence[StolenItem] | None = None) -> SavedReport:
    alerts: list[Alert] = screening.screen_stolen_items(tx, report.items if items is None else items)
    strong = sum(alert.band == "alert" for alert in alerts)
    return SavedReport(report.id, strong, len(alerts) - strong)


def _report_to_change(actor: Actor, report_id: int) -> StolenReport:
    query = select(StolenReport).where(StolenReport.id == report_id, is_visible_to(actor))
    report = db.session.scalar(query.with_for_update())
    if report is None:
        raise OutOfArea
    return report


def _item_to_change(actor: Actor, item_id: int) -> StolenItem:
    item = db.session.get(StolenItem, item_id)
    if item is None:
        raise OutOfArea
    _report_to_change(actor, item.report_id)
    return item


def _report_with_number(number: str) -> int | None:
    with db.session.no_autoflush:
        return db.session.scalar(select(StolenReport.id).where(StolenReport.number == number))


def _audited(report: StolenReport) -> dict[str, Any]:
    """The report's values with those of its items, which have no events of their own while it is edited."""
    items = {
        item.item_uid: {
            **audited_values(item),
            "identifiers": [f"{row.kind}: {row.value}" for row in item.identifiers],
        }
        for item in report.items
    }
    return {**audited_values(report), "items": items}
