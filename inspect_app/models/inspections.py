"""Visits: one venue, one clock, the officers of all agencies, the checklist and what came of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.extensions import Model
from inspect_app.models.accounts import Unit, User
from inspect_app.models.goods import GoodsLine
from inspect_app.models.types import EncryptedText, UtcDateTime, one_of, utc_now
from inspect_app.models.venues import Venue
from inspect_app.rules import ANSWERS, VENUE_KINDS, VISIT_KINDS, VISIT_OUTCOMES, VISIT_STATES


class Visit(Model):
    """One joint inspection. ``unparsed`` keeps what was typed and could not be read, until it is put right."""

    __tablename__ = "visit"
    __table_args__ = (
        one_of("kind", VISIT_KINDS),
        one_of("state", VISIT_STATES),
        one_of("venue_kind", VENUE_KINDS),
        one_of("outcome", VISIT_OUTCOMES, optional=True),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    submission_id: Mapped[str] = mapped_column(String(36), unique=True)
    revision: Mapped[int] = mapped_column(default=1)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), index=True)
    # The kind that the venue had when the visit began: it decides the checklist.
    venue_kind: Mapped[str] = mapped_column(String(20))
    checklist_version: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20), default="routine")
    state: Mapped[str] = mapped_column(String(20), default="draft", index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    findings: Mapped[str] = mapped_column(Text, default="")
    venue_statement: Mapped[str] = mapped_column(Text, default="")
    # Who stood for the venue during the visit; a person, so encrypted.
    venue_representative: Mapped[str] = mapped_column(EncryptedText, default="")
    outcome: Mapped[str | None] = mapped_column(String(40))
    unparsed: Mapped[str] = mapped_column(EncryptedText, default="{}")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    venue: Mapped[Venue] = relationship()
    unit: Mapped[Unit | None] = relationship()
    officers: Mapped[list["VisitOfficer"]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="VisitOfficer.position"
    )
    answers: Mapped[list["ChecklistAnswer"]] = relationship(back_populates="visit", cascade="all, delete-orphan")
    goods: Mapped[list[GoodsLine]] = relationship(back_populates="visit", order_by="GoodsLine.position")


class VisitOfficer(Model):
    """An officer who took part, and the credential that was shown."""

    __tablename__ = "visit_officer"
    __table_args__ = (UniqueConstraint("visit_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    credential_shown: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)

    visit: Mapped[Visit] = relationship(back_populates="officers")
    user: Mapped[User] = relationship()


class ChecklistAnswer(Model):
    """The answer to one item of the checklist version that the visit names."""

    __tablename__ = "checklist_answer"
    __table_args__ = (UniqueConstraint("visit_id", "item_key"), one_of("answer", ANSWERS))

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    item_key: Mapped[str] = mapped_column(String(80))
    answer: Mapped[str] = mapped_column(String(20), default="not_checked")
    note: Mapped[str] = mapped_column(Text, default="")

    visit: Mapped[Visit] = relationship(back_populates="answers")


class NumberSeries(Model):
    """The last number given in a series (for example the visits of a year): none twice, none lost."""

    __tablename__ = "number_series"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    last_value: Mapped[int] = mapped_column(default=0)
