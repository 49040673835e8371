"""The photos of a draft: added one by one, so that one bad file keeps none of the others from saving."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.models import Photo, Visit
from inspect_app.services.actors import Actor
from inspect_app.services.goods import LineChange, save_line
from inspect_app.services.inspections import lock_draft
from inspect_app.services.photos import ImageTooLarge, NotAnImage, remove_photo, save_photo
from inspect_app.services.transaction import transaction


@dataclass(frozen=True, slots=True)
class SentPhoto:
    """One file that was chosen: its name on the tablet and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class RefusedPhoto:
    """A file that was not taken: it is no whole picture, or it is too large."""

    name: str
    reason: Literal["not_an_image", "too_large"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoStore:
    """Where photos are kept, and how many bytes one may have."""

    folder: Path
    max_bytes: int


def add_photos(
    actor: Actor,
    visit_id: int,
    store: PhotoStore,
    photos: Sequence[SentPhoto],
    *,
    item_key: str = "",
    line: LineChange | None = None,
) -> tuple[RefusedPhoto, ...]:
    """Adds photos of the visit, of one checklist item or of one goods line, and returns those that were refused.

    A line that was not saved yet is saved with what was sent of it: a photo is a reason to keep it.

    Raises:
        NotAllowed, OutOfArea, VisitLocked, NotAnOfficerOfTheVisit, LineOfAnotherVisit, MoveNotAllowed.
    """
    refused: list[RefusedPhoto] = []
    for photo in photos:
        try:
            with transaction(actor) as tx:
                visit = lock_draft(actor, visit_id)
                goods_line = save_line(tx, visit, line) if line else None
                subject = f"goods:{line.line_uid}" if line else f"item:{item_key}" if item_key else "visit"
                save_photo(
                    tx,
                    store.folder,
                    visit,
                    subject=subject,
                    content=photo.content,
                    goods_line=goods_line,
                    item_key=item_key,
                    max_bytes=store.max_bytes,
                )
        except NotAnImage:
            refused.append(RefusedPhoto(photo.name, "not_an_image"))
        except ImageTooLarge:
            refused.append(RefusedPhoto(photo.name, "too_large"))
    return tuple(refused)


def take_photo_off(actor: Actor, visit_id: int, photo_id: int) -> Photo | None:
    """Takes a photo off the draft; None when the visit has none with this id.

    Raises:
        NotAllowed, OutOfArea, VisitLocked, NotAnOfficerOfTheVisit: see ``lock_draft``.
    """
    with transaction(actor) as tx:
        lock_draft(actor, visit_id)
        photo = db.session.get(Photo, photo_id)
        if photo is None or photo.visit_id != visit_id:
            return None
        remove_photo(tx, photo)
        return photo


def photos_by_subject(visit: Visit) -> dict[str, list[Photo]]:
    """The photos of a visit that were not removed, by what they show: "visit", "item:<key>" or "goods:<line_uid>"."""
    query = select(Photo).where(Photo.visit_id == visit.id, Photo.removed_at.is_(None)).order_by(Photo.id)
    found: dict[str, list[Photo]] = {}
    for photo in db.session.scalars(query):
        found.setdefault(photo.subject, []).append(photo)
    return found
