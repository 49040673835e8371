"""Looks names up in the vocabularies: which make, colour or kind of thing a piece of text names.

The tables are read once, on first use. Everything here works on text from `text.normalise`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from inspect_app.matching.text import has_cjk, normalise, pinyin
from inspect_app.matching.vocabulary_makes import MAKES
from inspect_app.matching.vocabulary_words import COLOURS, KINDS_OF_THINGS, MARK_CUES, MODEL_WORDS, STOP_PHRASES

PhraseKind = Literal["make", "thing", "colour", "stop"]

_LONG_NAME = 4
_JOINER = "\ue002"


class Phrase(NamedTuple):
    """A known phrase found in a text: what it is, what it stands for, and where."""

    kind: PhraseKind
    meaning: str
    start: int
    end: int


def _entries(table: str) -> Iterator[tuple[str, list[str]]]:
    for line in table.strip().splitlines():
        name, _, words = line.partition(":")
        yield name.strip(), [normalise(word) for word in words.split(",") if word.strip()]


@cache
def makes() -> dict[str, str]:
    """Every known spelling of a make, and the canonical name it stands for."""
    found: dict[str, str] = {}
    for name, words in _entries(MAKES):
        for word in (name, *words):
            found.setdefault(word, name)
    return found


@cache
def _make_sounds() -> dict[str, str]:
    sounds: dict[str, str] = {}
    for word, name in makes().items():
        if has_cjk(word) and len(word) > 1:
            sounds.setdefault(pinyin(word), name)
    return sounds


@cache
def colours() -> dict[str, frozenset[str]]:
    """Every known colour word, and the families it belongs to."""
    return {word: frozenset(families.split()) for families, words in _entries(COLOURS) for word in words}


@cache
def _things() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, words in _entries(KINDS_OF_THINGS):
        for word in words:
            found.setdefault(word, name)
    return found


def _alternatives(words: list[str]) -> str:
    parts = []
    for word in sorted(words, key=lambda w: (-len(w), w)):
        escaped = re.escape(word)
        # `DELLG15` names its make, though no space says so.
        end = r"(?![a-z](?!\d))" if len(word) >= _LONG_NAME and word in makes() else r"(?![a-z])"
        parts.append(escaped if has_cjk(word) else rf"(?<![a-z]){escaped}{end}")
    return "|".join(parts)


@cache
def _phrase_table() -> tuple[re.Pattern[str], dict[str, tuple[PhraseKind, str]]]:
    table: dict[str, tuple[PhraseKind, str]] = {}
    stops = [normalise(w) for w in STOP_PHRASES.replace("\n", " ").split(",")]
    table.update({word: ("stop", "") for word in stops if word})
    # A single character of colour is too common inside other words; `colour_of` reads it where it stands alone.
    table.update({w: ("colour", w) for w in colours() if len(w) > 1 and (has_cjk(w) or len(w) > 2)})
    table.update({word: ("thing", name) for word, name in _things().items()})
    table.update({word: ("make", name) for word, name in makes().items() if has_cjk(word) or len(word) > 1})
    return re.compile(_alternatives(list(table))), table


@cache
def _spaced_phrases() -> re.Pattern[str]:
    return re.compile(_alternatives([word for word in _phrase_table()[1] if " " in word and not has_cjk(word)]))


def join_spaced(text: str) -> str:
    """The text with the spaces inside known phrases taken out of the way: `chow tai fook` becomes its make."""
    table = _phrase_table()[1]

    def joined(match: re.Match[str]) -> str:
        kind, meaning = table[match.group()]
        return meaning.replace(" ", "") if kind == "make" else match.group().replace(" ", _JOINER)

    return _spaced_phrases().sub(joined, text)


@lru_cache(maxsize=20_000)
def phrases_in(text: str) -> tuple[Phrase, ...]:
    """The known makes, things, colours and empty phrases in a text, longest first where they overlap."""
    pattern, table = _phrase_table()
    plain = text.replace(_JOINER, " ")
    return tuple(Phrase(*table[m.group()], m.start(), m.end()) for m in pattern.finditer(plain))


@lru_cache(maxsize=20_000)
def make_of(text: str) -> str | None:
    """The canonical make that a make field names by spelling or by sound; None where it is not known."""
    known = makes().get(text) or makes().get(text.removesuffix("牌"))
    if known is None and has_cjk(text):
        known = _make_sounds().get(pinyin(text.removesuffix("牌")))
    return known


@lru_cache(maxsize=20_000)
def make_sounding_in(run: str) -> tuple[str, str] | None:
    """A piece of a Chinese run that sounds like a known make, with that make: 台玲 is tailg."""
    sounds = _make_sounds()
    for length in range(min(4, len(run)), 1, -1):
        for start in range(len(run) - length + 1):
            piece = run[start : start + length]
            if (name := sounds.get(pinyin(piece))) is not None:
                return piece, name
    return None


@lru_cache(maxsize=20_000)
def make_misspelt(word: str) -> str | None:
    """The make whose Latin name is one slip away from the word, for words long enough to tell: yadeaa, taillg."""
    if len(word) < 5 or word in makes():
        return None
    found = process.extractOne(word, _latin_makes(), scorer=OSA.distance, score_cutoff=1)
    return makes()[found[0]] if found else None


@cache
def _latin_makes() -> list[str]:
    return sorted(word for word in makes() if word.isascii() and word.isalpha() and len(word) >= 5)


@lru_cache(maxsize=20_000)
def colour_of(text: str) -> frozenset[str]:
    """The families of a colour word; empty where it is not known. `blkred` and `red/black` are both."""
    table = colours()
    if text in table:
        return table[text]
    parts = [part for part in re.split(r"[^a-z\u4e00-\u9fff]+", text) if part]
    if len(parts) == 1 and len(text) == 6 and text[:3] in table and text[3:] in table:
        parts = [text[:3], text[3:]]
    found: frozenset[str] = frozenset()
    for part in parts:
        found |= table.get(part, frozenset())
    if not found and len(text) > 1 and text.endswith("色"):
        found = table.get(text[-2], frozenset())
    return found


def is_mark(text: str) -> bool:
    """Whether a piece of a description tells of something engraved, pasted, broken or added."""
    return any(cue in text for cue in _mark_cues())


@cache
def _mark_cues() -> tuple[str, ...]:
    return tuple(MARK_CUES.split())


@cache
def _model_words() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {word: name for name, words in _entries(MODEL_WORDS) for word in words}
    return re.compile(_alternatives(list(table))), table


@lru_cache(maxsize=50_000)
def canonical_model(text: str) -> str:
    """The text with model words that mean the same made equal: 海马300 becomes ` seamaster 300`."""
    pattern, table = _model_words()
    return pattern.sub(lambda m: f" {table[m.group()]} ", text)
