"""Blocks of set text: a flowable that breaks its own lines, and the styles of the records."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from reportlab.lib.colors import Color, black
from reportlab.platypus import Flowable

from inspect_app.pdf.fonts import Font, FontPair
from inspect_app.pdf.linebreaks import break_lines

# Noto's ascent and descent fill the em exactly: 880 above the base line, 120 below.
ASCENT = 0.88
GREY = Color(0.35, 0.35, 0.35)


@dataclass(frozen=True, slots=True)
class TextStyle:
    """How a block is set: sizes and spaces in points."""

    font: Font
    size: float
    leading: float
    align: Literal["left", "center", "right"] = "left"
    colour: Color = black
    space_before: float = 0
    space_after: float = 0


@dataclass(frozen=True, slots=True)
class Styles:
    """The few styles that every record is set in."""

    agency: TextStyle
    title: TextStyle
    annex_title: TextStyle
    section: TextStyle
    body: TextStyle
    cell: TextStyle
    cell_center: TextStyle
    label: TextStyle
    head: TextStyle
    list_cell: TextStyle
    list_strong: TextStyle
    list_center: TextStyle
    list_figure: TextStyle
    list_head: TextStyle
    note: TextStyle
    strong_note: TextStyle
    fine: TextStyle


def make_styles(fonts: FontPair) -> Styles:
    """The styles of the records, set in the two given fonts."""
    cell = TextStyle(fonts.regular, 9, 12.5)
    bold = replace(cell, font=fonts.bold)
    small = TextStyle(fonts.regular, 8, 11)
    small_bold = replace(small, font=fonts.bold)
    note = TextStyle(fonts.regular, 8, 11.5, space_after=3)
    return Styles(
        agency=TextStyle(fonts.regular, 13, 19, "center"),
        title=TextStyle(fonts.bold, 22, 32, "center", space_after=4),
        annex_title=TextStyle(fonts.bold, 16, 24, "center", space_after=2),
        section=TextStyle(fonts.bold, 11, 16, space_before=10, space_after=4),
        body=TextStyle(fonts.regular, 9.5, 15),
        cell=cell,
        cell_center=replace(cell, align="center"),
        label=replace(bold, align="center"),
        head=replace(bold, align="center"),
        list_cell=small,
        list_strong=small_bold,
        list_center=replace(small, align="center"),
        list_figure=replace(small, align="right"),
        list_head=replace(small_bold, align="center"),
        note=note,
        strong_note=replace(note, font=fonts.bold),
        fine=TextStyle(fonts.regular, 6.5, 8.5, colour=GREY),
    )


class TextBlock(Flowable):
    """Text in one style, broken into lines that never leave the given width; splits between lines."""

    def __init__(self, text: str, style: TextStyle) -> None:
        super().__init__()
        self.text = text
        self.style = style
        self.spaceBefore, self.spaceAfter = style.space_before, style.space_after
        self._lines: list[str] = []
        self._broken_at: float | None = None

    def wrap(self, available_width: float, _: float) -> tuple[float, float]:
        """Break the text to the width; the height follows from the number of lines."""
        if self._broken_at != available_width:
            style = self.style
            self._lines = break_lines(self.text, available_width, style.size, style.font.widths)
            self._broken_at = available_width
        self.width, self.height = available_width, len(self._lines) * self.style.leading
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """Two blocks, the first as high as fits; nothing when not even one line fits."""
        self.wrap(available_width, available_height)
        # A table asks for a split by its own reckoning, which may differ by a hair: it always gets two parts.
        fitting = min(int((available_height + 0.01) // self.style.leading), len(self._lines) - 1)
        if fitting < 1:
            return []
        return [self._part(self._lines[:fitting]), self._part(self._lines[fitting:])]

    def _part(self, lines: list[str]) -> "TextBlock":
        part = TextBlock("\n".join(lines), self.style)
        part._lines, part._broken_at = lines, self._broken_at
        return part

    def draw(self) -> None:
        """Draw the lines from the top of the block."""
        draw_lines(self.canv, self._lines, self.style, 0, self.height, self.width)


class BoxedText(TextBlock):
    """Running text in a ruled box, at least `minimum` points high; each page's part has its own box."""

    PADDING = 6.0

    def __init__(self, text: str, style: TextStyle, minimum: float = 0) -> None:
        super().__init__(text, style)
        self.minimum = minimum

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """As TextBlock, with room for the box."""
        super().wrap(available_width - 2 * self.PADDING, available_height)
        self.width = available_width
        self.height = max(self.height + 2 * self.PADDING, self.minimum)
        return self.width, self.height

    def split(self, available_width: float, available_height: float) -> list[Flowable]:
        """As TextBlock; a box of fewer than two lines is not begun."""
        self.wrap(available_width, available_height)
        fitting = int((available_height - 2 * self.PADDING + 0.01) // self.style.leading)
        if fitting < 2 or fitting >= len(self._lines):
            return []
        first, rest = self._lines[:fitting], self._lines[fitting:]
        return [BoxedText("\n".join(first), self.style), BoxedText("\n".join(rest), self.style)]

    def draw(self) -> None:
        """Draw the box and the lines in it."""
        self.canv.setLineWidth(0.9)
        self.canv.rect(0, 0, self.width, self.height)
        inner = self.width - 2 * self.PADDING
        draw_lines(self.canv, self._lines, self.style, self.PADDING, self.height - self.PADDING, inner)


def draw_lines(canvas: Any, lines: list[str], style: TextStyle, left: float, top: float, width: float) -> None:
    """Draw lines downward from `top`, aligned within `width`."""
    text = canvas.beginText()
    text.setFont(style.font.name, style.size)
    text.setFillColor(style.colour)
    baseline = top - (style.leading - style.size) / 2 - ASCENT * style.size
    for line in lines:
        slack = 0.0 if style.align == "left" else width - style.font.width_of(line, style.size)
        text.setTextOrigin(left + (slack / 2 if style.align == "center" else slack), baseline)
        text.textOut(line)
        baseline -= style.leading
    canvas.drawText(text)
