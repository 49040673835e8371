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
from inspect_app.matching.weights import BUILT_IN_WEIGHTS, Weights

_CIRCUMSTANCES = frozenset({"time", "place", "price", "prior"})


def compare(goods: Prepared, stolen: Prepared, corpus: Corpus, weights: Weights = BUILT_IN_WEIGHTS) -> Match:
    """The match between a goods line and a stolen item, with every component that went into it.

    `corpus` tells how rare things are and how large the register is. A comparison that a blank field makes impossible
    adds nothing and has no component.
    """
    components = (
        prior(corpus, weights),
        *compare_identifiers(goods, stolen, weights),
        *compare_things(goods, stolen, corpus, weights),
        *compare_circumstances(goods, stolen, weights),
    )
    return settle(goods.ref, stolen.ref, components, weights)


def prior(corpus: Corpus, weights: Weights = BUILT_IN_WEIGHTS) -> Component:
    """What is known before anything is compared: few goods are stolen, and each is only one item of the register."""
    bits = round(weights.prior_bits(corpus.stolen_count), 2)
    register = weights.register_size(corpus.stolen_count)
    return Component("prior", "register_size", "neutral", bits, "", str(register))


def settle(
    goods_ref: str, stolen_ref: str, components: tuple[Component, ...], weights: Weights = BUILT_IN_WEIGHTS
) -> Match:
    """The match that the components add up to."""
    weight = round(math.fsum(component.weight_bits for component in components), 2)
    evidence = round(
        math.fsum(c.weight_bits for c in components if c.weight_bits > 0 and c.comparison not in _CIRCUMSTANCES), 2
    )
    probability = weights.probability(weight)
    return Match(
        goods_ref=goods_ref,
        stolen_ref=stolen_ref,
        weight_bits=weight,
        probability=round(probability, 6),
        evidence_bits=evidence,
        band=band_of(probability, evidence, weights),
        components=components,
        version=weights.version,
    )


def band_of(probability: float, evidence_bits: float, weights: Weights = BUILT_IN_WEIGHTS) -> Band:
    """`alert` needs a probability and enough in common; `possible` less of both; the rest is dropped."""
    if probability >= weights.alert_probability and evidence_bits >= weights.alert_evidence_bits:
        return "alert"
    if probability >= weights.possible_probability and evidence_bits >= weights.possible_evidence_bits:
        return "possible"
    return "dropped"
