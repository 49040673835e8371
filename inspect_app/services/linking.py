"""Links a file of goods with a file of stolen items, without a database.

Both files have the common columns: ref, category, description, brand, model, specification, colour, marks, identifiers
(``kind=value;kind=value``), quantity, unit, weight_g, value, occurred_at, lat, lng. A cell that cannot be read is left
blank and told; a row that cannot be taken at all is refused and told; nothing is dropped in silence.
"""

import csv
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final
from zoneinfo import ZoneInfo

from inspect_app.matching import Identifier, Match, Record, link
from inspect_app.matching.linkage import Spread
from inspect_app.reference.mapping_values import CellRefused, read_number, read_times
from inspect_app.services.sheet_reading import SheetRefused, inspect_sheet, read_rows

REQUIRED_COLUMNS: Final = ("ref", "description")
OTHER_COLUMNS: Final = (
    "category", "brand", "model", "colour", "identifiers", "quantity", "unit", "weight_g", "value", "occurred_at",
    "lat", "lng",
)  # fmt: skip
LINK_COLUMNS: Final = ("goods_ref", "stolen_ref", "score", "band", "reason")

_MOST_ROWS: Final = 5_000_000
_LONGEST_TEXT: Final = 4_000
_CLOCK: Final = ZoneInfo("Asia/Shanghai")
_TIME_FORMATS: Final = (
    "iso", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d", "%Y.%m.%d %H:%M", "%Y.%m.%d", "%Y年%m月%d日", "excel",
)  # fmt: skip
_RANGES: Final = {
    "quantity": (Decimal(0), Decimal(10_000_000)),
    "weight_g": (Decimal(0), Decimal(1_000_000_000_000)),
    "value": (Decimal(0), Decimal(1_000_000_000_000)),
    "lat": (Decimal(-90), Decimal(90)),
    "lng": (Decimal(-180), Decimal(180)),
}
_TELLING_COLUMNS: Final = ("description", "brand", "model", "identifiers", "specification", "marks")


class LinkFileRefused(Exception):
    """A file that cannot be linked: ``code`` says why, ``path`` which file, ``detail`` what of it.

    Codes: not_found, unreadable, missing_columns, doubled_columns, and those of ``sheet_reading.SHEET_FAULTS``.
    """

    def __init__(self, path: Path, code: str, detail: str = "") -> None:
        super().__init__(f"{path}: {code} {detail}".strip())
        self.path = path
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What was wrong with a row (its number in the file, from 1): with ``is_refused`` it was not taken at all.

    Codes: no_ref, nothing_described, null_byte, doubled_ref, too_long, those of ``sheet_reading.ROW_FAULTS`` and of
    ``mapping_values.CellRefused``.
    """

    row: int
    column: str
    code: str
    is_refused: bool


@dataclass(frozen=True, slots=True)
class LinkFile:
    """What a file holds: its records, what was wrong with its rows, and common columns that it does not have."""

    records: tuple[Record, ...]
    problems: tuple[RowProblem, ...]
    missing_columns: tuple[str, ...]

    @property
    def refused_count(self) -> int:
        """How many rows were not taken."""
        return len({problem.row for problem in self.problems if problem.is_refused})


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """How many links were written in each band."""

    alerts: int
    possible: int


def read_link_file(path: Path) -> LinkFile:
    """Reads one of the two files; text in UTF-8 or GB18030 with any usual delimiter, or a workbook.

    Raises:
        LinkFileRefused: the file cannot be read as a table with the common columns.
    """
    try:
        facts = inspect_sheet(lambda: path.open("rb"), _MOST_ROWS)
        columns = _columns(path, facts.header)
        records: list[Record] = []
        problems: list[RowProblem] = []
        seen: set[str] = set()
        for row in read_rows(lambda: path.open("rb"), facts):
            if row.fault:
                problems.append(RowProblem(row.number, "", row.fault, is_refused=True))
                continue
            cells = {name: row.cells[position].strip() for name, position in columns.items()}
            record = _read_row(row.number, cells, problems)
            if record is None:
                continue
            if record.ref in seen:
                problems.append(RowProblem(row.number, "ref", "doubled_ref", is_refused=False))
            seen.add(record.ref)
            records.append(record)
    except FileNotFoundError:
        raise LinkFileRefused(path, "not_found") from None
    except SheetRefused as error:
        raise LinkFileRefused(path, error.code, error.detail) from None
    except OSError as error:
        raise LinkFileRefused(path, "unreadable", error.strerror or "") from None
    missing = tuple(name for name in OTHER_COLUMNS if name not in columns)
    return LinkFile(tuple(records), tuple(problems), missing)


def write_links(
    goods: Iterable[Record],
    stolen: Iterable[Record],
    out: Path,
    progress: Callable[[int, int], None] | None = None,
    spread: Spread | None = None,
) -> LinkSummary:
    """Links the records and writes goods_ref, stolen_ref, score (bits), band and reason; the file appears when done.

    ``progress`` is told how many goods lines of how many are compared; ``spread`` (``distributed.spread_over``) has
    them compared on a cluster.

    Raises:
        OSError: the file cannot be written; a file that stood there is then left as it was.
    """
    bands: Counter[str] = Counter()
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=out.parent, prefix=f".{out.name}.", delete=False
    ) as file:
        unfinished = Path(file.name)
        try:
            writer = csv.writer(file)
            writer.writerow(LINK_COLUMNS)
            for match in link(goods, stolen, progress, spread=spread):
                bands[match.band] += 1
                writer.writerow(_link_row(match))
            file.flush()
            unfinished.chmod(0o644)
            unfinished.replace(out)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise
    return LinkSummary(bands["alert"], bands["possible"])


def _link_row(match: Match) -> tuple[str, str, str, str, str]:
    return match.goods_ref, match.stolen_ref, f"{match.weight_bits:.2f}", match.band, match.reason()


def _columns(path: Path, header: tuple[str, ...]) -> dict[str, int]:
    """Where each named column stands."""
    names = [unicodedata.normalize("NFKC", name).strip().casefold().replace(" ", "_") for name in header]
    known = {*REQUIRED_COLUMNS, *OTHER_COLUMNS, *_TELLING_COLUMNS}
    if doubled := sorted(name for name in known if names.count(name) > 1):
        raise LinkFileRefused(path, "doubled_columns", ", ".join(doubled))
    if missing := [name for name in REQUIRED_COLUMNS if name not in names]:
        raise LinkFileRefused(path, "missing_columns", ", ".join(missing))
    return {name: names.index(name) for name in names if name in known}


def _read_row(number: int, cells: Mapping[str, str], problems: list[RowProblem]) -> Record | None:
    if any("\x00" in cell for cell in cells.values()):
        problems.append(RowProblem(number, "", "null_byte", is_refused=True))
        return None
    if not cells["ref"]:
        problems.append(RowProblem(number, "ref", "no_ref", is_refused=True))
        return None
    if not any(cells.get(column) for column in _TELLING_COLUMNS):
        problems.append(RowProblem(number, "description", "nothing_described", is_refused=True))
        return None
    numbers = {column: _number(number, column, cells.get(column, ""), problems) for column in _RANGES}
    happened = _times(number, cells.get("occurred_at", ""), problems)
    value = numbers["value"]
    texts = {
        column: _text(number, column, cells.get(column, ""), problems)
        for column in ("category", "description", "brand", "model", "specification", "colour", "marks", "unit")
    }
    return Record(
        ref=cells["ref"],
        identifiers=_identifiers(cells.get("identifiers", "")),
        quantity=numbers["quantity"],
        weight_g=numbers["weight_g"],
        value_fen=None if value is None else round(value * 100),
        happened_from=happened[0] if happened else None,
        happened_to=happened[1] if happened else None,
        lat=numbers["lat"],
        lng=numbers["lng"],
        **texts,
    )


def _text(row: int, column: str, raw: str, problems: list[RowProblem]) -> str:
    if len(raw) > _LONGEST_TEXT:
        problems.append(RowProblem(row, column, "too_long", is_refused=False))
    return raw[:_LONGEST_TEXT]


def _number(row: int, column: str, raw: str, problems: list[RowProblem]) -> float | None:
    if not raw:
        return None
    try:
        return float(read_number(raw, *_RANGES[column]))
    except CellRefused as error:
        problems.append(RowProblem(row, column, error.code, is_refused=False))
        return None


def _times(row: int, raw: str, problems: list[RowProblem]) -> tuple[datetime, datetime] | None:
    if not raw:
        return None
    try:
        return read_times(raw, _TIME_FORMATS, _CLOCK)
    except CellRefused as error:
        problems.append(RowProblem(row, "occurred_at", error.code, is_refused=False))
        return None


def _identifiers(raw: str) -> tuple[Identifier, ...]:
    """Pairs ``kind=value``; a value without its kind is of the kind ``other``."""
    found = []
    for part in raw.replace("；", ";").replace("＝", "=").split(";"):
        kind, equals, value = part.partition("=")
        if part.strip():
            found.append(Identifier(kind.strip(), value.strip()) if equals else Identifier("other", part.strip()))
    return tuple(found)
