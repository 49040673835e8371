"""The candidate index in the database: which keys a record is filed under, and who shares the rare ones.

A row of ``match_key`` is (side, key, record). It is written in the transaction that saves the record, so every process
sees the same index. Searching takes the rarest keys first and stops at a budget of rows, so a common key costs nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from math import log2
from typing import Final

from sqlalchemy import delete, func, insert, select, text

from inspect_app.extensions import db
from inspect_app.matching import BUILT_IN_WEIGHTS, MemoryCorpus, Prepared, descriptive_keys, index_keys, search_keys
from inspect_app.models import GoodsLine, MatchKey, StolenItem

GOODS: Final = 0
STOLEN: Final = 1

# Any number that only this lock uses.
_INDEX_LOCK: Final = 7_306_120_442
_BATCH: Final = 800
_MOST_POSTINGS: Final = 1_000
_ROW_BUDGET: Final = 3_000
_CANDIDATES: Final = 40
# What shares less than this cannot reach the band `possible` by what is left to compare.
_LEAST_BITS: Final = 5.0


def lock_index() -> None:
    """One screening at a time, until the transaction ends: two at once would not see each other's records.

    SQLite lets one writer in anyway.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _INDEX_LOCK})


def file_records(side: int, prepared: Mapping[int, Prepared]) -> None:
    """Files each record (by its id) under its keys, and no others."""
    remove_records(side, prepared)
    rows = [
        {"side": side, "key_hash": key, "record_id": record_id}
        for record_id, record in prepared.items()
        for key in index_keys(record)
    ]
    if rows:
        db.session.execute(insert(MatchKey), rows)


def remove_records(side: int, record_ids: Iterable[int]) -> None:
    """Takes records out of the index."""
    for ids in id_batches(record_ids):
        db.session.execute(delete(MatchKey).where(MatchKey.side == side, MatchKey.record_id.in_(ids)))


def find_candidates(side: int, searched: Mapping[int, Prepared]) -> dict[int, list[int]]:
    """For each record the ids of those on ``side`` that share the rarest keys with it, the likeliest first."""
    keys_of = {record_id: search_keys(record) for record_id, record in searched.items()}
    counts = _counts(side, {key for keys in keys_of.values() for key in keys})
    chosen = {record_id: _within_budget(keys, counts) for record_id, keys in keys_of.items()}
    postings = _postings(side, {key for keys in chosen.values() for key in keys})
    size = max(_size(side), BUILT_IN_WEIGHTS.smallest_register)
    found = {}
    for record_id, keys in chosen.items():
        scores: dict[int, float] = defaultdict(float)
        for key in keys:
            bits = log2((size + 2) / (counts[key] + 1))
            for other in postings.get(key, ()):
                scores[other] += bits
        promising = [other for other, bits in scores.items() if bits >= _LEAST_BITS]
        found[record_id] = sorted(promising, key=lambda other: (-scores[other], other))[:_CANDIDATES]
    return found


def load_corpus(records: Iterable[Prepared]) -> MemoryCorpus:
    """How common the descriptive keys of these records are among all goods lines and stolen items."""
    keys = {key for record in records for key in descriptive_keys(record)}
    totals: dict[int, int] = defaultdict(int)
    for side in (GOODS, STOLEN):
        for key, count in _counts(side, keys).items():
            totals[key] += count
    stolen_count = _size(STOLEN)
    return MemoryCorpus(dict(totals), stolen_count + _size(GOODS), stolen_count)


def _within_budget(keys: Sequence[int], counts: Mapping[int, int]) -> list[int]:
    chosen: list[int] = []
    rows = 0
    for key in sorted((key for key in keys if key in counts), key=lambda key: (counts[key], key)):
        rows += counts[key]
        if counts[key] > _MOST_POSTINGS or (chosen and rows > _ROW_BUDGET):
            break
        chosen.append(key)
    return chosen


def _counts(side: int, keys: Collection[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for batch in id_batches(keys):
        query = (
            select(MatchKey.key_hash, func.count())
            .where(MatchKey.side == side, MatchKey.key_hash.in_(batch))
            .group_by(MatchKey.key_hash)
        )
        found.update((key, count) for key, count in db.session.execute(query))
    return found


def _postings(side: int, keys: Collection[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for batch in id_batches(keys):
        query = select(MatchKey.key_hash, MatchKey.record_id).where(MatchKey.side == side, MatchKey.key_hash.in_(batch))
        for key, record_id in db.session.execute(query):
            found[key].append(record_id)
    return found


def _size(side: int) -> int:
    if side == GOODS:
        query = select(func.count()).select_from(GoodsLine).where(GoodsLine.removed_at.is_(None))
    else:
        query = select(func.count()).select_from(StolenItem).where(StolenItem.withdrawn_at.is_(None))
    return db.session.scalar(query) or 0


def id_batches(values: Iterable[int]) -> Iterator[list[int]]:
    """Sorted batches, small enough for the parameters that a statement may have."""
    ordered = sorted(set(values))
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))
