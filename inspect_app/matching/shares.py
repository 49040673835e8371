"""One process's share of linking two files: all goods lines, and some of the stolen items.

A share finds and compares; whatever needs the other shares as well (`linkage`) is asked of all of them and decided
outside. Only numbers travel, and in the end the matches that are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from inspect_app.matching.bulk_keys import Keys, RecordKeys, record_keys
from inspect_app.matching.candidates import (
    Ranked,
    Search,
    StolenSlice,
    count_postings,
    find_likeliest,
    make_slice,
    traits_of,
)
from inspect_app.matching.corpus import MemoryCorpus
from inspect_app.matching.engine import compare, settle
from inspect_app.matching.prepare import prepare
from inspect_app.matching.ranking import Floats, Positions
from inspect_app.matching.records import Record
from inspect_app.matching.results import Component, Match
from inspect_app.matching.weights import Weights

_TOLD_BITS = 0.5
# Bits are rounded to hundredths, so a sum of theirs may be this much higher than the sum before they were.
_ROUNDING_BITS = 0.1


class Share:
    """Goods lines and stolen items as one process holds them, and the matches that it has found.

    `first` is the position of the first of these stolen items in their file.
    """

    def __init__(self, goods: Sequence[Record], stolen: Sequence[Record], first: int, weights: Weights) -> None:
        self.lines = [prepare(record) for record in goods]
        self.traits = traits_of(self.lines)
        items = [prepare(record) for record in stolen]
        keys = record_keys(items)
        self.stolen: StolenSlice = make_slice(items, keys.search, first)
        self._counted = keys.counted, keys.counts
        self._weights = weights
        self._corpus = MemoryCorpus({}, 0, 0)
        self._matches: list[Match] = []

    @cached_property
    def line_keys(self) -> RecordKeys:
        """The keys of the goods lines."""
        return record_keys(self.lines)

    def counted_keys(self) -> tuple[Positions, Positions]:
        """The descriptive keys of the stolen items, and how many of these have each."""
        return self._counted

    def count(self, keys: Keys) -> Positions:
        """How many of the stolen items have each of the sorted keys."""
        return count_postings(self.stolen, keys)

    def find(self, search: Search) -> Ranked:
        """The likeliest of the stolen items for every goods line."""
        return find_likeliest(self.stolen, search, self.traits, self._weights)

    def learn(self, keys: Positions, counts: Positions, documents: int, stolen_count: int) -> None:
        """Takes up how common things are in both files, for all comparisons that follow."""
        self._corpus = MemoryCorpus(dict(zip(keys.tolist(), counts.tolist(), strict=True)), documents, stolen_count)

    def first(self) -> int:
        """The position of the first stolen item in its file."""
        return self.stolen.first

    def weigh(self, lines: Positions, items: Positions) -> tuple[Floats, int]:
        """Compares pairs and keeps their matches; `items` are positions in the file.

        Gives the weights in bits, and the number of the first of these matches among those that are kept.
        """
        matches = [
            compare(self.lines[line], self.stolen.items[item], self._corpus, self._weights)
            for line, item in zip(lines.tolist(), (items - self.stolen.first).tolist(), strict=True)
        ]
        self._matches += matches
        weight_bits = np.array([match.weight_bits for match in matches], dtype=np.float64)
        return weight_bits, len(self._matches) - len(matches)

    def settle(self, numbers: Positions, rate_bits: float, rival_bits: Floats) -> list[tuple[int, Match]]:
        """The matches in a band after rivals have competed, each with its place in `numbers`.

        `numbers` tells which of the matches that were kept took part, in the order in which they were made.
        """
        matches = [self._matches[number] for number in numbers.tolist()]
        return settle_matches(matches, rate_bits, rival_bits, self._weights)


def settle_matches(
    matches: Sequence[Match], rate_bits: float, rival_bits: Floats, weights: Weights
) -> list[tuple[int, Match]]:
    """The matches that are in a band once the share of stolen goods and rivals are reckoned in, with their places."""
    found = []
    for place, (match, lost_bits) in enumerate(zip(matches, rival_bits.tolist(), strict=True)):
        most = weights.probability(match.weight_bits + rate_bits + _ROUNDING_BITS)
        if most < weights.possible_probability or match.evidence_bits < weights.possible_evidence_bits:
            continue
        final = _with_rivals(match, rate_bits, round(lost_bits, 2), weights)
        if final.band != "dropped":
            found.append((place, final))
    return found


def _with_rivals(match: Match, rate_bits: float, rival_bits: float, weights: Weights) -> Match:
    prior = match.components[0]
    components = (replace(prior, weight_bits=round(prior.weight_bits + rate_bits, 2)), *match.components[1:])
    if rival_bits < -_TOLD_BITS:
        components = (*components, Component("rivals", "fits_elsewhere", "contradict", rival_bits))
    return settle(match.goods_ref, match.stolen_ref, components, weights)
