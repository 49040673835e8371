"""Tables in workbooks (XLSX, XLS, ODS), read by calamine; every cell becomes the text that a person saw."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from inspect_app.services.sheet_reading import Record, SheetFacts, SheetRefused, Source, count_rows, find_header

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
# What a workbook may unpack to: half a million full rows fit, a bomb does not.
_MOST_UNPACKED_BYTES: Final = 500 * 1024 * 1024
# From here on a float does not hold every whole number that a spreadsheet shows.
_SAFE_WHOLE: Final = 1e15


def is_workbook(start: bytes) -> bool:
    """Whether a file that begins so may be a workbook."""
    return start.startswith((_ZIP, _OLE))


def inspect_workbook(source: Source, max_rows: int) -> SheetFacts:
    """Finds the sheet and its header: the first visible sheet that holds anything.

    Raises:
        SheetRefused: it has a password, is damaged, empty or too large.
    """
    workbook = _open(source)
    for metadata in workbook.sheets_metadata:
        if metadata.visible != SheetVisibleEnum.Visible:
            continue
        sheet = _sheet(workbook, metadata.name)
        first = list(islice(_records(sheet), 30))
        if all(record.is_blank for record in first):
            continue
        header_row, header = find_header(first)
        total, lines = count_rows(_records(sheet), header_row, max_rows)
        return SheetFacts("workbook", header, header_row, total, lines, sheet_name=metadata.name)
    raise SheetRefused("empty")


def read_records(source: Source, facts: SheetFacts) -> Iterator[Record]:
    """Every record of the sheet.

    Raises:
        SheetRefused: the workbook cannot be read.
    """
    yield from _records(_sheet(_open(source), facts.sheet_name))


def _open(source: Source) -> CalamineWorkbook:
    with source() as file:
        content = file.read()
    if content.startswith(_OLE) and _ENCRYPTED in content:
        raise SheetRefused("password")
    try:
        if content.startswith(_ZIP):
            _refuse_bomb(content)
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except PasswordError:
        raise SheetRefused("password") from None
    except (CalamineError, ZipError, XmlError, zipfile.BadZipFile, OSError):
        raise SheetRefused("damaged_file" if _looks_like_workbook(content) else "not_a_table") from None


def _refuse_bomb(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > _MOST_UNPACKED_BYTES:
            raise SheetRefused("too_large", _MOST_UNPACKED_BYTES // 1024 // 1024)


def _looks_like_workbook(content: bytes) -> bool:
    """Whether the names of a workbook's parts are in the file: else it is another archive or an office document."""
    names = (b"xl/", b"mimetypeapplication/vnd.oasis", "Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
    return any(name in content for name in names)


def _sheet(workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    try:
        return workbook.get_sheet_by_name(name)
    except (CalamineError, ZipError, XmlError, OSError):
        raise SheetRefused("damaged_file") from None


def _records(sheet: CalamineSheet) -> Iterator[Record]:
    # calamine gives every row from the first, but the cells of a row only from the first column that is used.
    before = [""] * (sheet.start or (0, 0))[1]
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield Record(number, before + [cell_text(cell) for cell in cells])


def cell_text(cell: Any) -> str:
    """The text of a cell: 860123456789014.0 is the IMEI 860123456789014, a day is 2026-03-05.

    A whole number too long for a float stays as the float shows it: its digits are lost, and the row is refused.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return format(cell, ".0f") if cell.is_integer() and abs(cell) < _SAFE_WHOLE else repr(cell)
    if isinstance(cell, datetime):
        is_day = cell.hour == cell.minute == cell.second == 0
        return cell.date().isoformat() if is_day else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)
