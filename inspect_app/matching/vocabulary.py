"""The words that the product ships with, read from the tables in `words/`: plain lists that anybody can read and mend.

The engine does not depend on them: without a table names are compared by spelling and by sound.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, get_args

EntryKind = Literal["make", "model", "colour", "material", "category", "mark_cue", "stop_phrase"]
ENTRY_KINDS: Final[tuple[EntryKind, ...]] = get_args(EntryKind)
# Kinds whose words stand for nothing: they have no canonical name.
NAMELESS_KINDS: Final[frozenset[EntryKind]] = frozenset({"mark_cue", "stop_phrase"})

Lines = list[tuple[str, tuple[str, ...]]]

_WORDS: Final = Path(__file__).with_name("words")
_FILES: Final[dict[EntryKind, str]] = {
    "make": "makes.toml",
    "model": "models.toml",
    "colour": "colours.toml",
    "material": "materials.toml",
    "category": "categories.toml",
}


def shipped_lines() -> dict[EntryKind, Lines]:
    """The shipped (canonical, spellings) of every kind, in the order of the files."""
    lines = {kind: list(_lines(name)) for kind, name in _FILES.items()}
    phrases = _table("phrases.toml")
    for kind in ("mark_cue", "stop_phrase"):
        lines[kind] = [("", tuple(word for words in phrases[kind].values() for word in words))]
    return lines


def _lines(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Sections are for the reader; a name may stand in several."""
    for section in _table(name).values():
        for canonical, spellings in section.items():
            yield canonical, tuple(spellings)


def _table(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((_WORDS / name).read_text(encoding="utf-8"))
