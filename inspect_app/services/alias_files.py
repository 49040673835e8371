"""The words as a CSV file that a spreadsheet opens: kind, canonical, spelling, origin."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from inspect_app.services.aliases import Alias

COLUMNS: Final = ("kind", "canonical", "spelling")
MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 2_000_000
# What a spreadsheet takes for the beginning of a formula.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


class AliasFileRefused(Exception):
    """A file that is no list of words; ``code`` is not_text, missing_columns, too_large or too_many_rows."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def write_alias_file(aliases: Iterable[Alias]) -> bytes:
    """The words as UTF-8 CSV with the mark that Excel wants; a cell that looks like a formula stays text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow((*COLUMNS, "origin"))
    for alias in aliases:
        writer.writerow([_safe(cell) for cell in (alias.kind, alias.canonical, alias.spelling, alias.origin)])
    return text.getvalue().encode("utf-8-sig")


def read_alias_file(data: bytes) -> list[tuple[str, str, str]]:
    """The (kind, canonical, spelling) rows of a file; rows whose origin is ``removed`` and empty ones are left out.

    Raises:
        AliasFileRefused: it is no such file.
    """
    if len(data) > MOST_BYTES:
        raise AliasFileRefused("too_large")
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), restval="")
        if not set(COLUMNS) <= set(reader.fieldnames or ()):
            raise AliasFileRefused("missing_columns")
        rows = [row for row in reader if row.get("origin") != "removed" and any(row[name] for name in COLUMNS)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise AliasFileRefused("not_text") from error
    if len(rows) > MOST_ROWS:
        raise AliasFileRefused("too_many_rows")
    return [(_plain(row["kind"]), _plain(row["canonical"]), _plain(row["spelling"])) for row in rows]


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell
