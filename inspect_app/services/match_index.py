"""The candidate index in the database: which keys a record is filed under, and who shares the rare ones.

A row of ``match_key`` is (side, key, record), one of ``match_key_count`` how many share a key, one of ``match_record``
the record as the matcher read it. All are written in the transaction that saves the record, so every process sees the
same index. A search takes the rarest keys first and stops at a budget of rows, so a common key costs nothing; what it
finds is weighed by its traits, and the likeliest are the candidates.
"""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from sqlalchemy import TextClause, delete, insert, text

from inspect_app.extensions import db
from inspect_app.matching import BUILT_IN_WEIGHTS, MemoryCorpus, Prepared
from inspect_app.matching.keys import RECORD, SearchKey, descriptive_keys, is_counted, search_plan
from inspect_app.matching.ranking import (
    GROUPS,
    Floats,
    Positions,
    estimate_bits,
    key_bits,
    shared_bits,
    worth_comparing,
)
from inspect_app.matching.stored import LAYOUT, from_stored, to_stored
from inspect_app.matching.traits import Traits, pack_hint, pack_traits, unpack_hints, unpack_traits
from inspect_app.models import MatchFiling, MatchRecord, MatchTraits

GOODS: Final = 0
STOLEN: Final = 1

# Any number that only this lock uses.
_INDEX_LOCK: Final = 7_306_120_442
_BATCH: Final = 800
_MOST_POSTINGS: Final = 3_000
_ROW_BUDGET: Final = 6_000
_POOL: Final = 400
# What stands once a record.
_FILED_TABLES: Final = (MatchRecord, MatchFiling, MatchTraits)
_COUNTS_OF: Final = ("goods", "stolen")

# Both databases take a list of numbers as one JSON parameter, so that a statement is the same however long it is.
_NUMBERS: Final = {
    "sqlite": "SELECT value AS number FROM json_each(:keys)",
    "postgresql": "SELECT CAST(value AS bigint) AS number FROM jsonb_array_elements_text(CAST(:keys AS jsonb))",
}
_COUNTS: Final = """
    SELECT c.key_hash, c.goods, c.stolen FROM ({keys}) k CROSS JOIN match_key_count c WHERE c.key_hash = k.number
"""
_BOUNDED_COUNTS: Final = """
    SELECT k.number, (SELECT count(*) FROM (SELECT 1 FROM match_key m
        WHERE m.side = :side AND m.key_hash = k.number LIMIT :most) AS bounded) FROM ({keys}) k
"""
_POSTINGS: Final = """
    SELECT k.number, (SELECT [pairs] FROM match_key m WHERE m.side = :side AND m.key_hash = k.number) FROM ({keys}) k
"""
_TRAITS: Final = """
    SELECT t.record_id, t.packed FROM ({keys}) k CROSS JOIN match_traits t
        WHERE t.side = :side AND t.record_id = k.number
"""
_READINGS: Final = """
    SELECT r.record_id, r.prepared, r.counted_keys FROM ({keys}) k CROSS JOIN match_record r
        WHERE r.side = :side AND r.record_id = k.number AND r.matcher_version = :version
"""
_FILED_KEYS: Final = """
    SELECT f.record_id, f.search_keys, r.counted_keys FROM ({keys}) k CROSS JOIN match_filing f
        JOIN match_record r ON r.side = f.side AND r.record_id = f.record_id
        WHERE f.side = :side AND f.record_id = k.number
"""
_UNFILE: Final = "DELETE FROM match_key WHERE side = :side AND record_id = :record_id AND key_hash IN ({keys})"
_FILE: Final = """
    INSERT INTO match_key (side, key_hash, record_id, hint) VALUES (:side, :key_hash, :record_id, :hint)
        ON CONFLICT (side, key_hash, record_id) DO UPDATE SET hint = excluded.hint
"""
_COUNT_UP: Final = """
    INSERT INTO match_key_count (key_hash, goods, stolen) VALUES (:key_hash, :goods, :stolen)
        ON CONFLICT (key_hash) DO UPDATE SET goods = match_key_count.goods + excluded.goods,
            stolen = match_key_count.stolen + excluded.stolen
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """A filed record as the matcher in force read it, and the keys by whose counts its rarity is told."""

    prepared: Prepared
    descriptive_keys: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FiledRow:
    """All columns of a record in the tables of the index; ``hint`` is that of each of its rows of ``match_key``."""

    side: int
    record_id: int
    hint: int
    packed: bytes
    matcher_version: str
    prepared: str
    search_keys: bytes
    counted_keys: bytes


@dataclass(frozen=True, slots=True)
class _Filed:
    search_keys: frozenset[int]
    counted_keys: frozenset[int]
    hint: int = 0


class _Pool(NamedTuple):
    """Ids in rising order, the hint of each, and by group and record the bits that the shared keys say."""

    ids: Positions
    hints: Positions
    shared: Floats


def lock_index() -> None:
    """One screening at a time, until the transaction ends: two at once would not see each other's records.

    SQLite lets one writer in anyway.
    """
    if _dialect() == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _INDEX_LOCK})


def file_records(side: int, prepared: Mapping[int, Prepared], version: str) -> None:
    """Files each record (by its id), as the matcher of this version read it, under its keys, and no others."""
    filed = [filed_row(side, own, record, version) for own, record in prepared.items()]
    now = {row.record_id: _filed(row.search_keys, row.counted_keys, row.hint) for row in filed}
    _write_keys(side, _filed_keys(side, prepared), now)
    if filed:
        _forget_readings(side, prepared)
        for table in _FILED_TABLES:
            names = [column.name for column in table.__table__.columns]
            db.session.execute(insert(table), [{name: getattr(row, name) for name in names} for row in filed])


def remove_records(side: int, record_ids: Iterable[int]) -> None:
    """Takes records out of the index."""
    ids = set(record_ids)
    _write_keys(side, _filed_keys(side, ids), {})
    _forget_readings(side, ids)


def filed_row(side: int, record_id: int, record: Prepared, version: str) -> FiledRow:
    """What the index holds of a record."""
    return FiledRow(
        side=side,
        record_id=record_id,
        hint=pack_hint(record),
        packed=pack_traits(record),
        matcher_version=_stamp(version),
        prepared=to_stored(record),
        search_keys=np.array([found.key for found in search_plan(record)], dtype="<i8").tobytes(),
        counted_keys=np.array(counted_keys(record), dtype="<i8").tobytes(),
    )


def counted_keys(record: Prepared) -> tuple[int, ...]:
    """The keys of a record whose counts are kept: the descriptive ones, then `RECORD`, then the others."""
    searched = (found.key for found in search_plan(record) if is_counted(found))
    return tuple(dict.fromkeys((*descriptive_keys(record), RECORD, *searched)))


def find_candidates(side: int, searched: Mapping[int, Prepared]) -> dict[int, list[int]]:
    """For each record the ids of those on ``side`` that it is likeliest to be the same thing as, likeliest first."""
    plans = {record_id: search_plan(record) for record_id, record in searched.items()}
    every = {found.key: found for plan in plans.values() for found in plan}
    counted = {found.rarity_of for found in every.values()} | {key for key, found in every.items() if is_counted(found)}
    totals = _counts({*counted, RECORD})
    on_side = {key: count[side] for key, count in totals.items()}
    rare = [key for key, found in every.items() if not is_counted(found)]
    on_side |= dict(_rows(_BOUNDED_COUNTS, rare, side=side, most=_MOST_POSTINGS + 1))
    return {
        record_id: _search(side, record, plans[record_id], on_side, totals) for record_id, record in searched.items()
    }


def _search(
    side: int,
    record: Prepared,
    plan: Sequence[SearchKey],
    on_side: Mapping[int, int],
    totals: Mapping[int, tuple[int, int]],
) -> list[int]:
    pool = _pool(side, _within_budget(plan, on_side), totals)
    if not len(pool.ids):
        return []
    own = unpack_hints(np.array([pack_hint(record)]))
    estimate = _estimate(side, pool.shared, own, unpack_hints(pool.hints))
    likeliest = np.sort(np.argsort(-estimate, kind="stable")[:_POOL])
    ids, shared = pool.ids[likeliest], pool.shared[:, likeliest]
    found = dict(_rows(_TRAITS, ids.tolist(), side=side))
    is_filed = np.isin(ids, list(found))
    ids, shared = ids[is_filed], shared[:, is_filed]
    own, others = unpack_traits([pack_traits(record)]), unpack_traits([found[other] for other in ids.tolist()])
    estimate = _estimate(side, shared, own, others)
    stolen_count = totals.get(RECORD, (0, 0))[STOLEN]
    return [int(other) for other in ids[worth_comparing(estimate, stolen_count, BUILT_IN_WEIGHTS)]]


def _pool(side: int, chosen: Sequence[SearchKey], totals: Mapping[int, tuple[int, int]]) -> _Pool:
    """All records that share a chosen key."""
    postings = {key: np.fromstring(pairs, dtype=np.int64, sep=",") for key, pairs in _postings(side, chosen) if pairs}
    if not postings:
        nothing = np.zeros(0, dtype=np.int64)
        return _Pool(nothing, nothing, np.zeros((0, 0)))
    register = sum(totals.get(RECORD, (0, 0)))
    documents = {key: sum(count) for key, count in totals.items()}
    sharing = [found for found in chosen if found.key in postings]
    filed = np.concatenate([postings[found.key] for found in sharing]).reshape(-1, 2)
    lengths = [len(postings[found.key]) // 2 for found in sharing]
    ids, first, pair_of = np.unique(filed[:, 0], return_index=True, return_inverse=True)
    bits = [key_bits(found, documents, register, BUILT_IN_WEIGHTS) for found in sharing]
    groups = np.repeat([GROUPS[found.told] for found in sharing], lengths)
    return _Pool(ids, filed[first, 1], shared_bits(len(ids), pair_of, groups, np.repeat(bits, lengths)))


def _estimate(side: int, shared: Floats, own: Traits, others: Traits) -> Floats:
    goods, stolen = (others, own) if side == GOODS else (own, others)
    return estimate_bits(shared, goods, stolen, BUILT_IN_WEIGHTS)


def _postings(side: int, chosen: Collection[SearchKey]) -> list[Any]:
    """By key who is filed under it, as text `id,hint,id,hint`: one row a key is read far faster than one a record."""
    listed = "group_concat(m.record_id || ',' || m.hint)"
    if _dialect() == "postgresql":
        listed = "string_agg(m.record_id || ',' || m.hint, ',')"
    return _rows(_POSTINGS.replace("[pairs]", listed), [found.key for found in chosen], side=side)


def load_readings(side: int, record_ids: Collection[int], version: str) -> dict[int, Reading]:
    """The records as the matcher of this version read them; one that another version filed is left out."""
    found = _rows(_READINGS, record_ids, side=side, version=_stamp(version))
    return {record_id: Reading(from_stored(stored), _descriptive(keys)) for record_id, stored, keys in found}


def load_corpus(records: Iterable[Prepared], readings: Iterable[Reading] = ()) -> MemoryCorpus:
    """How common the descriptive keys of these records are among all goods lines and stolen items."""
    keys = {key for record in records for key in descriptive_keys(record)}
    keys.update(key for reading in readings for key in reading.descriptive_keys)
    counts = _counts({*keys, RECORD})
    goods, stolen = counts.pop(RECORD, (0, 0))
    return MemoryCorpus({key: sum(count) for key, count in counts.items()}, goods + stolen, stolen)


def id_batches(values: Iterable[int]) -> Iterator[list[int]]:
    """Sorted batches, small enough for the parameters that a statement may have."""
    ordered = sorted(set(values))
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))


def _within_budget(plan: Sequence[SearchKey], counts: Mapping[int, int]) -> list[SearchKey]:
    chosen: list[SearchKey] = []
    rows = 0
    for found in sorted((each for each in plan if counts.get(each.key)), key=lambda each: (counts[each.key], each.key)):
        rows += counts[found.key]
        if counts[found.key] > _MOST_POSTINGS or (chosen and rows > _ROW_BUDGET):
            break
        chosen.append(found)
    return chosen


def _write_keys(side: int, before: Mapping[int, _Filed], now: Mapping[int, _Filed]) -> None:
    """Brings the rows of ``match_key`` and the counts from one state to the other; a row that was lost comes back."""
    nothing = _Filed(frozenset(), frozenset())
    added: list[dict[str, int]] = []
    taken: list[dict[str, Any]] = []
    changed: Counter[int] = Counter()
    for record_id in before.keys() | now.keys():
        old, new = before.get(record_id, nothing), now.get(record_id, nothing)
        own = {"side": side, "record_id": record_id, "hint": new.hint}
        added += [{**own, "key_hash": key} for key in new.search_keys]
        if gone := old.search_keys - new.search_keys:
            taken.append({"side": side, "record_id": record_id, "keys": json.dumps(sorted(gone))})
        changed.update(new.counted_keys - old.counted_keys)
        changed.subtract(old.counted_keys - new.counted_keys)
    if taken:
        db.session.execute(_statement(_UNFILE), taken)
    if added:
        db.session.execute(text(_FILE), sorted(added, key=lambda row: (row["key_hash"], row["record_id"])))
    counts = [(key, change) for key, change in sorted(changed.items()) if change]
    if counts:
        rows = [{"key_hash": key, "goods": 0, "stolen": 0, _COUNTS_OF[side]: change} for key, change in counts]
        db.session.execute(text(_COUNT_UP), rows)


def _filed_keys(side: int, record_ids: Collection[int]) -> dict[int, _Filed]:
    found = _rows(_FILED_KEYS, record_ids, side=side)
    return {record_id: _filed(search, counted) for record_id, search, counted in found}


def _filed(search: bytes, counted: bytes, hint: int = 0) -> _Filed:
    return _Filed(frozenset(_unpacked(search)), frozenset(_unpacked(counted)), hint)


def _unpacked(keys: bytes) -> tuple[int, ...]:
    return tuple(np.frombuffer(keys, dtype="<i8").tolist())


def _descriptive(counted: bytes) -> tuple[int, ...]:
    keys = _unpacked(counted)
    return keys[: keys.index(RECORD)]


def _forget_readings(side: int, record_ids: Iterable[int]) -> None:
    for ids in id_batches(record_ids):
        for table in _FILED_TABLES:
            db.session.execute(delete(table).where(table.side == side, table.record_id.in_(ids)))


def _counts(keys: Collection[int]) -> dict[int, tuple[int, int]]:
    """How many goods lines and how many stolen items are filed under each key."""
    return {key: (goods, stolen) for key, goods, stolen in _rows(_COUNTS, keys)}


def _rows(statement: str, numbers: Collection[int], **values: Any) -> list[Any]:
    if not numbers:
        return []
    given = {"keys": json.dumps(sorted(numbers)), **values}
    return list(db.session.execute(_statement(statement), given).all())


def _statement(statement: str) -> TextClause:
    return text(statement.format(keys=_NUMBERS[_dialect()]))


def _dialect() -> str:
    return db.session.get_bind().dialect.name


def _stamp(version: str) -> str:
    return f"{version}/{LAYOUT}"
