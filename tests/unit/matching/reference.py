"""The slow and obvious way: every goods line against every stolen item, counted with plain loops.

What the engine does with indexes, caches and budgets is held against this on random records.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from inspect_app.matching import Match, MemoryCorpus, Prepared, Record, Weights, compare, index_keys, prepare


class CountedAnew:
    """A corpus that looks through all records each time it is asked."""

    def __init__(self, records: Sequence[Prepared], stolen_count: int) -> None:
        self._keys = [index_keys(record) for record in records]
        self.document_count = len(records)
        self.stolen_count = stolen_count

    def count(self, key: int) -> int:
        """How many records have the key."""
        return sum(key in keys for keys in self._keys)


def slips_between(a: str, b: str) -> int:
    """The fewest characters dropped, added, replaced, or swapped with their neighbour that turn one into the other."""
    table = [[i + j if not (i and j) else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            best = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                best = min(best, table[i - 2][j - 2] + 1)
            table[i][j] = best
    return table[-1][-1]


def weigh(match: Match, weights: Weights) -> tuple[float, float, float, str]:
    """Match weight, probability, evidence and band of a match, from its components alone."""
    total = sum(component.weight_bits for component in match.components)
    evidence = sum(
        component.weight_bits
        for component in match.components
        if component.weight_bits > 0 and component.comparison not in ("prior", "time", "place", "price")
    )
    probability = 1 / (1 + math.pow(2, -(weights.calibration_scale * total + weights.calibration_shift_bits)))
    band = "dropped"
    if probability >= weights.possible_probability and evidence >= weights.possible_evidence_bits:
        band = "possible"
    if probability >= weights.alert_probability and evidence >= weights.alert_evidence_bits:
        band = "alert"
    return total, probability, evidence, band


def every_pair(goods: Sequence[Record], stolen: Sequence[Record], weights: Weights) -> dict[tuple[str, str], Match]:
    """All pairs compared, without looking for candidates."""
    lines, items = [prepare(record) for record in goods], [prepare(record) for record in stolen]
    corpus = MemoryCorpus.of([index_keys(record) for record in (*lines, *items)], len(items))
    return {(g.ref, s.ref): compare(g, s, corpus, weights) for g in lines for s in items}
