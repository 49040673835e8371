"""Photos of a visit: checked, re-encoded, kept by their hash, shown to those who may see the visit.

What arrives is never served again: a photo is decoded and written anew as JPEG, so nothing that hid in the file
(its place, its owner, a script behind the picture) reaches anyone else.
"""

import hashlib
import os
import struct
import tempfile
import zlib
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Final, Literal
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image, ImageOps
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inspect_app.extensions import db
from inspect_app.models import GoodsLine, Photo, Visit
from inspect_app.models.types import utc_now
from inspect_app.services.actors import Actor
from inspect_app.services.audit import audited_values
from inspect_app.services.scope import OutOfArea
from inspect_app.services.transaction import Transaction

PhotoSize = Literal["full", "thumb"]

FULL_PX: Final = 2560
THUMB_PX: Final = 480
# Below the number at which Pillow itself warns of a decompression bomb; no tablet's camera comes near it.
MAX_PIXELS: Final = 80_000_000
# What cameras and screens produce. Each format is one more decoder that a forged file may attack.
_WANTED_FORMATS: Final[tuple[str, ...]] = ("JPEG", "MPO", "PNG", "WEBP", "HEIF", "AVIF")
# What Pillow's decoders raise on bytes that are not what they claim to be.
_BROKEN: Final = (OSError, SyntaxError, ValueError, TypeError, LookupError, struct.error, zlib.error, EOFError)
# A camera writes the time on the wall; without an offset it is read as the product's own clock.
_CAMERA_ZONE: Final = ZoneInfo("Asia/Shanghai")


class NotAnImage(Exception):
    """The bytes are not a whole picture in a format that is taken."""


class ImageTooLarge(Exception):
    """The picture has more than ``limit_bytes`` bytes or more than ``limit_px`` pixels; the other one is None."""

    def __init__(self, *, limit_bytes: int | None = None, limit_px: int | None = None) -> None:
        super().__init__(f"more than {limit_bytes or limit_px}")
        self.limit_bytes = limit_bytes
        self.limit_px = limit_px


class PhotoNotFound(Exception):
    """No photo has this id, or it was removed."""


def save_photo(
    tx: Transaction,
    store: Path,
    visit: Visit,
    *,
    subject: str,
    content: bytes,
    goods_line: GoodsLine | None = None,
    item_key: str = "",
    taken_at: datetime | None = None,
    caption: str = "",
    max_bytes: int,
) -> Photo:
    """Keeps a photo of a visit: re-encoded to JPEG, upright, without metadata, with a small copy beside it.

    ``subject`` is what it shows: "visit", "goods:<line_uid>" or "item:<key of the checklist item>". ``taken_at`` is the
    camera's unless given. The same bytes sent again for the same subject give the same photo, put back if it had been
    removed. The files are written before the row commits; files without a row do no harm.

    Raises:
        NotAllowed, OutOfArea: the actor does not record inspections, or not in the area of the venue.
        NotAnImage: ``content`` is not a whole picture in a format that is taken.
        ImageTooLarge: it has more than ``max_bytes`` bytes or ``MAX_PIXELS`` pixels.
    """
    tx.actor.require("inspections.record")
    _require_area(tx.actor, visit)
    if len(content) > max_bytes:
        raise ImageTooLarge(limit_bytes=max_bytes)
    original_sha256 = hashlib.sha256(content).hexdigest()
    db.session.flush()
    known = _find_same(visit, subject, original_sha256)
    if known is not None and known.removed_at is None and photo_file(store, known, "full").is_file():
        return known
    picture, camera_time = _decode(content)
    written = _write_files(store, picture)
    if known is not None:
        return _restore(tx, known, *written)
    photo = Photo(
        visit_id=visit.id,
        subject=subject,
        goods_line_id=goods_line.id if goods_line else None,
        item_key=item_key,
        original_sha256=original_sha256,
        caption=caption,
        taken_at=taken_at or camera_time,
        uploaded_by_id=tx.actor.user_id,
    )
    photo.sha256, photo.size_bytes = written
    photo.width_px, photo.height_px = picture.size
    return _add(tx, visit, photo)


def remove_photo(tx: Transaction, photo: Photo) -> None:
    """Takes a photo off its visit. Row and file stay, for the record; removing it twice is the same as once.

    Raises:
        NotAllowed: the actor does not record inspections.
        OutOfArea: the venue lies outside the actor's area.
    """
    tx.actor.require("inspections.record")
    _require_area(tx.actor, db.session.get_one(Visit, photo.visit_id))
    if photo.removed_at is not None:
        return
    before = audited_values(photo)
    photo.removed_at = utc_now()
    db.session.flush()
    tx.record("inspections:photo:removed", photo, before=before, after=audited_values(photo))


def find_photo(actor: Actor, photo_id: int) -> Photo:
    """The photo, if the actor may see its visit.

    Raises:
        NotAllowed: the actor does not see inspections.
        OutOfArea: the venue lies outside the actor's area.
        PhotoNotFound: there is none, or it was removed.
    """
    actor.require("inspections.view")
    photo = db.session.get(Photo, photo_id)
    if photo is None or photo.removed_at is not None:
        raise PhotoNotFound
    _require_area(actor, db.session.get_one(Visit, photo.visit_id))
    return photo


def photo_file(store: Path, photo: Photo, size: PhotoSize) -> Path:
    """Where the JPEG of a photo lies, whole or as its small copy of at most 480 pixels a side."""
    return _path(store, photo.sha256, size)


def _require_area(actor: Actor, visit: Visit) -> None:
    if not actor.sees_area(visit.venue.area_code):
        raise OutOfArea


def _path(store: Path, sha256: str, size: PhotoSize) -> Path:
    ending = "" if size == "full" else f"-{THUMB_PX}"
    return store / sha256[:2] / f"{sha256}{ending}.jpg"


def _find_same(visit: Visit, subject: str, original_sha256: str) -> Photo | None:
    return db.session.scalar(
        select(Photo).where(
            Photo.visit_id == visit.id, Photo.subject == subject, Photo.original_sha256 == original_sha256
        )
    )


def _add(tx: Transaction, visit: Visit, photo: Photo) -> Photo:
    """Adds the row; on PostgreSQL the same photo may arrive in two requests at once, and the first one is kept."""
    try:
        with db.session.begin_nested():
            db.session.add(photo)
    except IntegrityError:
        first = _find_same(visit, photo.subject, photo.original_sha256)
        if first is None:
            raise
        return first
    tx.record("inspections:photo:added", photo, after=audited_values(photo))
    return photo


def _restore(tx: Transaction, photo: Photo, sha256: str, size_bytes: int) -> Photo:
    """Puts a removed photo back; or only its file, when that had been lost."""
    before = audited_values(photo)
    photo.removed_at, photo.sha256, photo.size_bytes = None, sha256, size_bytes
    db.session.flush()
    after = audited_values(photo)
    if after != before:
        tx.record("inspections:photo:added", photo, before=before, after=after)
    return photo


def _decode(content: bytes) -> tuple[Image.Image, datetime | None]:
    """The picture, upright, in RGB and no larger than ``FULL_PX``, and the time at which the camera took it."""
    Image.init()
    formats = [name for name in _WANTED_FORMATS if name in Image.OPEN]
    try:
        with Image.open(BytesIO(content), formats=formats) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise ImageTooLarge(limit_px=MAX_PIXELS)
            # A JPEG can be decoded at a fraction of its size, which saves most of the memory.
            opened.draft("RGB", (FULL_PX, FULL_PX))
            opened.load()
            taken_at = _camera_time(opened)
            picture = _without_alpha(_upright(opened))
            profile = opened.info.get("icc_profile") if opened.mode == "RGB" else None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise ImageTooLarge(limit_px=MAX_PIXELS) from None
    except _BROKEN as error:
        raise NotAnImage from error
    picture.thumbnail((FULL_PX, FULL_PX), Image.Resampling.LANCZOS)
    # Only the colour profile stays: without it the colours of many phones would shift.
    picture.info = {"icc_profile": profile} if profile else {}
    return picture, taken_at


def _upright(picture: Image.Image) -> Image.Image:
    """The picture turned as the camera was held; as it is when its metadata cannot be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except _BROKEN:
        return picture


def _without_alpha(picture: Image.Image) -> Image.Image:
    """The picture in RGB; what was transparent becomes white, not black."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground


def _camera_time(picture: Image.Image) -> datetime | None:
    """When the camera says that it took the picture (aware, UTC); None when it says nothing that can be true."""
    try:
        details = picture.getexif().get_ifd(ExifTags.IFD.Exif)
        text = str(details.get(ExifTags.Base.DateTimeOriginal, "")).strip("\x00 ")
        local = datetime.strptime(text, "%Y:%m:%d %H:%M:%S").replace(tzinfo=_CAMERA_ZONE)
        offset = str(details.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\x00 ")
        if len(offset) == 6:
            minutes = int(offset[1:3]) * 60 + int(offset[4:6])
            zone = timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))
            local = local.replace(tzinfo=zone)
        taken_at = local.astimezone(UTC)
    except (*_BROKEN, OverflowError):
        return None
    is_possible = taken_at.year >= 2000 and taken_at <= utc_now() + timedelta(days=1)
    return taken_at if is_possible else None


def _write_files(store: Path, picture: Image.Image) -> tuple[str, int]:
    """Writes the picture and its small copy under the hash of the picture; returns the hash and the size in bytes."""
    full = _jpeg(picture, quality=88)
    sha256 = hashlib.sha256(full).hexdigest()
    small = picture.copy()
    small.thumbnail((THUMB_PX, THUMB_PX), Image.Resampling.LANCZOS)
    small.info = dict(picture.info)
    _write_atomically(_path(store, sha256, "thumb"), _jpeg(small, quality=82))
    _write_atomically(_path(store, sha256, "full"), full)
    return sha256, len(full)


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = BytesIO()
    picture.save(
        buffer, "JPEG", quality=quality, optimize=True, progressive=True, icc_profile=picture.info.get("icc_profile")
    )
    return buffer.getvalue()


def _write_atomically(path: Path, content: bytes) -> None:
    """Either the whole file stands at ``path`` or none does, whatever happens in between."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".part", delete=False) as file:
        part = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
