"""Compares identifiers: the strongest evidence for a match, and between two valid ones the strongest against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from inspect_app.matching.identifiers import FAMILIES, fold_look_alikes
from inspect_app.matching.prepare import Prepared
from inspect_app.matching.results import Component
from inspect_app.matching.spotting import PreparedIdentifier
from inspect_app.matching.text import compact
from inspect_app.matching.weights import Weights

_EDITS = ("edit_1", "edit_2", "edit_3")
_SHORTEST_PARTIAL, _SHORTEST_ANYWHERE, _SHORTEST_LOOSE = 4, 8, 13
_SHORTEST_TAIL_WITH_SLIP = 5
_DIGITS_IN_TEXT = 3


class _Level(NamedTuple):
    level: str
    bits: float


def compare_identifiers(goods: Prepared, stolen: Prepared, weights: Weights) -> Iterator[Component]:
    """Identifiers by kind: one component for each family of kinds that both records name, the best of its pairs.

    A number without its kind, one that stands under a wrong kind, and one that the other record has in its description
    are compared as well, but only ever speak for a match.
    """
    bits = weights.levels["identifier"]
    agreed: set[str] = set()
    contradictions = []
    for family in dict.fromkeys(_family(i.kind) for i in goods.identifiers if not i.is_loose):
        pairs = [
            _component(a, b, bits)
            for a in goods.identifiers
            if not a.is_loose and _family(a.kind) == family
            for b in stolen.identifiers
            if not b.is_loose and _family(b.kind) == family
        ]
        if not pairs:
            continue
        best = max(pairs, key=_strength)
        if best.weight_bits > 0:
            agreed |= {best.goods_value, best.stolen_value}
            yield best
        else:
            contradictions.append(best)
    elsewhere = None if agreed else max(_elsewhere(goods, stolen, bits), key=_strength, default=None)
    if elsewhere is not None:
        yield elsewhere
        # A number that turned up under another kind cannot contradict under its own.
        told = {elsewhere.goods_value, elsewhere.stolen_value}
        contradictions = [c for c in contradictions if not told & {c.goods_value, c.stolen_value}]
    yield from contradictions


def _family(kind: str) -> str:
    return FAMILIES.get(kind, kind)


def _strength(component: Component) -> tuple[float, str, str, str]:
    return component.weight_bits, component.comparison, component.goods_value, component.stolen_value


def _component(goods: PreparedIdentifier, stolen: PreparedIdentifier, bits: Mapping[str, float]) -> Component:
    level, weight = _level(goods, stolen, bits)
    kind = goods.kind if stolen.is_loose or stolen.kind == "other" else stolen.kind
    outcome = "agree" if weight > 0 else "contradict"
    return Component(f"identifier:{kind}", level, outcome, round(weight, 2), goods.value, stolen.value)  # type: ignore[arg-type]


def _elsewhere(goods: Prepared, stolen: Prepared, bits: Mapping[str, float]) -> Iterator[Component]:
    """What agrees though it stands without its kind, under another kind, or in the other's description."""
    for a in goods.identifiers:
        for b in stolen.identifiers:
            is_named = not a.is_loose and not b.is_loose
            if is_named and _family(a.kind) == _family(b.kind):
                continue
            shortest = _SHORTEST_ANYWHERE if is_named else _SHORTEST_LOOSE if a.is_loose and b.is_loose else 0
            if min(len(a.folded), len(b.folded)) < shortest or (is_named and a.folded != b.folded):
                continue
            component = _component(a, b, bits)
            if component.weight_bits > 0:
                yield component
    for named, other in ((goods, stolen), (stolen, goods)):
        for identifier in named.identifiers:
            if not identifier.is_loose and not identifier.is_partial and _is_told(identifier.folded, other.all_text):
                weight = min(bits["look_alike"], information(identifier.folded, bits))
                values = identifier.value, identifier.value
                yield Component(f"identifier:{identifier.kind}", "in_text", "agree", round(weight, 2), *values)


def _is_told(folded: str, text: str) -> bool:
    """Whether a whole identifier stands in a description, whatever it is called there."""
    if len(folded) < _SHORTEST_ANYWHERE or sum(c.isdigit() for c in folded) < _DIGITS_IN_TEXT:
        return False
    return folded in _folded_text(text)


@lru_cache(maxsize=50_000)
def _folded_text(text: str) -> str:
    return fold_look_alikes(compact(text).upper())


def information(folded: str, bits: Mapping[str, float]) -> float:
    """How many bits an identifier can tell: less than its length allows, since numbers are given out in series."""
    digits = sum(c.isdigit() for c in folded)
    return bits["bits_per_digit"] * digits + bits["bits_per_letter"] * (len(folded) - digits)


def _level(goods: PreparedIdentifier, stolen: PreparedIdentifier, bits: Mapping[str, float]) -> _Level:
    a, b = goods.folded, stolen.folded
    if goods.is_partial or stolen.is_partial:
        return _partial_level(goods, stolen, bits)
    shorter, longer = sorted((a, b), key=lambda value: (len(value), value))
    told = information(shorter, bits)
    if a == b:
        level = "exact" if goods.value == stolen.value else "look_alike"
        return _Level(level, min(bits[level], told))
    if len(shorter) >= _SHORTEST_PARTIAL and len(longer) > len(shorter) + 1 and longer.endswith(shorter):
        return _Level("partial", _tail_bits(shorter, bits))
    distance = OSA.distance(a, b, score_cutoff=len(_EDITS))
    are_valid = goods.is_valid and stolen.is_valid
    # One slip always breaks a check digit: two valid numbers that are one slip apart are two numbers.
    if distance <= len(_EDITS) and not (are_valid and distance == 1):
        level = _EDITS[distance - 1]
        weight = min(bits[level], told - bits["bits_per_edit"] * distance - (bits["both_valid"] if are_valid else 0.0))
        if weight >= bits["least_edit"]:
            return _Level(level, weight)
    if are_valid:
        return _Level("contradiction_valid", bits["contradiction_valid"])
    is_doubtful = goods.is_doubtful or stolen.is_doubtful or len(longer) > len(shorter) + 2
    level = "contradiction_doubtful" if is_doubtful or distance <= len(_EDITS) else "contradiction"
    return _Level(level, bits[level])


def _partial_level(goods: PreparedIdentifier, stolen: PreparedIdentifier, bits: Mapping[str, float]) -> _Level:
    """A tail, or a number masked in the middle, against a whole number or another tail."""
    part, whole = (goods, stolen) if goods.is_partial else (stolen, goods)
    length = min(len(part.folded), len(whole.folded))
    ours, theirs = part.folded[-length:], whole.folded[-length:]
    head = min(len(part.head), len(whole.head if whole.is_partial else whole.folded))
    heads = part.head[:head], (whole.head if whole.is_partial else whole.folded)[:head]
    if ours == theirs and heads[0] == heads[1]:
        # The head is the same for all of a series, so it adds little.
        return _Level("partial", min(bits["partial_cap"], _tail_bits(ours, bits) + head))
    if heads[0] == heads[1] and length >= _SHORTEST_TAIL_WITH_SLIP and OSA.distance(ours, theirs, score_cutoff=1) <= 1:
        weight = _tail_bits(ours, bits) - bits["bits_per_edit"]
        if weight >= bits["least_edit"]:
            return _Level("partial_edit", weight)
    return _Level("contradiction_doubtful", bits["contradiction_doubtful"])


def _tail_bits(tail: str, bits: Mapping[str, float]) -> float:
    digits = sum(c.isdigit() for c in tail)
    told = bits["tail_bits_per_digit"] * digits + bits["tail_bits_per_letter"] * (len(tail) - digits)
    return min(bits["partial_cap"], told)
