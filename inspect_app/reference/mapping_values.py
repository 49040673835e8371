"""One cell of an imported file: cleaned, and read as a number, a time or an identifier, or refused with a reason."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo


class CellRefused(ValueError):
    """A cell that cannot be taken; ``code`` is the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# "=1+1" is always a formula; "-" and "+8613..." are not; "+A1*2", "-2+3", "@SUM(A1)" and "+cmd|..." are.
_FORMULA = re.compile(
    r"\s*(?:=\s*\S|[+\-@](?:[^()]*[A-Z]\w*\(|\d[\d.]*[+\-*/]\d|\$?[A-Z]{1,3}\$?\d+[+\-*/:]|\w+\|))",
    re.ASCII | re.IGNORECASE,
)
_CELL_ERROR = re.compile(r"#(?:REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|N/A|SPILL!|CALC!)", re.IGNORECASE)
_SPACES = re.compile(r"[\s\u200b\ufeff\x01-\x1f\x7f-\x9f]+")
_NUMBER_WORDS = re.compile(r"[,\s¥￥$元约]|人民币|左右|RMB|CNY", re.IGNORECASE)
# What a spreadsheet makes of a long number: 8.60123E+14. A serial such as 12E5 is not one.
_SCIENTIFIC = re.compile(r"\d\.\d+[eE]\+?\d+|\d+[eE]\+\d+")
_WHOLE_FLOAT = re.compile(r"(\d+)\.0+")
_RANGE = re.compile(r"\s*(?:至|到|~|～|—+)\s*")
# A float holds 15 decimal digits for sure; beyond that the last ones may be made up.
_SAFE_DIGITS = 15
_LONGEST_TIME = 60
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a local wall clock; the zone comes with the mapping


def clean_text(raw: str) -> str:
    """Return the text with runs of spaces and control characters made one space.

    Raises CellRefused: null_byte, damaged_text, formula, cell_error.
    """
    if "\x00" in raw:
        raise CellRefused("null_byte")
    if "\ufffd" in raw or any("\ud800" <= letter <= "\udfff" for letter in raw):
        raise CellRefused("damaged_text")
    if _FORMULA.match(raw):
        raise CellRefused("formula")
    text = _SPACES.sub(" ", raw).strip()
    if _CELL_ERROR.fullmatch(text):
        raise CellRefused("cell_error")
    return text


def clean_code(text: str) -> str:
    """Return an identifier, number or phone half-width, with a spreadsheet's ``.0`` taken off.

    Raises CellRefused: damaged_number when the spreadsheet has rounded the digits away.
    """
    folded = unicodedata.normalize("NFKC", text).strip().removeprefix("'")
    whole = _WHOLE_FLOAT.fullmatch(folded)
    if _SCIENTIFIC.fullmatch(folded) or (whole and len(whole[1]) > _SAFE_DIGITS):
        raise CellRefused("damaged_number")
    return whole[1] if whole else folded


def read_number(text: str, lowest: Decimal, highest: Decimal) -> Decimal:
    """Read a number with thousands separators, a currency word or 万.

    Raises CellRefused: not_a_number, number_out_of_range.
    """
    folded = _NUMBER_WORDS.sub("", unicodedata.normalize("NFKC", text))
    factor = 10_000 if folded.endswith("万") else 1
    try:
        number = Decimal(folded.removesuffix("万")) * factor
    except ArithmeticError as error:
        raise CellRefused("not_a_number") from error
    if not number.is_finite():
        raise CellRefused("not_a_number")
    if not lowest <= number <= highest:
        raise CellRefused("number_out_of_range")
    return number


def read_times(text: str, formats: Sequence[str], zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Read a time, a day or a range of them; returns the first and the last moment, both aware UTC.

    A day lasts from its first to its last second. Raises CellRefused: not_a_date, date_range.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if len(folded) > _LONGEST_TIME:
        raise CellRefused("not_a_date")
    first, last = _read_moment(folded, formats, zone), None
    if first is None:
        ends = _RANGE.split(folded)
        if len(ends) == 2:
            first, last = _read_moment(ends[0], formats, zone), _read_moment(ends[1], formats, zone)
        if first is None or last is None:
            raise CellRefused("not_a_date")
    until = (last or first)[1]
    if until < first[0]:
        raise CellRefused("date_range")
    return first[0], until


def _read_moment(text: str, formats: Sequence[str], zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    for date_format in formats:
        try:
            local, is_day = _read_local(text, date_format)
        except (ValueError, OverflowError):
            continue
        if not 1900 <= local.year <= 9000:
            return None
        aware = local if local.tzinfo else local.replace(tzinfo=zone)
        end = aware + timedelta(days=1, seconds=-1) if is_day else aware
        return aware.astimezone(UTC), end.astimezone(UTC)
    return None


@lru_cache(maxsize=20_000)
def _read_local(text: str, date_format: str) -> tuple[datetime, bool]:
    if date_format == "iso":
        return datetime.fromisoformat(text), len(text) <= 10
    if date_format == "excel":
        days = float(text)
        if not 20_000 <= days <= 80_000:
            raise ValueError(text)
        return _EXCEL_EPOCH + timedelta(seconds=round(days * 86_400)), days == int(days)
    return datetime.strptime(text, date_format), "%H" not in date_format and "%I" not in date_format  # noqa: DTZ007
