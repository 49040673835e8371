"""Tables as delimited text (CSV, TSV): encoding and delimiter are found, rows are read one by one."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from charset_normalizer import from_bytes

from inspect_app.services.sheet_reading import Record, SheetFacts, SheetRefused, Source, count_rows, find_header

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TABLE: Final = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"RIFF", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b",
    b"BZh", b"\xfd7zXZ", b"MZ", b"\x7fELF", b"SQLite format", b"{\\rtf", b"{", b"[{",
)  # fmt: skip
_WEB_PAGE: Final = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|head|meta)", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0e-\x1f]")
_HIGH_RUN: Final = re.compile(rb"[\x80-\xff]+")
_DELIMITERS: Final = ",\t;|"
_BLOCK: Final = 1024 * 1024
# One record over more lines than this is an opening quote that was never closed.
_LONGEST_RECORD_LINES: Final = 50


def inspect_text(source: Source, start: bytes, max_rows: int) -> SheetFacts:
    """Finds encoding, delimiter and header of a text, given its first bytes.

    Raises:
        SheetRefused: it is not a text, or not a table, or too long.
    """
    if _WEB_PAGE.match(start):
        raise SheetRefused("web_page")
    if start.lstrip().startswith(_NO_TABLE):
        raise SheetRefused("not_a_table")
    encoding, is_damaged = _find_encoding(source, start)
    facts = SheetFacts("text", (), 0, 0, encoding=encoding, is_damaged_text=is_damaged)
    with _open_text(source, facts) as text:
        sample = text.read(_BLOCK // 4)
    if not sample.strip("\ufeff\x00 \r\n\t,;|"):
        raise SheetRefused("empty")
    delimiter = _find_delimiter(sample)
    header_row, header = find_header(list(islice(_parse(io.StringIO(sample, newline=""), delimiter, False), 30)))
    facts = replace(facts, header=header, header_row=header_row, delimiter=delimiter)
    try:
        total_rows, total_lines = count_rows(read_records(source, facts), header_row, max_rows)
    except _LooseQuotes:
        facts = replace(facts, has_strict_quotes=False)
        total_rows, total_lines = count_rows(read_records(source, facts), header_row, max_rows)
    return replace(facts, total_rows=total_rows, total_lines=total_lines)


def read_records(source: Source, facts: SheetFacts) -> Iterator[Record]:
    """Every record of the text.

    Raises:
        SheetRefused: a quote is never closed.
    """
    with _open_text(source, facts) as text:
        yield from _parse(text, facts.delimiter, facts.has_strict_quotes)


class _LooseQuotes(Exception):
    """Something follows a closing quote: the file quotes carelessly and has to be read with care."""


def _open_text(source: Source, facts: SheetFacts) -> io.TextIOWrapper:
    errors = "replace" if facts.is_damaged_text else "strict"
    return io.TextIOWrapper(source(), encoding=facts.encoding, errors=errors, newline="")


def _parse(text: io.TextIOBase, delimiter: str, is_strict: bool) -> Iterator[Record]:
    reader = csv.reader(text, delimiter=delimiter, strict=is_strict)
    number, lines_before = 0, 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "expected after" in str(error):
                raise _LooseQuotes from None
            raise SheetRefused("unclosed_quote", number + 1) from None
        number += 1
        lines = reader.line_num - lines_before
        lines_before = reader.line_num
        if lines > _LONGEST_RECORD_LINES:
            raise SheetRefused("unclosed_quote", number)
        # Where quotes cannot be trusted, a record over several lines may have swallowed the next ones.
        yield Record(number, cells, is_damaged=not is_strict and lines > 1, lines=lines)


def _find_encoding(source: Source, start: bytes) -> tuple[str, bool]:
    """The encoding, and whether a few places of the text are damaged in it.

    Strict UTF-8 comes first: other text hardly ever passes for it. Nearly everything passes for GB18030, so that comes
    last and has to look like it: Chinese comes in pairs of high bytes, an accented Latin letter stands alone.
    """
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return _whole_or_damaged(source, encoding)
    if (wide := _utf_16_without_bom(start)) and _count_bad(source, wide)[0] == 0:
        return wide, False
    if len(_CONTROL.findall(start)) + start.count(b"\x00") > len(start) / 100 + 3:
        raise SheetRefused("not_a_table")
    bad, good = _count_bad(source, "utf-8")
    if bad == 0 or (good >= 20 and bad * 50 <= good):
        return "utf-8", bad > 0
    runs = _HIGH_RUN.findall(start)
    if sum(len(run) == 1 for run in runs) * 2 <= len(runs):
        bad, good = _count_bad(source, "gb18030")
        if bad == 0 or (good >= 20 and bad * 50 <= good):
            return "gb18030", bad > 0
    return _advised_encoding(source, start), False


def _whole_or_damaged(source: Source, encoding: str) -> tuple[str, bool]:
    bad, good = _count_bad(source, encoding)
    if bad * 50 > good:
        raise SheetRefused("unknown_encoding")
    return encoding, bad > 0


def _advised_encoding(source: Source, start: bytes) -> str:
    advice = from_bytes(start).best()
    if advice is None or _count_bad(source, advice.encoding)[0]:
        raise SheetRefused("unknown_encoding")
    return advice.encoding


def _utf_16_without_bom(start: bytes) -> str:
    """UTF-16 by its line ends: each has a null beside it, always on the same side."""
    line_ends = start.count(b"\n")
    if line_ends and start[: len(start) // 2 * 2].decode("utf-16-le", "replace").count("\n") == line_ends:
        return "utf-16-le"
    if line_ends and start[: len(start) // 2 * 2].decode("utf-16-be", "replace").count("\n") == line_ends:
        return "utf-16-be"
    return ""


def _count_bad(source: Source, encoding: str) -> tuple[int, int]:
    """How many places of the whole file do not decode, and how many characters beyond ASCII do."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    bad = good = 0
    with source() as file:
        while block := file.read(_BLOCK):
            text = decoder.decode(block)
            if not text.isascii():
                wrong = text.count("\ufffd")
                bad += wrong
                good += _beyond_ascii(text) - wrong
    return bad + decoder.decode(b"", True).count("\ufffd"), good


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _find_delimiter(sample: str) -> str:
    """The separator that cuts the first lines most evenly into the most columns; a comma for a single column."""
    lines = "\n".join(sample.splitlines()[:60])
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for cells in islice(csv.reader(io.StringIO(lines), delimiter=delimiter), 50):
                if cells:
                    widths[len(cells)] += 1
        except csv.Error:
            continue
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        score = count / widths.total() * min(width, 40) if width > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best
