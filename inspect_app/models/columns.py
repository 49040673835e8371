"""Columns that several tables share: what describes a thing, and how an identifier was read."""

from sqlalchemy import Float, String, Text
from sqlalchemy.orm import Mapped, mapped_column


class ThingColumns:
    """What a goods line and a stolen item say of the thing itself, so that the two can be compared field by field."""

    category: Mapped[str] = mapped_column(String(40), default="other")
    description: Mapped[str] = mapped_column(Text, default="")
    brand: Mapped[str] = mapped_column(String(120), default="")
    model: Mapped[str] = mapped_column(String(120), default="")
    specification: Mapped[str] = mapped_column(String(200), default="")
    colour: Mapped[str] = mapped_column(String(60), default="")
    marks: Mapped[str] = mapped_column(Text, default="")
    quantity: Mapped[float | None] = mapped_column(Float)
    unit: Mapped[str] = mapped_column(String(20), default="")
    # Grams with decimals: a ring weighs 3.41 g.
    weight_g: Mapped[float | None] = mapped_column(Float)


class IdentifierColumns:
    """One identifier as typed or scanned, its normal form, and what its check digit said."""

    kind: Mapped[str] = mapped_column(String(20))
    value: Mapped[str] = mapped_column(String(120))
    normalised: Mapped[str] = mapped_column(String(120), index=True)
    check_result: Mapped[str] = mapped_column(String(12), default="unchecked")
    check_reason: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
