"""Finds a record's identifiers: in their fields, several in one field, masked, only a tail, or inside a description.

A value that a label names (`车架号9212...`, `尾号9014`) is of that label's kind; a long number that no label names is
of the kind `other` and is compared with identifiers of every kind, but only ever speaks for a match.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from inspect_app.matching import identifiers
from inspect_app.matching.records import Record

_LABELS = {
    "imei": "imei ?[12]?|手机串号|串号|串码",
    "vehicle_code": "整车编码|整车编号",
    "frame": "车架编号|车架号码?|车架|frame(?: no\\.?| number)?",
    "vin": "车辆识别代[号码]|车辆识别码|vin码?",
    "motor": "电机编号|电机号码?|发动机号|motor(?: no\\.?| number)?|engine(?: no\\.?| number)?",
    "serial": "序列号|机身编?号|出厂编号|s/n|sn|serial(?: no\\.?| number)?",
    "certificate": "鉴定证书号?|证书编?号|证书|certificate(?: no\\.?)?",
    "lasercode": "激光码|32位码|喷码|laser ?code",
    "batch": "生产批号|批次?号|batch(?: no\\.?)?",
    "plate": "车牌号码?|车牌|号牌|牌照号?",
    "other": "号码|编号",
}
_TAIL = r"尾号|尾数|[后末][四五六4-6]位(?:数|是|为)?|ending(?: in)?|last [4-6](?: digits)?"
_LINK = r"[ :：#=是为]{0,3}"
_VALUE = r"[a-z0-9*](?:[a-z0-9*]|[ \-·](?=[a-z0-9*]*[\d*]))*[a-z0-9*]"
_PLATE_VALUE = r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][a-z][ ·\-.]?[a-hj-np-z0-9*]{5,6}"
_LABELLED = re.compile(
    "|".join(rf"(?<![a-z])(?P<{kind}>{words}){_LINK}" for kind, words in _LABELS.items() if kind != "other")
    + rf"|(?P<other>{_LABELS['other']}){_LINK}"
)
_TAIL_AT = re.compile(rf"(?:{_TAIL}){_LINK}")
_VALUE_AT = re.compile(_VALUE)
_PLATE_IN_TEXT = re.compile(rf"{_PLATE_VALUE}(?![a-z0-9])")
_TAIL_IN_TEXT = re.compile(rf"(?:{_TAIL}){_LINK}([a-z0-9]{{3,8}})(?![a-z0-9])")
# A number that nothing names: 14 to 18 digits (in groups or not), a VIN, or ten letters and digits in one piece.
_GROUPED_DIGITS = re.compile(
    r"(?<![a-z0-9])\d{2,8}(?:[ \-]\d{2,6}){1,4}(?![a-z0-9])|(?<![a-z0-9])\d{14,18}(?![a-z0-9])"
)
_LONG_PIECE = re.compile(r"(?<![a-z0-9\-])[a-z0-9]{10,34}(?![a-z0-9\-])")
# What is plainly a whole value: no label and no word for a tail begins with any of these letters,
# and it has no four X in a row, which is how a person masks the middle of a number (`_MASKED`).
_PLAIN = re.compile(r"(?!.*XXXX)[0-9ADGHJKNOPQRTUWXYZ][0-9A-Z]+")
_MASKED = re.compile(r"^([0-9A-Z]*)[*?_•●…]{2,}([0-9A-Z]*)$|^([0-9A-Z]{3,})?X{4,}([0-9A-Z]{3,})$")
_TAIL_FIELD = re.compile(rf"^(?:{_TAIL}){_LINK}(.+)$", re.IGNORECASE)
_LABEL_FIELD = re.compile(rf"^(?:{'|'.join(_LABELS.values())}){_LINK}(?=[a-z0-9*]{{3}})", re.IGNORECASE)
_SEVERAL = re.compile(r"[/、,，;；|]|或")
_LEAST_DIGITS, _LEAST_LABELLED, _LEAST_OF_SEVERAL = 3, 4, 6
_NUMBER_DIGITS = range(14, 19)


@dataclass(frozen=True, slots=True)
class PreparedIdentifier:
    """An identifier in its normal form, with look-alikes folded.

    `is_doubtful` tells that its check failed, `is_valid` that a check digit holds. Of a partial one (`is_partial`:
    a tail, or masked in the middle) `folded` is the tail and `head` what stands before the mask. `is_loose` marks a
    number that was found in a description without its kind.
    """

    kind: str
    value: str
    folded: str
    is_doubtful: bool
    is_valid: bool = False
    is_partial: bool = False
    head: str = ""
    is_loose: bool = False


def identifiers_of(record: Record, description: str) -> tuple[tuple[PreparedIdentifier, ...], str]:
    """The identifiers of a record, each once, and its normalised description without those that were read out of it."""
    found: dict[tuple[str, str], PreparedIdentifier] = {}
    for identifier in record.identifiers:
        kind = identifiers.normalise_kind(identifier.kind)
        for value in _values_in_field(identifier.value):
            read = read_identifier(kind, value)
            if read is not None:
                found.setdefault((read.kind, read.value), read)
    spotted, rest = _spot(description)
    in_fields = {read.value for read in found.values()}
    for read in spotted:
        if read.value not in in_fields:
            found.setdefault((read.kind, read.value), read)
    return tuple(found.values()), rest


@lru_cache(maxsize=50_000)
def read_identifier(kind: str, raw: str, *, is_loose: bool = False) -> PreparedIdentifier | None:
    """One identifier as somebody wrote it, whole or in part; None where it says nothing."""
    if _PLAIN.fullmatch(raw):
        return _whole(kind, raw, is_loose=is_loose)
    text = unicodedata.normalize("NFKC", raw).strip()
    text = _LABEL_FIELD.sub("", text) if kind != "plate" else text
    tail = _TAIL_FIELD.match(text)
    if tail is not None:
        return _partial(kind, "", tail[1], is_loose=is_loose)
    masked = _MASKED.match(re.sub(r"[ \-·.:]", "", text.upper()))
    if masked is not None and kind != "plate":
        return _partial(kind, masked[1] or masked[3] or "", masked[2] or masked[4] or "", is_loose=is_loose)
    return _whole(kind, text, is_loose=is_loose)


def _whole(kind: str, text: str, *, is_loose: bool) -> PreparedIdentifier | None:
    value = identifiers.normalise(kind, text)
    if not value:
        return None
    check = identifiers.check(kind, value)
    is_valid = check.result == "ok" and check.reason in identifiers.CHECK_DIGITS
    folded = identifiers.fold_look_alikes(value)
    return PreparedIdentifier(kind, value, folded, check.result == "doubtful", is_valid, is_loose=is_loose)


def _partial(kind: str, head: str, tail: str, *, is_loose: bool) -> PreparedIdentifier | None:
    head, tail = (re.sub(r"[^0-9A-Z]", "", part.upper()) for part in (head, tail))
    if len(tail) < _LEAST_DIGITS or len(set(tail)) == 1:
        return None
    shown = f"{head}*{tail}"
    fold = identifiers.fold_look_alikes
    return PreparedIdentifier(
        kind, shown, fold(tail), is_doubtful=False, is_partial=True, head=fold(head), is_loose=is_loose
    )


def _values_in_field(raw: str) -> list[str]:
    """The values of a field: `8601.../8602...` are two, as long as each is long enough to be one."""
    pieces = [piece.strip() for piece in _SEVERAL.split(raw)]
    if len(pieces) > 1 and all(sum(c.isalnum() for c in piece) >= _LEAST_OF_SEVERAL for piece in pieces):
        return pieces
    return [raw]


@lru_cache(maxsize=20_000)
def _spot(text: str) -> tuple[tuple[PreparedIdentifier, ...], str]:
    found: list[PreparedIdentifier] = []
    pieces: list[str] = []
    position = 0
    for start, end, kind, value, is_loose in sorted(_spans(text), key=lambda span: (span[0], -span[1])):
        read = read_identifier(kind, value, is_loose=is_loose)
        if start < position or read is None:
            continue
        found.append(read)
        # A piece of letters and digits may as well be a model, so it stays in the text.
        if not is_loose or not any(c.isalpha() for c in value):
            pieces.append(text[position:start])
            position = end
    return tuple(found), " ".join((*pieces, text[position:]))


def _spans(text: str) -> Iterator[tuple[int, int, str, str, bool]]:
    """Where identifiers stand in a text: start, end, kind, value, and whether no label names them."""
    if not any(c.isdigit() for c in text):
        return
    for label in _LABELLED.finditer(text):
        kind = label.lastgroup or "other"
        tail = _TAIL_AT.match(text, label.end())
        value = (_PLATE_IN_TEXT if kind == "plate" else _VALUE_AT).match(text, tail.end() if tail else label.end())
        if value is not None and _is_telling(value.group()):
            yield label.start(), value.end(), kind, text[label.end() : value.end()], kind == "other"
    for tail in _TAIL_IN_TEXT.finditer(text):
        yield tail.start(), tail.end(), "other", tail.group(), True
    for plate in _PLATE_IN_TEXT.finditer(text):
        yield plate.start(), plate.end(), "plate", plate.group(), False
    for number in _GROUPED_DIGITS.finditer(text):
        digits = re.sub(r"\D", "", number.group())
        if len(digits) in _NUMBER_DIGITS:
            yield number.start(), number.end(), "imei" if identifiers.is_imei(digits) else "other", digits, True
    for piece in _LONG_PIECE.finditer(text):
        if sum(c.isdigit() for c in piece.group()) >= _LEAST_DIGITS and not piece.group().isdigit():
            yield piece.start(), piece.end(), "other", piece.group(), True


def _is_telling(value: str) -> bool:
    whole = re.sub(r"[^a-z0-9]", "", value)
    return len(whole) >= _LEAST_LABELLED and sum(c.isdigit() for c in whole) >= _LEAST_DIGITS
