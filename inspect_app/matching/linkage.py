"""Links two whole files: finds candidates by shared keys, ranks them by rarity, compares the best."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from inspect_app.matching.compare_circumstances import time_level
from inspect_app.matching.corpus import MemoryCorpus
from inspect_app.matching.engine import compare
from inspect_app.matching.keys import index_keys
from inspect_app.matching.prepare import Prepared, prepare
from inspect_app.matching.records import Record
from inspect_app.matching.results import Match
from inspect_app.matching.weights import LEVELS

_COMPARED_A_LINE = 40
_MOST_POSTINGS = 1_000
_ROW_BUDGET = 6_000


def link(goods: Iterable[Record], stolen: Iterable[Record]) -> Iterator[Match]:
    """Every match in the bands alert and possible, goods in their order, the likeliest stolen item first."""
    lines = [prepare(record) for record in goods]
    items = [prepare(record) for record in stolen]
    line_keys = [index_keys(line) for line in lines]
    item_keys = [index_keys(item) for item in items]
    corpus = MemoryCorpus.of((*line_keys, *item_keys), len(items))
    postings: dict[int, list[int]] = defaultdict(list)
    for position, keys in enumerate(item_keys):
        for key in keys:
            postings[key].append(position)
    for line, keys in zip(lines, line_keys, strict=True):
        matches = [compare(line, items[position], corpus) for position in _candidates(line, keys, items, postings)]
        kept = [match for match in matches if match.band != "dropped"]
        yield from sorted(kept, key=lambda match: (-match.weight_bits, match.stolen_ref))


def _candidates(
    line: Prepared, keys: tuple[int, ...], items: list[Prepared], postings: dict[int, list[int]]
) -> list[int]:
    """Positions of the items that share the rarest keys with the line, at most `_COMPARED_A_LINE`."""
    found = [postings[key] for key in keys if key in postings]
    found.sort(key=len)
    scores: dict[int, float] = defaultdict(float)
    rows = 0
    for positions in found:
        if len(positions) > _MOST_POSTINGS or (rows and rows + len(positions) > _ROW_BUDGET):
            break
        rows += len(positions)
        bits = math.log2((len(items) + 2) / (len(positions) + 1))
        for position in positions:
            scores[position] += bits
    if len(scores) > _COMPARED_A_LINE:
        for position in scores:
            scores[position] += _time_bits(line, items[position])
    ranked = sorted(scores, key=lambda position: (-scores[position], position))
    return ranked[:_COMPARED_A_LINE]


def _time_bits(line: Prepared, item: Prepared) -> float:
    if line.day_to is None or item.day_to is None or item.day_from is None:
        return 0.0
    days = line.day_to - item.day_to if line.day_to > item.day_to else min(0.0, line.day_to - item.day_from)
    return LEVELS["time"][time_level(days)]
