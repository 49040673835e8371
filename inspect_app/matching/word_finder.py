"""Finds known words in a text, the longest first, in time that does not grow with the number of words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from inspect_app.matching.text import has_cjk


class WordFinder:
    """Looks for a set of words. Latin ones must stand alone, Chinese ones may stand anywhere.

    A word of ``open_ended`` may also be followed by a letter and a digit: `DELLG15` names its make, though no space
    says so.
    """

    __slots__ = ("_beginning", "_bounded", "_lengths", "_open_ended", "_words")

    def __init__(self, words: Iterable[str], open_ended: Collection[str] = ()) -> None:
        self._words = frozenset(words)
        self._bounded = frozenset(word for word in self._words if not has_cjk(word))
        self._open_ended = frozenset(open_ended) & self._bounded
        lengths: dict[str, set[int]] = {}
        for word in self._words:
            lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {begin: sorted(found, reverse=True) for begin, found in lengths.items()}
        # Most characters of a text begin no word: a pattern passes over them faster than a loop does.
        first_letters = sorted({word[0] for word in self._words})
        self._beginning = re.compile("|".join(map(re.escape, first_letters)) or r"(?!)")

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each word found, from left to right, none within another."""
        position, words, lengths, search = 0, self._words, self._lengths, self._beginning.search
        while (beginning := search(text, position)) is not None:
            position = beginning.start()
            for length in (*lengths.get(text[position : position + 2], ()), *lengths.get(text[position], ())):
                word = text[position : position + length]
                end = position + len(word)
                if word in words and (word not in self._bounded or self._stands_alone(text, position, end)):
                    yield position, end
                    position = end
                    break
            else:
                position += 1

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        if start and _is_letter(text[start - 1]):
            return False
        if end == len(text) or not _is_letter(text[end]):
            return True
        return text[start:end] in self._open_ended and text[end + 1 : end + 2].isdecimal()


def _is_letter(character: str) -> bool:
    return "a" <= character <= "z"
