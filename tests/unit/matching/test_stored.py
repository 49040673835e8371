"""A record is read back as it was stored, and what it is ranked by is what it says."""

import numpy as np
import pytest

from inspect_app.matching import BUILT_IN_WEIGHTS, Record, prepare
from inspect_app.matching.ranking import GROUPS, estimate_bits, shared_bits
from inspect_app.matching.stored import from_stored, to_stored
from inspect_app.matching.traits import pack_traits, unpack_traits
from tests.bench.synthetic import noisy_goods_record, stolen_record


@pytest.mark.parametrize("number", range(40))
def test_a_record_is_read_back_as_it_was(number: int) -> None:
    prepared = prepare(stolen_record(3, number))
    assert from_stored(to_stored(prepared)) == prepared


def test_a_record_that_says_nothing_is_read_back_and_adds_nothing() -> None:
    prepared = prepare(Record("blank"))
    assert from_stored(to_stored(prepared)) == prepared
    traits = unpack_traits([pack_traits(prepared)])
    estimate = estimate_bits(np.zeros((3, 1)), traits, traits, BUILT_IN_WEIGHTS)
    assert estimate.tolist() == [0.0]


def test_the_true_record_is_estimated_above_a_chance_one() -> None:
    line = unpack_traits([pack_traits(prepare(noisy_goods_record(4, n, 3, n))) for n in range(40)])
    items = unpack_traits([pack_traits(prepare(stolen_record(3, n))) for n in range(41)])
    nothing = np.zeros((3, 40))
    true = estimate_bits(nothing, line, items[:40], BUILT_IN_WEIGHTS)
    chance = estimate_bits(nothing, line, items[1:], BUILT_IN_WEIGHTS)
    assert (true > chance).mean() > 0.9


def test_of_the_keys_of_a_group_only_the_best_counts() -> None:
    groups = np.array([GROUPS[told] for told in ("near", "last 6", "name", "name")])
    shared = shared_bits(2, np.array([0, 0, 0, 1]), groups, np.array([16.0, 13.0, 5.0, 7.0]))
    assert shared.sum(axis=0).tolist() == [21.0, 7.0]
