"""The places that are inspected."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.extensions import Model
from inspect_app.models.accounts import Unit
from inspect_app.models.types import EncryptedText, UtcDateTime, one_of, utc_now
from inspect_app.rules import VENUE_KINDS, VENUE_RISKS, VENUE_STATES


class Venue(Model):
    """A second-hand shop, pawnshop, scrap station or market. A market's stalls are venues with it as ``market``."""

    __tablename__ = "venue"
    __table_args__ = (one_of("kind", VENUE_KINDS), one_of("state", VENUE_STATES), one_of("risk", VENUE_RISKS))

    id: Mapped[int] = mapped_column(primary_key=True)
    # Made with the form, so that the same form sent twice registers one venue.
    submission_id: Mapped[str] = mapped_column(String(36), unique=True)
    kind: Mapped[str] = mapped_column(String(20), index=True)
    name: Mapped[str] = mapped_column(String(120), index=True)
    # Lower-case pinyin of the name, whole and its initials, to find it by.
    name_pinyin: Mapped[str] = mapped_column(String(600), default="")
    name_initials: Mapped[str] = mapped_column(String(120), default="", index=True)
    credit_code: Mapped[str | None] = mapped_column(String(18), unique=True)
    # Its check character is wrong, and somebody has seen that it stands so on the licence.
    is_credit_code_doubtful: Mapped[bool] = mapped_column(default=False)
    filing_number: Mapped[str] = mapped_column(String(60), default="")
    licences: Mapped[str] = mapped_column(Text, default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    area_code: Mapped[str] = mapped_column(String(12), index=True)
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    responsible_name: Mapped[str] = mapped_column(EncryptedText, default="")
    responsible_phone: Mapped[str] = mapped_column(EncryptedText, default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    market_id: Mapped[int | None] = mapped_column(ForeignKey("venue.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="active")
    risk: Mapped[str] = mapped_column(String(10), default="low")
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit | None] = relationship()
    market: Mapped["Venue | None"] = relationship(remote_side=[id])

    __mapper_args__ = {"version_id_col": version}
