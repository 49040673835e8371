"""Estimates weights from pairs: how often true pairs reach a level (m) against how often chance pairs do (u).

After Fellegi and Sunter, with u counted on pairs drawn at random and m either on pairs that people labelled or, without
labels, by expectation and maximisation over the candidate pairs (as Winkler, 1988, and Splink do it). Only levels that
weigh a fixed number of bits are estimated. A level that counts by rarity keeps its share: its u is the rarity itself,
taken afresh from every register.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inspect_app.matching.competition import settle_rivals
from inspect_app.matching.corpus import MemoryCorpus
from inspect_app.matching.engine import compare
from inspect_app.matching.keys import index_keys, search_keys
from inspect_app.matching.prepare import Prepared
from inspect_app.matching.results import Match
from inspect_app.matching.weights import BY_RARITY, Weights

Level = tuple[str, str]
Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Bits = dict[str, dict[str, float]]

_RANDOM_PAIRS = 20_000
_COMPARED_A_LINE, _MOST_POSTINGS, _ROW_BUDGET = 20, 400, 2_000
_ROUNDS, _SETTLED_BITS = 15, 0.02
# How many true pairs the previous version's opinion counts for, so that a level nobody saw does not weigh infinitely.
_PREVIOUS_COUNTS_FOR = 50.0
# One training moves a weight by no more than this: what is odd in one lot of data must show itself again in the next.
_MOST_MOVED_BITS = 2.5
_LEAST_BITS = -12.0
_NEWTON_STEPS, _CALIBRATION_RIDGE = 30, 1.0


class Estimate(NamedTuple):
    """New bits by comparison and level, and how many pairs they were estimated from."""

    levels: Bits
    true_pairs: float
    candidate_pairs: int
    random_pairs: int


class Pairs(NamedTuple):
    """The matches of all candidate pairs and of pairs drawn at random."""

    candidates: tuple[Match, ...]
    random: tuple[Match, ...]


class Bin(NamedTuple):
    """A row of a reliability table: among `pairs` pairs `predicted` was said and `observed` was true."""

    lowest: float
    highest: float
    pairs: int
    predicted: float
    observed: float


def draw_pairs(
    goods: Sequence[Prepared],
    stolen: Sequence[Prepared],
    weights: Weights,
    gold: Iterable[tuple[str, str]] = (),
    seed: int = 0,
) -> Pairs:
    """Compares the candidate pairs (which share a rare key), the gold pairs, and pairs drawn at random."""
    corpus = MemoryCorpus.of((index_keys(record) for record in (*goods, *stolen)), len(stolen))
    line_at = {record.ref: position for position, record in enumerate(goods)}
    item_at = {record.ref: position for position, record in enumerate(stolen)}
    chosen = dict.fromkeys(_candidate_pairs(goods, stolen))
    chosen |= dict.fromkeys((line_at[g], item_at[s]) for g, s in gold if g in line_at and s in item_at)
    rng = Random(seed)  # noqa: S311 - a sample, not a secret
    at_random = [(rng.randrange(len(goods)), rng.randrange(len(stolen))) for _ in range(_RANDOM_PAIRS)]

    def matches(pairs: Iterable[tuple[int, int]]) -> tuple[Match, ...]:
        return tuple(compare(goods[line], stolen[item], corpus, weights) for line, item in pairs)

    return Pairs(matches(chosen), matches(at_random))


def estimate_from_labels(pairs: Pairs, gold: frozenset[tuple[str, str]], previous: Weights) -> Estimate:
    """The weights that labelled pairs speak for.

    Raises:
        ValueError: none of the gold pairs is among the pairs.
    """
    is_true = np.array([(m.goods_ref, m.stolen_ref) in gold for m in pairs.candidates], dtype=np.float64)
    if not is_true.any():
        raise ValueError("no gold pair is among the records")
    levels = _maximise(pairs.candidates, is_true, _chance(pairs.random), previous)
    return Estimate(levels, float(is_true.sum()), len(pairs.candidates), len(pairs.random))


def estimate_unlabelled(pairs: Pairs, previous: Weights) -> Estimate:
    """The weights that make the candidate pairs likeliest, found by expectation and maximisation from the previous.

    The share of stolen goods is held where the previous version has it: left free, it drifts to explain all that look
    alike. Pairs that share a record compete, since not all of them can be true.
    """
    chance = _chance(pairs.random)
    fixed, counted, lines, items = _split(pairs.candidates, previous)
    bits: Bits = {name: dict(levels) for name, levels in previous.levels.items()}
    responsible = np.zeros(len(pairs.candidates))
    for _ in range(_ROUNDS):
        told = np.array([math.fsum(bits[c][level] for c, level in levels) for levels in counted])
        odds = np.exp2(np.clip(fixed + told, -60.0, 60.0))
        rivals = np.bincount(lines, odds)[lines] + np.bincount(items, odds)[items] - odds
        responsible = odds / (1.0 + np.maximum(rivals, odds))
        found = _maximise(pairs.candidates, responsible, chance, previous)
        moved = max((abs(found[c][v] - bits[c][v]) for c in found for v in found[c]), default=0.0)
        for comparison, levels in found.items():
            bits[comparison].update(levels)
        if moved < _SETTLED_BITS:
            break
    changed = {c: {v: bits[c][v] for v in levels} for c, levels in found.items()}
    return Estimate(changed, float(responsible.sum()), len(pairs.candidates), len(pairs.random))


def fit_calibration(weight_bits: Floats, is_true: Floats) -> tuple[float, float]:
    """Scale and shift (bits) with which match weights give the probabilities that labels speak for (Platt, 1999).

    A logistic regression with two parameters by Newton's method, held near scale 1 and shift 0 where labels are few.
    """
    x = np.clip(weight_bits, -40.0, 40.0) * math.log(2)
    design = np.column_stack((x, np.ones_like(x)))
    theta = np.array([1.0, 0.0])
    for _ in range(_NEWTON_STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ theta, -40.0, 40.0)))
        gradient = design.T @ (p - is_true) + _CALIBRATION_RIDGE * (theta - (1.0, 0.0))
        curvature = (design * (p * (1 - p))[:, None]).T @ design + _CALIBRATION_RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        theta = theta - step
        if np.abs(step).max() < 1e-6:
            break
    return round(float(max(theta[0], 0.05)), 3), round(float(theta[1] / math.log(2)), 3)


def reliability(predicted: Floats, is_true: Floats, bins: int = 10) -> list[Bin]:
    """What was said against what was true, in bins of equal width; empty bins are left out."""
    at = np.minimum((predicted * bins).astype(int), bins - 1)
    found = []
    for number in range(bins):
        chosen = at == number
        if chosen.any():
            means = float(predicted[chosen].mean()), float(is_true[chosen].mean())
            found.append(Bin(number / bins, (number + 1) / bins, int(chosen.sum()), *means))
    return found


def brier_score(predicted: Floats, is_true: Floats) -> float:
    """The mean square of what the probabilities were off by; 0 is best, and saying 0.5 always gives 0.25."""
    return float(np.mean((predicted - is_true) ** 2))


def _candidate_pairs(goods: Sequence[Prepared], stolen: Sequence[Prepared]) -> list[tuple[int, int]]:
    postings: dict[int, list[int]] = defaultdict(list)
    for position, item in enumerate(stolen):
        for key in search_keys(item):
            postings[key].append(position)
    pairs = []
    for number, line in enumerate(goods):
        shared: Counter[int] = Counter()
        rows = 0
        for found in sorted((postings[key] for key in search_keys(line) if key in postings), key=len):
            rows += len(found)
            if len(found) > _MOST_POSTINGS or rows > _ROW_BUDGET:
                break
            for position in found:
                shared[position] += 1
        ranked = sorted(shared, key=lambda position: (-shared[position], position))
        pairs += [(number, position) for position in ranked[:_COMPARED_A_LINE]]
    return pairs


def _levels_of(match: Match) -> list[Level]:
    return [(c.comparison.partition(":")[0], c.level) for c in match.components if c.comparison != "prior"]


def is_estimated(weights: Weights, comparison: str, level: str) -> bool:
    """Whether a level weighs a fixed number of bits, which labels or EM can tell; others count by rarity or length."""
    bits = weights.levels.get(comparison, {}).get(level)
    if bits is None:
        return False
    return bits < 0 or comparison not in BY_RARITY


def _chance(at_random: Sequence[Match]) -> Callable[[str, str], float]:
    """The chance u that two records have a level, of all pairs in which the comparison can be made."""
    reached, made = _count(at_random, np.ones(len(at_random)))

    def chance(comparison: str, level: str) -> float:
        return (reached.get((comparison, level), 0.0) + 1.0) / (made.get(comparison, 0.0) + 2.0)

    return chance


def _count(matches: Sequence[Match], shares: Floats) -> tuple[dict[Level, float], dict[str, float]]:
    reached: dict[Level, float] = defaultdict(float)
    made: dict[str, float] = defaultdict(float)
    for match, share in zip(matches, shares.tolist(), strict=True):
        if share > 0:
            for level in _levels_of(match):
                reached[level] += share
                made[level[0]] += share
    return reached, made


def _maximise(matches: Sequence[Match], shares: Floats, chance: Callable[[str, str], float], previous: Weights) -> Bits:
    """New bits from how often true pairs reach each level; `shares` says how far each pair is a true one."""
    reached, made = _count(matches, shares)
    found: Bits = {}
    for comparison, levels in previous.levels.items():
        for level, bits in levels.items():
            if not is_estimated(previous, comparison, level) or not made.get(comparison):
                continue
            u = chance(comparison, level)
            believed = min(1.0, u * math.exp2(bits))
            m = (reached.get((comparison, level), 0.0) + _PREVIOUS_COUNTS_FOR * believed) / (
                made[comparison] + _PREVIOUS_COUNTS_FOR
            )
            moved = max(-_MOST_MOVED_BITS, min(_MOST_MOVED_BITS, math.log2(m / u) - bits))
            told = max(_LEAST_BITS, bits + moved)
            if comparison in BY_RARITY:
                # A level that contradicts may say nothing, but it must not turn into a share of rarity.
                told = min(told, -0.1)
            found.setdefault(comparison, {})[level] = round(told, 2)
    return found


class _Split(NamedTuple):
    """For each pair the bits that are not estimated, the levels that are, and the numbers of its two records."""

    fixed: Floats
    counted: list[list[Level]]
    lines: Positions
    items: Positions


def _split(matches: Sequence[Match], weights: Weights) -> _Split:
    fixed, counted, lines, items = [], [], [], []
    line_numbers: dict[str, int] = {}
    item_numbers: dict[str, int] = {}
    for match in matches:
        own = [level for level in _levels_of(match) if is_estimated(weights, *level)]
        counted.append(own)
        fixed.append(match.weight_bits - math.fsum(weights.levels[c][level] for c, level in own))
        lines.append(line_numbers.setdefault(match.goods_ref, len(line_numbers)))
        items.append(item_numbers.setdefault(match.stolen_ref, len(item_numbers)))
    return _Split(np.array(fixed), counted, np.array(lines, dtype=np.int64), np.array(items, dtype=np.int64))


def with_calibration(weights: Weights, matches: Sequence[Match], gold: frozenset[tuple[str, str]]) -> Weights:
    """The weights with the calibration that these matches, made with them, and their labels speak for.

    Rivals compete before it is fitted, as they do where files are linked.
    """
    plain = replace(weights, calibration_scale=1.0, calibration_shift_bits=0.0)
    split = _split(matches, plain)
    alone = np.array([match.weight_bits for match in matches])
    settled = settle_rivals(split.lines, split.items, alone, len({m.goods_ref for m in matches}), plain)
    bits = alone + settled.rival_bits
    is_true = np.array([(m.goods_ref, m.stolen_ref) in gold for m in matches], dtype=np.float64)
    scale, shift = fit_calibration(bits, is_true)
    return replace(weights, calibration_scale=scale, calibration_shift_bits=shift)


def changes(previous: Weights, levels: Mapping[str, Mapping[str, float]]) -> list[tuple[str, str, float, float]]:
    """What an estimate changes: comparison, level, bits before and after, the greatest change first."""
    found = [(c, v, previous.levels[c][v], bits) for c in levels for v, bits in levels[c].items()]
    return sorted((row for row in found if row[2] != row[3]), key=lambda row: -abs(row[3] - row[2]))
