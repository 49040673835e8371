"""A record is read back as it was stored, and what it is ranked by is what it says."""

from datetime import UTC, datetime

import numpy as np
import pytest

from inspect_app.matching import BUILT_IN_WEIGHTS, Record, prepare
from inspect_app.matching.ranking import GROUPS, estimate_bits, shared_bits, worth_comparing
from inspect_app.matching.stored import from_stored, to_stored
from inspect_app.matching.traits import pack_hint, pack_traits, unpack_hints, unpack_traits
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


@pytest.mark.parametrize("number", range(40))
def test_a_hint_is_near_to_the_traits(number: int) -> None:
    prepared = prepare(stolen_record(3, number))
    hint, traits = unpack_hints(np.array([pack_hint(prepared)]))[0], unpack_traits([pack_traits(prepared)])[0]
    assert abs(hint["day_from"] - traits["day_from"]) <= 1
    assert abs(hint["day_to"] - traits["day_to"]) <= 0.5
    assert abs(hint["lat"] - traits["lat"]) <= 1 / 160 + 1e-4
    assert abs(hint["lng"] - traits["lng"]) <= 1 / 160 + 1e-4
    assert 0.83 < hint["value"] / traits["value"] < 1.2
    assert bool(hint["colours"]) == bool(traits["colours"])


@pytest.mark.parametrize(
    "record",
    [
        Record("blank"),
        Record("edge of the map", lat=-89.5, lng=-179.5, value_fen=1),
        Record("other edge", lat=90.0, lng=180.0, value_fen=10**15),
        Record(
            "long ago", happened_from=datetime(1901, 1, 1, tzinfo=UTC), happened_to=datetime(1901, 1, 2, tzinfo=UTC)
        ),
        Record("far off", happened_from=datetime(2026, 1, 1, tzinfo=UTC), happened_to=datetime(2098, 1, 2, tzinfo=UTC)),
    ],
    ids=lambda record: record.ref,
)
def test_a_hint_fits_the_column_and_adds_nothing_that_is_not_known(record: Record) -> None:
    hint = pack_hint(prepare(record))
    assert 0 <= hint < 1 << 63
    read = unpack_hints(np.array([hint]))
    # What is too large for its entry does not run over into the next one.
    for name in ("lat", "lng"):
        at = getattr(record, name)
        assert np.isnan(read[name][0]) if at is None else abs(read[name][0] - at) < 0.007
    blank = unpack_hints(np.array([0]))
    assert estimate_bits(np.zeros((3, 1)), blank, read, BUILT_IN_WEIGHTS).tolist() == [0.0]


def test_what_may_be_the_best_or_may_reach_a_band_is_compared() -> None:
    clear = np.array([40.0, *([-20.0] * 100)])
    assert worth_comparing(clear, 1_000_000, BUILT_IN_WEIGHTS).tolist() == list(range(8))
    also_in_a_band = np.array([60.0, *([25.0] * 20), *([-20.0] * 80)])
    assert worth_comparing(also_in_a_band, 1_000_000, BUILT_IN_WEIGHTS).tolist() == list(range(21))
    vague = np.linspace(3.0, 5.0, 200)
    assert worth_comparing(vague, 1_000_000, BUILT_IN_WEIGHTS).tolist() == list(range(199, 119, -1))
    assert worth_comparing(np.zeros(0), 10, BUILT_IN_WEIGHTS).tolist() == []
