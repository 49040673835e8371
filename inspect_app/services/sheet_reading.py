"""Tables in files as people send them: which kind of file it is, where its header stands, and its rows one by one.

``inspect_sheet`` looks at a file once and says how to read it; ``read_rows`` reads it that way. A file that is no table
is refused with a code of ``SHEET_FAULTS``; a single row that is damaged is not: it is handed on with its fault.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Final

from inspect_app.reference.mappings import fold_header, presets

SHEET_FAULTS: Final = (
    "empty",
    "no_rows",
    "not_a_table",
    "web_page",
    "password",
    "damaged_file",
    "unknown_encoding",
    "unclosed_quote",
    "too_many_rows",
    "too_many_columns",
    "too_large",
)
ROW_FAULTS: Final = ("ragged_row", "damaged_quotes")
MOST_COLUMNS: Final = 500
_HEADER_WITHIN: Final = 20

Source = Callable[[], BinaryIO]


class SheetRefused(Exception):
    """A file that cannot be read as a table: ``code`` of SHEET_FAULTS, ``detail`` a row number or a limit."""

    def __init__(self, code: str, detail: int | str = "") -> None:
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = str(detail)


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """How a file is read, without any of its rows; kept as JSON with the import.

    ``kind`` is text or workbook. ``header_row`` is the row number of the header, from 1; ``total_rows`` counts the rows
    below it that are not blank, ``total_lines`` the lines of a text with its header and blanks.
    """

    kind: str
    header: tuple[str, ...]
    header_row: int
    total_rows: int
    total_lines: int = 0
    encoding: str = ""
    is_damaged_text: bool = False
    delimiter: str = ""
    has_strict_quotes: bool = True
    sheet_name: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The facts as plain data; ``from_dict`` reads them back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "SheetFacts":
        """The facts that ``to_dict`` gave."""
        return cls(**{**data, "header": tuple(data["header"])})


@dataclass(frozen=True, slots=True)
class Record:
    """One line of a table before anything is known of its columns; ``number`` from 1; ``is_damaged`` has bad quotes.

    ``lines`` is how many lines of a text it takes: a quoted cell may hold line breaks.
    """

    number: int
    cells: Sequence[str]
    is_damaged: bool = False
    lines: int = 1

    @property
    def is_blank(self) -> bool:
        """Whether no cell says anything."""
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the header: a cell for each name, more in a faulty row; ``fault`` is of ROW_FAULTS or ""."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""


def inspect_sheet(source: Source, max_rows: int) -> SheetFacts:
    """Finds out how to read a file; a table that is too long is noticed at its first row too many.

    Raises:
        SheetRefused: it is no table, or cannot be taken.
    """
    from inspect_app.services import sheet_text, sheet_workbook

    with source() as file:
        start = file.read(64 * 1024)
    if not start:
        raise SheetRefused("empty")
    if sheet_workbook.is_workbook(start):
        return sheet_workbook.inspect_workbook(source, max_rows)
    return sheet_text.inspect_text(source, start, max_rows)


def read_rows(source: Source, facts: SheetFacts) -> Iterator[SheetRow]:
    """Every row below the header that is not blank, in the file's order.

    Raises:
        SheetRefused: the file is not what it was when it was looked at.
    """
    from inspect_app.services import sheet_text, sheet_workbook

    read = sheet_workbook.read_records if facts.kind == "workbook" else sheet_text.read_records
    for record in read(source, facts):
        if record.number > facts.header_row and not record.is_blank:
            yield _row(record, len(facts.header))


def find_header(records: Sequence[Record]) -> tuple[int, tuple[str, ...]]:
    """The row number and the names of the header among the first records of a table.

    A title or a note often stands above it: the header is the record with the most names that a known mapping reads,
    else the first that is filled nearly as widely as the table is and holds no number.

    Raises:
        SheetRefused: there is nothing but blanks.
    """
    candidates = [record for record in records[:_HEADER_WITHIN] if not record.is_blank]
    if not candidates:
        raise SheetRefused("empty")
    known = {fold_header(source) for mapping in presets() for source in mapping.sources}
    scores = {record.number: len({fold_header(cell) for cell in record.cells} & known) for record in candidates}
    best = max(candidates, key=lambda record: scores[record.number])
    if scores[best.number] < 2:
        widest = max(_filled(record) for record in candidates)
        wordy = [record for record in candidates if _filled(record) >= 0.6 * widest and not _has_number(record)]
        best = (wordy or candidates)[0]
    return best.number, unique_names(best.cells)


def unique_names(cells: Sequence[str]) -> tuple[str, ...]:
    """The names of columns: a blank one is called by its letter, a repeated one gets its count: 备注, 备注 (2)."""
    width = max(number for number, cell in enumerate(cells, start=1) if cell.strip())
    if width > MOST_COLUMNS:
        raise SheetRefused("too_many_columns", MOST_COLUMNS)
    seen: Counter[str] = Counter()
    names = []
    for number, cell in enumerate(cells[:width]):
        name = " ".join(cell.replace("\x00", "").split())[:120] or f"({column_letters(number)})"
        seen[fold_header(name)] += 1
        count = seen[fold_header(name)]
        names.append(name if count == 1 else f"{name} ({count})")
    return tuple(names)


def column_letters(index: int) -> str:
    """The letters that a spreadsheet shows above a column: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def count_rows(records: Iterable[Record], header_row: int, max_rows: int) -> tuple[int, int]:
    """How many rows below the header are not blank, and how many lines there are in all.

    Raises:
        SheetRefused: there are none, or more than ``max_rows``; the latter at the first row too many.
    """
    total = lines = 0
    for record in records:
        lines += record.lines
        if record.number > header_row and not record.is_blank:
            total += 1
            if total > max_rows:
                raise SheetRefused("too_many_rows", max_rows)
    if total == 0:
        raise SheetRefused("no_rows")
    return total, lines


def _row(record: Record, width: int) -> SheetRow:
    cells = tuple(record.cells[:width]) + ("",) * (width - len(record.cells))
    beyond = tuple(record.cells[width:])
    if record.is_damaged:
        return SheetRow(record.number, cells + beyond, "damaged_quotes")
    if any(cell.strip() for cell in beyond):
        # More cells than names: a separator inside a value has moved everything behind it.
        return SheetRow(record.number, cells + beyond, "ragged_row")
    return SheetRow(record.number, cells)


def _filled(record: Record) -> int:
    return sum(bool(cell.strip()) for cell in record.cells)


def _has_number(record: Record) -> bool:
    return any(cell.strip().replace(".", "", 1).isdigit() for cell in record.cells)
