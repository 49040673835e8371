"""Finding stolen property: the list, one report with its alerts and its history, and who may see which."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from inspect_app.extensions import db
from inspect_app.matching.identifiers import normalise
from inspect_app.models import Alert, Area, AuditEvent, GoodsLine, StolenIdentifier, StolenItem, StolenReport, Venue
from inspect_app.rules import OPEN_ALERT_STATES
from inspect_app.services.actors import Actor
from inspect_app.services.paging import ListPage, fetch_page
from inspect_app.services.people import find_people
from inspect_app.services.scope import OutOfArea, in_area

_MOST_WORDS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportQuery:
    """What to look for; blanks ask for everything. ``state`` is open, withdrawn or ""; times bound ``reported_at``.

    ``import_id`` asks for what one imported file brought.
    """

    text: str = ""
    category: str = ""
    state: str = ""
    reported_from: datetime | None = None
    reported_until: datetime | None = None
    import_id: int | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class ReportList:
    """One page of reports, and by the id of each how many alerts are open."""

    page: ListPage[StolenReport]
    open_alerts: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class ToldOtherwise:
    """What another row of the imported file says of the theft: the ``field`` of the report, and its value.

    Of another owner it says only that there is one.
    """

    field: str
    value: str | datetime


@dataclass(frozen=True, slots=True)
class ReportView:
    """One report with all that its page shows; alerts by the id of their item, the strongest first."""

    report: StolenReport
    alerts: Mapping[int, Sequence[Alert]]
    history: Sequence[AuditEvent]
    area: Area | None
    told_otherwise: Sequence[ToldOtherwise]


def list_reports(actor: Actor, query: ReportQuery) -> ReportList:
    """The reports that the actor may see and that have all that was asked for, the latest reported first.

    Raises:
        NotAllowed: the actor may not see stolen property.
    """
    actor.require("stolen.view")
    return _listed(select(StolenReport).where(is_visible_to(actor), *_conditions(query)), query.page)


def list_reports_of_owner(actor: Actor, *, document: str = "", phone: str = "") -> ReportList:
    """The reports whose owner has the given document and phone number, at most one page.

    Raises:
        NotAllowed: the actor may not see personal data.
        NothingToSearchFor: neither was given.
    """
    actor.require("stolen.view")
    owners = [person.id for person in find_people(actor, document=document, phone=phone)]
    wanted = StolenReport.owner_id.in_(owners) if owners else false()
    return _listed(select(StolenReport).where(is_visible_to(actor), wanted), 1)


def get_report(actor: Actor, report_id: int) -> StolenReport:
    """One report with its items and owner.

    Raises:
        NotAllowed: the actor may not see stolen property.
        OutOfArea: there is none with this id, or not for this person.
    """
    actor.require("stolen.view")
    query = select(StolenReport).where(StolenReport.id == report_id, is_visible_to(actor))
    report = db.session.scalar(
        query.options(
            joinedload(StolenReport.owner),
            joinedload(StolenReport.unit),
            selectinload(StolenReport.items).selectinload(StolenItem.identifiers),
        )
    )
    if report is None:
        raise OutOfArea
    return report


def get_item(actor: Actor, item_id: int) -> StolenItem:
    """One item.

    Raises:
        NotAllowed: the actor may not see stolen property.
        OutOfArea: there is none with this id, or not for this person.
    """
    actor.require("stolen.view")
    item = db.session.scalar(
        select(StolenItem).join(StolenItem.report).where(StolenItem.id == item_id, is_visible_to(actor))
    )
    if item is None:
        raise OutOfArea
    return item


def view_report(actor: Actor, report_id: int) -> ReportView:
    """One report with its alerts and history.

    Raises:
        NotAllowed: the actor may not see stolen property.
        OutOfArea: there is none with this id, or not for this person.
    """
    report = get_report(actor, report_id)
    item_ids = [item.id for item in report.items]
    raised = (
        select(Alert)
        .join(Alert.goods_line)
        .join(GoodsLine.venue)
        .options(joinedload(Alert.goods_line).joinedload(GoodsLine.venue))
        .where(Alert.stolen_item_id.in_(item_ids), Alert.state != "superseded", _is_alert_visible_to(actor))
        .order_by(Alert.weight_bits.desc(), Alert.id)
    )
    alerts: dict[int, list[Alert]] = {}
    for alert in db.session.scalars(raised):
        alerts.setdefault(alert.stolen_item_id, []).append(alert)
    area = db.session.get(Area, report.area_code)
    return ReportView(report, alerts, _history(report, item_ids), area, _told_otherwise(report))


def is_visible_to(actor: Actor) -> ColumnElement[bool]:
    """A condition on ``StolenReport``: it lies in the actor's area, is the own unit's, or an alert leads to it there.

    A report whose area nobody knows may concern everyone.
    """
    if actor.is_system or not actor.area_prefix:
        return true()
    alerted = (
        select(StolenItem.report_id)
        .join(Alert, Alert.stolen_item_id == StolenItem.id)
        .join(GoodsLine, Alert.goods_line_id == GoodsLine.id)
        .join(Venue, GoodsLine.venue_id == Venue.id)
        .where(_is_alert_visible_to(actor))
    )
    return or_(
        in_area(actor, StolenReport.area_code),
        StolenReport.area_code == "",
        StolenReport.unit_id == actor.unit_id if actor.unit_id else false(),
        StolenReport.id.in_(alerted),
    )


def _is_alert_visible_to(actor: Actor) -> ColumnElement[bool]:
    return or_(in_area(actor, Venue.area_code), Alert.unit_id == actor.unit_id if actor.unit_id else false())


def _listed(query: Select[Any], number: int) -> ReportList:
    newest_first = query.options(
        joinedload(StolenReport.unit), selectinload(StolenReport.items).selectinload(StolenItem.identifiers)
    ).order_by(StolenReport.reported_at.desc(), StolenReport.id.desc())
    page = fetch_page(newest_first, number)
    counted = (
        select(StolenItem.report_id, func.count().label("alerts"))
        .join(Alert, Alert.stolen_item_id == StolenItem.id)
        .where(
            StolenItem.report_id.in_([report.id for report in page.rows]),
            Alert.state.in_(OPEN_ALERT_STATES),
            Alert.band == "alert",
        )
        .group_by(StolenItem.report_id)
    )
    return ReportList(page, {row.report_id: row.alerts for row in db.session.execute(counted)})


def _conditions(query: ReportQuery) -> list[ColumnElement[bool]]:
    conditions = [_says(word) for word in query.text.split()[:_MOST_WORDS]]
    if query.import_id is not None:
        conditions.append(StolenReport.import_id == query.import_id)
    of_one_item = [StolenItem.category == query.category] if query.category else []
    if query.state == "open":
        of_one_item.append(StolenItem.withdrawn_at.is_(None))
    if query.state == "withdrawn":
        of_one_item.append(StolenItem.withdrawn_at.is_not(None))
    if of_one_item:
        conditions.append(StolenReport.items.any(and_(*of_one_item)))
    if query.reported_from:
        conditions.append(StolenReport.reported_at >= query.reported_from)
    if query.reported_until:
        conditions.append(StolenReport.reported_at < query.reported_until)
    return conditions


def _says(word: str) -> ColumnElement[bool]:
    """The report, one of its items or an identifier, in whatever width and spacing, contains the word."""
    said = [
        column.icontains(word, autoescape=True)
        for column in (StolenReport.number, StolenReport.place, StolenReport.method)
    ]
    of_items = [
        column.icontains(word, autoescape=True)
        for column in (
            StolenItem.description,
            StolenItem.brand,
            StolenItem.model,
            StolenItem.specification,
            StolenItem.colour,
            StolenItem.marks,
        )
    ]
    conditions = [*said, StolenReport.id.in_(select(StolenItem.report_id).where(or_(*of_items)))]
    number = normalise("other", word)
    if number:
        with_number = select(StolenItem.report_id).join(StolenItem.identifiers)
        conditions.append(
            StolenReport.id.in_(with_number.where(StolenIdentifier.normalised.contains(number, autoescape=True)))
        )
    return or_(*conditions)


def _history(report: StolenReport, item_ids: Sequence[int]) -> Sequence[AuditEvent]:
    about = or_(
        and_(AuditEvent.subject_type == "stolen_report", AuditEvent.subject_id == str(report.id)),
        and_(AuditEvent.subject_type == "stolen_item", AuditEvent.subject_id.in_([str(number) for number in item_ids])),
    )
    return db.session.scalars(select(AuditEvent).where(about).order_by(AuditEvent.seq.desc()).limit(50)).all()


def _told_otherwise(report: StolenReport) -> list[ToldOtherwise]:
    """The import keeps in ``unparsed``, by row, what contradicts the first row of the report."""
    told = []
    for row in json.loads(report.unparsed or "{}").values():
        for field, value in row.items():
            if field.startswith("occurred"):
                told.append(ToldOtherwise(field, datetime.fromisoformat(value)))
            elif field in {"place", "method"}:
                told.append(ToldOtherwise(field, value))
            elif field == "owner":
                told.append(ToldOtherwise(field, ""))
    return list(dict.fromkeys(told))
