"""Compares identifiers: the strongest evidence for a match, and between two valid ones the strongest against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rapidfuzz.distance import OSA

from inspect_app.matching.identifiers import FAMILIES
from inspect_app.matching.prepare import Prepared, PreparedIdentifier
from inspect_app.matching.results import Component
from inspect_app.matching.weights import Weights

_SHORTEST_PARTIAL, _SHORTEST_EDITED, _SHORTEST_EDITED_TWICE = 4, 7, 10


def compare_identifiers(goods: Prepared, stolen: Prepared, weights: Weights) -> Iterator[Component]:
    """One component for each family of kinds that both records name: the best of its pairs."""
    families = {_family(i.kind): None for i in goods.identifiers}
    for family in families:
        pairs = [
            _compare(a, b, weights)
            for a in goods.identifiers
            if _family(a.kind) == family
            for b in stolen.identifiers
            if _family(b.kind) == family
        ]
        if pairs:
            yield max(pairs, key=lambda c: (c.weight_bits, c.comparison, c.goods_value, c.stolen_value))


def _family(kind: str) -> str:
    return FAMILIES.get(kind, kind)


def _compare(goods: PreparedIdentifier, stolen: PreparedIdentifier, weights: Weights) -> Component:
    level, bits = _level(goods, stolen, weights.levels["identifier"])
    outcome = "agree" if bits > 0 else "contradict"
    return Component(f"identifier:{stolen.kind}", level, outcome, round(bits, 2), goods.value, stolen.value)  # type: ignore[arg-type]


def _level(goods: PreparedIdentifier, stolen: PreparedIdentifier, bits: Mapping[str, float]) -> tuple[str, float]:
    a, b = goods.folded, stolen.folded
    shorter, longer = sorted((a, b), key=lambda value: (len(value), value))
    if a == b:
        level = "exact" if goods.value == stolen.value else "look_alike"
        # A short number is shared by chance: each character can tell only so much.
        return level, min(bits[level], bits["partial_per_character"] * len(a) + 2)
    if len(shorter) >= _SHORTEST_PARTIAL and len(longer) > len(shorter) + 1 and longer.endswith(shorter):
        return "partial", min(bits["partial_cap"], bits["partial_per_character"] * len(shorter))
    distance = OSA.distance(a, b, score_cutoff=2)
    if distance == 1 and len(shorter) >= _SHORTEST_EDITED:
        return "edit_1", bits["edit_1"]
    if distance == 2 and len(shorter) >= _SHORTEST_EDITED_TWICE:
        return "edit_2", bits["edit_2"]
    is_doubtful = goods.is_doubtful or stolen.is_doubtful or len(longer) > len(shorter) + 2
    return "contradiction", bits["contradiction_doubtful" if is_doubtful else "contradiction"]
