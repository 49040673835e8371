"""Visits: starting one, finding them, and who may see or change which."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from inspect_app.extensions import db
from inspect_app.models import Alert, GoodsLine, Unit, User, Venue, Visit, VisitOfficer
from inspect_app.models.types import utc_now
from inspect_app.reference.checklists import Checklist, checklist_for, checklist_version
from inspect_app.services.actors import Actor
from inspect_app.services.audit import audited_values
from inspect_app.services.numbering import next_number
from inspect_app.services.paging import ListPage, fetch_page
from inspect_app.services.scope import OutOfArea, in_area
from inspect_app.services.transaction import transaction

# What two starts at one moment may both try to be the first at: a year's series of numbers, and the same form.
_RACES: Final = 2
# The year in a visit's number, and the day whose law applies, are those of the venue's clock.
VENUE_CLOCK: Final = ZoneInfo("Asia/Shanghai")


class VisitLocked(Exception):
    """The visit was submitted: it is a record now and no draft."""


class NotAnOfficerOfTheVisit(Exception):
    """Only the officers of a visit, and who began it, write in its draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitStart:
    """What is needed to begin a visit. ``submission_id`` was made with the form: the same one makes one visit."""

    submission_id: str
    venue_id: int
    kind: str
    started_at: datetime
    number_prefix: str = "LJ"


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitQuery:
    """What to look for in the list of visits; blanks ask for everything. Days are on the venues' clock."""

    text: str = ""
    state: str = ""
    kind: str = ""
    from_at: datetime | None = None
    until_at: datetime | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One page of the list; by the id of the visit the number of goods lines, and of those that may be stolen."""

    page: ListPage[Visit]
    goods_counts: Mapping[int, int]
    hit_counts: Mapping[int, int]


def start_visit(actor: Actor, start: VisitStart) -> tuple[Visit, bool]:
    """Begins a draft with its number, the checklist of the day and the acting officer; True when it is new.

    Raises:
        NotAllowed: the actor may not record visits.
        OutOfArea: the venue does not exist or lies elsewhere.
    """
    actor.require("inspections.record")
    for _attempt in range(_RACES):
        try:
            return _start_once(actor, start)
        except IntegrityError:
            # Someone else was faster: the next try finds what they made.
            continue
    return _start_once(actor, start)


def _start_once(actor: Actor, start: VisitStart) -> tuple[Visit, bool]:
    with transaction(actor) as tx:
        existing = db.session.scalar(select(Visit).where(Visit.submission_id == start.submission_id))
        if existing is not None:
            return existing, False
        venue = db.session.get(Venue, start.venue_id)
        if venue is None or not actor.sees_area(venue.area_code):
            raise OutOfArea
        year = utc_now().astimezone(VENUE_CLOCK).year
        serial = next_number(f"visit-{start.number_prefix}-{year}")
        visit = Visit(
            number=f"{start.number_prefix}-{year}-{serial:06d}",
            submission_id=start.submission_id,
            venue=venue,
            venue_kind=venue.kind,
            checklist_version=checklist_for(venue.kind, day_of(start.started_at)).version,
            kind=start.kind,
            started_at=start.started_at,
            unit_id=actor.unit_id,
            created_by_id=actor.user_id,
        )
        officer = db.session.get(User, actor.user_id) if actor.user_id else None
        if officer is not None:
            visit.officers = [VisitOfficer(user=officer, credential_shown=officer.badge_number)]
        db.session.add(visit)
        db.session.flush()
        tx.record("inspections:visit:started", visit, after=audited_values(visit))
        return visit, True


def list_visits(actor: Actor, query: VisitQuery) -> VisitPage:
    """The visits that the actor may see: the own drafts first, then the latest begun.

    Raises:
        NotAllowed: the actor may not see visits.
    """
    actor.require("inspections.view")
    own_drafts_first = case(((Visit.state == "draft") & _is_own(actor), 0), else_=1)
    found = (
        _matching(actor, query)
        .options(joinedload(Visit.venue), selectinload(Visit.officers).joinedload(VisitOfficer.user))
        .order_by(own_drafts_first, Visit.started_at.desc(), Visit.id.desc())
    )
    page: ListPage[Visit] = fetch_page(found, query.page)
    on_log = GoodsLine.visit_id.in_([visit.id for visit in page.rows]) & GoodsLine.removed_at.is_(None)
    may_be_stolen = GoodsLine.id.in_(
        select(Alert.goods_line_id).where(Alert.band == "alert", Alert.state.not_in(("dismissed", "superseded")))
    )
    return VisitPage(page, _count_lines(on_log), _count_lines(on_log & may_be_stolen))


def get_visit(actor: Actor, visit_id: int) -> Visit:
    """One visit with all that a page of it shows.

    Raises:
        NotAllowed: the actor may not see visits.
        OutOfArea: there is none with this id, or not for this person.
    """
    actor.require("inspections.view")
    query = (
        select(Visit)
        .join(Visit.venue)
        .where(Visit.id == visit_id, _is_visible(actor))
        .options(
            joinedload(Visit.venue),
            selectinload(Visit.officers).joinedload(VisitOfficer.user).joinedload(User.unit).joinedload(Unit.agency),
            selectinload(Visit.answers),
            selectinload(Visit.goods).options(selectinload(GoodsLine.identifiers), joinedload(GoodsLine.seller)),
        )
    )
    visit = db.session.scalar(query)
    if visit is None:
        raise OutOfArea
    return visit


def lock_draft(actor: Actor, visit_id: int) -> Visit:
    """The visit, to be changed in the open transaction: nobody else changes it before the commit.

    Raises:
        NotAllowed: the actor may not record visits.
        OutOfArea: there is none with this id, or not for this person.
        VisitLocked: it was submitted.
        NotAnOfficerOfTheVisit: the actor took no part in it.
    """
    actor.require("inspections.record")
    db.session.execute(select(Visit.id).where(Visit.id == visit_id).with_for_update())
    visit = get_visit(actor, visit_id)
    if visit.state != "draft":
        raise VisitLocked
    if not is_taking_part(actor, visit):
        raise NotAnOfficerOfTheVisit
    return visit


def may_edit(actor: Actor, visit: Visit) -> bool:
    """Whether the actor may write in the visit now."""
    return visit.state == "draft" and actor.may("inspections.record") and is_taking_part(actor, visit)


def is_taking_part(actor: Actor, visit: Visit) -> bool:
    """Whether the actor is one of the visit's officers or began it."""
    taking_part = {officer.user_id for officer in visit.officers} | {visit.created_by_id}
    return actor.is_system or actor.user_id in taking_part


def lately_with(actor: Actor, limit: int = 6) -> list[int]:
    """The user ids of those with whom the actor last took part in visits, the latest first."""
    together = (
        select(VisitOfficer.user_id)
        .join(VisitOfficer.visit)
        .where(VisitOfficer.user_id != actor.user_id, Visit.officers.any(VisitOfficer.user_id == actor.user_id))
        .group_by(VisitOfficer.user_id)
        .order_by(func.max(Visit.started_at).desc(), VisitOfficer.user_id)
    )
    return list(db.session.scalars(together.limit(limit)))


def checklist_of(visit: Visit) -> Checklist:
    """The checklist in the version that the visit began with."""
    return checklist_version(visit.checklist_version, visit.venue_kind)


def day_of(moment: datetime) -> date:
    """The day of a UTC time on the venues' clock."""
    return moment.astimezone(VENUE_CLOCK).date()


def _matching(actor: Actor, query: VisitQuery) -> Select[Any]:
    found: Select[Any] = select(Visit).join(Visit.venue).where(_is_visible(actor))
    if query.text:
        found = found.where(
            or_(
                Visit.number.icontains(query.text, autoescape=True),
                Venue.name.icontains(query.text, autoescape=True),
                Venue.name_initials.startswith(query.text.casefold(), autoescape=True),
            )
        )
    if query.state:
        found = found.where(Visit.state == query.state)
    if query.kind:
        found = found.where(Visit.kind == query.kind)
    if query.from_at:
        found = found.where(Visit.started_at >= query.from_at)
    if query.until_at:
        found = found.where(Visit.started_at < query.until_at)
    return found


def _count_lines(condition: ColumnElement[bool]) -> dict[int, int]:
    """How many goods lines fit, by the id of their visit."""
    counted = select(GoodsLine.visit_id, func.count()).where(condition).group_by(GoodsLine.visit_id)
    return {visit_id: count for visit_id, count in db.session.execute(counted) if visit_id is not None}


def _is_own(actor: Actor) -> ColumnElement[bool]:
    return or_(Visit.created_by_id == actor.user_id, Visit.officers.any(VisitOfficer.user_id == actor.user_id))


def _is_visible(actor: Actor) -> ColumnElement[bool]:
    return or_(in_area(actor, Venue.area_code), _is_own(actor))
