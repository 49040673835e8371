"""Finds the candidates of many goods lines at once: by sorted keys, with the estimate that also ranks a search.

A file of stolen items may be cut into slices, each of which finds the likeliest among its own items. What is decided
for all of them together (how common a key is, which keys of a line are followed) comes from counts over all slices;
so the candidates are the same however the file is cut.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from inspect_app.matching.bulk_keys import TOLD, Keys, KeyTable
from inspect_app.matching.keys import SearchKey
from inspect_app.matching.prepare import Prepared
from inspect_app.matching.ranking import GROUPS, Floats, Positions, estimate_bits, key_bits, shared_bits
from inspect_app.matching.traits import Traits, pack_traits, unpack_traits
from inspect_app.matching.weights import Weights

_MOST_POSTINGS: Final = 1_000
_ROW_BUDGET: Final = 1_500
# Rows that are weighed at once: few enough to stay in the processor's cache.
_ROWS_AT_ONCE: Final = 200_000
_FEWEST_COMPARED, _MOST_COMPARED = 4, 14
# How far the estimate may be off for two items of one line: what is further below the likeliest is not the best one.
_BELOW_THE_LIKELIEST_BITS: Final = 8.0
_GROUP_OF_TOLD: Final = np.array([GROUPS[told] for told in TOLD])


@dataclass(frozen=True, slots=True)
class StolenSlice:
    """Some of the stolen items, from position `first` of the file on, with their search keys in order.

    `owners` are positions in `items`, by key.
    """

    first: int
    items: Sequence[Prepared]
    traits: Traits
    keys: Keys
    owners: Positions


class Search(NamedTuple):
    """The keys that goods lines are searched by, in the order of the lines, and what sharing each of them says."""

    lines: Positions
    keys: Keys
    groups: Positions
    bits: Floats


class Ranked(NamedTuple):
    """Pairs in the order of goods lines, the likeliest first: positions in both files, and what each weighs, about."""

    lines: Positions
    items: Positions
    estimate: Floats


def make_slice(items: Sequence[Prepared], table: KeyTable, first: int = 0) -> StolenSlice:
    """The slice of these stolen items and their search keys, which begins at this position of the file."""
    order = np.argsort(table.keys, kind="stable")
    return StolenSlice(first, items, traits_of(items), table.keys[order], table.records[order])


def traits_of(records: Sequence[Prepared]) -> Traits:
    """The traits of records, in one array."""
    return unpack_traits([pack_traits(record) for record in records])


def searched_keys(table: KeyTable) -> Keys:
    """The keys whose postings have to be counted before `plan_search`, sorted, each once."""
    return np.unique(np.concatenate((table.keys, table.rarity_of)))


def count_postings(stolen: StolenSlice, keys: Keys) -> Positions:
    """How many items of the slice have each of the sorted keys."""
    return np.searchsorted(stolen.keys, keys, side="right") - np.searchsorted(stolen.keys, keys, side="left")


def plan_search(table: KeyTable, keys: Keys, counts: Positions, stolen_count: int, weights: Weights) -> Search:
    """Which keys of each line are followed: the rarest first, until the budget of postings is spent.

    `counts` are the postings of `keys` in all slices together, `stolen_count` is the number of stolen items.
    """
    common = counts[np.searchsorted(keys, table.keys)]
    kept = np.flatnonzero((common > 0) & (common <= _MOST_POSTINGS))
    kept = kept[np.lexsort((table.keys[kept], common[kept], table.records[kept]))]
    lines, common = table.records[kept], common[kept]
    spent = np.cumsum(common)
    before_line = (spent - common)[first_of_runs(lines)]
    followed = _is_first(lines) | (spent - before_line <= _ROW_BUDGET)
    kept, lines = kept[followed], lines[followed]
    rarity = counts[np.searchsorted(keys, table.rarity_of[kept])]
    told = table.told[kept].astype(np.int64)
    return Search(lines, table.keys[kept], _GROUP_OF_TOLD[told], _key_bits(told, rarity, stolen_count, weights))


def find_likeliest(stolen: StolenSlice, search: Search, goods: Traits, weights: Weights) -> Ranked:
    """The likeliest items of the slice for every line of the search; `goods` are the traits of the lines."""
    found = [_likeliest(stolen, part, goods, weights) for part in _parts(stolen, search)]
    return _joined(found)


def merge_ranked(found: Sequence[Ranked]) -> Ranked:
    """What is worth comparing among the likeliest of all slices."""
    return _best_by_line(_joined(found))


def first_of_runs(values: Positions) -> Positions:
    """For each of some values that lie in runs of equal ones, the place where its run begins."""
    return np.maximum.accumulate(np.where(_is_first(values), np.arange(len(values)), 0))


def _joined(found: Sequence[Ranked]) -> Ranked:
    nothing = np.zeros(0, dtype=np.int64)
    return Ranked(
        np.concatenate([nothing, *(ranked.lines for ranked in found)]),
        np.concatenate([nothing, *(ranked.items for ranked in found)]),
        np.concatenate([np.zeros(0), *(ranked.estimate for ranked in found)]),
    )


def _likeliest(stolen: StolenSlice, search: Search, goods: Traits, weights: Weights) -> Ranked:
    starts = np.searchsorted(stolen.keys, search.keys, side="left")
    lengths = np.searchsorted(stolen.keys, search.keys, side="right") - starts
    if not lengths.any():
        return _joined([])
    within = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    owners = stolen.owners[np.repeat(starts, lengths) + within]
    pairs, pair_of = np.unique(np.repeat(search.lines, lengths) * len(stolen.items) + owners, return_inverse=True)
    shared = shared_bits(len(pairs), pair_of, np.repeat(search.groups, lengths), np.repeat(search.bits, lengths))
    lines, items = np.divmod(pairs, len(stolen.items))
    estimate = estimate_bits(shared, goods[lines], stolen.traits[items], weights)
    return _best_by_line(Ranked(lines, items + stolen.first, estimate))


def _best_by_line(pairs: Ranked) -> Ranked:
    order = np.lexsort((pairs.items, -pairs.estimate, pairs.lines))
    lines, estimate = pairs.lines[order], pairs.estimate[order]
    first = first_of_runs(lines)
    place = np.arange(len(lines)) - first
    is_near = (estimate >= estimate[first] - _BELOW_THE_LIKELIEST_BITS) | (place < _FEWEST_COMPARED)
    kept = is_near & (place < _MOST_COMPARED)
    return Ranked(lines[kept], pairs.items[order][kept], estimate[kept])


def _parts(stolen: StolenSlice, search: Search) -> Iterator[Search]:
    """The search in parts of whole lines with about `_ROWS_AT_ONCE` postings each."""
    counts = np.searchsorted(stolen.keys, search.keys, side="right")
    counts -= np.searchsorted(stolen.keys, search.keys, side="left")
    if not len(search.lines):
        return
    part_of = np.cumsum(counts) // _ROWS_AT_ONCE
    starts = np.flatnonzero(_is_first(search.lines))
    is_new = _is_first(part_of[starts])
    ends = [*starts[is_new][1:].tolist(), len(search.lines)]
    for start, end in zip(starts[is_new].tolist(), ends, strict=True):
        part = slice(start, end)
        yield Search(search.lines[part], search.keys[part], search.groups[part], search.bits[part])


def _key_bits(told: Positions, counts: Positions, stolen_count: int, weights: Weights) -> Floats:
    """`key_bits` of each row; there are few different ones."""
    if not len(told):
        return np.zeros(0)
    codes, code_of = np.unique(told * (stolen_count + 1) + counts, return_inverse=True)
    bits = [
        key_bits(
            SearchKey(0, TOLD[code // (stolen_count + 1)], 0), {0: code % (stolen_count + 1)}, stolen_count, weights
        )
        for code in codes.tolist()
    ]
    return np.asarray(np.array(bits)[code_of], dtype=np.float64)


def _is_first(values: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Where a run of equal values begins."""
    is_first = np.ones(len(values), dtype=np.bool_)
    is_first[1:] = values[1:] != values[:-1]
    return is_first
