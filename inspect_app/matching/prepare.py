"""Reads a record once: what make, model, colour, marks and identifiers it names, whichever field they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from inspect_app.matching.aliases import BUILT_IN_BOOK, AliasBook
from inspect_app.matching.records import Record
from inspect_app.matching.spotting import PreparedIdentifier, identifiers_of
from inspect_app.matching.text import compact, has_cjk, is_placeholder, normalise, tokens_of

_SEPARATORS = re.compile(r"[,;|，。；、\s]+")
_QUOTED = re.compile(r"[“\"「『].*?[”\"」』]")
_CODE = re.compile(r"[a-z0-9](?:[a-z0-9\-/.*×+]*[a-z0-9])?")
_CJK_RUN = re.compile(r"[\u3400-\u9fff]+")
_LATIN_RUN = re.compile(r"[a-z]{5,}")
_MEASURE = re.compile(r"\d+[a-z]{1,4}")
# From so many words on a text is a sentence and not a name; a model field is a name for longer.
_LONG_TEXT_WORDS, _LONG_FIELD_WORDS = 3, 8
_LONG_NUMBER = 8
_TELLING_LETTERS = 3
_SECONDS_A_DAY = 86_400.0
_HIDDEN = re.compile("\ue000(\\d+)\ue001")
# Names of things come again and again, and so do the pieces of their descriptions.
_CACHED = 20_000
_OTHER_CATEGORIES = frozenset({"", "other", "其他", "其它", "unknown", "misc"})


@dataclass(frozen=True, slots=True)
class ModelText:
    """A model as it can be compared: runs of letters, digits and Chinese, and the codes among them."""

    shown: str
    tokens: tuple[str, ...]
    codes: tuple[str, ...]
    joined: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A record normalised once. Times are days since 1970 in UTC; makes are canonical names where known."""

    ref: str
    category: str
    makes: tuple[str, ...]
    make_shown: str
    unknown_make: str
    model: ModelText | None
    described: ModelText | None
    words: tuple[str, ...]
    marks: tuple[str, ...]
    colour_words: tuple[str, ...]
    colours: frozenset[str]
    identifiers: tuple[PreparedIdentifier, ...]
    all_text: str
    quantity: float | None
    unit: str
    weight_g: float | None
    value_fen: int | None
    day_from: float | None
    day_to: float | None
    lat: float | None
    lng: float | None


class _Reading(NamedTuple):
    """What a text was found to say."""

    makes: list[str]
    things: list[str]
    colours: list[str]
    marks: list[str]
    rest: list[str]


def prepare(record: Record, book: AliasBook = BUILT_IN_BOOK) -> Prepared:
    """The record as every comparison and every key reads it, in the words of the book."""
    description = normalise(f"{record.description} {record.specification}")
    brand, model, colour = normalise(record.brand), normalise(record.model), normalise(record.colour)
    found_identifiers, told = identifiers_of(record, description)
    reading = _read(told, book)
    known = None if is_placeholder(brand) else book.make_of(brand)
    unknown_make = "" if known or is_placeholder(brand) else brand
    makes = [known] if known else ([] if unknown_make else reading.makes)
    rest = " ".join(reading.rest)
    if unknown_make:
        rest = rest.replace(unknown_make, " ")
    model_text = None if is_placeholder(model) else _model_text(book, _without_known(model, book), _LONG_FIELD_WORDS)
    colour_words = [] if is_placeholder(colour) else [colour]
    marks = [normalise(record.marks)] if record.marks.strip() else []
    described = _model_text(book, rest)
    return Prepared(
        ref=record.ref,
        category=_category(normalise(record.category), reading.things),
        makes=tuple(dict.fromkeys(makes)),
        make_shown=record.brand.strip() or " ".join(dict.fromkeys(reading.makes)),
        unknown_make=unknown_make,
        model=model_text,
        described=described,
        words=_words(rest),
        marks=tuple(dict.fromkeys(mark for mark in map(compact, (*marks, *reading.marks)) if len(mark) > 1)),
        colour_words=tuple(colour_words or dict.fromkeys(reading.colours)),
        colours=_colours(colour_words, book) or _colours(reading.colours, book),
        identifiers=found_identifiers,
        all_text=description,
        quantity=record.quantity,
        unit=normalise(record.unit),
        weight_g=record.weight_g,
        value_fen=record.value_fen,
        day_from=_day(record.happened_from or record.happened_to),
        day_to=_day(record.happened_to or record.happened_from),
        lat=record.lat,
        lng=record.lng,
    )


def _read(description: str, book: AliasBook) -> _Reading:
    reading = _Reading([], [], [], [], [])
    quoted: list[str] = []

    def hide(match: re.Match[str]) -> str:
        quoted.append(compact(match.group()))
        return f"\ue000{len(quoted) - 1}\ue001"

    for segment in _SEPARATORS.split(_QUOTED.sub(hide, book.join_spaced(description))):
        if segment:
            for told, found in zip(reading, _read_segment(segment, book), strict=True):
                told.extend(found)
    if quoted:
        reading.marks[:] = [_HIDDEN.sub(lambda m: quoted[int(m[1])], mark) for mark in reading.marks]
        reading.rest[:] = [_HIDDEN.sub(" ", piece) for piece in reading.rest]
    if not reading.makes:
        _listen_for_make(reading, book)
    return reading


@lru_cache(maxsize=_CACHED)
def _read_segment(segment: str, book: AliasBook) -> _Reading:
    """What a piece of a description without separators says; not to be changed."""
    reading = _Reading([], [], [], [], [])
    phrases = book.phrases_in(segment)
    named_to = max((p.end for p in phrases if p.kind in ("make", "thing")), default=0)
    tail = segment[named_to:]
    if "\ue000" in tail or book.is_mark(tail):
        reading.marks.append(tail)
        phrases, segment = tuple(p for p in phrases if p.end <= named_to), segment[:named_to]
    position = 0
    for phrase in phrases:
        _keep_rest(segment[position : phrase.start], reading, book)
        position = phrase.end
        if phrase.kind == "make":
            reading.makes.append(phrase.meaning)
        elif phrase.kind == "thing":
            reading.things.append(phrase.meaning)
        elif phrase.kind == "colour":
            reading.colours.append(phrase.meaning)
    _keep_rest(segment[position:], reading, book)
    return reading


def _keep_rest(piece: str, reading: _Reading, book: AliasBook) -> None:
    for run in _CJK_RUN.findall(piece):
        if book.colour_of(run):
            reading.colours.append(run)
            piece = piece.replace(run, " ")
    if piece.strip():
        reading.rest.append(piece)


def _listen_for_make(reading: _Reading, book: AliasBook) -> None:
    for index, piece in enumerate(reading.rest):
        for word in _LATIN_RUN.findall(piece):
            misspelt = book.make_misspelt(word)
            if misspelt is not None:
                reading.makes.append(misspelt)
                reading.rest[index] = piece.replace(word, " ")
                return
        for run in _CJK_RUN.findall(piece):
            heard = book.make_sounding_in(run)
            if heard is not None:
                reading.makes.append(heard[1])
                reading.rest[index] = piece.replace(heard[0], " ")
                return


@lru_cache(maxsize=_CACHED)
def _without_known(model: str, book: AliasBook) -> str:
    """The model field without makes and kinds of things, unless nothing would be left."""
    left, position = [], 0
    model = book.join_spaced(model)
    for phrase in book.phrases_in(model):
        if phrase.kind in ("make", "thing", "stop"):
            left.append(model[position : phrase.start])
            position = phrase.end
    left.append(model[position:])
    return " ".join(left) if any(compact(piece) for piece in left) else model


@lru_cache(maxsize=_CACHED)
def _model_text(book: AliasBook, text: str, long_from: int = _LONG_TEXT_WORDS) -> ModelText | None:
    canonical = book.canonical_model(text)
    tokens = tokens_of(canonical)
    if not tokens:
        return None
    codes = []
    for piece in _SEPARATORS.split(text):
        for code in _CODE.findall(piece):
            joined = compact(code)
            if len(joined) >= 4 and _is_code(code, joined):
                codes.append(joined)
    words = [token for token in tokens if has_cjk(token) or (len(token) >= _TELLING_LETTERS and token.isalpha())]
    # A slip of the keyboard leaves Chinese in pieces, which make no sentence yet.
    pieces = sum(has_cjk(token) for token in tokens)
    return ModelText(
        shown=" ".join(text.split()),
        tokens=tokens,
        codes=tuple(dict.fromkeys(codes)),
        joined=compact(text),
        is_long=len(words) - pieces // 2 >= long_from,
    )


def _is_code(raw: str, joined: str) -> bool:
    """Whether a piece of text is a maker's code: letters and digits, or one long number; not a measure such as 70mm."""
    if joined.isdigit():
        return raw.isdigit() or len(joined) >= _LONG_NUMBER
    return any(c.isdigit() for c in joined) and not _MEASURE.fullmatch(joined)


@lru_cache(maxsize=_CACHED)
def _words(text: str) -> tuple[str, ...]:
    words: dict[str, None] = {}
    for token in tokens_of(text):
        if has_cjk(token):
            words.update(dict.fromkeys(token[i : i + 2] for i in range(max(1, len(token) - 1))))
        elif len(token) > 1:
            words[token] = None
    return tuple(words)


def _category(category: str, things: list[str]) -> str:
    if category not in _OTHER_CATEGORIES:
        return category
    return things[0] if things else ""


def _colours(words: list[str], book: AliasBook) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for word in words:
        found |= book.colour_of(word)
    return found


def _day(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp() / _SECONDS_A_DAY
