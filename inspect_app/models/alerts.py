"""Alerts: a goods line that may be a stolen item, the evidence as it was scored, and what people decided."""

from datetime import datetime

from sqlalchemy import JSON, Float, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.extensions import Model
from inspect_app.models.accounts import Unit, User
from inspect_app.models.goods import GoodsLine
from inspect_app.models.stolen import StolenItem
from inspect_app.models.types import JsonDict, UtcDateTime, one_of, utc_now
from inspect_app.rules import ALERT_BANDS, ALERT_STATES, DISMISSAL_REASONS


class Alert(Model):
    """One pair of a goods line and a stolen item. ``components`` is the evidence as scored: shown, never recomputed."""

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("goods_line_id", "stolen_item_id"),
        one_of("state", ALERT_STATES),
        one_of("band", ALERT_BANDS),
        Index("ix_alert_queue", "band", "state", "raised_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    goods_line_id: Mapped[int] = mapped_column(ForeignKey("goods_line.id"), index=True)
    stolen_item_id: Mapped[int] = mapped_column(ForeignKey("stolen_item.id"), index=True)
    band: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(20), default="new")
    probability: Mapped[float] = mapped_column(Float)
    weight_bits: Mapped[float] = mapped_column(Float)
    evidence_bits: Mapped[float] = mapped_column(Float)
    components: Mapped[list[JsonDict]] = mapped_column(JSON, default=list)
    # Changes when the evidence does: a dismissed pair comes back only then.
    evidence_key: Mapped[str] = mapped_column(String(64), default="")
    matcher_version: Mapped[str] = mapped_column(String(80))
    # A dismissed pair stays quiet until then, unless new evidence brings it back before.
    quiet_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    goods_line: Mapped[GoodsLine] = relationship()
    stolen_item: Mapped[StolenItem] = relationship()
    unit: Mapped[Unit | None] = relationship()
    moves: Mapped[list["AlertMove"]] = relationship(back_populates="alert", order_by="AlertMove.id")
    judgements: Mapped[list["Judgement"]] = relationship(back_populates="alert", order_by="Judgement.id")


class AlertMove(Model):
    """One step of an alert from state to state."""

    __tablename__ = "alert_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), index=True)
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    moved_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    moved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    alert: Mapped[Alert] = relationship(back_populates="moves")
    moved_by: Mapped[User | None] = relationship()


class Judgement(Model):
    """What a person decided of an alert, on which evidence, and why."""

    __tablename__ = "judgement"
    __table_args__ = (
        one_of("verdict", ("confirmed", "dismissed", "unsure")),
        one_of("reason", DISMISSAL_REASONS, optional=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(String(36), unique=True)
    alert_id: Mapped[int] = mapped_column(ForeignKey("alert.id"), index=True)
    verdict: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    evidence_key: Mapped[str] = mapped_column(String(64), default="")
    judged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    judged_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    alert: Mapped[Alert] = relationship(back_populates="judgements")
    judged_by: Mapped[User | None] = relationship()


class Screened(Model):
    """With which matcher a record was last filed and compared with everything on the other side.

    Without a row it never was, or it waits to be compared anew. Two records that have a row of the same version have
    been compared with that version: ``services/rescreening.py`` says why.
    """

    __tablename__ = "screened"
    __table_args__ = ({"sqlite_with_rowid": False},)

    side: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    matcher_version: Mapped[str] = mapped_column(String(80))
    screened_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
