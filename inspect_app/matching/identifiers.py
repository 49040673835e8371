"""Identifiers: which kinds there are, their normal form, whether a check digit holds, and what look-alikes fold to.

A failed check never refuses a value: a worn plate or a misread digit is still the best that somebody could read.
Sources: IMEI, Luhn over 15 digits (3GPP TS 23.003, annex B); VIN, ISO 3779 and GB 16735 (some imports carry no check
character, so a failure is a doubt); number plates, GA 36; e-bike code, 15 digits without a check digit.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from inspect_app.matching.text import PLACEHOLDERS, compact

KINDS = (
    "imei",
    "vin",
    "plate",
    "vehicle_code",
    "frame",
    "motor",
    "serial",
    "certificate",
    "lasercode",
    "batch",
    "other",
)

# Kinds that people mix up: a value under one is compared with values under the others of its family.
FAMILIES: dict[str, str] = {
    "vin": "vehicle body",
    "frame": "vehicle body",
    "vehicle_code": "vehicle body",
    "serial": "maker's number",
    "other": "maker's number",
    "imei": "imei",
}

# The reason codes of checks that rest on a check digit and not only on a shape.
CHECK_DIGITS = frozenset({"imei_luhn", "vin_check_character"})

CheckResult = Literal["ok", "doubtful", "unchecked"]


class Check(NamedTuple):
    """The outcome of a check and a stable reason code that the page turns into words."""

    result: CheckResult
    reason: str


_ALIASES = {"sn": "serial", "serial_number": "serial", "frame_number": "frame", "motor_number": "motor"}
_KEEP = re.compile(r"[^0-9A-Z\u4e00-\u9fff]")
_PLACEHOLDER_WORDS = frozenset(compact(word).upper() for word in PLACEHOLDERS) | {"UNREADABLE"}
# What an eye or a camera confuses. Everything folds to the digit, so both spellings meet.
_LOOK_ALIKES = str.maketrans("OQILSBZG", "00115826")
_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)), strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_PLATE = re.compile(r"[\u4e00-\u9fff][A-Z](?:[0-9A-HJ-NP-Z]{5}|[DABCEFGHJK][0-9A-HJ-NP-Z]\d{4}|\d{5}[DABCEFGHJK])")


@lru_cache(maxsize=1_000)
def normalise_kind(kind: str) -> str:
    """The kind as one of `KINDS`; an unknown one becomes `other`."""
    folded = unicodedata.normalize("NFKC", kind).strip().casefold()
    folded = _ALIASES.get(folded, folded)
    return folded if folded in KINDS else "other"


@lru_cache(maxsize=50_000)
def normalise(kind: str, value: str) -> str:
    """The value in NFKC and upper case without spaces and punctuation; an empty string for a placeholder.

    A label typed into the field with its number (`IMEI: 8601...`, `VIN ...`) is taken off.
    """
    folded = _KEEP.sub("", unicodedata.normalize("NFKC", value).upper())
    label = kind.upper().replace("_", "")
    if folded.startswith(label) and len(folded) > len(label) + 3:
        folded = folded[len(label) :]
    if folded in _PLACEHOLDER_WORDS or len(set(folded)) < 2 or folded in "0123456789" or len(folded) < 3:
        return ""
    return folded


def fold_look_alikes(value: str) -> str:
    """A normalised value with letters that look like digits turned into them: O0Q, I1L, S5, B8, Z2, G6."""
    return value.translate(_LOOK_ALIKES)


def check(kind: str, value: str) -> Check:
    """Whether a value as typed has the shape and the check digit of its kind.

    Returns `ok`, `doubtful` or `unchecked` (nothing to check, or a blank) with a reason code.
    """
    kind, normal = normalise_kind(kind), normalise(normalise_kind(kind), value)
    if not normal:
        return Check("unchecked", "blank")
    if kind == "imei":
        return _check_imei(normal)
    if kind == "vin":
        return _check_vin(normal)
    if kind == "plate":
        return Check("ok", "plate_shape") if _PLATE.fullmatch(normal) else Check("doubtful", "plate_shape")
    if kind == "vehicle_code":
        good = len(normal) == 15 and normal.isdigit()
        return Check("ok", "vehicle_code_shape") if good else Check("doubtful", "vehicle_code_shape")
    return Check("unchecked", "no_check_digit")


def is_imei(value: str) -> bool:
    """Whether fifteen digits carry an IMEI's check digit."""
    return _check_imei(value).result == "ok"


def _check_imei(value: str) -> Check:
    if not value.isdigit():
        return Check("doubtful", "imei_not_digits")
    if len(value) != 15:
        return Check("doubtful", "imei_length")
    total = 0
    for position, digit in enumerate(reversed(value)):
        doubled = int(digit) * (2 if position % 2 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return Check("ok", "imei_luhn") if total % 10 == 0 else Check("doubtful", "imei_luhn")


def _check_vin(value: str) -> Check:
    if len(value) != 17:
        return Check("doubtful", "vin_length")
    if set(value) & set("IOQ") or not value.isascii():
        return Check("doubtful", "vin_letters")
    total = sum(
        (int(letter) if letter.isdigit() else _VIN_VALUES[letter]) * weight
        for letter, weight in zip(value, _VIN_WEIGHTS, strict=True)
    )
    good = "0123456789X"[total % 11] == value[8]
    return Check("ok", "vin_check_character") if good else Check("doubtful", "vin_check_character")
