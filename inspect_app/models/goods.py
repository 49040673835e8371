"""Goods lines: what stood on the shelf, its identifiers and its photos."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.extensions import Model
from inspect_app.models.columns import IdentifierColumns, ThingColumns
from inspect_app.models.people import Person
from inspect_app.models.types import EncryptedText, UtcDateTime, one_of, utc_now
from inspect_app.models.venues import Venue
from inspect_app.rules import DISPOSITIONS, IDENTIFIER_CHECKS, IDENTIFIER_KINDS, READ_BY

if TYPE_CHECKING:
    from inspect_app.models.inspections import Visit


class GoodsLine(ThingColumns, Model):
    """One line of the goods log. ``line_uid`` is made with the row, so a row that is sent twice stays one line."""

    __tablename__ = "goods_line"
    __table_args__ = (one_of("disposition", DISPOSITIONS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_uid: Mapped[str] = mapped_column(String(36), unique=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"), index=True)
    visit_id: Mapped[int | None] = mapped_column(ForeignKey("visit.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)
    price_fen: Mapped[int | None] = mapped_column(BigInteger)
    received_on: Mapped[date | None]
    logged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    seller_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    is_in_register: Mapped[bool | None]
    disposition: Mapped[str] = mapped_column(String(20), default="on_shelf")
    unparsed: Mapped[str] = mapped_column(EncryptedText, default="{}")
    # A line taken off the log stays as a record and is screened no more.
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)

    venue: Mapped[Venue] = relationship()
    visit: Mapped["Visit | None"] = relationship(back_populates="goods")
    seller: Mapped[Person | None] = relationship()
    identifiers: Mapped[list["GoodsIdentifier"]] = relationship(
        back_populates="goods_line", cascade="all, delete-orphan", order_by="GoodsIdentifier.position"
    )
    photos: Mapped[list["Photo"]] = relationship(
        primaryjoin="GoodsLine.id == foreign(Photo.goods_line_id)", order_by="Photo.id"
    )


class GoodsIdentifier(IdentifierColumns, Model):
    """A number read off a thing in the shop. A failed check digit marks it doubtful; it is never refused for that."""

    __tablename__ = "goods_identifier"
    __table_args__ = (
        one_of("kind", IDENTIFIER_KINDS),
        one_of("check_result", IDENTIFIER_CHECKS),
        one_of("read_by", READ_BY),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    goods_line_id: Mapped[int] = mapped_column(ForeignKey("goods_line.id"), index=True)
    read_by: Mapped[str] = mapped_column(String(10), default="hand")

    goods_line: Mapped[GoodsLine] = relationship(back_populates="identifiers")


class Photo(Model):
    """A photo of a visit: re-encoded for showing, with the hash of the bytes that arrived; its file lies by hash."""

    __tablename__ = "photo"
    __table_args__ = (UniqueConstraint("visit_id", "subject", "original_sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    # What is shown: "goods:<line_uid>", "item:<key of the checklist item>" or "visit".
    subject: Mapped[str] = mapped_column(String(100), default="visit")
    goods_line_id: Mapped[int | None] = mapped_column(ForeignKey("goods_line.id"), index=True)
    item_key: Mapped[str] = mapped_column(String(80), default="")
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    original_sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    width_px: Mapped[int]
    height_px: Mapped[int]
    caption: Mapped[str] = mapped_column(String(200), default="")
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    uploaded_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
