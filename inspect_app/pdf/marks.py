"""Check marks drawn as lines: the fonts have no cross and no two fonts agree on a tick."""

from typing import Any

from reportlab.lib.colors import black
from reportlab.platypus import Flowable

from inspect_app.pdf.documents import Answer
from inspect_app.pdf.text import TextBlock, TextStyle

_GAP = 3.0


def draw_answer_mark(canvas: Any, answer: Answer, left: float, bottom: float, size: float) -> None:
    """Draw the mark of an answer in a square: tick, cross, dash, or empty circle."""
    canvas.saveState()
    canvas.setStrokeColor(black)
    canvas.setLineWidth(size * 0.13)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    path = canvas.beginPath()

    def point(x: float, y: float) -> tuple[float, float]:
        return left + x * size, bottom + y * size

    if answer == "yes":
        path.moveTo(*point(0.08, 0.5))
        path.lineTo(*point(0.36, 0.18))
        path.lineTo(*point(0.92, 0.86))
    elif answer == "no":
        path.moveTo(*point(0.14, 0.14))
        path.lineTo(*point(0.86, 0.86))
        path.moveTo(*point(0.14, 0.86))
        path.lineTo(*point(0.86, 0.14))
    elif answer == "not_applicable":
        path.moveTo(*point(0.1, 0.5))
        path.lineTo(*point(0.9, 0.5))
    else:
        canvas.setLineWidth(size * 0.09)
        path.circle(*point(0.5, 0.5), size * 0.38)
    canvas.drawPath(path)
    canvas.restoreState()


def draw_alert_mark(canvas: Any, left: float, bottom: float, size: float) -> None:
    """Draw a solid triangle: this line has a likely match."""
    path = canvas.beginPath()
    path.moveTo(left + size * 0.5, bottom + size * 0.92)
    path.lineTo(left + size * 0.98, bottom + size * 0.08)
    path.lineTo(left + size * 0.02, bottom + size * 0.08)
    path.close()
    canvas.setFillColor(black)
    canvas.drawPath(path, stroke=0, fill=1)


class MarkedText(Flowable):
    """A mark with its word beside it; the mark is an Answer or "alert"."""

    def __init__(self, mark: Answer | str, text: str, style: TextStyle) -> None:
        super().__init__()
        self.mark = mark
        self.style = style
        self._block = TextBlock(text, style)
        self._indent = style.size + _GAP

    def wrap(self, available_width: float, available_height: float) -> tuple[float, float]:
        """The word wraps beside the mark."""
        _, self.height = self._block.wrap(available_width - self._indent, available_height)
        self.width = available_width
        return self.width, self.height

    def draw(self) -> None:
        """Draw the mark on the first line, and the word."""
        size = self.style.size
        bottom = self.height - (self.style.leading + size) / 2
        if self.mark == "alert":
            draw_alert_mark(self.canv, 0, bottom, size)
        else:
            draw_answer_mark(self.canv, self.mark, 0, bottom, size)  # type: ignore[arg-type]
        self._block.drawOn(self.canv, self._indent, 0)
