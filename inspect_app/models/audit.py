"""The audit trail: append-only (the migration adds triggers that refuse change) and chained by hash."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.extensions import Model
from inspect_app.models.types import JsonDict, UtcDateTime


class AuditEvent(Model):
    """Who did what to which record, when, from where, and how it was before and after."""

    __tablename__ = "audit_event"

    # Counted by hand under a lock, not by the database: a gap would look like a missing event.
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    occurred_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    actor_label: Mapped[str] = mapped_column(String(120))
    origin: Mapped[str] = mapped_column(String(120))
    action: Mapped[str] = mapped_column(String(80), index=True)
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(60))
    before: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    after: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
