"""Rows of a file through a column mapping: each becomes one stolen item or is refused with a reason, none silently."""

import re
from collections.abc import Callable
from collections.abc import Mapping as RowLike
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import TypedDict, TypeVar
from zoneinfo import ZoneInfo

from inspect_app.reference.categories import category_code, category_code_within, identifier_kinds
from inspect_app.reference.mapping_values import CellRefused, clean_code, clean_text, read_number, read_times
from inspect_app.reference.mappings import (
    DATE_TARGETS,
    IDENTIFIER_TARGETS,
    TEXT_LIMITS,
    Column,
    Mapping,
    Part,
    fold_header,
)

IDENTIFIER_LIMIT = 64
# Said of a thing, each of these means that nothing is known.
BLANK_WORDS = frozenset({
    "", "-", "--", "---", ".", "/", "+", "?", "n/a", "na", "nil", "none", "null", "unknown",
    "无", "不详", "未知", "不明", "暂无",
})  # fmt: skip
REFUSAL_CODES = (
    "null_byte", "damaged_text", "formula", "cell_error", "damaged_number", "not_a_number", "number_out_of_range",
    "not_a_date", "date_range", "future_date", "too_long", "required_missing", "unknown_status", "nothing_described",
)  # fmt: skip
_CODE_TARGETS = {"report_number", "owner_phone", "owner_document"}
_NUMBER_RANGES = {
    "quantity": (Decimal("0.001"), Decimal(10_000_000)),
    "weight_g": (Decimal(0), Decimal(1_000_000_000_000)),
    "value": (Decimal(0), Decimal(1_000_000_000_000)),
    "lat": (Decimal(-90), Decimal(90)),
    "lng": (Decimal(-180), Decimal(180)),
}
_IDENTIFIER_KINDS = frozenset(kind.code for kind in identifier_kinds())
_KIND_NAMES = {"sn": "serial", "chassis": "vin", "engine": "motor"} | {
    word.casefold(): kind.code for kind in identifier_kinds() for word in (kind.label.zh, kind.label.en)
}


_STATUS_WORDS = {
    "stolen": "stolen", "被盗": "stolen", "未追回": "stolen", "open": "stolen",
    "recovered": "recovered", "returned": "recovered", "found": "recovered", "withdrawn": "recovered",
    "已追回": "recovered", "追回": "recovered", "已返还": "recovered", "已找回": "recovered", "撤销": "recovered",
}  # fmt: skip
# A count with its unit in one cell: 2部.
_COUNTED = re.compile(r"([\d.,]+)\s*([部台辆件个只条瓶箱组批块把套米卷捆])")
_MANY = re.compile(r"[;；,，、|]+")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """Why a row was not taken: the reason, the column of the file (or the target when no column says it) and its value.

    ``code`` is one of REFUSAL_CODES. The value may name a person: keep it encrypted and out of logs.
    """

    code: str
    column: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MappedItem:
    """One stolen item as a row states it. Blank text and None say nothing.

    ``value_fen`` is in hundredths of the file's currency, which for the city's own files is the yuan; the range
    ``occurred_from`` to ``occurred_to`` is aware UTC; ``identifiers`` are pairs of kind and value; ``status`` is stolen
    or recovered: a recovered item is kept as withdrawn and is not screened.
    """

    report_number: str = ""
    category: str = "other"
    description: str = ""
    brand: str = ""
    model: str = ""
    specification: str = ""
    colour: str = ""
    marks: str = ""
    quantity: float | None = None
    unit: str = ""
    weight_g: float | None = None
    value_fen: int | None = None
    identifiers: tuple[tuple[str, str], ...] = ()
    occurred_from: datetime | None = None
    occurred_to: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    place: str = ""
    method: str = ""
    owner_name: str = field(default="", repr=False)
    owner_phone: str = field(default="", repr=False)
    owner_document: str = field(default="", repr=False)
    status: str = "stolen"


class _Refused(Exception):
    def __init__(self, code: str, column: str, value: str) -> None:
        super().__init__(code)
        self.refusal = RowRefusal(code, column, value)


@dataclass(frozen=True, slots=True)
class _Row:
    """The cleaned text of each target, and the column of the file that it came from."""

    mapping: Mapping
    texts: dict[str, str]
    sources: dict[str, str]

    def text(self, target: str) -> str:
        return self.texts.get(target, "")

    def refuse(self, code: str, target: str) -> _Refused:
        column = self.mapping.columns.get(target)
        first = column.parts[0].source if column and column.parts else target
        return _Refused(code, self.sources.get(target) or first, self.text(target))

    def read(self, target: str, text: str, read: Callable[[str], _Value]) -> _Value:
        """Return what ``read`` makes of the text; a refused cell becomes a refused row."""
        try:
            return read(text)
        except CellRefused as refused:
            raise self.refuse(refused.code, target) from refused


class _TextFields(TypedDict, total=False):
    report_number: str
    description: str
    brand: str
    model: str
    specification: str
    colour: str
    marks: str
    unit: str
    place: str
    method: str
    owner_name: str
    owner_phone: str
    owner_document: str


def apply_mapping(mapping: Mapping, row: RowLike[str, str], *, now: datetime | None = None) -> MappedItem | RowRefusal:
    """Turn one row, a value for each column name, into a stolen item, or say why not.

    ``now`` (aware, default the clock) decides what a date in the future is. Nothing is raised for any content of a row.
    """
    cells = {
        fold_header(name): value for name, value in row.items() if isinstance(name, str) and isinstance(value, str)
    }
    try:
        return _map_row(mapping, cells, now or datetime.now(UTC))
    except _Refused as refused:
        return refused.refusal


def _map_row(mapping: Mapping, cells: RowLike[str, str], now: datetime) -> MappedItem:
    row = _Row(mapping, {}, {})
    for target, column in mapping.columns.items():
        row.texts[target], row.sources[target] = _read_column(column, mapping, cells)
    for target in mapping.required:
        if not row.text(target):
            raise row.refuse("required_missing", target)
    category = _read_category(row)
    if counted := _COUNTED.fullmatch(row.text("quantity")):
        row.texts["quantity"], row.texts["unit"] = counted[1], row.text("unit") or counted[2]
    texts = _read_texts(row)
    identifiers = _read_identifiers(row)
    if not any((*(texts.get(key) for key in ("description", "brand", "model", "specification")), identifiers)):
        raise row.refuse("nothing_described", "description")
    occurred_from, occurred_to = _read_range(row, now)
    value = _read_number(row, "value")
    return MappedItem(
        **texts,
        category=category,
        identifiers=identifiers,
        occurred_from=occurred_from,
        occurred_to=occurred_to,
        quantity=_as_float(_read_number(row, "quantity")),
        weight_g=_as_float(_read_number(row, "weight_g")),
        value_fen=None if value is None else int((value * 100).to_integral_value(ROUND_HALF_UP)),
        lat=_as_float(_read_number(row, "lat")),
        lng=_as_float(_read_number(row, "lng")),
        status=_read_status(row),
    )


def _read_column(column: Column, mapping: Mapping, cells: RowLike[str, str]) -> tuple[str, str]:
    """Return the text of a column and the name of the source that it came from first."""
    if column.constant:
        return column.constant, ""
    values: dict[str, str] = {}
    for part in column.parts:
        cell = cells.get(fold_header(part.source), "")
        try:
            value = _read_part(part, mapping.blanks, clean_text(cell)) if cell else ""
        except CellRefused as refused:
            raise _Refused(refused.code, part.source, cell) from refused
        if value:
            values.setdefault(value, part.source)
            if column.join is None:
                break
    return (column.join or "").join(values) or column.default, next(iter(values.values()), "")


def _read_part(part: Part, blanks: tuple[str, ...], text: str) -> str:
    folded = text.casefold()
    if folded in BLANK_WORDS or folded in part.blanks or folded in blanks:
        return ""
    if part.code_length:
        codes = (folded[start : start + part.code_length].strip() for start in range(0, len(folded), part.code_length))
        words = dict.fromkeys(part.lookup.get(code, code.upper()) for code in codes if code)
        value = " ".join(word for word in words if word)
    else:
        value = part.lookup.get(folded, text)
    return f"{part.prefix}{value}{part.suffix}" if value else ""


def _read_category(row: _Row) -> str:
    word, description = row.text("category"), row.text("description")
    if code := category_code(word):
        return code
    if word and word not in description:
        # The word is not one of ours; in the description it is not lost.
        row.texts["description"] = f"{word} {description}".strip()
    return category_code_within(word) or category_code_within(description) or "other"


def _read_texts(row: _Row) -> _TextFields:
    texts = _TextFields()
    for target, limit in TEXT_LIMITS.items():
        text = row.text(target)
        if text and target in _CODE_TARGETS:
            text = row.read(target, text, clean_code)
        if len(text) > limit:
            raise row.refuse("too_long", target)
        texts[target] = text  # type: ignore[literal-required]  # TEXT_LIMITS and _TextFields name the same fields
    return texts


def _read_number(row: _Row, target: str) -> Decimal | None:
    text = row.text(target)
    if not text:
        return None
    lowest, highest = _NUMBER_RANGES[target]
    scale = Decimal(str(row.mapping.columns[target].scale))
    return row.read(target, text, partial(read_number, lowest=lowest, highest=highest)) * scale


def _as_float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def _read_range(row: _Row, now: datetime) -> tuple[datetime | None, datetime | None]:
    zone = ZoneInfo(row.mapping.timezone)
    found: dict[str, tuple[datetime, datetime]] = {}
    for target in DATE_TARGETS:
        if text := row.text(target):
            formats = row.mapping.columns[target].date_formats
            found[target] = row.read(target, text, partial(read_times, formats=formats, zone=zone))
            if found[target][0] > now:
                raise row.refuse("future_date", target)
    if not found:
        return None, None
    start = found["occurred_from"][0] if "occurred_from" in found else None
    # A theft of today has not happened in the hours that are still to come.
    end = min(found.get("occurred_to", found.get("occurred_from", (now, now)))[1], now)
    if start and end < start:
        raise row.refuse("date_range", "occurred_to")
    return start, end


def _read_identifiers(row: _Row) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, str], None] = {}
    for entry in re.split("[;；]", row.text("identifiers")):
        kind, equals, value = entry.partition("=")
        if not equals:
            kind, value = "other", entry
        _add_identifier(row, "identifiers", kind.strip().casefold(), value, found)
    for target in IDENTIFIER_TARGETS:
        for value in _MANY.split(row.text(target)):
            _add_identifier(row, target, target.removeprefix("identifier."), value, found)
    return tuple(found)


def _add_identifier(row: _Row, target: str, kind: str, text: str, found: dict[tuple[str, str], None]) -> None:
    value = row.read(target, text, clean_code)
    if value.casefold() in BLANK_WORDS:
        return
    if len(value) > IDENTIFIER_LIMIT:
        raise row.refuse("too_long", target)
    kind = _KIND_NAMES.get(kind, kind)
    found[(kind if kind in _IDENTIFIER_KINDS else "other", value)] = None


def _read_status(row: _Row) -> str:
    text = row.text("status").casefold()
    if text and text not in _STATUS_WORDS:
        raise row.refuse("unknown_status", "status")
    return _STATUS_WORDS.get(text, "stolen")
