"""Alerts as people work them: the list, one alert with its evidence, and the judgement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from inspect_app.extensions import db
from inspect_app.models import Alert, AlertMove, GoodsLine, Judgement, StolenItem, StolenReport, Venue
from inspect_app.models.types import utc_now
from inspect_app.rules import ALERT_MOVES, DISMISSAL_REASONS, OPEN_ALERT_STATES, is_move_allowed
from inspect_app.services.actors import Actor
from inspect_app.services.paging import ListPage, fetch_page
from inspect_app.services.scope import OutOfArea, in_area
from inspect_app.services.transaction import Transaction, transaction

VERDICTS = ("confirmed", "dismissed", "unsure")
DAYS_OF_QUIET = 365


class MoveNotAllowed(Exception):
    """The table of moves does not have this one; ``before`` and ``after`` are the states."""

    def __init__(self, before: str, after: str) -> None:
        super().__init__(f"{before} -> {after}")
        self.before, self.after = before, after


class ReasonMissing(Exception):
    """An alert is dismissed with a reason, or not at all."""


class EvidenceChanged(Exception):
    """The evidence is no longer what the person saw: they must look again before they judge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertFilter:
    """What of the alerts is listed. ``state``: "open", "judged", one state, or "" for all; ``band`` likewise."""

    band: str = "alert"
    state: str = "open"
    text: str = ""
    venue_id: int | None = None
    order: str = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A judgement as it was given. ``evidence_key`` names the evidence that the person had before them."""

    submission_id: str
    verdict: str
    evidence_key: str
    reason: str = ""
    note: str = ""


def list_alerts(actor: Actor, chosen: AlertFilter, page: int = 1) -> ListPage[Alert]:
    """The alerts that the actor may see, of the newest day first and the strongest first within a day."""
    actor.require("alerts.view")
    query = _visible(actor)
    if chosen.band:
        query = query.where(Alert.band == chosen.band)
    query = query.where(*_in_state(chosen.state))
    if chosen.venue_id:
        query = query.where(GoodsLine.venue_id == chosen.venue_id)
    if chosen.text:
        query = query.where(_mentions(chosen.text))
    newest = func.date(Alert.raised_at).desc()
    order = (Alert.weight_bits.desc(), newest) if chosen.order == "strongest" else (newest, Alert.weight_bits.desc())
    return fetch_page(query.order_by(*order, Alert.id.desc()), page)


def alerts_of_line(goods_line_id: int) -> Sequence[Alert]:
    """The alerts of one goods line that still stand, strongest first."""
    query = select(Alert).where(Alert.goods_line_id == goods_line_id, Alert.state != "superseded")
    return db.session.scalars(query.order_by(Alert.weight_bits.desc())).all()


def count_open_alerts(actor: Actor) -> int:
    """How many alerts of the band "alert" wait for a judgement in what the actor may see."""
    query = _visible(actor).where(Alert.band == "alert", Alert.state.in_(OPEN_ALERT_STATES))
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def find_alert(actor: Actor, alert_id: int) -> Alert:
    """One alert with both items.

    Raises:
        OutOfArea: there is none, or it lies outside the actor's area.
    """
    actor.require("alerts.view")
    query = _visible(actor).where(Alert.id == alert_id)
    query = query.options(selectinload(Alert.moves), selectinload(Alert.judgements))
    alert = db.session.scalars(query).one_or_none()
    if alert is None:
        raise OutOfArea
    return alert


def judge_alert(actor: Actor, alert_id: int, verdict: Verdict, quiet_days: int = DAYS_OF_QUIET) -> Judgement:
    """Records what a person decided of an alert; the same form sent twice is one judgement.

    A dismissed pair stays quiet for ``quiet_days``, unless new evidence brings it back before.

    Raises:
        NotAllowed: the actor may not judge.
        OutOfArea: there is no such alert in the actor's area.
        MoveNotAllowed: it was judged or closed before.
        ReasonMissing: it is dismissed without a known reason, or with "other" and no note.
        EvidenceChanged: the evidence is no longer what the person saw.
    """
    actor.require("alerts.judge")
    with transaction(actor) as tx:
        # Screening may be changing it at this moment: whoever comes second sees what the first one did.
        db.session.execute(select(Alert.id).where(Alert.id == alert_id).with_for_update())
        alert = find_alert(actor, alert_id)
        repeated = next((j for j in alert.judgements if j.submission_id == verdict.submission_id), None)
        if repeated is not None:
            return repeated
        if verdict.evidence_key != alert.evidence_key:
            raise EvidenceChanged
        is_dismissed = verdict.verdict == "dismissed"
        if is_dismissed and (
            verdict.reason not in DISMISSAL_REASONS or (verdict.reason == "other" and not verdict.note)
        ):
            raise ReasonMissing
        judgement = Judgement(
            submission_id=verdict.submission_id,
            alert=alert,
            verdict=verdict.verdict,
            reason=verdict.reason if is_dismissed else None,
            note=verdict.note,
            evidence_key=alert.evidence_key,
            judged_by_id=actor.user_id,
        )
        db.session.add(judgement)
        move_alert(tx, alert, verdict.verdict, reason=verdict.reason if is_dismissed else "")
        alert.quiet_until = utc_now() + timedelta(days=quiet_days) if is_dismissed else None
        return judgement


def move_alert(tx: Transaction, alert: Alert, after: str, *, reason: str = "") -> None:
    """Moves an alert to another state, with its history and its audit event, in the open transaction.

    Raises:
        MoveNotAllowed: ``rules.ALERT_MOVES`` does not have the move.
    """
    before = alert.state
    if not is_move_allowed(ALERT_MOVES, before, after):
        raise MoveNotAllowed(before, after)
    alert.state = after
    db.session.add(
        AlertMove(
            alert=alert, before=before, after=after, moved_at=utc_now(), moved_by_id=tx.actor.user_id, reason=reason
        )
    )
    details = {"reason": reason} if reason else {}
    tx.record(f"alerts:alert:{after}", alert, before={"state": before}, after={"state": after, **details})


def _visible(actor: Actor) -> Select[Alert]:
    """Every alert that the actor may see: those of the own area, and those that were given to the own unit."""
    given = Alert.unit_id == actor.unit_id if actor.unit_id is not None else false()
    return (
        select(Alert)
        .join(Alert.goods_line)
        .join(GoodsLine.venue)
        .join(Alert.stolen_item)
        .join(StolenItem.report)
        .where(or_(in_area(actor, Venue.area_code), given))
        .options(
            contains_eager(Alert.goods_line).contains_eager(GoodsLine.venue),
            contains_eager(Alert.stolen_item).contains_eager(StolenItem.report),
            joinedload(Alert.unit),
        )
    )


def _in_state(state: str) -> list[ColumnElement[bool]]:
    if state == "open":
        return [Alert.state.in_(OPEN_ALERT_STATES)]
    if state == "judged":
        return [Alert.state.in_(("confirmed", "dismissed", "closed"))]
    return [Alert.state == state] if state else []


def _mentions(text: str) -> Any:
    return or_(
        *(
            column.icontains(text, autoescape=True)
            for column in (Venue.name, GoodsLine.brand, GoodsLine.model, GoodsLine.description, StolenReport.number)
        )
    )
