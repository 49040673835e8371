"""What waits for a person: their open visits, the newest alerts, the newest reports."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from inspect_app.extensions import db
from inspect_app.models import Alert, StolenItem, StolenReport, Venue, Visit, VisitOfficer
from inspect_app.services.actors import Actor
from inspect_app.services.alerts import AlertFilter, count_open_alerts, list_alerts
from inspect_app.services.scope import in_area

FEW = 5


@dataclass(frozen=True, slots=True)
class StartSummary:
    """The contents of the start page; what the person may not see is empty, and its count None."""

    drafts: Sequence[Visit]
    alerts: Sequence[Alert]
    reports: Sequence[StolenReport]
    open_alerts: int | None
    open_visits: int | None
    searched_items: int | None
    venues: int | None


def summarise_start(actor: Actor) -> StartSummary:
    """What the start page of this person shows."""
    sees_alerts, sees_visits = actor.may("alerts.view"), actor.may("inspections.view")
    sees_stolen = actor.may("stolen.view")
    return StartSummary(
        drafts=_own_drafts(actor) if actor.may("inspections.record") else [],
        alerts=list_alerts(actor, AlertFilter(), 1).rows[:FEW] if sees_alerts else [],
        reports=_newest_reports() if sees_stolen else [],
        open_alerts=count_open_alerts(actor) if sees_alerts else None,
        open_visits=_count_open_visits(actor) if sees_visits else None,
        searched_items=_count_searched_items() if sees_stolen else None,
        venues=_count_venues(actor) if actor.may("venues.view") else None,
    )


def _own_drafts(actor: Actor) -> Sequence[Visit]:
    takes_part = Visit.officers.any(VisitOfficer.user_id == actor.user_id)
    query = (
        select(Visit)
        .where(Visit.state == "draft", or_(takes_part, Visit.created_by_id == actor.user_id))
        .options(joinedload(Visit.venue))
        .order_by(Visit.started_at.desc())
        .limit(FEW)
    )
    return db.session.scalars(query).all()


def _newest_reports() -> Sequence[StolenReport]:
    query = select(StolenReport).order_by(StolenReport.reported_at.desc(), StolenReport.id.desc()).limit(FEW)
    return db.session.scalars(query).all()


def _count_open_visits(actor: Actor) -> int:
    query = select(func.count(Visit.id)).join(Visit.venue)
    return db.session.scalar(query.where(Visit.state == "draft", in_area(actor, Venue.area_code))) or 0


def _count_searched_items() -> int:
    return db.session.scalar(select(func.count(StolenItem.id)).where(StolenItem.withdrawn_at.is_(None))) or 0


def _count_venues(actor: Actor) -> int:
    return db.session.scalar(select(func.count(Venue.id)).where(in_area(actor, Venue.area_code))) or 0
