"""Rotating the encryption keys: every encrypted value is read with the key it has and written with the newest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Table, inspect, select, type_coerce, update
from sqlalchemy.types import Text

from inspect_app.extensions import db, vault
from inspect_app.models.types import EncryptedText
from inspect_app.services.actors import Actor
from inspect_app.services.transaction import transaction

CHUNK_ROWS: Final = 500


@dataclass(frozen=True, slots=True)
class RotatedTable:
    """One table: how many of its encrypted values got the newest key, and how many had it already."""

    table: str
    rotated: int
    already: int


class _EncryptionKeys:
    """What the audit event of a rotation is about."""

    __tablename__ = "encryption_keys"
    id = ""


def rotate_keys(actor: Actor, tell: Callable[[RotatedTable], None] = lambda _table: None) -> list[RotatedTable]:
    """Encrypts every value of every ``EncryptedText`` column with the newest key; ``tell`` hears of each table.

    Works in chunks that commit, so it may be stopped at any time and run again: what has the newest key is left alone.
    Others may work meanwhile, for they write with the newest key. Afterwards the older keys can be dropped.

    Raises:
        UnreadableSecret: a value was made with a key that is not given; nothing of its chunk is changed.
    """
    actor.require("accounts.manage")
    done = []
    for table, columns in encrypted_columns():
        rotated = already = 0
        for in_chunk, had_it in _rotate_table(actor, table, columns):
            rotated, already = rotated + in_chunk, already + had_it
        done.append(RotatedTable(table.name, rotated, already))
        tell(done[-1])
    with transaction(actor) as tx:
        tx.record("accounts:keys:rotated", _EncryptionKeys(), after={found.table: found.rotated for found in done})
    return done


def encrypted_columns() -> list[tuple[Table, list[Column[Any]]]]:
    """Every table with encrypted columns, and these."""
    found = []
    for table in db.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, EncryptedText)]
        if columns:
            found.append((table, columns))
    return found


def _rotate_table(actor: Actor, table: Table, columns: list[Column[Any]]) -> Iterator[tuple[int, int]]:
    """Goes through the table by its key; yields per chunk how many values were rotated and how many need not be."""
    (key,) = inspect(table).primary_key.columns
    raw = [type_coerce(column, Text()).label(column.name) for column in columns]
    last: Any = None
    while True:
        with transaction(actor):
            query = select(key.label("row_key"), *raw).order_by(key).limit(CHUNK_ROWS).with_for_update()
            rows = db.session.execute(query if last is None else query.where(key > last)).all()
            counts = [_rotate_row(table, key, row._mapping, columns) for row in rows]
        if not rows:
            return
        last = rows[-1].row_key
        yield sum(count[0] for count in counts), sum(count[1] for count in counts)


def _rotate_row(table: Table, key: Column[Any], row: Any, columns: list[Column[Any]]) -> tuple[int, int]:
    tokens = {column.name: row[column.name] for column in columns if row[column.name] is not None}
    old = {name: token for name, token in tokens.items() if not vault.is_newest(token)}
    if old:
        values = {name: type_coerce(vault.rotate(token), Text()) for name, token in old.items()}
        db.session.execute(update(table).where(key == row["row_key"]).values(values))
    return len(old), len(tokens) - len(old)
