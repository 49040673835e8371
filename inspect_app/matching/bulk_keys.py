"""The search keys of many records at once, as arrays.

They connect the same records as those of `keys.search_plan`, and sharing one tells the same. Their numbers differ: keys
that a database holds are hashed one by one, these live as long as a run and most of them are made by arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from inspect_app.matching.keys import (
    COLOURED,
    IDENTIFIERS_WITH_NEIGHBOURHOOD,
    NEIGHBOURHOOD,
    PAIRED_TOKENS,
    category_key,
    colour_key,
    fortnights_of,
    key,
    make_key,
    mark_keys,
    model_key,
    name_keys,
    names_of,
    token_key,
    tokens_of,
)
from inspect_app.matching.prepare import Prepared
from inspect_app.matching.ranking import GROUPS, Positions

# What sharing a key tells, by the number that stands for it in `KeyTable.told`.
TOLD: Final = tuple(GROUPS)
_FAMILIES, _FORTNIGHTS, _NAMES = 2, 2, 2
# Two makes or words, and a category.
_NAMED, _SUBJECTS = 2, 3
# Odd numbers with their bits well spread; a product keeps what is different different.
_FACTOR, _SPREAD = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_HALF: Final = np.uint64(29)

Keys = npt.NDArray[np.uint64]


class KeyTable(NamedTuple):
    """Search keys by row: the key, the position of its record, what it tells, and the key whose rarity that has."""

    keys: Keys
    records: Positions
    told: npt.NDArray[np.int8]
    rarity_of: Keys


class _Columns:
    """Collects rows of a key table; the key 0 stands for none."""

    def __init__(self) -> None:
        self._parts: list[tuple[Keys, Positions, npt.NDArray[np.int8], Keys]] = []

    def add(self, told: str, keys: Keys, records: Positions, rarity_of: Keys | None = None) -> None:
        is_key = keys != 0
        kept = keys[is_key]
        rarities = kept if rarity_of is None else rarity_of[is_key]
        self._parts.append((kept, records[is_key], np.full(len(kept), TOLD.index(told), dtype=np.int8), rarities))

    def table(self) -> KeyTable:
        """The rows, each key of a record once, in the order of records and keys."""
        keys, records, told, rarities = (np.concatenate(column) for column in zip(*self._parts, strict=True))
        order = np.lexsort((told, keys, records))
        keys, records = keys[order], records[order]
        is_new = np.ones(len(keys), dtype=np.bool_)
        is_new[1:] = (keys[1:] != keys[:-1]) | (records[1:] != records[:-1])
        chosen = order[is_new]
        return KeyTable(keys[is_new], records[is_new], told[chosen], rarities[chosen])


class RecordKeys(NamedTuple):
    """All keys of some records: those that find them, and how many of the records have each descriptive key.

    `counted` are numbers as `keys.descriptive_keys` gives them.
    """

    search: KeyTable
    counted: Positions
    counts: Positions


def record_keys(records: Sequence[Prepared]) -> RecordKeys:
    """The keys of the records; positions count from 0."""
    names = [name_keys(record) for record in records]
    marks = [mark_keys(record) for record in records]
    described = [_descriptive(*each) for each in zip(records, names, marks, strict=True)]
    counted, counts = np.unique(_flat(described)[0].view(np.int64), return_counts=True)
    return RecordKeys(_key_table(records, names, marks), counted, counts)


def _descriptive(record: Prepared, names: list[int], marks: list[int]) -> tuple[int, ...]:
    """`descriptive_keys`, of what was found already, in another order."""
    found = dict.fromkeys((*map(make_key, names_of(record)), *names, *marks, *map(colour_key, record.colours)))
    if record.colours:
        found[COLOURED] = None
    if record.category:
        found[category_key(record.category)] = None
    return tuple(found)


def _key_table(records: Sequence[Prepared], names: Sequence[list[int]], marks: Sequence[list[int]]) -> KeyTable:
    columns = _Columns()
    _add_identifier_keys(columns, records)
    columns.add("name", *_flat(names))
    columns.add("mark", *_flat(marks))
    tokens = [[token_key(token) for token in tokens_of(record)[:PAIRED_TOKENS]] for record in records]
    every = np.arange(len(records))
    padded = _padded(tokens, PAIRED_TOKENS)
    for left, right in combinations(range(PAIRED_TOKENS), 2):
        first, second = padded[:, left], padded[:, right]
        columns.add("name", _mixed("pair", np.minimum(first, second), np.maximum(first, second)), every)
    _add_occasion_keys(columns, records, every)
    return columns.table()


def _add_identifier_keys(columns: _Columns, records: Sequence[Prepared]) -> None:
    folded = [identifier.folded for record in records for identifier in record.identifiers]
    counts = np.array([len(record.identifiers) for record in records], dtype=np.int64)
    owners = np.repeat(np.arange(len(records)), counts)
    if not folded:
        return
    columns.add("identifier", _unsigned([key("identifier", value) for value in folded]), owners)
    for told, part in (("last 6", slice(-6, None)), ("last 4", slice(-4, None)), ("first 6", slice(0, 6))):
        columns.add(told, _hashed(told, _letters([value[part] for value in folded], 6)), owners)
    place = np.arange(len(owners)) - np.repeat(np.cumsum(counts) - counts, counts)
    is_long = np.array([len(value) >= NEIGHBOURHOOD for value in folded])
    chosen = np.flatnonzero((place < IDENTIFIERS_WITH_NEIGHBOURHOOD) & is_long)
    tails = _letters([folded[at][-NEIGHBOURHOOD:] for at in chosen.tolist()], NEIGHBOURHOOD)
    columns.add("near", _hashed("near", tails), owners[chosen])
    for left_out in range(NEIGHBOURHOOD):
        # Two tails that are one slip apart share the tail that is left when the slip is taken out of both.
        columns.add("near", _hashed("near", np.delete(tails, left_out, axis=1)), owners[chosen])


def _add_occasion_keys(columns: _Columns, records: Sequence[Prepared], every: Positions) -> None:
    """Make, category or model in a fortnight, and a make or a category with its colour."""
    subjects = _padded([_subjects_of(record) for record in records], _SUBJECTS)
    colours = [[colour_key(family) for family in sorted(record.colours)[:_FAMILIES]] for record in records]
    families = _padded(colours, _FAMILIES)
    days = _padded([[day + 1 for day in fortnights_of(record)] for record in records], _FORTNIGHTS)
    for subject in subjects.T:
        rarity_of = _mixed("subject", subject)
        columns.add("name", rarity_of, every)
        for day in days.T:
            columns.add("name", _mixed("occasion", subject, day), every, rarity_of)
        for family in families.T:
            columns.add("name", _mixed("subject in colour", subject, family), every, rarity_of)
            for day in days.T:
                columns.add("name", _mixed("occasion in colour", subject, family, day), every, rarity_of)
    models = _padded([_short_names_of(record) for record in records], _NAMES)
    for model in models.T:
        for day in days.T:
            columns.add("name", _mixed("model occasion", model, day), every, model)


def _subjects_of(record: Prepared) -> list[int]:
    makes = names_of(record)[:_NAMED]
    if makes:
        return [token_key(make) for make in makes]
    # A make that no table knows may stand among the words of the other record.
    found = [token_key(token) for token in tokens_of(record)[:_NAMED]]
    return [*found, key("token", record.category)] if record.category else found


def _short_names_of(record: Prepared) -> list[int]:
    return [model_key("", text.tokens) for text in (record.model, record.described) if text and not text.is_long]


def _flat(keys: Sequence[Sequence[int]]) -> tuple[Keys, Positions]:
    owners = np.repeat(np.arange(len(keys)), [len(own) for own in keys])
    return _unsigned([each for own in keys for each in own]), owners


def _padded(keys: Sequence[Sequence[int]], width: int) -> Keys:
    filled = [each for own in keys for each in (*own, *(0,) * width)[:width]]
    return _unsigned(filled).reshape(-1, width)


def _unsigned(numbers: Iterable[int]) -> Keys:
    return np.array(list(numbers), dtype=np.int64).view(np.uint64)


def _letters(texts: Sequence[str], width: int) -> npt.NDArray[Any]:
    """The texts as rows of code points, padded with 0."""
    return np.array(texts, dtype=f"<U{width}").view("<u4").reshape(-1, width)


def _hashed(kind: str, rows: npt.NDArray[Any]) -> Keys:
    """A key of each row."""
    letters = rows.astype(np.uint64) + np.uint64(1)
    return _mixed(f"{kind} {letters.shape[1]}", *letters.T)


def _mixed(kind: str, *parts: Keys) -> Keys:
    """A key of some parts for each record, 0 where one of them is 0."""
    mixed = np.full(parts[0].shape, np.uint64(key("mixed", kind) & 0xFFFF_FFFF_FFFF_FFFF))
    is_whole = np.ones(parts[0].shape, dtype=np.bool_)
    for part in parts:
        mixed = (mixed ^ part) * _FACTOR
        mixed = (mixed ^ (mixed >> _HALF)) * _SPREAD
        is_whole &= part != 0
    return np.where(is_whole, mixed, np.uint64(0))
