"""Looks names up in a book of aliases: which make, colour or kind of thing a piece of text names.

A book is made from entries and never changes; another set of words is another book, with another version. Its tables
are built on first use and its answers cached, both its own, so that two books in one process (a rehearsal of new words
beside those in force) never mix. Everything here works on text from `text.normalise`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Final, Literal, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from inspect_app.matching.text import has_cjk, normalise, pinyin
from inspect_app.matching.vocabulary import EntryKind, shipped_lines
from inspect_app.matching.word_finder import WordFinder

PhraseKind = Literal["make", "thing", "colour", "stop"]

_LONG_NAME: Final = 4
_JOINER: Final = "\ue002"
_SHORTEST_MISSPELT: Final = 5
_SHORTEST_LATIN_SOUND: Final = 6
_CACHED: Final = 20_000


class AliasEntry(NamedTuple):
    """What one thing is called: its kind, the canonical name that scores use, and the spellings people write.

    The canonical of a colour is its family, or two with a space between; of a category its code; marks and stop
    phrases have none, only spellings.
    """

    kind: EntryKind
    canonical: str
    spellings: tuple[str, ...]


class Phrase(NamedTuple):
    """A known phrase found in a text: what it is, what it stands for, and where."""

    kind: PhraseKind
    meaning: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class AliasBook:
    """A set of words, with the tables to look them up. `version` is a short hash of the words themselves.

    Where one spelling stands under two names of a kind, the first counts.
    """

    entries: tuple[AliasEntry, ...]

    def __reduce__(self) -> tuple[Any, ...]:
        """A book travels to another process as its words alone; tables and caches are built anew there."""
        return AliasBook, (self.entries,)

    @cached_property
    def version(self) -> str:
        """Eight hexadecimal digits of a hash of all entries in their order."""
        return hashlib.sha256(repr([tuple(entry) for entry in self.entries]).encode()).hexdigest()[:8]

    @cached_property
    def make_of(self) -> Callable[[str], str | None]:
        """The canonical make that a make field names by spelling or by sound; None where it is not known."""
        return lru_cache(_CACHED)(self._find_make)

    @cached_property
    def make_sounding_in(self) -> Callable[[str], tuple[str, str] | None]:
        """A piece of a Chinese run that sounds like a known make, with that make: 台玲 is tailg."""
        return lru_cache(_CACHED)(self._find_make_sounding_in)

    @cached_property
    def make_misspelt(self) -> Callable[[str], str | None]:
        """The make that a long Latin word is one slip away from, or is the pinyin of: yadeaa, taillg, pingguo."""
        return lru_cache(_CACHED)(self._find_make_misspelt)

    @cached_property
    def phrases_in(self) -> Callable[[str], tuple[Phrase, ...]]:
        """The known makes, things, colours and empty phrases in a text, longest first where they overlap."""
        return lru_cache(_CACHED)(self._find_phrases)

    @cached_property
    def colour_of(self) -> Callable[[str], frozenset[str]]:
        """The families of a colour word; empty where it is not known. `blkred` and `red/black` are both."""
        return lru_cache(_CACHED)(self._find_colour)

    @cached_property
    def canonical_model(self) -> Callable[[str], str]:
        """The text with words that mean the same made equal: 海马300 becomes ` seamaster 300`."""
        return lru_cache(_CACHED)(self._make_canonical)

    def join_spaced(self, text: str) -> str:
        """The text with the spaces inside known phrases out of the way: `chow tai fook` becomes its make."""
        if " " not in text:
            return text
        return _replaced(text, self._spaced_finder, self._joined_phrase)

    def is_mark(self, text: str) -> bool:
        """Whether a piece of a description tells of something engraved, pasted, broken or added."""
        return self._mark_cues.search(text) is not None

    def _entries_of(self, kind: EntryKind) -> Iterator[tuple[str, list[str]]]:
        for entry in self.entries:
            if entry.kind == kind:
                yield entry.canonical, [normalise(word) for word in entry.spellings]

    def _spellings_of(self, kind: EntryKind) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, words in self._entries_of(kind):
            for word in words:
                found.setdefault(word, name)
        return found

    @cached_property
    def _makes(self) -> dict[str, str]:
        """Every known spelling of a make, the canonical ones among them, and the canonical name it stands for."""
        found: dict[str, str] = {}
        for name, words in self._entries_of("make"):
            for word in (name, *words):
                found.setdefault(word, name)
        return found

    @cached_property
    def _make_sounds(self) -> dict[str, str]:
        sounds: dict[str, str] = {}
        for word, name in self._makes.items():
            if has_cjk(word) and len(word) > 1:
                sounds.setdefault(pinyin(word), name)
        return sounds

    @cached_property
    def _latin_makes(self) -> list[str]:
        words = (word for word in self._makes if word.isascii() and word.isalpha())
        return sorted(word for word in words if len(word) >= _SHORTEST_MISSPELT)

    @cached_property
    def _colours(self) -> dict[str, frozenset[str]]:
        return {word: frozenset(families.split()) for word, families in self._spellings_of("colour").items()}

    @cached_property
    def _mark_cues(self) -> re.Pattern[str]:
        return re.compile("|".join(map(re.escape, self._spellings_of("mark_cue"))) or r"(?!)")

    @cached_property
    def _phrases(self) -> dict[str, tuple[PhraseKind, str]]:
        found: dict[str, tuple[PhraseKind, str]] = dict.fromkeys(self._spellings_of("stop_phrase"), ("stop", ""))
        # A single character of colour is too common inside other words; `colour_of` reads it where it stands alone.
        found.update({w: ("colour", w) for w in self._colours if len(w) > 1 and (has_cjk(w) or len(w) > 2)})
        found.update({word: ("thing", name) for word, name in self._spellings_of("category").items()})
        found.update({word: ("make", name) for word, name in self._makes.items() if has_cjk(word) or len(word) > 1})
        return found

    @cached_property
    def _phrase_finder(self) -> WordFinder:
        return WordFinder(self._phrases, [word for word in self._makes if len(word) >= _LONG_NAME])

    @cached_property
    def _spaced_finder(self) -> WordFinder:
        return WordFinder(word for word in self._phrases if " " in word and not has_cjk(word))

    @cached_property
    def _model_words(self) -> dict[str, str]:
        return self._spellings_of("material") | self._spellings_of("model")

    @cached_property
    def _model_finder(self) -> WordFinder:
        return WordFinder(self._model_words)

    def _joined_phrase(self, phrase: str) -> str:
        kind, meaning = self._phrases[phrase]
        return meaning.replace(" ", "") if kind == "make" else phrase.replace(" ", _JOINER)

    def _find_make(self, text: str) -> str | None:
        known = self._makes.get(text) or self._makes.get(text.removesuffix("牌"))
        if known is None and has_cjk(text):
            known = self._make_sounds.get(pinyin(text.removesuffix("牌")))
        return known

    def _find_make_sounding_in(self, run: str) -> tuple[str, str] | None:
        for length in range(min(4, len(run)), 1, -1):
            for start in range(len(run) - length + 1):
                piece = run[start : start + length]
                if (name := self._make_sounds.get(pinyin(piece))) is not None:
                    return piece, name
        return None

    def _find_make_misspelt(self, word: str) -> str | None:
        if len(word) < _SHORTEST_MISSPELT or word in self._makes:
            return None
        found = process.extractOne(word, self._latin_makes, scorer=OSA.distance, score_cutoff=1)
        return self._makes[found[0]] if found else None

    def _find_phrases(self, text: str) -> tuple[Phrase, ...]:
        plain = text.replace(_JOINER, " ")
        return tuple(
            Phrase(*self._phrases[plain[start:end]], start, end) for start, end in self._phrase_finder.find(plain)
        )

    def _find_colour(self, text: str) -> frozenset[str]:
        table = self._colours
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

    def _make_canonical(self, text: str) -> str:
        return _replaced(text, self._model_finder, lambda word: f" {self._model_words[word]} ")


def _replaced(text: str, finder: WordFinder, instead: Callable[[str], str]) -> str:
    pieces, position = [], 0
    for start, end in finder.find(text):
        pieces += [text[position:start], instead(text[start:end])]
        position = end
    return "".join((*pieces, text[position:])) if pieces else text


def book_of(lines: Mapping[EntryKind, Iterable[tuple[str, Iterable[str]]]]) -> AliasBook:
    """The book of (canonical, spellings) by kind."""
    return AliasBook(
        tuple(AliasEntry(kind, name, tuple(words)) for kind, entries in lines.items() for name, words in entries)
    )


BUILT_IN_BOOK: Final = book_of(shipped_lines())
