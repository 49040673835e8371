"""No character is lost: what the fonts cannot draw is printed as its Unicode number and counted."""

import unicodedata
from collections import Counter

from inspect_app.pdf.documents import MissingCharacter

_LINE_ENDS = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\t": " "})
# Control and format characters have no ink even where a font maps them: an invisible mark inside a serial number
# must be seen, not swallowed.
_INVISIBLE = ("Cc", "Cf", "Cs", "Co", "Cn")
_ACCENTS = frozenset(map(chr, range(0x300, 0x370)))


class GlyphLedger:
    """Turns text into text that the fonts can draw, and remembers what they could not."""

    def __init__(self, drawable: frozenset[str]) -> None:
        self._drawable = frozenset(c for c in drawable if unicodedata.category(c) not in _INVISIBLE) | {"\n"}
        self._missing: Counter[str] = Counter()

    def printable(self, text: str) -> str:
        """The same text with line ends unified and every undrawable character written as [U+XXXX]."""
        text = text.replace("\r\n", "\n").translate(_LINE_ENDS)
        if not _ACCENTS.isdisjoint(text):
            # Only then: composing would also replace compatibility ideographs, which some names are written with.
            text = unicodedata.normalize("NFC", text)
        if self._drawable.issuperset(text):
            return text
        return "".join(c if c in self._drawable else self._stand_in(c) for c in text)

    def missing(self) -> tuple[MissingCharacter, ...]:
        """The undrawable characters seen so far, by code point, with how often each came."""
        return tuple(MissingCharacter(c, self._missing[c]) for c in sorted(self._missing))

    def _stand_in(self, character: str) -> str:
        self._missing[character] += 1
        return MissingCharacter(character, 1).notation
