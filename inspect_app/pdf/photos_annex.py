"""Annex: the photos as small pictures, each with its recorded hash."""

from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable, Spacer, Table

from inspect_app.pdf.composer import Composer
from inspect_app.pdf.documents import FaultyPhoto, Photo, VisitRecordDocument
from inspect_app.pdf.labels import format_time
from inspect_app.pdf.pages import PORTRAIT_WIDTH
from inspect_app.pdf.tables import own_font

_PER_ROW = 3
_GAP = 10.0
_PICTURE_WIDTH = (PORTRAIT_WIDTH - _GAP * (_PER_ROW - 1)) / _PER_ROW
_PICTURE_HEIGHT = _PICTURE_WIDTH * 3 / 4
# About 300 dots an inch at the printed size, so a page of photos stays under a megabyte.
_PIXELS = (660, 495)
_QUALITY = 82


class Thumbnail(Flowable):
    """A picture fitted into a frame of fixed size, or words in the frame when it cannot be shown."""

    def __init__(self, picture: bytes | None, words: Flowable) -> None:
        super().__init__()
        self._picture = picture
        self._words = words
        self.width, self.height = _PICTURE_WIDTH, _PICTURE_HEIGHT

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Always the same size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the frame and what is in it."""
        canvas = self.canv
        if self._picture is None:
            _, height = self._words.wrap(self.width - 16, self.height)
            self._words.drawOn(canvas, 8, (self.height - height) / 2)
        else:
            canvas.drawImage(
                ImageReader(BytesIO(self._picture)), 0, 0, self.width, self.height,
                preserveAspectRatio=True, anchor="c",
            )  # fmt: skip
        canvas.setLineWidth(0.4)
        canvas.rect(0, 0, self.width, self.height)


def photos_annex(
    document: VisitRecordDocument, composer: Composer, number: int
) -> tuple[list[Flowable], tuple[FaultyPhoto, ...]]:
    """The whole annex, and the photos that could not be printed as recorded."""
    faults: list[FaultyPhoto] = []
    cells: list[list[Flowable]] = []
    for ordinal, photo in enumerate(document.photos, start=1):
        picture, fault = _shrink(photo, ordinal)
        if fault:
            faults.append(fault)
        cells.append(_photo_cell(photo, ordinal, picture, fault, composer))
    while len(cells) % _PER_ROW:
        cells.append([])
    rows = [cells[start : start + _PER_ROW] for start in range(0, len(cells), _PER_ROW)]
    style = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), _GAP / 2),
        ("RIGHTPADDING", (0, 0), (-1, -1), _GAP / 2),
        ("TOPPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 12),
        *own_font(composer.font),
    ]
    table = Table(rows, colWidths=[_PICTURE_WIDTH + _GAP] * _PER_ROW, style=style)
    heading = composer.annex_heading(number, "photos_annex", document.venue.name, document.number, len(document.photos))
    return [*heading, Spacer(0, 4), table], tuple(faults)


def _photo_cell(
    photo: Photo, ordinal: int, picture: bytes | None, fault: FaultyPhoto | None, composer: Composer
) -> list[Flowable]:
    styles = composer.styles
    words = composer.label(f"photo_{fault.fault}" if fault else "photo_unreadable", styles.list_head)
    caption = "　".join(part for part in (*_titles(photo, ordinal, composer), photo.caption.strip()) if part)
    cell: list[Flowable] = [Thumbnail(picture, words), Spacer(0, 3), composer.block(caption, styles.list_cell)]
    if photo.taken_at:
        taken = format_time(photo.taken_at, composer.language)
        cell.append(composer.block(composer.say("photo_taken_at", time=taken), styles.fine))
    cell.append(composer.block(composer.say("photo_hash", hash=photo.sha256), styles.fine))
    if photo.original_sha256 not in {"", photo.sha256}:
        cell.append(composer.block(composer.say("photo_original", hash=photo.original_sha256), styles.fine))
    return cell


def _titles(photo: Photo, ordinal: int, composer: Composer) -> tuple[str, ...]:
    """The number of the photo, and of what it shows."""
    goods = composer.say("photo_goods", number=photo.goods_number) if photo.goods_number else ""
    item = composer.say("photo_item", number=photo.item_number) if photo.item_number else ""
    return composer.say("photo_number", number=ordinal), goods, item


def _shrink(photo: Photo, ordinal: int) -> tuple[bytes | None, FaultyPhoto | None]:
    """A small upright JPEG of the photo; none when the file is not what was recorded."""
    try:
        content = photo.content.read_bytes() if isinstance(photo.content, Path) else photo.content
        if photo.sha256 and sha256(content).hexdigest() != photo.sha256.lower():
            return None, FaultyPhoto(ordinal, "altered")
        with Image.open(BytesIO(content)) as opened:
            # The decoder leaves out detail that the print could not show: several times as fast.
            opened.draft("RGB", _PIXELS)
            upright = ImageOps.exif_transpose(opened).convert("RGB")
            upright.thumbnail(_PIXELS)
            small = BytesIO()
            upright.save(small, "JPEG", quality=_QUALITY)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return None, FaultyPhoto(ordinal, "unreadable")
    return small.getvalue(), None
