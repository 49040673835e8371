"""Adds the evidence up: one goods line against one stolen item gives a scored and explained match.

In the spirit of Fellegi and Sunter (A Theory for Record Linkage, 1969): independent comparisons, each worth the log
of how much likelier its outcome is for a true pair than for a chance pair, on top of the odds before any comparison.
"""

from __future__ import annotations

import math

from inspect_app.matching.compare_circumstances import compare_circumstances
from inspect_app.matching.compare_identifiers import compare_identifiers
from inspect_app.matching.compare_things import compare_things
from inspect_app.matching.corpus import Corpus
from inspect_app.matching.prepare import Prepared
from inspect_app.matching.results import Band, Component, Match
from inspect_app.matching.weights import (
    ALERT_EVIDENCE_BITS,
    ALERT_PROBABILITY,
    GOODS_STOLEN_RATE,
    MATCHER_VERSION,
    POSSIBLE_EVIDENCE_BITS,
    POSSIBLE_PROBABILITY,
    SMALLEST_REGISTER,
)

_CIRCUMSTANCES = frozenset({"time", "place", "price", "prior"})
_MOST_BITS = 60.0


def compare(goods: Prepared, stolen: Prepared, corpus: Corpus) -> Match:
    """The match between a goods line and a stolen item, with every component that went into it.

    `corpus` tells how rare things are and how large the register is. A comparison that a blank field makes impossible
    adds nothing and has no component.
    """
    components = (
        prior(corpus),
        *compare_identifiers(goods, stolen),
        *compare_things(goods, stolen, corpus),
        *compare_circumstances(goods, stolen),
    )
    return settle(goods.ref, stolen.ref, components)


def prior(corpus: Corpus) -> Component:
    """What is known before anything is compared: few goods are stolen, and each is only one item of the register."""
    register = max(corpus.stolen_count, SMALLEST_REGISTER)
    return Component(
        "prior", "register_size", "neutral", round(math.log2(GOODS_STOLEN_RATE / register), 2), "", str(register)
    )


def settle(goods_ref: str, stolen_ref: str, components: tuple[Component, ...]) -> Match:
    """The match that the components add up to."""
    weight = round(math.fsum(component.weight_bits for component in components), 2)
    evidence = round(
        math.fsum(c.weight_bits for c in components if c.weight_bits > 0 and c.comparison not in _CIRCUMSTANCES), 2
    )
    probability = 1 / (1 + 2 ** -max(-_MOST_BITS, min(_MOST_BITS, weight)))
    return Match(
        goods_ref=goods_ref,
        stolen_ref=stolen_ref,
        weight_bits=weight,
        probability=round(probability, 6),
        evidence_bits=evidence,
        band=band_of(probability, evidence),
        components=components,
        version=MATCHER_VERSION,
    )


def band_of(probability: float, evidence_bits: float) -> Band:
    """`alert` needs a probability and enough in common; `possible` less of both; the rest is dropped."""
    if probability >= ALERT_PROBABILITY and evidence_bits >= ALERT_EVIDENCE_BITS:
        return "alert"
    if probability >= POSSIBLE_PROBABILITY and evidence_bits >= POSSIBLE_EVIDENCE_BITS:
        return "possible"
    return "dropped"
