"""How times, amounts and weights are written on pages: filters for templates, on the clock of Asia/Shanghai."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint
from flask_babel import format_date, format_datetime, format_decimal

from inspect_app.reference.vocabulary import labels
from inspect_app.web.languages import short_language

blueprint = Blueprint("formats", __name__)


@blueprint.app_template_global()
def code_label(vocabulary: str, code: str | None) -> str:
    """The word for a code in the language of the page; an unknown code as it is, for old records may hold one."""
    found = labels(vocabulary).get(code or "")
    return found.in_language(short_language()) if found else code or ""


@blueprint.app_template_filter()
def local_time(value: datetime | None) -> str:
    """A time to the minute: 2026-03-05 14:30; nothing for None."""
    return str(format_datetime(value, "yyyy-MM-dd HH:mm")) if value else ""


@blueprint.app_template_filter()
def local_clock(value: datetime | None) -> str:
    """The time of day: 14:30; nothing for None."""
    return str(format_datetime(value, "HH:mm")) if value else ""


@blueprint.app_template_filter()
def local_day(value: date | datetime | None) -> str:
    """A day: 2026-03-05; nothing for None."""
    return str(format_date(value, "yyyy-MM-dd")) if value else ""


@blueprint.app_template_global()
def time_range(first: datetime | None, last: datetime | None) -> str:
    """Two times as a range, once where they are the same or one is missing."""
    shown = [local_time(value) for value in (first, last) if value]
    return shown[0] if len(set(shown)) == 1 else " – ".join(shown)


@blueprint.app_template_filter()
def yuan(fen: int | None) -> str:
    """An amount in fen as yuan: ¥1,234.50; nothing for None."""
    return "" if fen is None else f"¥{fen / 100:,.2f}"


@blueprint.app_template_filter()
def weight(grams: float | None) -> str:
    """A weight in grams, from a kilogram up in kilograms; nothing for None."""
    if grams is None:
        return ""
    if grams >= 1000:
        return f"{format_decimal(round(grams / 1000, 3))} kg"
    return f"{format_decimal(round(grams, 2))} g"


@blueprint.app_template_global()
def quantity(thing: Any) -> str:
    """How many of a goods line or a stolen item, with the unit; nothing when it is not said."""
    return "" if thing.quantity is None else f"{format_decimal(thing.quantity)} {thing.unit}".strip()
