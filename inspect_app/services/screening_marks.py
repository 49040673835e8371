"""Marks: with which version of the matcher each record was last filed and compared with the whole other side.

A mark is set in the transaction that compares the record, and taken away in the one that files it anew without
comparing it. What two marks of one version prove is said in ``services/rescreening.py``.
"""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select, update

from inspect_app.extensions import db
from inspect_app.models import Screened
from inspect_app.models.types import utc_now
from inspect_app.services.match_index import id_batches


def mark_screened(side: int, record_ids: Iterable[int], version: str) -> None:
    """Says that the records are filed, and compared with the whole other side, by this version."""
    now = utc_now()
    for ids in id_batches(record_ids):
        here = Screened.side == side, Screened.record_id.in_(ids)
        known = set(db.session.scalars(select(Screened.record_id).where(*here)))
        if known:
            db.session.execute(update(Screened).where(*here).values(matcher_version=version, screened_at=now))
        fresh = [
            {"side": side, "record_id": record_id, "matcher_version": version, "screened_at": now}
            for record_id in ids
            if record_id not in known
        ]
        if fresh:
            db.session.execute(insert(Screened), fresh)


def forget_marks(side: int, record_ids: Iterable[int], *, except_version: str = "") -> None:
    """Takes the marks of the records away, save those of ``except_version``."""
    for ids in id_batches(record_ids):
        db.session.execute(
            delete(Screened).where(
                Screened.side == side, Screened.record_id.in_(ids), Screened.matcher_version != except_version
            )
        )
