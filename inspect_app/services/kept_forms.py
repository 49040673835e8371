"""Forms that arrived after their sender's sign-in had expired: kept encrypted for a day, for that person alone."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select

from inspect_app.extensions import db, vault
from inspect_app.models import KeptForm, User
from inspect_app.models.types import utc_now
from inspect_app.services.actors import Actor, system_actor
from inspect_app.services.transaction import transaction

KEPT_FOR: Final = timedelta(hours=24)
MOST_KEPT: Final = 20
LARGEST_BYTES: Final = 25 * 1024 * 1024
LARGEST_TOTAL_BYTES: Final = 60 * 1024 * 1024
_LONGEST_PATH: Final = 400


class FormNotKept(Exception):
    """The form cannot be kept; ``reason`` is "too_large", "too_many" or "unknown_sender"."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class KeptFormGone(Exception):
    """There is no such kept form of this person any more: it was sent, discarded, or its day is over."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """One file of a form: the field's name, the file's name and type as the browser said them, and its bytes."""

    field: str
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SentForm:
    """What a browser sent: where to (path and query), the fields in order, repeated ones included, and the files."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[SentFile, ...] = ()

    @property
    def size_bytes(self) -> int:
        """How much it is, texts and files together."""
        texts = sum(len(name.encode()) + len(value.encode(errors="replace")) for name, value in self.fields)
        return texts + sum(len(file.content) for file in self.files)


def keep_form(user_id: int, form: SentForm, origin: str) -> KeptForm:
    """Keeps the form for the user, who is not signed in: call it only for a browser that proved whose it was.

    The same form sent twice is kept once.

    Raises:
        FormNotKept: it is larger than ``LARGEST_BYTES``, the user has ``MOST_KEPT`` already or would have more than
            ``LARGEST_TOTAL_BYTES``, or is not active.
    """
    if form.size_bytes > LARGEST_BYTES or len(form.path) > _LONGEST_PATH:
        raise FormNotKept("too_large")
    body = _pack(form)
    now = utc_now()
    with transaction(system_actor(origin)) as tx:
        db.session.execute(delete(KeptForm).where(KeptForm.expires_at <= now))
        # Locks the user's row, so that two forms at once cannot both be the last one.
        user = db.session.scalar(select(User).where(User.id == user_id, User.active).with_for_update(of=User))
        if user is None:
            raise FormNotKept("unknown_sender")
        token_key = vault.lookup_hash(hashlib.sha256(f"{user_id} {form.path} {body}".encode()).hexdigest())
        same = db.session.scalar(select(KeptForm).where(KeptForm.token_key == token_key))
        if same is not None:
            return same
        sizes = [
            details["size_bytes"] for details in db.session.scalars(select(KeptForm.details).filter_by(user_id=user_id))
        ]
        if len(sizes) >= MOST_KEPT or sum(sizes) + form.size_bytes > LARGEST_TOTAL_BYTES:
            raise FormNotKept("too_many")
        kept = KeptForm(token_key=token_key, user_id=user_id, path=form.path, body=body, expires_at=now + KEPT_FOR)
        kept.details = {"size_bytes": form.size_bytes, "fields": len(form.fields), "files": len(form.files)}
        db.session.add(kept)
        tx.record("accounts:kept_form:stored", kept, after={"user_id": user_id, "path": form.path})
    return kept


def has_kept_forms(actor: Actor) -> bool:
    """Whether the actor has kept forms whose day is not over."""
    query = select(KeptForm.id).where(KeptForm.user_id == actor.user_id, KeptForm.expires_at > utc_now())
    return db.session.scalar(query.limit(1)) is not None


def list_kept_forms(actor: Actor) -> Sequence[KeptForm]:
    """The actor's own kept forms whose day is not over, newest first."""
    query = select(KeptForm).where(KeptForm.user_id == actor.user_id, KeptForm.expires_at > utc_now())
    return db.session.scalars(query.order_by(KeptForm.id.desc())).all()


def read_kept_form(actor: Actor, kept_id: int) -> SentForm:
    """The form as it was sent.

    Raises:
        KeptFormGone: the actor has no such form.
    """
    return unpack(_own(actor, kept_id))


def discard_kept_form(actor: Actor, kept_id: int, *, was_sent: bool = False) -> None:
    """Removes the actor's kept form for good, by choice or because it ``was_sent`` again.

    Raises:
        KeptFormGone: the actor has no such form.
    """
    with transaction(actor) as tx:
        kept = _own(actor, kept_id)
        db.session.delete(kept)
        verb = "sent" if was_sent else "discarded"
        tx.record(f"accounts:kept_form:{verb}", kept, before={"path": kept.path})


def _own(actor: Actor, kept_id: int) -> KeptForm:
    kept = db.session.scalar(
        select(KeptForm).where(
            KeptForm.id == kept_id, KeptForm.user_id == actor.user_id, KeptForm.expires_at > utc_now()
        )
    )
    if kept is None:
        raise KeptFormGone(kept_id)
    return kept


def _pack(form: SentForm) -> str:
    files = [[file.field, file.name, file.content_type, base64.b64encode(file.content).decode()] for file in form.files]
    return json.dumps({"fields": form.fields, "files": files})


def unpack(kept: KeptForm) -> SentForm:
    """The form that a row holds."""
    body = json.loads(kept.body)
    return SentForm(
        path=kept.path,
        fields=tuple((name, value) for name, value in body["fields"]),
        files=tuple(SentFile(field, name, kind, base64.b64decode(data)) for field, name, kind, data in body["files"]),
    )
