"""What must hold for any two records, and that the fast way agrees with the slow and obvious one."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from inspect_app.matching import BUILT_IN_WEIGHTS, Identifier, Match, Record, compare, index_keys, link, prepare
from inspect_app.matching import identifiers as ids
from inspect_app.matching.compare_circumstances import distance_km
from inspect_app.matching.text import normalise
from tests.unit.matching.cases import make_cases
from tests.unit.matching.examples import register
from tests.unit.matching.reference import CountedAnew, every_pair, slips_between, weigh

_CASES = make_cases(seed=5, stolen=60, goods=160)
_ALL = [prepare(record) for record in (*_CASES.goods, *_CASES.stolen)]
_SLOW = CountedAnew(_ALL, len(_CASES.stolen))
_BLANKS = st.sampled_from(["", " ", "无", "不详", "TBD", "n/a"])
# Not the model: parts that are only alike are paired in the order of the goods line.
_SYMMETRIC = ("identifier", "make", "marks", "colour", "category", "place")

goods_lines = st.sampled_from(_CASES.goods)
stolen_items = st.sampled_from(_CASES.stolen)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _matched(goods: Record, stolen: Record) -> Match:
    return compare(prepare(goods), prepare(stolen), _SLOW)


def _bits(match: Match, kinds: tuple[str, ...]) -> dict[str, float]:
    named = {c.comparison.partition(":")[0]: c.weight_bits for c in match.components}
    return {name: bits for name, bits in named.items() if name in kinds}


@quick
@given(goods_lines, stolen_items)
def test_what_the_things_have_in_common_is_the_same_from_both_sides(goods: Record, stolen: Record) -> None:
    one, other = _bits(_matched(goods, stolen), _SYMMETRIC), _bits(_matched(stolen, goods), _SYMMETRIC)
    assert one.keys() == other.keys()
    for name, bits in one.items():
        # The make is looked for in the first spelling of each side, whose rarities may differ a little.
        assert (bits > 0) == (other[name] > 0), name
        assert bits == pytest.approx(other[name], abs=2.5), name


@given(*(st.floats(-bound, bound) for bound in (90, 180, 90, 180)))
def test_a_distance_is_the_same_from_both_sides(lat: float, lng: float, other_lat: float, other_lng: float) -> None:
    assert distance_km(lat, lng, other_lat, other_lng) == distance_km(other_lat, other_lng, lat, lng)


@quick
@given(goods_lines, stolen_items)
def test_the_whole_is_the_sum_of_its_components(goods: Record, stolen: Record) -> None:
    match = _matched(goods, stolen)
    total, probability, evidence, band = weigh(match, BUILT_IN_WEIGHTS)
    assert match.weight_bits == pytest.approx(total, abs=0.02)
    assert match.probability == pytest.approx(probability, abs=0.01)
    assert match.evidence_bits == pytest.approx(evidence, abs=0.02)
    assert match.band == band or abs(probability - BUILT_IN_WEIGHTS.alert_probability) < 0.01
    assert match.version == BUILT_IN_WEIGHTS.version


@quick
@given(goods_lines, stolen_items, st.text("0123456789", min_size=15, max_size=15))
def test_an_equal_identifier_never_speaks_against_a_match(goods: Record, stolen: Record, value: str) -> None:
    assume(ids.normalise("frame", value))
    bare = replace(goods, identifiers=()), replace(stolen, identifiers=())
    without = _matched(*bare)
    same = Identifier("frame", value)
    assert _matched(*(replace(r, identifiers=(same,)) for r in bare)).weight_bits > without.weight_bits
    only_one = _matched(replace(bare[0], identifiers=(same,)), bare[1])
    assert only_one.weight_bits == pytest.approx(without.weight_bits, abs=0.01) or only_one.weight_bits > 0


@quick
@given(goods_lines, _BLANKS, st.sampled_from(["brand", "colour", "model"]))
def test_a_blank_scores_nothing(goods: Record, blank: str, field: str) -> None:
    told = Record("S", **{field: getattr(goods, field) or "x"})
    match = _matched(Record("G", **{field: blank}), told)
    assert [c.comparison for c in match.components] == ["prior"]
    assert _matched(Record("G", identifiers=(Identifier("imei", blank),)), _CASES.stolen[0]).evidence_bits == 0


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.sampled_from(ids.KINDS), st.text("OQ01IL5S8B2Z6GX- .:", max_size=20))
def test_folding_twice_changes_nothing(kind: str, value: str) -> None:
    folded = ids.fold_look_alikes(ids.normalise(kind, value))
    assert ids.fold_look_alikes(folded) == folded


@quick
@given(st.text("0123456789ABC", min_size=8, max_size=16), st.randoms(use_true_random=False), st.integers(1, 3))
def test_fewer_slips_never_say_less(value: str, rng: Random, slips: int) -> None:
    assume(ids.normalise("motor", value) == value)
    places = rng.sample(range(len(value)), slips)
    wrong = "".join("Y" if place in places else c for place, c in enumerate(value))
    nearer = "".join("Y" if place in places[1:] else c for place, c in enumerate(value))
    true = Record("S", identifiers=(Identifier("motor", value),))
    far, near = (_matched(Record("G", identifiers=(Identifier("motor", v),)), true) for v in (wrong, nearer))
    assert near.weight_bits >= far.weight_bits


@given(st.text("01AB", max_size=9), st.text("01AB", max_size=9))
def test_slips_are_counted_as_by_hand(a: str, b: str) -> None:
    assert OSA.distance(a, b) == slips_between(a, b)


@quick
@given(goods_lines, stolen_items)
def test_caches_and_counts_change_nothing(goods: Record, stolen: Record) -> None:
    fast = every_pair([goods], [stolen], BUILT_IN_WEIGHTS)[goods.ref, stolen.ref]
    small = CountedAnew([prepare(goods), prepare(stolen)], 1)
    assert fast == compare(prepare(goods), prepare(stolen), small)


def test_linking_finds_what_comparing_every_pair_finds() -> None:
    cases = make_cases(seed=6, stolen=80, goods=200)
    found = {(m.goods_ref, m.stolen_ref) for m in link(cases.goods, cases.stolen)}
    slow = every_pair(cases.goods, cases.stolen, BUILT_IN_WEIGHTS)
    sure = {pair for pair, match in slow.items() if match.probability > 0.9 and match.band == "alert"}
    assert sure
    assert len(sure - found) <= len(sure) * 0.01


def test_the_register_of_the_examples_is_keyed() -> None:
    assert all(index_keys(prepare(record)) for record in register(20))
