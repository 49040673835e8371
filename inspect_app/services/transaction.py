"""One transaction for one thing that a person does, with its audit events inside it.

``with transaction(actor) as tx:`` opens a writing transaction; a service that is called within one joins it, so only
the outermost commits. ``tx.record(...)`` adds an audit event, written just before the commit.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from inspect_app.extensions import db
from inspect_app.services.actors import Actor
from inspect_app.services.audit import PendingEvent, append_events

_CURRENT = "inspect_transaction"


@dataclass(slots=True)
class Transaction:
    """The open transaction: who acts, and what must be written to the audit trail when it commits."""

    actor: Actor
    events: list[PendingEvent] = field(default_factory=list)

    def record(
        self,
        action: str,
        subject: Any,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Adds an audit event: ``action`` is "feature:subject:verb", ``subject`` a row (its id may still be unknown).

        ``before`` and ``after`` must hold no personal data: ``audit.audited_values`` masks a row's.
        """
        self.events.append(PendingEvent(action, subject, dict(before or {}), dict(after or {})))


@contextmanager
def transaction(actor: Actor) -> Iterator[Transaction]:
    """A writing transaction in the name of ``actor``: commits at the end, rolls back on any exception.

    On SQLite it begins IMMEDIATE, so that what is read in it cannot change before the commit; objects that were loaded
    before are read again.
    """
    session = db.session
    joined: Transaction | None = session().info.get(_CURRENT)
    if joined is not None:
        yield joined
        return
    session.rollback()
    if session.get_bind().dialect.name == "sqlite":
        session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
    current = Transaction(actor)
    session().info[_CURRENT] = current
    try:
        yield current
        session.flush()
        append_events(session(), actor, current.events)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session().info.pop(_CURRENT, None)
