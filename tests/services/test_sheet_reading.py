"""Files as people send them are read, or refused with a code that says why."""

import io
from datetime import datetime

import pytest

from inspect_app.services.sheet_reading import (
    SheetFacts,
    SheetRefused,
    SheetRow,
    column_letters,
    inspect_sheet,
    read_rows,
)
from tests.factories.sheets import CHINESE_HEADER, HEADER, csv_file, row, xlsx_file

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def _read(content: bytes, max_rows: int = 1000) -> tuple[SheetFacts, list[SheetRow]]:
    facts = inspect_sheet(lambda: io.BytesIO(content), max_rows)
    assert SheetFacts.from_dict(facts.to_dict()) == facts
    return facts, list(read_rows(lambda: io.BytesIO(content), facts))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(encoding: str, delimiter: str) -> None:
    cells = ["A1", "红色手机，有划痕", "华为", "860123456789014", "2026-03-05", "王试", "13800000000"]
    facts, rows = _read(csv_file([cells] * 3, CHINESE_HEADER, encoding=encoding, delimiter=delimiter))
    assert facts.header == CHINESE_HEADER
    assert [found.cells for found in rows] == [tuple(cells)] * 3


def test_one_name_in_chinese_among_plain_text_is_enough_to_tell_gb18030() -> None:
    content = csv_file(
        [*[row(n, description="phone", brand="x", colour="b") for n in range(50)], row(51)], encoding="gb18030"
    )
    facts, rows = _read(content)
    assert facts.encoding == "gb18030"
    assert rows[-1].cells[3] == "华为"


def test_accented_latin_text_is_not_taken_for_chinese() -> None:
    _facts, rows = _read("name;city\nMüller;Zürich\nJäger;Köln\n".encode("cp1252"))
    assert rows[0].cells == ("Müller", "Zürich")


def test_a_few_damaged_bytes_do_not_change_the_encoding() -> None:
    content = csv_file([row(number) for number in range(60)]).replace("手机 7,".encode(), b"\xe6\x89 7,", 1)
    facts, rows = _read(content)
    assert (facts.encoding, facts.is_damaged_text, len(rows)) == ("utf-8", True, 60)
    assert "\ufffd" in rows[7].cells[2]


def test_a_title_above_the_header_and_blank_rows_are_passed_over() -> None:
    content = "被盗物品登记表,,\n\n报案编号,物品名称,备注\nA1,手机,新\n,,\nA2,电脑,旧\n".encode("gb18030")
    facts, rows = _read(content)
    assert (facts.header_row, facts.header, facts.total_rows) == (3, ("报案编号", "物品名称", "备注"), 2)
    assert [(found.number, found.cells[0]) for found in rows] == [(4, "A1"), (6, "A2")]


def test_repeated_and_blank_names_of_columns_are_told_apart() -> None:
    facts, _rows = _read("ref,备注,,备 注\n1,2,3,4\n".encode())
    assert facts.header == ("ref", "备注", "(C)", "备 注 (2)")
    assert [column_letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_ragged_rows() -> None:
    _facts, rows = _read(b"a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n")
    assert [found.fault for found in rows] == ["", "ragged_row", ""]
    assert rows[0].cells == ("1", "2", "")
    assert rows[1].cells == ("1", "2", "3", "4")


def test_quoted_line_breaks_are_one_row() -> None:
    facts, rows = _read(b'a,b\n1,"x\ny"\n2,z\n')
    assert (facts.total_rows, facts.total_lines) == (2, 4)
    assert rows[0].cells == ("1", "x\ny")


def test_careless_quotes_swallow_nothing_silently() -> None:
    _facts, rows = _read(b'a,b\n1,"x" y\n2,"open\n3,z"\n4,w\n')
    assert [(found.number, found.fault) for found in rows] == [(2, ""), (3, "damaged_quotes"), (4, "")]


def test_null_bytes_stay_in_their_cell() -> None:
    _facts, rows = _read(csv_file([row(1), row(2, model="Ma\x00te"), *[row(n) for n in range(3, 40)]]))
    assert rows[1].cells[4] == "Ma\x00te"
    assert len(rows) == 39


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\n\n ,,\n", "empty"),
        ("\ufeff".encode(), "empty"),
        (b"ref,brand\n", "no_rows"),
        (b"%PDF-1.7\n1 0 obj\n", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_a_table"),
        (bytes(range(256)) * 40, "not_a_table"),
        (b'{"a": 1}', "not_a_table"),
        (b"PK\x03\x04" + b"x" * 100, "not_a_table"),
        (xlsx_file([row(1)])[:-400], "damaged_file"),
        (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600, "password"),
        (OLE + b"\0" * 1200, "not_a_table"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "web_page"),
        (b'ref,brand\n1,"x\n2,y\n', "unclosed_quote"),
        (b"ref," + b"c," * 600 + b"\n1,2\n", "too_many_columns"),
        (csv_file([row(number) for number in range(11)]), "too_many_rows"),
        (xlsx_file([row(number) for number in range(11)]), "too_many_rows"),
        (xlsx_file([], ()), "empty"),
    ],
)
def test_files_that_are_no_table(content: bytes, code: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        _read(content, max_rows=10)
    assert refused.value.code == code


def test_a_file_far_too_long_is_refused_at_its_first_row_too_many() -> None:
    class Counted(io.BytesIO):
        taken = 0

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
            count = super().readinto(buffer)
            Counted.taken += count
            return count

        def read1(self, size: int = -1) -> bytes:
            block = super().read1(size)
            Counted.taken += len(block)
            return block

    content = b"ref,brand\n" + b"1,2\n" * 2_000_000
    with pytest.raises(SheetRefused) as refused:
        inspect_sheet(lambda: Counted(content), 1000)
    assert (refused.value.code, refused.value.detail) == ("too_many_rows", "1000")
    assert Counted.taken < len(content) / 4, "the rows behind the limit were parsed too"


def test_workbooks_keep_long_numbers_and_days() -> None:
    header = ("报案编号", "IMEI", "证件号码", "被盗时间", "发现时间", "数量", "有票")
    cells = ["A1", 860123456789014, 420704190001010019, datetime(2026, 3, 5, 14, 30), datetime(2026, 3, 6), 1.5, True]  # noqa: DTZ001
    facts, rows = _read(xlsx_file([cells], header))
    assert (facts.kind, facts.sheet_name) == ("workbook", "数据")
    assert rows[0].cells[:2] == ("A1", "860123456789014")
    assert rows[0].cells[2] == "4.2070419000101e+17", "lost digits must not look whole"
    assert rows[0].cells[3:] == ("2026-03-05 14:30:00", "2026-03-06", "1.5", "TRUE")


def test_a_workbook_that_does_not_begin_at_its_first_cell_keeps_its_row_numbers() -> None:
    rows = [[], ["", "ref", "brand"], ["", "A1", "x"], [], ["", "A2", "y"]]
    facts, read = _read(xlsx_file(rows, ()))
    assert facts.header == ("(A)", "ref", "brand")
    assert [(found.number, found.cells[1]) for found in read] == [(4, "A1"), (6, "A2")]
    assert len(HEADER) == len(row(1))
