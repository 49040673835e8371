"""Pictures made on the spot, as cameras and screens would send them."""

from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

ORIENTATION_TURNED_RIGHT = 6


def picture(
    width: int = 60, height: int = 40, *, kind: str = "JPEG", colour: Any = "red", mode: str = "RGB", **save: Any
) -> bytes:
    """A picture of one colour whose top left quarter is blue (when it is not transparent)."""
    image = Image.new(mode, (width, height), colour)
    if mode == "RGB":
        image.paste("blue", (0, 0, width // 2, height // 2))
    buffer = BytesIO()
    image.save(buffer, kind, **save)
    return buffer.getvalue()


def camera_picture(taken_at: str = "2026:11:02 12:30:00", offset: str = "", orientation: int = 1) -> bytes:
    """A JPEG with what a camera writes into it: when, where, and how it was held."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "Testcamera"
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = taken_at
    if offset:
        details[ExifTags.Base.OffsetTimeOriginal] = offset
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    return picture(exif=exif)
