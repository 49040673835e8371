"""Compares when, where, how much and for how much: circumstances that fit or do not fit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime

from inspect_app.matching.prepare import Prepared
from inspect_app.matching.results import Component, Outcome
from inspect_app.matching.weights import BUILT_IN_WEIGHTS, Weights

_KM_A_DEGREE = 111.2
_SECONDS_A_DAY = 86_400.0
_COUNTED_ONE_BY_ONE = 1.0


def compare_circumstances(goods: Prepared, stolen: Prepared, weights: Weights) -> Iterator[Component]:
    """The components of time, place, weight, quantity and price that both records tell of."""
    for comparison in COMPARISONS.values():
        compared = comparison(goods, stolen, weights)
        if compared is not None:
            yield compared


def time_level(days_after: float, weights: Weights = BUILT_IN_WEIGHTS) -> str:
    """The level of `time` for goods that turned up so many days after the theft."""
    if days_after < -weights.before_theft_tolerance_days:
        return "before_theft"
    return next((level for level, limit in weights.time_limits_days if days_after <= limit), "later")


def _component(weights: Weights, comparison: str, level: str, goods_value: str, stolen_value: str) -> Component:
    bits = weights.levels[comparison][level]
    outcome: Outcome = "agree" if bits > 0 else "contradict" if bits < 0 else "neutral"
    return Component(comparison, level, outcome, bits, goods_value, stolen_value)


def days_after_theft(goods: Prepared, stolen: Prepared) -> float | None:
    """How many days after the theft the goods turned up; None where either time is not known.

    Inside the range of a theft whose hour is not known the goods may have come at once.
    """
    if goods.day_to is None or stolen.day_from is None or stolen.day_to is None:
        return None
    if goods.day_to > stolen.day_to:
        return goods.day_to - stolen.day_to
    return min(0.0, goods.day_to - stolen.day_from)


def _time(goods: Prepared, stolen: Prepared, weights: Weights) -> Component | None:
    """When the goods turned up, counted in days after the theft; before it only where the clock may be off."""
    days = days_after_theft(goods, stolen)
    if days is None or goods.day_to is None or stolen.day_from is None or stolen.day_to is None:
        return None
    shown = f"{_shown(stolen.day_from)}/{_shown(stolen.day_to)}"
    return _component(weights, "time", time_level(days, weights), _shown(goods.day_to), shown)


def _shown(day: float) -> str:
    return datetime.fromtimestamp(day * _SECONDS_A_DAY, UTC).isoformat(timespec="minutes")


def distance_km(lat: float, lng: float, other_lat: float, other_lng: float) -> float:
    """The distance on a plane that touches the Earth between the points: near enough for one province.

    It is the same from both sides to the last digit, so that a pair at a limit reaches one level.
    """
    east = (lng - other_lng) * math.cos(math.radians((lat + other_lat) / 2))
    return math.hypot(lat - other_lat, east) * _KM_A_DEGREE


def place_level(distance: float, weights: Weights = BUILT_IN_WEIGHTS) -> str:
    """The level of `place` for a distance in kilometres."""
    return next((level for level, limit in weights.place_limits_km if distance <= limit), "elsewhere")


def _place(goods: Prepared, stolen: Prepared, weights: Weights) -> Component | None:
    """How far the venue lies from the theft, in a straight line."""
    if goods.lat is None or goods.lng is None or stolen.lat is None or stolen.lng is None:
        return None
    distance = distance_km(goods.lat, goods.lng, stolen.lat, stolen.lng)
    return _component(weights, "place", place_level(distance, weights), f"{distance:.1f} km", "")


def _weight(goods: Prepared, stolen: Prepared, weights: Weights) -> Component | None:
    """Scrap weighs what was stolen or a little under it: cut, stripped, partly kept."""
    if not goods.weight_g or not stolen.weight_g:
        return None
    ratio = goods.weight_g / stolen.weight_g
    if 0.88 <= ratio <= 1.03:
        level = "fits"
    elif 0.7 <= ratio <= 1.08:
        level = "near"
    else:
        level = "more" if ratio > 1 else "differ"
    return _component(weights, "weight", level, f"{goods.weight_g:g} g", f"{stolen.weight_g:g} g")


def _quantity(goods: Prepared, stolen: Prepared, weights: Weights) -> Component | None:
    """How many pieces, where there were more than one and both are counted in the same unit."""
    if goods.quantity is None or stolen.quantity is None or (goods.unit and stolen.unit and goods.unit != stolen.unit):
        return None
    if goods.quantity <= _COUNTED_ONE_BY_ONE and stolen.quantity <= _COUNTED_ONE_BY_ONE:
        return None
    level = "fewer" if goods.quantity < stolen.quantity else "more"
    if goods.quantity == stolen.quantity:
        level = "agree"
    return _component(weights, "quantity", level, f"{goods.quantity:g}", f"{stolen.quantity:g}")


def _price(goods: Prepared, stolen: Prepared, weights: Weights) -> Component | None:
    """What was paid, as a share of the value reported: goods that are stolen go cheaply."""
    if not goods.value_fen or not stolen.value_fen:
        return None
    ratio = goods.value_fen / stolen.value_fen
    limits = (("far_under", 0.15), ("under", 0.75), ("like", 1.1), ("over", 2.0))
    level = next((name for name, limit in limits if ratio <= limit), "far_over")
    return _component(weights, "price", level, f"{goods.value_fen / 100:.2f}", f"{stolen.value_fen / 100:.2f}")


COMPARISONS = {"time": _time, "place": _place, "weight": _weight, "quantity": _quantity, "price": _price}
