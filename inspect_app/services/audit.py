"""The audit trail: written inside each transaction, chained by hash, verified from the first event to the last."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from inspect_app.extensions import db, vault
from inspect_app.models import AuditEvent
from inspect_app.models.types import EncryptedText, utc_now
from inspect_app.rules import FEATURES
from inspect_app.services.actors import Actor

GENESIS: Final = "0" * 64
_ACTION = re.compile(rf"({'|'.join(FEATURES)}):[a-z_]+:[a-z_]+")
# Any number that only this lock uses: on PostgreSQL it lets one transaction at a time extend the chain.
_CHAIN_LOCK: Final = 7_306_120_441
_BOOKKEEPING: Final = frozenset({"updated_at", "version", "unparsed"})


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """An event of a transaction that has not committed yet."""

    action: str
    subject: Any
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """Where the chain does not hold, from ``seq`` to ``last_seq``.

    ``reason`` is "missing" (these events are not there), "unlinked" (it does not follow from the event before it) or
    "changed" (its content is not what its hash was made of).
    """

    seq: int
    reason: str
    last_seq: int


def audited_values(row: Any) -> dict[str, Any]:
    """The column values of a row as JSON; of an encrypted one only a short keyed hash, to see that it changed."""
    values: dict[str, Any] = {}
    for column in inspect(type(row)).columns:
        if column.name in _BOOKKEEPING or column.name.endswith("_key"):
            continue
        value = getattr(row, column.key, None)
        if isinstance(column.type, EncryptedText):
            value = f"hidden:{vault.lookup_hash(value)[:12]}" if value else ""
        values[column.name] = value.isoformat() if isinstance(value, (date, datetime)) else value
    return values


def changed_values(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of two ``audited_values``, only what differs: (before, after)."""
    keys = [key for key in after if before.get(key) != after.get(key)]
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}


def append_events(session: Session, actor: Actor, pending: Sequence[PendingEvent]) -> None:
    """Writes the events at the end of the chain, in the transaction that is open and about to commit.

    Raises:
        ValueError: an action is not of the form feature:subject:verb with a known feature.
    """
    if not pending:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    last = session.execute(
        select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)
    ).one_or_none()
    seq, previous = (last.seq, last.hash) if last else (0, GENESIS)
    now = utc_now()
    for event in pending:
        if not _ACTION.fullmatch(event.action):
            raise ValueError(f"{event.action!r} is not feature:subject:verb")
        seq += 1
        row = AuditEvent(
            seq=seq,
            occurred_at=now,
            actor_id=actor.user_id,
            actor_label=actor.label,
            origin=actor.origin,
            action=event.action,
            subject_type=_subject_type(event.subject),
            subject_id=_subject_id(event.subject),
            before=json.loads(json.dumps(event.before, default=str)),
            after=json.loads(json.dumps(event.after, default=str)),
            previous_hash=previous,
        )
        row.hash = event_hash(row)
        previous = row.hash
        session.add(row)
    session.flush()


def event_hash(event: AuditEvent) -> str:
    """SHA-256 (hex) over the event's content and the hash of the event before it."""
    content = {
        "seq": event.seq,
        "occurred_at": event.occurred_at.isoformat(),
        "actor_id": event.actor_id,
        "actor_label": event.actor_label,
        "origin": event.origin,
        "action": event.action,
        "subject": [event.subject_type, event.subject_id],
        "before": event.before,
        "after": event.after,
        "previous_hash": event.previous_hash,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def verify_chain(after_seq: int = 0, until_seq: int | None = None) -> Iterator[ChainBreak]:
    """Walks the trail from the event after ``after_seq`` and yields each place where it does not hold.

    Yields nothing when it is whole. A trail cut off at its end cannot be told from a shorter one: keep the count and
    the last hash that ``flask --app wsgi audit verify`` prints somewhere else.
    """
    expected_seq, previous = after_seq + 1, GENESIS
    if after_seq:
        previous = db.session.scalar(select(AuditEvent.hash).where(AuditEvent.seq == after_seq)) or GENESIS
    query = select(AuditEvent).where(AuditEvent.seq > after_seq).order_by(AuditEvent.seq)
    if until_seq is not None:
        query = query.where(AuditEvent.seq <= until_seq)
    for event in db.session.scalars(query.execution_options(yield_per=1000)):
        if event.seq != expected_seq:
            yield ChainBreak(expected_seq, "missing", event.seq - 1)
        if event.previous_hash != previous:
            yield ChainBreak(event.seq, "unlinked", event.seq)
        if event_hash(event) != event.hash:
            yield ChainBreak(event.seq, "changed", event.seq)
        expected_seq, previous = event.seq + 1, event.hash


def _subject_type(subject: Any) -> str:
    return str(getattr(subject, "__tablename__", None) or type(subject).__name__.lower())


def _subject_id(subject: Any) -> str:
    found = getattr(subject, "id", None) if hasattr(subject, "id") else getattr(subject, "code", None)
    # A search concerns no row.
    return "" if found is None else str(found)
