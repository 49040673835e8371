"""Ranks a pool of candidates before any is compared, by the keys that a pair shares and by its traits.

The estimate is near to what `compare` gives and is used for one thing: to choose which candidates are compared. It
takes the best identifier key, the best name key and the best mark key that a pair shares, and what time, place, price,
weight, quantity, colour, category and identifiers that contradict add or take.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import log2
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from inspect_app.matching.keys import SearchKey
from inspect_app.matching.traits import Traits
from inspect_app.matching.weights import Limits, Weights

GROUPS: Final = {"identifier": 0, "near": 0, "last 6": 0, "last 4": 0, "first 6": 0, "name": 1, "mark": 2}
_IDENTIFIER_BITS: Final = {"identifier": 22.0, "near": 16.0, "last 6": 13.0, "last 4": 9.0, "first 6": 9.0}
# What a colour or a category in common says, about.
_COLOUR_BITS, _CATEGORY_BITS = 2.5, 0.5
# Identifiers that share no key mostly contradict; a number with two slips may still agree.
_CONTRADICTION_BITS: Final = -7.0
_KM_A_DEGREE: Final = 111.2
_PRICE_LIMITS: Final = (("far_under", 0.15), ("under", 0.75), ("like", 1.1), ("over", 2.0))
_WEIGHT_LIMITS: Final = (("differ", 0.7), ("near", 0.88), ("fits", 1.03), ("near", 1.08))
# How far the estimate may be below the weight that a comparison finds.
_ESTIMATE_IS_OFF_BITS: Final = 8.0
_FEWEST_COMPARED, _MOST_COMPARED = 8, 80
_QUANTITY_LIMITS: Final = (("fewer", 0.999_999), ("agree", 1.000_001))

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]


def key_bits(found: SearchKey, counts: Mapping[int, int], register: float, weights: Weights) -> float:
    """About how many bits it says that two records share a search key, out of so many records."""
    if found.told in _IDENTIFIER_BITS:
        return _IDENTIFIER_BITS[found.told]
    cap = weights.levels["marks" if found.told == "mark" else "model"]["cap"]
    return min(cap, log2((register + 2) / (counts.get(found.rarity_of, 0) + 1)))


def shared_bits(pairs: int, pair_of: Positions, group_of: Positions, bits: Floats) -> Floats:
    """By group and pair the best bits that a shared key says; `pair_of`, `group_of` and `bits` are by shared key."""
    best = np.zeros(len(set(GROUPS.values())) * pairs)
    np.maximum.at(best, group_of * pairs + pair_of, bits)
    return best.reshape(-1, pairs)


def estimate_bits(shared: Floats, goods: Traits, stolen: Traits, weights: Weights) -> Floats:
    """What each pair would weigh, about, without the prior; `goods` and `stolen` are by pair, or one is 1 long."""
    return np.asarray(shared.sum(axis=0) + _circumstance_bits(shared[0] > 0, goods, stolen, weights))


def worth_comparing(estimate: Floats, stolen_count: int, weights: Weights) -> Positions:
    """Positions of the pairs of one record that are worth comparing, likeliest first, in the order given where equal.

    They are those that may be the best one and those that may reach a band, as far as the estimate can tell: 8 at
    least and 80 at most. A record with one clear match needs few comparisons, one that is like many needs more.
    """
    if not len(estimate):
        return np.zeros(0, dtype=np.int64)
    in_a_band = weights.weight_bits(weights.possible_probability) - weights.prior_bits(stolen_count)
    least = min(float(estimate.max()), in_a_band) - _ESTIMATE_IS_OFF_BITS
    ranked = np.argsort(-estimate, kind="stable")[:_MOST_COMPARED]
    worth = int(np.count_nonzero(estimate[ranked] >= least))
    return np.asarray(ranked[: max(worth, _FEWEST_COMPARED)])


def _circumstance_bits(
    shares_identifier: npt.NDArray[np.bool_], goods: Traits, stolen: Traits, weights: Weights
) -> Floats:
    levels = weights.levels
    east = (goods["lng"] - stolen["lng"]) * np.cos(np.radians((goods["lat"] + stolen["lat"]) / 2))
    distance = np.hypot(goods["lat"] - stolen["lat"], east) * _KM_A_DEGREE
    bits = _time_bits(goods, stolen, weights)
    bits = bits + _by_limit(distance, weights.place_limits_km, "elsewhere", levels["place"])
    bits += _by_limit(goods["value"] / stolen["value"], _PRICE_LIMITS, "far_over", levels["price"])
    bits += _by_limit(goods["weight"] / stolen["weight"], _WEIGHT_LIMITS, "more", levels["weight"])
    quantity = _by_limit(goods["quantity"] / stolen["quantity"], _QUANTITY_LIMITS, "more", levels["quantity"])
    bits += np.where((goods["quantity"] > 1) | (stolen["quantity"] > 1), quantity, 0.0)
    both = (goods["colours"] != 0) & (stolen["colours"] != 0)
    in_common = (goods["colours"] & stolen["colours"]) != 0
    bits += np.where(both, np.where(in_common, _COLOUR_BITS, levels["colour"]["differ"]), 0.0)
    both = (goods["category"] != 0) & (stolen["category"] != 0)
    in_common = goods["category"] == stolen["category"]
    bits += np.where(both, np.where(in_common, _CATEGORY_BITS, levels["category"]["differ"]), 0.0)
    contradicts = ~shares_identifier & ((goods["families"] & stolen["families"]) != 0)
    return np.where(contradicts, bits + _CONTRADICTION_BITS, bits)


def _time_bits(goods: Traits, stolen: Traits, weights: Weights) -> Floats:
    after = goods["day_to"] - stolen["day_to"]
    days = np.where(after > 0, after, np.minimum(0.0, goods["day_to"] - stolen["day_from"]))
    bits = _by_limit(days, weights.time_limits_days, "later", weights.levels["time"])
    return np.where(days < -weights.before_theft_tolerance_days, weights.levels["time"]["before_theft"], bits)


def _by_limit(values: npt.NDArray[Any], limits: Limits, beyond: str, levels: Mapping[str, float]) -> Floats:
    """The bits of the first limit that a value does not pass; 0 where the value is not known."""
    bits = np.array([*(levels[name] for name, _ in limits), levels[beyond]])
    reached = np.searchsorted([limit for _, limit in limits], values, side="left")
    return np.where(np.isnan(values), 0.0, bits[reached])
