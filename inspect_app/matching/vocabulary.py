"""The words that the product ships with, read from the tables of this package."""

from __future__ import annotations

from typing import Final, Literal, get_args

from inspect_app.matching.vocabulary_makes import MAKES
from inspect_app.matching.vocabulary_words import COLOURS, KINDS_OF_THINGS, MARK_CUES, MODEL_WORDS, STOP_PHRASES

EntryKind = Literal["make", "model", "colour", "material", "category", "mark_cue", "stop_phrase"]
ENTRY_KINDS: Final[tuple[EntryKind, ...]] = get_args(EntryKind)

Lines = list[tuple[str, tuple[str, ...]]]


def shipped_lines() -> dict[EntryKind, Lines]:
    """The shipped (canonical, spellings) of every kind."""
    return {
        "make": _lines(MAKES),
        "model": _lines(MODEL_WORDS),
        "colour": _lines(COLOURS),
        "category": _lines(KINDS_OF_THINGS),
        "mark_cue": [("", tuple(MARK_CUES.split()))],
        "stop_phrase": [("", _words(STOP_PHRASES))],
    }


def _lines(table: str) -> Lines:
    found = []
    for line in table.strip().splitlines():
        name, _, words = line.partition(":")
        found.append((name.strip(), _words(words)))
    return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.replace("\n", " ").split(",") if word.strip())
