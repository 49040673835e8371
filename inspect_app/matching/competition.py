"""What a whole file knows that a pair alone does not: how many goods are stolen, and that rivals cannot all be right.

A goods line is at most one stolen item, and a stolen item turns up once. So the odds of a pair are weighed against the
odds of all pairs that share its goods line or its stolen item, and the share of goods that are stolen is estimated from
the probabilities that come out, until both settle (expectation and maximisation, as Fellegi-Sunter linkage does it).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inspect_app.matching.weights import BUILT_IN_WEIGHTS, Weights

_ROUNDS = 12
_LOWEST_RATE, _HIGHEST_RATE = 0.01, 0.95
_MOST_BITS = 60.0

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]


class Settled(NamedTuple):
    """The estimated share of goods that are stolen, and for each pair how many bits its rivals take from it."""

    stolen_rate: float
    rival_bits: Floats


def settle_rivals(
    goods: Positions,
    stolen: Positions,
    weight_bits: Floats,
    goods_count: int,
    weights: Weights = BUILT_IN_WEIGHTS,
) -> Settled:
    """Weighs pairs against each other.

    `goods` and `stolen` are the positions of each pair's records, `weight_bits` its weight with the default prior,
    `goods_count` the number of goods lines, with or without pairs.
    """
    if not len(weight_bits):
        return Settled(weights.goods_stolen_rate, np.zeros(0))
    rate = weights.goods_stolen_rate
    calibrated = weights.calibration_scale * weight_bits + weights.calibration_shift_bits
    shared = np.zeros_like(weight_bits)
    for _ in range(_ROUNDS):
        odds = np.exp2(np.clip(calibrated + np.log2(rate / weights.goods_stolen_rate), -_MOST_BITS, _MOST_BITS))
        of_goods = np.bincount(goods, odds)[goods] - odds
        of_stolen = np.bincount(stolen, odds)[stolen] - odds
        shared = np.maximum(of_goods, 0.0) + np.maximum(of_stolen, 0.0)
        probability = odds / (1.0 + odds + shared)
        rate = float(np.clip(probability.sum() / goods_count, _LOWEST_RATE, _HIGHEST_RATE))
    return Settled(rate, -np.log2(1.0 + shared) / weights.calibration_scale)
