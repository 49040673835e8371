"""Reports of theft and the things that were stolen."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.extensions import Model
from inspect_app.models.accounts import Unit
from inspect_app.models.columns import IdentifierColumns, ThingColumns
from inspect_app.models.people import Person
from inspect_app.models.types import EncryptedText, UtcDateTime, one_of, utc_now
from inspect_app.rules import IDENTIFIER_CHECKS, IDENTIFIER_KINDS, REPORT_CHANNELS


class StolenReport(Model):
    """One theft as it was reported: through which channel, when and where it happened, whose things were taken."""

    __tablename__ = "stolen_report"
    __table_args__ = (
        one_of("channel", REPORT_CHANNELS),
        CheckConstraint(
            "occurred_from IS NULL OR occurred_to IS NULL OR occurred_to >= occurred_from", name="range_in_order"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(String(36), unique=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    channel: Mapped[str] = mapped_column(String(20), default="counter")
    occurred_from: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    occurred_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(200), default="")
    area_code: Mapped[str] = mapped_column(String(12), default="", index=True)
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    method: Mapped[str] = mapped_column(Text, default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
    unparsed: Mapped[str] = mapped_column(EncryptedText, default="{}")
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person | None] = relationship()
    unit: Mapped[Unit | None] = relationship()
    items: Mapped[list["StolenItem"]] = relationship(
        back_populates="report", cascade="all, delete-orphan", order_by="StolenItem.position"
    )

    __mapper_args__ = {"version_id_col": version}


class StolenItem(ThingColumns, Model):
    """One stolen thing. It is screened until it is withdrawn, for example because it was found."""

    __tablename__ = "stolen_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    item_uid: Mapped[str] = mapped_column(String(36), unique=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("stolen_report.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    value_fen: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_reason: Mapped[str] = mapped_column(String(200), default="")
    # Which row of a file it came from: the same row imported again is the same item.
    import_key: Mapped[str | None] = mapped_column(String(64), unique=True)

    report: Mapped[StolenReport] = relationship(back_populates="items")
    identifiers: Mapped[list["StolenIdentifier"]] = relationship(
        back_populates="stolen_item", cascade="all, delete-orphan", order_by="StolenIdentifier.position"
    )


class StolenIdentifier(IdentifierColumns, Model):
    """A number that the owner or the police gave for a stolen thing."""

    __tablename__ = "stolen_identifier"
    __table_args__ = (one_of("kind", IDENTIFIER_KINDS), one_of("check_result", IDENTIFIER_CHECKS))

    id: Mapped[int] = mapped_column(primary_key=True)
    stolen_item_id: Mapped[int] = mapped_column(ForeignKey("stolen_item.id"), index=True)

    stolen_item: Mapped[StolenItem] = relationship(back_populates="identifiers")
