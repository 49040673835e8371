"""Fills an empty database with synthetic stolen items at once: rows in the order of their keys, as a bulk load can."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing import Pool
from typing import Any

import numpy as np
import psycopg
from flask import Flask

from inspect_app.extensions import db, vault
from inspect_app.matching.matcher import BUILT_IN
from inspect_app.services.match_index import STOLEN, FiledRow, filed_row
from tests.bench.synthetic import stolen_record

SEED = 1
_CHUNK = 5_000
_REPORT = ("id", "submission_id", "number", "channel", "occurred_from", "occurred_to", "place", "area_code", "lat",
           "lng", "method", "reported_at", "updated_at", "unparsed", "version")  # fmt: skip
_ITEM = ("id", "item_uid", "report_id", "position", "category", "description", "brand", "model", "specification",
         "colour", "marks", "quantity", "unit", "weight_g", "value_fen", "withdrawn_reason")  # fmt: skip
_IDENTIFIER = ("stolen_item_id", "kind", "value", "normalised", "check_result", "check_reason", "position")
_RECORD = ("side", "record_id", "matcher_version", "prepared", "counted_keys")
_FILING = ("side", "record_id", "search_keys")
_TRAITS = ("side", "record_id", "packed")
_KEY, _COUNT = ("side", "key_hash", "record_id", "hint"), ("key_hash", "goods", "stolen")


class Chunk:
    """The rows of some items, ready for the database, and their keys."""

    def __init__(self, first: int, count: int, unparsed: str) -> None:
        self._unparsed = unparsed
        self.reports: list[tuple[Any, ...]] = []
        self.items: list[tuple[Any, ...]] = []
        self.identifiers: list[tuple[Any, ...]] = []
        self.filed: list[FiledRow] = []
        for number in range(first, first + count):
            self._add(number)
        search = [np.frombuffer(row.search_keys, dtype="<i8") for row in self.filed]
        lengths = [len(keys) for keys in search]
        self.keys = np.concatenate(search)
        self.ids = np.repeat(np.array([row.record_id for row in self.filed], dtype=np.int64), lengths)
        self.hints = np.repeat(np.array([row.hint for row in self.filed], dtype=np.int64), lengths)
        self.counted = np.concatenate([np.frombuffer(row.counted_keys, dtype="<i8") for row in self.filed])

    def _add(self, number: int) -> None:
        record, own = stolen_record(SEED, number), number + 1
        at = record.happened_from and record.happened_from.strftime("%Y-%m-%d %H:%M:%S.%f")
        to = record.happened_to and record.happened_to.strftime("%Y-%m-%d %H:%M:%S.%f")
        self.reports.append((own, f"r{own}", f"R{own}", "counter", at, to, "", "420704001", record.lat, record.lng, "",
                             to, to, self._unparsed, 1))  # fmt: skip
        self.items.append((own, f"i{own}", own, 0, record.category, record.description, record.brand, record.model,
                           record.specification, record.colour, record.marks, record.quantity, record.unit,
                           record.weight_g, record.value_fen, ""))  # fmt: skip
        self.identifiers += [
            (own, found.kind, found.value, found.value, "unchecked", "", place)
            for place, found in enumerate(record.identifiers)
        ]
        self.filed.append(filed_row(STOLEN, own, BUILT_IN.prepare(record), BUILT_IN.version))


def _chunk(span: tuple[int, int, str]) -> Chunk:
    return Chunk(*span)


def load_stolen_items(app: Flask, count: int) -> None:
    """Writes so many stolen items with their index into the database of the application, which must be empty."""
    # Encrypted once: what is measured is not the encryption.
    nothing = vault.encrypt("{}")
    spans = [(first, min(_CHUNK, count - first), nothing) for first in range(0, count, _CHUNK)]
    keys, ids, hints, counted = [], [], [], []
    with app.app_context(), Pool(2) as pool, _writer() as write:
        for chunk in pool.imap(_chunk, spans):
            write("stolen_report", _REPORT, chunk.reports)
            write("stolen_item", _ITEM, chunk.items)
            write("stolen_identifier", _IDENTIFIER, chunk.identifiers)
            for table, columns in (("match_record", _RECORD), ("match_filing", _FILING), ("match_traits", _TRAITS)):
                write(table, columns, [tuple(getattr(row, name) for name in columns) for row in chunk.filed])
            keys.append(chunk.keys)
            ids.append(chunk.ids)
            hints.append(chunk.hints)
            counted.append(chunk.counted)
        write("match_key", _KEY, _key_rows(*(np.concatenate(each) for each in (keys, ids, hints))))
        numbers, times = np.unique(np.concatenate(counted), return_counts=True)
        write("match_key_count", _COUNT, zip(numbers.tolist(), itertools.repeat(0), times.tolist(), strict=False))


def _key_rows(keys: Any, ids: Any, hints: Any) -> Iterator[tuple[int, int, int, int]]:
    order = np.lexsort((ids, keys))
    for start in range(0, len(order), 200_000):
        part = order[start : start + 200_000]
        columns = keys[part].tolist(), ids[part].tolist(), hints[part].tolist()
        yield from zip(itertools.repeat(STOLEN), *columns, strict=False)


class _writer:  # noqa: N801 - a context that is called
    """Writes rows as fast as the driver can, and commits at the end."""

    def __enter__(self) -> Any:
        self.connection: Any = db.engine.raw_connection().driver_connection
        if isinstance(self.connection, psycopg.Connection):
            return self._copy
        self.connection.execute("BEGIN")
        return self._insert

    def __exit__(self, *_: Any) -> None:
        self.connection.commit()
        if isinstance(self.connection, psycopg.Connection):
            self.connection.autocommit = True
            self.connection.execute("VACUUM ANALYZE")
        else:
            self.connection.execute("ANALYZE")
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()

    def _insert(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" * len(columns))
        self.connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608

    def _copy(self, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        with self.connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
