"""Photos: only real pictures are kept, upright and without metadata, once each; removal leaves the record."""

import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from inspect_app.extensions import db
from inspect_app.models import AuditEvent, Photo, Visit
from inspect_app.services.actors import Actor, NotAllowed
from inspect_app.services.photos import (
    MAX_PIXELS,
    ImageTooLarge,
    NotAnImage,
    PhotoNotFound,
    find_photo,
    photo_file,
    remove_photo,
    save_photo,
)
from inspect_app.services.scope import OutOfArea
from inspect_app.services.transaction import transaction
from tests.factories import accounts, records
from tests.factories.pictures import ORIENTATION_TURNED_RIGHT, camera_picture, picture


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "photos"


@pytest.fixture
def visit(app: Flask) -> Visit:
    return records.create_visit()


def _save(actor: Actor, store: Path, visit: Visit, content: bytes, **values: Any) -> Photo:
    with transaction(actor) as tx:
        return save_photo(tx, store, visit, **{"subject": "visit", "max_bytes": 10**6, **values}, content=content)


def _opened(store: Path, photo: Photo, size: Any = "full") -> Image.Image:
    return Image.open(BytesIO(photo_file(store, photo, size).read_bytes()))


def _actions() -> list[str]:
    return [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.seq)]


def test_photo_is_kept_in_two_sizes(actor: Actor, store: Path, visit: Visit) -> None:
    photo = _save(actor, store, visit, picture(3000, 1500), caption="柜台")
    assert (photo.width_px, photo.height_px) == (2560, 1280)
    assert _opened(store, photo).size == (2560, 1280)
    assert _opened(store, photo, "thumb").size == (480, 240)
    assert photo.size_bytes == photo_file(store, photo, "full").stat().st_size
    assert (photo.visit_id, photo.caption, photo.uploaded_by_id) == (visit.id, "柜台", actor.user_id)
    assert _actions() == ["inspections:photo:added"]
    assert not list(store.rglob("*.part"))


def test_photo_of_goods_line(actor: Actor, store: Path, visit: Visit) -> None:
    line = records.create_goods_line(visit)
    photo = _save(actor, store, visit, picture(), subject=f"goods:{line.line_uid}", goods_line=line)
    assert [kept.id for kept in line.photos] == [photo.id]


def test_same_photo_twice_is_one(actor: Actor, store: Path, visit: Visit) -> None:
    first = _save(actor, store, visit, picture())
    again = _save(actor, store, visit, picture())
    other = _save(actor, store, visit, picture(), subject="item:licence", item_key="licence")
    assert first.id == again.id != other.id
    assert db.session.query(Photo).count() == 2
    assert _actions() == ["inspections:photo:added"] * 2


def test_removed_photo_comes_back_when_sent_again(actor: Actor, store: Path, visit: Visit) -> None:
    photo = _save(actor, store, visit, picture())
    for _time in range(2):
        with transaction(actor) as tx:
            remove_photo(tx, photo)
    with pytest.raises(PhotoNotFound):
        find_photo(actor, photo.id)
    assert photo_file(store, photo, "full").is_file()
    assert _save(actor, store, visit, picture()).id == photo.id
    assert find_photo(actor, photo.id).removed_at is None
    assert _actions() == ["inspections:photo:added", "inspections:photo:removed", "inspections:photo:added"]


def test_lost_file_is_written_again(actor: Actor, store: Path, visit: Visit) -> None:
    photo = _save(actor, store, visit, picture())
    photo_file(store, photo, "full").unlink()
    _save(actor, store, visit, picture())
    assert photo_file(store, photo, "full").is_file()
    assert _actions() == ["inspections:photo:added"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ this is a program",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        picture(200, 200)[:-200],
        picture(200, 200, kind="PNG")[:60],
        picture(kind="GIF"),
        picture(kind="TIFF"),
    ],
    ids=["empty", "program", "svg", "cut jpeg", "cut png", "gif", "tiff"],
)
def test_what_is_no_whole_picture_is_refused(actor: Actor, store: Path, visit: Visit, content: bytes) -> None:
    with pytest.raises(NotAnImage):
        _save(actor, store, visit, content)
    assert db.session.query(Photo).count() == 0
    assert not store.exists()


def _png_header(width: int, height: int) -> bytes:
    """A PNG that promises more pixels than anyone has memory for."""
    data = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = struct.pack(">I", 1000) + b"IDAT"
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + data + struct.pack(">I", zlib.crc32(data)) + pixels


@pytest.mark.parametrize("side", [9_000, 9_500, 50_000], ids=["over ours", "Pillow warns", "Pillow refuses"])
def test_huge_dimensions_are_refused(actor: Actor, store: Path, visit: Visit, side: int) -> None:
    with pytest.raises(ImageTooLarge) as refused:
        _save(actor, store, visit, _png_header(side, side))
    assert (refused.value.limit_px, refused.value.limit_bytes) == (MAX_PIXELS, None)


def test_too_many_bytes_are_refused(actor: Actor, store: Path, visit: Visit) -> None:
    with pytest.raises(ImageTooLarge) as refused:
        _save(actor, store, visit, picture(), max_bytes=100)
    assert refused.value.limit_bytes == 100


@pytest.mark.parametrize(("mode", "colour"), [("RGBA", (255, 0, 0, 0)), ("LA", (0, 0))])
def test_transparent_becomes_white(actor: Actor, store: Path, visit: Visit, mode: str, colour: Any) -> None:
    photo = _save(actor, store, visit, picture(kind="PNG", mode=mode, colour=colour))
    assert min(_opened(store, photo).convert("RGB").getpixel((5, 5))) > 250


def test_webp_and_cmyk_are_read(actor: Actor, store: Path, visit: Visit) -> None:
    for content in (picture(kind="WEBP"), picture(mode="CMYK", colour=(0, 255, 255, 0))):
        assert _opened(store, _save(actor, store, visit, content)).mode == "RGB"


def test_turned_camera_gives_an_upright_photo_without_metadata(actor: Actor, store: Path, visit: Visit) -> None:
    photo = _save(actor, store, visit, camera_picture(orientation=ORIENTATION_TURNED_RIGHT))
    for size in ("full", "thumb"):
        kept = _opened(store, photo, size)
        assert kept.size == (40, 60)
        red, _green, blue = kept.convert("RGB").getpixel((35, 5))
        assert blue > 200 > red, "the blue quarter is at the top right after a turn to the right"
        assert not dict(kept.getexif())
        assert b"Testcamera" not in photo_file(store, photo, size).read_bytes()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "offset", "expected"),
    [
        ("2026:11:02 12:30:00", "", datetime(2026, 11, 2, 4, 30, tzinfo=UTC)),
        ("2026:11:02 12:30:00", "+01:00", datetime(2026, 11, 2, 11, 30, tzinfo=UTC)),
        ("2026:11:02 12:30:00", "-03:30", datetime(2026, 11, 2, 16, 0, tzinfo=UTC)),
        ("0000:00:00 00:00:00", "", None),
        ("2093:01:01 00:00:00", "", None),
        ("noon", "", None),
    ],
)
def test_time_by_the_camera(
    actor: Actor, store: Path, visit: Visit, written: str, offset: str, expected: datetime | None
) -> None:
    assert _save(actor, store, visit, camera_picture(written, offset)).taken_at == expected


def test_given_time_wins_over_the_camera(actor: Actor, store: Path, visit: Visit) -> None:
    assert _save(actor, store, visit, camera_picture(), taken_at=records.NOON).taken_at == records.NOON


def test_outside_the_own_area_or_right(actor: Actor, app: Flask, store: Path) -> None:
    elsewhere = records.create_visit(records.create_venue(area_code="420702001"))
    with pytest.raises(OutOfArea):
        _save(actor, store, elsewhere, picture())
    here = records.create_visit()
    desk = accounts.actor_for(accounts.create_user(role="desk"))
    with pytest.raises(NotAllowed):
        _save(desk, store, here, picture())


def test_same_photo_in_several_requests_at_one_moment(app: Flask, actor: Actor, store: Path, visit: Visit) -> None:
    visit_id, content = visit.id, picture(400, 300)

    def send(_number: int) -> int:
        with app.app_context():
            try:
                with transaction(actor) as tx:
                    kept = db.session.get_one(Visit, visit_id)
                    return save_photo(tx, store, kept, subject="visit", content=content, max_bytes=10**6).id
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as people:
        ids = list(people.map(send, range(4)))
    db.session.rollback()
    assert len(set(ids)) == 1
    assert db.session.query(Photo).count() == 1
    assert _actions() == ["inspections:photo:added"]
