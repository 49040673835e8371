"""Links two whole files: finds candidates by shared keys, compares the best, lets rivals for one thing compete."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from inspect_app.matching.compare_circumstances import days_after_theft, time_level
from inspect_app.matching.competition import settle_rivals
from inspect_app.matching.corpus import MemoryCorpus
from inspect_app.matching.engine import compare, settle
from inspect_app.matching.keys import index_keys, search_keys
from inspect_app.matching.prepare import Prepared, prepare
from inspect_app.matching.records import Record
from inspect_app.matching.results import Component, Match
from inspect_app.matching.weights import BUILT_IN_WEIGHTS, Weights

_COMPARED_A_LINE = 20
_KEPT_A_LINE = 12
_LOWEST_KEPT_BITS = -12.0
_MOST_POSTINGS = 1_000
_ROW_BUDGET = 6_000
_TOLD_BITS = 0.5
_TOLD_EVERY = 2_000

# Position of the goods line, position of the stolen item, their match.
Pair = tuple[int, int, Match]
# Goods lines that follow each other, with the position of the first.
Part = tuple[int, Sequence[Prepared]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SearchSide:
    """What every part of the goods is compared with: the same for all of them, so it is made and sent once."""

    items: Sequence[Prepared]
    postings: Mapping[int, Sequence[int]]
    corpus: MemoryCorpus
    weights: Weights


# Compares parts elsewhere; gives their pairs in the order of the parts.
Spread = Callable[[SearchSide, Sequence[Part]], Iterable[list[Pair]]]


def link(
    goods: Iterable[Record],
    stolen: Iterable[Record],
    progress: Progress | None = None,
    weights: Weights = BUILT_IN_WEIGHTS,
    spread: Spread | None = None,
) -> Iterator[Match]:
    """Every match in the bands alert and possible, goods in their order, the likeliest stolen item first.

    Other than `compare`, which sees one pair, this sees both files: the share of stolen goods is estimated from them,
    and the component `rivals` tells what a pair loses to others that claim the same goods line or stolen item.
    `progress` is called now and then with the number of goods lines compared and their total. `spread` compares the
    parts of the goods somewhere else, each with `compare_part`; without it they are compared here, one after the other.
    """
    lines = [prepare(record) for record in goods]
    items = [prepare(record) for record in stolen]
    parts = [(start, lines[start : start + _TOLD_EVERY]) for start in range(0, len(lines), _TOLD_EVERY)]
    pairs: list[Pair] = []
    found = (spread or _one_by_one)(search_side(lines, items, weights), parts)
    for (first, part), part_pairs in zip(parts, found, strict=True):
        pairs.extend(part_pairs)
        if progress is not None:
            progress(first + len(part), len(lines))
    settled = settle_rivals(
        np.array([line for line, _, _ in pairs], dtype=np.int64),
        np.array([item for _, item, _ in pairs], dtype=np.int64),
        np.array([match.weight_bits for _, _, match in pairs], dtype=np.float64),
        max(1, len(lines)),
        weights,
    )
    rate_bits = round(math.log2(settled.stolen_rate / weights.goods_stolen_rate) / weights.calibration_scale, 2)
    by_line: dict[int, list[Match]] = defaultdict(list)
    for (line, _, match), rival_bits in zip(pairs, settled.rival_bits.tolist(), strict=True):
        final = _with_rivals(match, rate_bits, round(rival_bits, 2), weights)
        if final.band != "dropped":
            by_line[line].append(final)
    for line in sorted(by_line):
        yield from sorted(by_line[line], key=lambda match: (-match.weight_bits, match.stolen_ref))


def search_side(lines: Sequence[Prepared], items: Sequence[Prepared], weights: Weights) -> SearchSide:
    """The stolen items as parts of the goods are compared with them, and how rare things are in both files."""
    postings: dict[int, list[int]] = defaultdict(list)
    for position, item in enumerate(items):
        for key in search_keys(item):
            postings[key].append(position)
    corpus = MemoryCorpus.of((index_keys(record) for record in (*lines, *items)), len(items))
    return SearchSide(items, dict(postings), corpus, weights)


def compare_part(side: SearchSide, part: Part) -> list[Pair]:
    """The likeliest pairs of every goods line of a part; what it gives depends on nothing but what it is given."""
    first, lines = part
    found: list[Pair] = []
    for number, line in enumerate(lines, first):
        positions = _candidates(line, search_keys(line), side.items, side.postings, side.weights)
        matches = [(number, at, compare(line, side.items[at], side.corpus, side.weights)) for at in positions]
        kept = [pair for pair in matches if pair[2].weight_bits > _LOWEST_KEPT_BITS]
        kept.sort(key=lambda pair: (-pair[2].weight_bits, pair[1]))
        found.extend(kept[:_KEPT_A_LINE])
    return found


def _one_by_one(side: SearchSide, parts: Sequence[Part]) -> Iterator[list[Pair]]:
    return (compare_part(side, part) for part in parts)


def _with_rivals(match: Match, rate_bits: float, rival_bits: float, weights: Weights) -> Match:
    prior = match.components[0]
    components = (replace(prior, weight_bits=round(prior.weight_bits + rate_bits, 2)), *match.components[1:])
    if rival_bits < -_TOLD_BITS:
        components = (*components, Component("rivals", "fits_elsewhere", "contradict", rival_bits))
    return settle(match.goods_ref, match.stolen_ref, components, weights)


def _candidates(
    line: Prepared,
    keys: tuple[int, ...],
    items: Sequence[Prepared],
    postings: Mapping[int, Sequence[int]],
    weights: Weights,
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
            scores[position] += _time_bits(line, items[position], weights)
    ranked = sorted(scores, key=lambda position: (-scores[position], position))
    return ranked[:_COMPARED_A_LINE]


def _time_bits(line: Prepared, item: Prepared, weights: Weights) -> float:
    days = days_after_theft(line, item)
    return 0.0 if days is None else weights.levels["time"][time_level(days, weights)]
