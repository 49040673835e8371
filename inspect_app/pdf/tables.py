"""Ruled tables as official forms have them: label grids, and lists that repeat their head on every page."""

from collections.abc import Sequence
from typing import Any

from reportlab.lib.colors import Color, black
from reportlab.platypus import Flowable, Spacer, Table

from inspect_app.pdf.fonts import Font

# Light enough that black text on it stays readable from any printer or copier.
HEAD_TINT = Color(0.93, 0.93, 0.93)
_OUTER, _INNER = 0.9, 0.5
_SIDE, _ABOVE, _BELOW = 4.0, 3.0, 3.5
# A row that would be higher than this goes on as a further row, so that no row is ever higher than a page.
_HIGHEST_ROW = 160.0

Row = Sequence[Flowable]
Command = tuple[Any, ...]


def form_grid(rows: Sequence[Row], widths: Sequence[float], font: Font) -> Table:
    """A form of labels, each followed by its value; in a row shorter than `widths` the last cell takes the rest."""
    cells: list[list[Flowable]] = []
    commands: list[Command] = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    for row in rows:
        own_widths = [*widths[: len(row) - 1], sum(widths[len(row) - 1 :])]
        for part in _parts_of_row(row, own_widths):
            line = len(cells)
            commands += [("BACKGROUND", (column, line), (column, line), HEAD_TINT) for column in range(0, len(row), 2)]
            if len(row) < len(widths):
                commands.append(("SPAN", (len(row) - 1, line), (-1, line)))
            cells.append([*part, *(Spacer(0, 0) for _ in widths[len(row) :])])
    return _ruled(cells, widths, [*commands, *own_font(font)], repeat=0)


def list_table(head: Row, rows: Sequence[Row], widths: Sequence[float], font: Font, align: str = "TOP") -> Table:
    """A list whose head is repeated on every page that it runs to.

    A row of a single cell is the title of a group: it spans the table and stays with the row after it.
    """
    cells: list[list[Flowable]] = [list(head)]
    commands: list[Command] = [
        ("BACKGROUND", (0, 0), (-1, 0), HEAD_TINT),
        ("VALIGN", (0, 0), (-1, 0), "MIDDLE"),
        ("VALIGN", (0, 1), (-1, -1), align),
    ]
    for row in rows:
        if len(row) == 1:
            line = len(cells)
            commands.append(("SPAN", (0, line), (-1, line)))
            if row is not rows[-1]:
                commands.append(("NOSPLIT", (0, line), (0, line + 1)))
            cells.append([row[0], *(Spacer(0, 0) for _ in widths[1:])])
        else:
            cells.extend(_parts_of_row(row, widths))
    return _ruled(cells, widths, [*commands, *own_font(font)], repeat=1)


def three_columns(middle: list[Flowable], right: Flowable, side: float, width: float, font: Font) -> Table:
    """Unruled: lines in the middle of the page, something `side` wide at its right edge, as much room at its left."""
    gap = 2 * _SIDE
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *((f"{edge}PADDING", (0, 0), (-1, -1), 0) for edge in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
        ("LEFTPADDING", (1, 0), (1, 0), gap),
        ("RIGHTPADDING", (1, 0), (1, 0), gap),
        *own_font(font),
    ]
    return Table([["", middle, right]], colWidths=[side, width - 2 * side, side], style=style)


def own_font(font: Font) -> list[Command]:
    """The table's own font: it sets no text, but ReportLab's default would be listed in the PDF unembedded."""
    return [("FONTNAME", (0, 0), (-1, -1), font.name)]


def scaled(shares: Sequence[float], width: float) -> list[float]:
    """Column widths in the proportion of `shares` that together fill `width`."""
    total = sum(shares)
    return [share * width / total for share in shares]


def _parts_of_row(row: Row, widths: Sequence[float]) -> list[list[Flowable]]:
    """The row, cut into several where one of its texts is too high."""
    parts: list[list[Flowable]] = []
    rest = list(row)
    while True:
        part: list[Flowable] = []
        left: list[Flowable] = []
        for cell, width in zip(rest, widths, strict=True):
            inner = width - 2 * _SIDE
            pieces = [cell] if cell.wrap(inner, _HIGHEST_ROW)[1] <= _HIGHEST_ROW else cell.split(inner, _HIGHEST_ROW)
            part.append(pieces[0])
            left.append(pieces[1] if len(pieces) > 1 else Spacer(0, 0))
        parts.append(part)
        if all(isinstance(cell, Spacer) for cell in left):
            return parts
        rest = left


def _ruled(cells: list[list[Flowable]], widths: Sequence[float], commands: list[Command], repeat: int) -> Table:
    style = [
        ("INNERGRID", (0, 0), (-1, -1), _INNER, black),
        ("BOX", (0, 0), (-1, -1), _OUTER, black),
        ("LEFTPADDING", (0, 0), (-1, -1), _SIDE),
        ("RIGHTPADDING", (0, 0), (-1, -1), _SIDE),
        ("TOPPADDING", (0, 0), (-1, -1), _ABOVE),
        ("BOTTOMPADDING", (0, 0), (-1, -1), _BELOW),
        *commands,
    ]
    return Table([[[cell] for cell in row] for row in cells], colWidths=list(widths), style=style, repeatRows=repeat)
