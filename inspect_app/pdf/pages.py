"""The page itself: A4 upright and lying, header from page 2 on, footer with page x of y, draft watermark."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import md5
from io import BytesIO
from typing import Any

from reportlab.lib.colors import Color, black
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, NextPageTemplate, PageBreak, PageTemplate

from inspect_app.pdf.fonts import Font, FontPair

LEFT, RIGHT, TOP, BOTTOM = 22 * mm, 18 * mm, 18 * mm, 20 * mm
HEADER_BASELINE, FOOTER_BASELINE = 12 * mm, 11 * mm
PORTRAIT_WIDTH = A4[0] - LEFT - RIGHT
LANDSCAPE_WIDTH = A4[1] - LEFT - RIGHT
PORTRAIT, LANDSCAPE = "portrait", "landscape"
_WATERMARK = Color(0.88, 0.88, 0.88)
_RULE = 0.4


@dataclass(frozen=True, slots=True)
class PageFurniture:
    """What stands on every page; all texts are printable. `page_of` has {page} and {pages}."""

    fonts: FontPair
    title: str
    number: str
    footer: str
    page_of: str
    watermark: str
    subject: str
    author: str
    language: str
    created_at: datetime


def build_pages(story: list[Flowable], furniture: PageFurniture) -> tuple[bytes, int]:
    """Lay the story out and return the PDF and its number of pages. The same input gives the same bytes."""
    buffer = BytesIO()
    font = furniture.fonts.regular.name
    template = BaseDocTemplate(
        buffer,
        pagesize=A4,
        title=f"{furniture.title} {furniture.number}",
        author=furniture.author,
        subject=furniture.subject,
        creator=furniture.title,
        producer="ReportLab",
        initialFontName=font,
        invariant=1,
        pageCompression=1,
        lang=furniture.language,
    )
    template.addPageTemplates(
        [
            _page_template(PORTRAIT, A4, furniture),
            _page_template(LANDSCAPE, landscape(A4), furniture),
        ]
    )
    template.build(story, canvasmaker=partial(_FurnishedCanvas, furniture=furniture))
    return buffer.getvalue(), template.page


def turn_page(orientation: str) -> list[Flowable]:
    """Begin a new page, upright or lying, and stay in that orientation."""
    return [NextPageTemplate(orientation), PageBreak()]


def _page_template(name: str, size: tuple[float, float], furniture: PageFurniture) -> PageTemplate:
    width, height = size
    frame = Frame(
        LEFT, BOTTOM, width - LEFT - RIGHT, height - TOP - BOTTOM,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip

    def draw_behind_text(canvas: Any, _: BaseDocTemplate) -> None:
        if furniture.watermark:
            _draw_watermark(canvas, furniture)

    return PageTemplate(id=name, frames=[frame], pagesize=size, onPage=draw_behind_text)


class _FixedMoment:
    """Stands in for ReportLab's clock, so that the PDF carries the time of its data."""

    def __init__(self, moment: datetime) -> None:
        offset = moment.utcoffset() or timedelta()
        self.YMDhms = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        self.dhh, minutes = divmod(int(offset.total_seconds()) // 60, 60)
        self.dmm = minutes


class _FurnishedCanvas(Canvas):
    """Keeps every finished page until the number of pages is known, then draws header and footer on each."""

    def __init__(self, *args: Any, furniture: PageFurniture, **options: Any) -> None:
        super().__init__(*args, **options)
        self._furniture = furniture
        self._finished: list[dict[str, Any]] = []
        # ReportLab mixes its clock into the file's id; here the id comes from the pages alone.
        self._doc._timeStamp = _FixedMoment(furniture.created_at)
        self._doc.signature = md5(usedforsecurity=False)

    def showPage(self) -> None:  # noqa: N802 - the name is ReportLab's
        """Put the page aside."""
        self._finished.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        """Furnish the pages and write the file."""
        for page in self._finished:
            self.__dict__.update(page)
            self._furnish(len(self._finished))
            super().showPage()
        super().save()

    def _furnish(self, pages: int) -> None:
        furniture, font = self._furniture, self._furniture.fonts.regular
        width, height = self._pagesize
        right = width - RIGHT
        page_of = furniture.page_of.format(page=self._pageNumber, pages=pages)
        self.setStrokeColor(black)
        self.setFillColor(black)
        self.setLineWidth(_RULE)
        rule = FOOTER_BASELINE + 11
        self.line(LEFT, rule, right, rule)
        self._draw_fitting(furniture.footer, font, 7.5, LEFT, FOOTER_BASELINE, width * 0.6)
        self.setFont(font.name, 8)
        self.drawRightString(right, FOOTER_BASELINE, page_of)
        if self._pageNumber > 1:
            baseline = height - HEADER_BASELINE
            self.line(LEFT, baseline - 5, right, baseline - 5)
            self._draw_fitting(furniture.title, font, 8, LEFT, baseline, width * 0.4)
            number_width = min(font.width_of(furniture.number, 8), width * 0.4)
            self._draw_fitting(furniture.number, font, 8, right - number_width, baseline, width * 0.4)

    def _draw_fitting(self, text: str, font: Font, size: float, left: float, baseline: float, room: float) -> None:
        """Draw one line, set smaller where it would not fit."""
        natural = font.width_of(text, size)
        self.setFont(font.name, size if natural <= room else size * room / natural)
        self.drawString(left, baseline, text)


def _draw_watermark(canvas: Any, furniture: PageFurniture) -> None:
    """The word across the page, pale enough to read through; drawn before the page's text."""
    width, height = canvas._pagesize
    canvas.saveState()
    canvas.setFillColor(_WATERMARK)
    canvas.setFont(furniture.fonts.bold.name, 120)
    canvas.translate(width / 2, height / 2)
    canvas.rotate(45)
    canvas.drawCentredString(0, -40, furniture.watermark)
    canvas.restoreState()
