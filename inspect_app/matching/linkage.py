"""Links two whole files: finds candidates by shared keys, compares the best, lets rivals for one thing compete.

The stolen items are cut into shares, one for each process, and every goods line is sought in all of them. How common a
key is, which pairs are compared and which rival wins is decided over all shares, so their number changes nothing.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from inspect_app.matching.bulk_keys import record_keys
from inspect_app.matching.candidates import (
    Ranked,
    StolenSlice,
    count_postings,
    find_likeliest,
    first_of_runs,
    make_slice,
    merge_ranked,
    plan_search,
    searched_keys,
    traits_of,
)
from inspect_app.matching.competition import settle_rivals
from inspect_app.matching.corpus import MemoryCorpus
from inspect_app.matching.engine import compare
from inspect_app.matching.prepare import Prepared, prepare
from inspect_app.matching.processes import Team, team_of, usable_processes
from inspect_app.matching.ranking import Floats, Positions
from inspect_app.matching.records import Record
from inspect_app.matching.results import Match
from inspect_app.matching.shares import Share, settle_matches
from inspect_app.matching.weights import BUILT_IN_WEIGHTS, Weights

_KEPT_A_LINE: Final = 12
_LOWEST_KEPT_BITS: Final = -12.0
_TOLD_EVERY: Final = 2_000
# Another process pays from so many records on.
_RECORDS_A_PROCESS: Final = 4_000

# Position of the goods line, position of the stolen item, their match.
Pair = tuple[int, int, Match]
# Goods lines that follow each other, with the position of the first.
Part = tuple[int, Sequence[Prepared]]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class SearchSide:
    """What every part of the goods is compared with: the same for all of them, so it is made and sent once."""

    stolen: StolenSlice
    corpus: MemoryCorpus
    weights: Weights


# Compares parts elsewhere; gives their pairs in the order of the parts.
Spread = Callable[[SearchSide, Sequence[Part]], Iterable[list[Pair]]]


class _Weighed(NamedTuple):
    """Compared pairs: positions in both files, weights in bits, and where each match is: its share, its number there.

    The likeliest stolen item of a goods line comes first.
    """

    lines: Positions
    items: Positions
    weight_bits: Floats
    share_of: Positions
    numbers: Positions


def link(
    goods: Iterable[Record],
    stolen: Iterable[Record],
    progress: Progress | None = None,
    weights: Weights = BUILT_IN_WEIGHTS,
    spread: Spread | None = None,
    processes: int | None = None,
) -> Iterator[Match]:
    """Every match in the bands alert and possible, goods in their order, the likeliest stolen item first.

    Other than `compare`, which sees one pair, this sees both files: the share of stolen goods is estimated from them,
    and the component `rivals` tells what a pair loses to others that claim the same goods line or stolen item.
    `progress` is called now and then with the number of goods lines compared and their total. `spread` compares the
    parts of the goods somewhere else, each with `compare_part`; without it they are compared here, in so many
    `processes` (as many as can work at once, where the files are large enough for it). The matches are the same.

    Raises:
        ProcessLost: one of the processes ended before its work was done.
    """
    goods, stolen = list(goods), list(stolen)
    if spread is not None:
        yield from _linked_elsewhere(goods, stolen, progress, weights, spread)
        return
    with _team(goods, stolen, weights, processes) as team:
        found = _settled(team, _weigh(team, len(goods), len(stolen), weights, progress), len(goods), weights)
    yield from _in_order(found)


def find_pairs(
    goods: Iterable[Record],
    stolen: Iterable[Record],
    weights: Weights = BUILT_IN_WEIGHTS,
    processes: int | None = None,
) -> list[tuple[int, int, float]]:
    """The pairs that `link` compares and keeps before rivals compete and bands are drawn.

    Gives positions in goods and stolen and the weight in bits, goods in their order, the likeliest first.
    """
    goods, stolen = list(goods), list(stolen)
    with _team(goods, stolen, weights, processes) as team:
        pairs = _weigh(team, len(goods), len(stolen), weights, None)
    return list(zip(pairs.lines.tolist(), pairs.items.tolist(), pairs.weight_bits.tolist(), strict=True))


def search_side(lines: Sequence[Prepared], items: Sequence[Prepared], weights: Weights) -> SearchSide:
    """The stolen items as parts of the goods are compared with them, and how common things are in both files."""
    of_lines, of_items = record_keys(lines), record_keys(items)
    keys, counts = _added([(of_lines.counted, of_lines.counts), (of_items.counted, of_items.counts)])
    known = dict(zip(keys.tolist(), counts.tolist(), strict=True))
    corpus = MemoryCorpus(known, len(lines) + len(items), len(items))
    return SearchSide(make_slice(items, of_items.search), corpus, weights)


def compare_part(side: SearchSide, part: Part) -> list[Pair]:
    """The likeliest pairs of every goods line of a part; what it gives depends on nothing but what it is given."""
    first, lines = part
    stolen, weights = side.stolen, side.weights
    table = record_keys(lines).search
    keys = searched_keys(table)
    search = plan_search(table, keys, count_postings(stolen, keys), len(stolen.items), weights)
    ranked = merge_ranked([find_likeliest(stolen, search, traits_of(lines), weights)])
    places = list(zip(ranked.lines.tolist(), ranked.items.tolist(), strict=True))
    matches = [compare(lines[line], stolen.items[item], side.corpus, weights) for line, item in places]
    kept = _kept(ranked, np.array([match.weight_bits for match in matches], dtype=np.float64))
    return [(first + places[place][0], places[place][1], matches[place]) for place in kept.tolist()]


def _team(
    goods: Sequence[Record], stolen: Sequence[Record], weights: Weights, processes: int | None
) -> AbstractContextManager[Team[Share]]:
    if processes is None:
        processes = min(usable_processes(), max(1, (len(goods) + len(stolen)) // _RECORDS_A_PROCESS))
    bounds = [len(stolen) * place // processes for place in range(processes + 1)]
    return team_of(Share, [(goods, stolen[start:end], start, weights) for start, end in pairwise(bounds)])


def _weigh(
    team: Team[Share], goods_count: int, stolen_count: int, weights: Weights, progress: Progress | None
) -> _Weighed:
    """Finds and compares the candidates of all goods lines."""
    table = team.own.line_keys.search
    own = team.own.line_keys.counted, team.own.line_keys.counts
    common = _added([own, *team.ask(Share.counted_keys)])
    team.tell(Share.learn, *common, goods_count + stolen_count, stolen_count)
    keys = searched_keys(table)
    counts = np.sum(team.tell(Share.count, keys), axis=0)
    search = plan_search(table, keys, counts, stolen_count, weights)
    ranked = merge_ranked(team.tell(Share.find, search))
    share_of = np.searchsorted(np.array(team.ask(Share.first)), ranked.items, side="right") - 1
    weight_bits, numbers = np.zeros(len(ranked.lines)), np.zeros(len(ranked.lines), dtype=np.int64)
    for start in range(0, goods_count, _TOLD_EVERY):
        end = min(start + _TOLD_EVERY, goods_count)
        within = np.arange(*np.searchsorted(ranked.lines, [start, end]))
        chosen = [within[share_of[within] == share] for share in range(team.size)]
        answers = team.ask(Share.weigh, [ranked.lines[own] for own in chosen], [ranked.items[own] for own in chosen])
        for own, (bits, first) in zip(chosen, answers, strict=True):
            weight_bits[own], numbers[own] = bits, np.arange(first, first + len(own))
        if progress is not None:
            progress(end, goods_count)
    kept = _kept(ranked, weight_bits)
    return _Weighed(ranked.lines[kept], ranked.items[kept], weight_bits[kept], share_of[kept], numbers[kept])


def _kept(ranked: Ranked, weight_bits: Floats) -> Positions:
    """Places of the pairs that compete: the likeliest of each line, in their order."""
    order = np.lexsort((ranked.items, -weight_bits, ranked.lines))
    order = order[weight_bits[order] > _LOWEST_KEPT_BITS]
    lines = ranked.lines[order]
    place = np.arange(len(lines)) - first_of_runs(lines)
    return np.asarray(order[place < _KEPT_A_LINE])


def _settled(team: Team[Share], pairs: _Weighed, goods_count: int, weights: Weights) -> list[tuple[int, Match]]:
    """The matches in a band, each with its goods line."""
    rate_bits, rival_bits = _rivals(pairs.lines, pairs.items, pairs.weight_bits, goods_count, weights)
    chosen = [np.flatnonzero(pairs.share_of == share) for share in range(team.size)]
    answers = team.ask(
        Share.settle,
        [pairs.numbers[own] for own in chosen],
        [rate_bits] * team.size,
        [rival_bits[own] for own in chosen],
    )
    lines = [pairs.lines[own].tolist() for own in chosen]
    return [(lines[share][place], match) for share, answer in enumerate(answers) for place, match in answer]


def _linked_elsewhere(
    goods: Sequence[Record], stolen: Sequence[Record], progress: Progress | None, weights: Weights, spread: Spread
) -> Iterator[Match]:
    lines, items = [prepare(record) for record in goods], [prepare(record) for record in stolen]
    parts = [(start, lines[start : start + _TOLD_EVERY]) for start in range(0, len(lines), _TOLD_EVERY)]
    pairs: list[Pair] = []
    for (first, part), found in zip(parts, spread(search_side(lines, items, weights), parts), strict=True):
        pairs.extend(found)
        if progress is not None:
            progress(first + len(part), len(lines))
    positions = np.array([pair[:2] for pair in pairs], dtype=np.int64).reshape(-1, 2)
    weight_bits = np.array([match.weight_bits for _, _, match in pairs], dtype=np.float64)
    rate_bits, rival_bits = _rivals(positions[:, 0], positions[:, 1], weight_bits, len(lines), weights)
    settled = settle_matches([match for _, _, match in pairs], rate_bits, rival_bits, weights)
    yield from _in_order((pairs[place][0], match) for place, match in settled)


def _rivals(
    lines: Positions, items: Positions, weight_bits: Floats, goods_count: int, weights: Weights
) -> tuple[float, Floats]:
    """What the estimated share of stolen goods adds to every pair, and what each pair loses to its rivals, in bits."""
    settled = settle_rivals(lines, items, weight_bits, max(1, goods_count), weights)
    rate_bits = round(math.log2(settled.stolen_rate / weights.goods_stolen_rate) / weights.calibration_scale, 2)
    return rate_bits, settled.rival_bits


def _in_order(found: Iterable[tuple[int, Match]]) -> Iterator[Match]:
    by_line: dict[int, list[Match]] = defaultdict(list)
    for line, match in found:
        by_line[line].append(match)
    for line in sorted(by_line):
        yield from sorted(by_line[line], key=lambda match: (-match.weight_bits, match.stolen_ref))


def _added(counted: Sequence[tuple[Positions, Positions]]) -> tuple[Positions, Positions]:
    """Keys with their counts, of several counts over different records."""
    keys, key_of = np.unique(np.concatenate([keys for keys, _ in counted]), return_inverse=True)
    counts = np.bincount(key_of, np.concatenate([counts for _, counts in counted]), minlength=len(keys))
    return keys, counts.astype(np.int64)
