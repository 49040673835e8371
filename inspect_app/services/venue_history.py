"""What happened at a venue: its visits, its open alerts, its stalls."""

from collections.abc import Sequence

from sqlalchemy import false, func, select, true
from sqlalchemy.orm import joinedload, selectinload

from inspect_app.extensions import db
from inspect_app.models import Alert, GoodsLine, StolenItem, Venue, Visit, VisitOfficer
from inspect_app.rules import OPEN_ALERT_STATES
from inspect_app.services.actors import Actor
from inspect_app.services.paging import ListPage, fetch_page


def list_visits_at(actor: Actor, venue: Venue, page: int = 1) -> ListPage[Visit]:
    """The visits of a venue, the newest first; none for those who may not see visits."""
    query = select(Visit).where(Visit.venue_id == venue.id, true() if actor.may("inspections.view") else false())
    query = query.options(selectinload(Visit.officers).joinedload(VisitOfficer.user))
    return fetch_page(query.order_by(Visit.started_at.desc(), Visit.id.desc()), page, 10)


def list_open_alerts_at(actor: Actor, venue: Venue, page: int = 1) -> ListPage[Alert]:
    """The strong alerts of a venue that wait for a decision, the newest first; none for those who may not see them."""
    query = (
        select(Alert)
        .join(Alert.goods_line)
        .where(
            GoodsLine.venue_id == venue.id,
            Alert.band == "alert",
            Alert.state.in_(OPEN_ALERT_STATES),
            true() if actor.may("alerts.view") else false(),
        )
        .options(joinedload(Alert.goods_line), joinedload(Alert.stolen_item).joinedload(StolenItem.report))
    )
    return fetch_page(query.order_by(Alert.raised_at.desc(), Alert.id.desc()), page, 10)


def list_stalls_of(venue: Venue) -> Sequence[Venue]:
    """The stalls of a market, by name."""
    return db.session.scalars(select(Venue).where(Venue.market_id == venue.id).order_by(Venue.name_pinyin)).all()


def count_open_alerts_at(actor: Actor, venue_ids: Sequence[int]) -> dict[int, int]:
    """How many strong open alerts each of the venues has; venues without any are left out."""
    if not actor.may("alerts.view"):
        return {}
    query = (
        select(GoodsLine.venue_id, func.count().label("alerts"))
        .join(Alert, Alert.goods_line_id == GoodsLine.id)
        .where(GoodsLine.venue_id.in_(venue_ids), Alert.band == "alert", Alert.state.in_(OPEN_ALERT_STATES))
        .group_by(GoodsLine.venue_id)
    )
    return {row.venue_id: row.alerts for row in db.session.execute(query)}
