"""The two embedded font files, loaded once a process, and which characters they can draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

_LOADING = Lock()


class FontNotUsable(Exception):
    """A font file is missing or is not a TrueType font that can be embedded."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Font:
    """One registered font: its name in ReportLab, and each character's width in thousandths of the size."""

    name: str
    widths: Mapping[int, float]
    glyphs: frozenset[str]

    def width_of(self, text: str, size: float) -> float:
        """Width of one line of text in points."""
        return sum(self.widths[ord(character)] for character in text) * size / 1000


@dataclass(frozen=True, slots=True)
class FontPair:
    """Regular and bold, and the characters that both can draw."""

    regular: Font
    bold: Font
    glyphs: frozenset[str]


def load_fonts(regular: Path, bold: Path) -> FontPair:
    """Load and register both fonts, or return them from this process's cache.

    Raises FontNotUsable when a file cannot be read or embedded.
    """
    with _LOADING:
        return _load_pair(regular, bold)


@lru_cache(maxsize=8)
def _load_pair(regular: Path, bold: Path) -> FontPair:
    regular_font, bold_font = _load(regular), _load(bold)
    return FontPair(regular_font, bold_font, regular_font.glyphs & bold_font.glyphs)


@lru_cache(maxsize=16)
def _load(path: Path) -> Font:
    # The name only keys ReportLab's registry; the PDF shows the font's own PostScript name.
    name = f"embedded:{path}"
    try:
        font = TTFont(name, str(path))
    except (OSError, TTFError) as error:
        raise FontNotUsable(path, str(error)) from error
    pdfmetrics.registerFont(font)
    face = font.face
    # Glyph 0 is the box that stands for "no glyph", so a character mapped to it counts as missing.
    drawable = frozenset(chr(code) for code, glyph in face.charToGlyph.items() if glyph)
    return Font(name, _Widths(face.charWidths, face.defaultWidth), drawable)


class _Widths(dict[int, float]):
    def __init__(self, widths: Mapping[int, float], default: float) -> None:
        super().__init__(widths)
        self.default = default

    def __missing__(self, code: int) -> float:
        return self.default
