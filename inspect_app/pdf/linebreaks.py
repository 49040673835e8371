"""Line breaking for Chinese with Latin in it.

ReportLab's own CJK wrapping lets punctuation hang over the edge, which in a ruled table crosses the rule, and does
not know the full-width comma. The rules here are the short form of GB/T 15834 (marks that may not begin or end a
line) and of Unicode UAX 14: between ideographs, after spaces, after a hyphen or slash within a word.
"""

from collections.abc import Mapping

_NOT_AT_START = frozenset("!%),.:;?]}·…—–’”、。〉》」』】〕〗！％），．：；？］｝℃°′″‰～")
_NOT_AT_END = frozenset("([{‘“〈《「『【〔〖（［｛＃￥$#")
_BREAK_AFTER = frozenset("-/\\&|@")
_SPACES = frozenset(" \u3000")


def break_lines(text: str, width: float, size: float, widths: Mapping[int, float]) -> list[str]:
    """Break text into lines of at most `width` points at `size`; `widths` are in thousandths of the size.

    Line feeds always break. A word that is wider than a whole line is cut between characters. A single character
    wider than the line gets a line of its own.
    """
    limit = width * 1000 / size + 0.01
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.extend(_break_paragraph(paragraph, limit, widths))
    return lines


def _break_paragraph(text: str, limit: float, widths: Mapping[int, float]) -> list[str]:
    lines: list[str] = []
    start, used = 0, 0.0
    # Where the line may end, and where a long number may be cut if it must; each with the width up to there.
    allowed, seam = (0, 0.0), (0, 0.0)
    for index, character in enumerate(text):
        if index > start and _may_break(text, index):
            allowed = (index, used)
        elif index > start and text[index - 1] in _BREAK_AFTER:
            seam = (index, used)
        advance = widths[ord(character)]
        while used + advance > limit and index > start and character not in _SPACES:
            end, width = next((place for place in (allowed, seam) if place[0] > start), (index, used))
            lines.append(text[start:end].rstrip())
            start, used = end, used - width
            allowed, seam = ((at, width_there - width) for at, width_there in (allowed, seam))
        used += advance
    lines.append(text[start:].rstrip())
    return lines


def _may_break(text: str, index: int) -> bool:
    """Whether a line may end before `text[index]`."""
    before, after = text[index - 1], text[index]
    if after in _SPACES:
        return False
    if before in _SPACES:
        return True
    if after in _NOT_AT_START or before in _NOT_AT_END:
        return False
    if _is_ideographic(before) or _is_ideographic(after):
        return True
    return before in _BREAK_AFTER and not (after.isdigit() and text[max(index - 2, 0)].isdigit())


def _is_ideographic(character: str) -> bool:
    return character >= "\u2e80" or character in "…—”’"
