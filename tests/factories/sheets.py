"""Files of stolen property as people send them, all invented."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

HEADER = ("ref", "category", "description", "brand", "model", "colour", "identifiers", "quantity", "occurred_at")
CHINESE_HEADER = ("报案编号", "物品名称", "品牌", "IMEI", "被盗时间", "失主", "联系电话")


def row(number: int, **values: str) -> list[str]:
    """A row of the common columns: a phone of its own report."""
    cells = {
        "ref": f"T-{number:06d}",
        "category": "phone",
        "description": f"手机 {number}",
        "brand": "华为",
        "model": f"Mate {number}",
        "colour": "黑",
        "identifiers": f"serial=SN{number:08d}",
        "quantity": "1",
        "occurred_at": "2026-03-05 14:30",
    }
    return list({**cells, **values}.values())


def csv_file(
    rows: Iterable[Sequence[str]],
    header: Sequence[str] = HEADER,
    *,
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> bytes:
    """The rows as delimited text."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_file(rows: Iterable[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    """The rows as a workbook; numbers and times keep their type."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "yyyy-mm-dd hh:mm"}) as workbook:
        sheet = workbook.add_worksheet("数据")
        for number, cells in enumerate([header, *rows]):
            sheet.write_row(number, 0, cells)
    return content.getvalue()
