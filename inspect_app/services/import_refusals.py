"""The rows that an import refused, as a file to mend and import again: the file's own columns, then the reason."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import xlsxwriter
from sqlalchemy import func, select

from inspect_app.extensions import db
from inspect_app.models import ImportBatch, ImportRefusal
from inspect_app.reference.vocabulary import label
from inspect_app.services.actors import Actor
from inspect_app.services.imports import find_import, sheet_of
from inspect_app.services.transaction import transaction

# What a spreadsheet takes for the beginning of a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_HEADINGS = {"zh": ("原行号", "未导入原因", "所在列"), "en": ("Row", "Reason", "Column")}


def refusal_reasons(import_id: int, language: str) -> list[tuple[str, int]]:
    """How many rows were refused for each reason, in words, the most frequent first."""
    number = func.count(ImportRefusal.id)
    query = select(ImportRefusal.code, number).where(ImportRefusal.import_id == import_id).group_by(ImportRefusal.code)
    counted = db.session.execute(query.order_by(number.desc(), ImportRefusal.code))
    return [(label("refusal", code, language), count) for code, count in counted]


def list_refusals(import_id: int, limit: int) -> list[ImportRefusal]:
    """The first refused rows."""
    query = select(ImportRefusal).where(ImportRefusal.import_id == import_id).order_by(ImportRefusal.row_number)
    return list(db.session.scalars(query.limit(limit)))


def export_refused(actor: Actor, import_id: int, language: str, kind: str, target: BinaryIO) -> None:
    """Writes the refused rows as ``kind`` csv or xlsx; that somebody took them out goes into the audit trail.

    The CSV is UTF-8 with the mark that Excel wants. A cell that looks like a formula stays text in both.

    Raises:
        NotAllowed: the actor may not import.
        ImportNotFound: there is none with this id.
    """
    with transaction(actor) as tx:
        batch = find_import(actor, import_id)
        tx.record("imports:refusals:exported", batch, after={"rows": batch.refused_rows, "kind": kind})
        write = _write_xlsx if kind == "xlsx" else _write_csv
        write(_lines(batch, language), target)


def _write_csv(lines: Iterable[list[str]], target: BinaryIO) -> None:
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    for cells in lines:
        writer.writerow([_as_text(cell) for cell in cells])
    text.detach()


def _write_xlsx(lines: Iterable[list[str]], target: BinaryIO) -> None:
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as workbook:
        sheet = workbook.add_worksheet()
        bold = workbook.add_format({"bold": True})
        for row_number, cells in enumerate(lines):
            for column_number, cell in enumerate(cells):
                # A cell of a workbook holds no more than this.
                sheet.write_string(row_number, column_number, cell[:32_767], bold if row_number == 0 else None)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, 50, 18)


def _lines(batch: ImportBatch, language: str) -> Iterator[list[str]]:
    """The heading and one line for each refused row; the reason stands behind, so that it can go in again."""
    header = list(sheet_of(batch).header)
    yield [*header, *_HEADINGS[language]]
    query = select(ImportRefusal).where(ImportRefusal.import_id == batch.id).order_by(ImportRefusal.row_number)
    for refusal in db.session.scalars(query.execution_options(yield_per=500)):
        cells = [str(cell).replace("\x00", "") for cell in json.loads(refusal.row)]
        if len(cells) > len(header):
            # A row with too many cells: what stands behind the last column is kept in that column.
            cells[len(header) - 1 :] = [" | ".join(cells[len(header) - 1 :])]
        cells += [""] * (len(header) - len(cells))
        yield [*cells, str(refusal.row_number), label("refusal", refusal.code, language), refusal.column]


def _as_text(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
