"""The audit trail as the auditor reads it: filtered, newest first, and verified part by part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, or_, select

from inspect_app.extensions import db
from inspect_app.models import AuditEvent, User
from inspect_app.services.actors import Actor
from inspect_app.services.audit import ChainBreak, verify_chain
from inspect_app.services.paging import ListPage, fetch_page

PART_SIZE: Final = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """What to show: ``who`` a part of a badge number or name, ``subject`` a type such as "visit", with or without id.

    The times are aware; ``until`` is not included.
    """

    who: str = ""
    action: str = ""
    subject_type: str = ""
    subject_id: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class VerifiedPart:
    """Events up to ``last_seq`` of ``total`` are verified; the hash of that one, and the breaks of this part."""

    last_seq: int
    total: int
    last_hash: str
    breaks: tuple[ChainBreak, ...]

    @property
    def is_finished(self) -> bool:
        """Whether the part reached the end of the trail."""
        return self.last_seq >= self.total


def find_events(actor: Actor, wanted: EventFilter, page: int = 1) -> ListPage[AuditEvent]:
    """Events that fit, the newest first."""
    actor.require("audit.view")
    query = select(AuditEvent).order_by(AuditEvent.seq.desc())
    if wanted.who:
        named = select(User.id).where(User.full_name.icontains(wanted.who, autoescape=True))
        labelled = AuditEvent.actor_label.icontains(wanted.who, autoescape=True)
        query = query.where(or_(labelled, AuditEvent.actor_id.in_(named)))
    if wanted.action:
        query = query.where(AuditEvent.action == wanted.action)
    if wanted.subject_type:
        query = query.where(AuditEvent.subject_type == wanted.subject_type)
    if wanted.subject_id:
        query = query.where(AuditEvent.subject_id == wanted.subject_id)
    if wanted.since is not None:
        query = query.where(AuditEvent.occurred_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEvent.occurred_at < wanted.until)
    return fetch_page(query, page, size=50)


def names_of(events: Sequence[AuditEvent]) -> Mapping[int, str]:
    """The full names of those who acted, by user id."""
    ids = {event.actor_id for event in events if event.actor_id is not None}
    rows = db.session.execute(select(User.id, User.full_name).where(User.id.in_(ids)))
    return {row.id: row.full_name for row in rows}


def known_actions(actor: Actor) -> Sequence[str]:
    """Every action that the trail has, by name."""
    actor.require("audit.view")
    return db.session.scalars(select(AuditEvent.action).distinct().order_by(AuditEvent.action)).all()


def known_subject_types(actor: Actor) -> Sequence[str]:
    """Every type of subject that the trail has, by name."""
    actor.require("audit.view")
    return db.session.scalars(select(AuditEvent.subject_type).distinct().order_by(AuditEvent.subject_type)).all()


def verify_part(actor: Actor, after_seq: int = 0, size: int = PART_SIZE) -> VerifiedPart:
    """Verifies the next ``size`` events after ``after_seq``; go on with ``last_seq`` until it ``is_finished``.

    The event at ``after_seq`` must have been verified before, for its hash is what the next one follows from.
    """
    actor.require("audit.view")
    total = db.session.scalar(select(func.max(AuditEvent.seq))) or 0
    later = select(AuditEvent.seq).where(AuditEvent.seq > after_seq).order_by(AuditEvent.seq)
    # A part ends at an event that is there, so that a gap lies inside one part, however wide it is.
    in_reach = later.where(AuditEvent.seq <= after_seq + size).order_by(None).order_by(AuditEvent.seq.desc())
    last_seq = db.session.scalar(in_reach.limit(1)) or db.session.scalar(later.limit(1)) or total
    breaks = tuple(verify_chain(after_seq, last_seq))
    last_hash = db.session.scalar(select(AuditEvent.hash).where(AuditEvent.seq == last_seq)) or ""
    return VerifiedPart(last_seq, total, last_hash, breaks)


def has_event(seq: int, event_hash: str) -> bool:
    """Whether the trail still has this event with this hash: what was written down earlier must still be there."""
    return db.session.scalar(select(AuditEvent.hash).where(AuditEvent.seq == seq)) == event_hash
