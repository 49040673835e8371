"""Estimating weights: labels and EM agree, what is in force stays, tables are read back and damaged ones refused."""

from __future__ import annotations

import numpy as np
import pytest

from inspect_app.matching import BUILT_IN_WEIGHTS, Weights, WeightsRefused, load_weights, newest_version, prepare
from inspect_app.matching.estimate import (
    brier_score,
    draw_pairs,
    estimate_from_labels,
    estimate_unlabelled,
    fit_calibration,
    reliability,
    with_calibration,
)
from inspect_app.matching.weights import UnknownWeightsVersion, known_versions
from tests.unit.matching.cases import make_cases


def test_labels_and_expectation_maximisation_agree() -> None:
    cases = make_cases(seed=31, stolen=300, goods=1200)
    before = BUILT_IN_WEIGHTS.to_toml()
    start = load_weights("1.0")
    pairs = draw_pairs([prepare(r) for r in cases.goods], [prepare(r) for r in cases.stolen], start, cases.gold)
    labelled = estimate_from_labels(pairs, frozenset(cases.gold), start)
    unlabelled = estimate_unlabelled(pairs, start)
    assert labelled.true_pairs == len(cases.gold)
    assert unlabelled.true_pairs == pytest.approx(len(cases.gold), rel=0.2)
    # Levels that true pairs hardly reach rest on a handful of pairs, hence the two bits.
    for comparison in ("time", "price", "weight", "place"):
        for level, bits in labelled.levels[comparison].items():
            assert unlabelled.levels[comparison][level] == pytest.approx(bits, abs=2.0), (comparison, level)
    assert (
        labelled.levels["time"]["same_days"] > labelled.levels["time"]["fortnight"] > labelled.levels["time"]["later"]
    )
    trained = with_calibration(start.with_levels("9.9", labelled.levels, {}), pairs.candidates, frozenset(cases.gold))
    assert Weights.from_toml(trained.to_toml()) == trained
    assert BUILT_IN_WEIGHTS.to_toml() == before


def test_labels_of_other_records_are_refused() -> None:
    cases = make_cases(seed=32, stolen=20, goods=40)
    pairs = draw_pairs([prepare(r) for r in cases.goods], [prepare(r) for r in cases.stolen], BUILT_IN_WEIGHTS)
    with pytest.raises(ValueError, match="no gold pair"):
        estimate_from_labels(pairs, frozenset({("G", "S")}), BUILT_IN_WEIGHTS)


def test_a_calibration_is_found_again() -> None:
    rng = np.random.default_rng(3)
    bits = rng.uniform(-12, 12, 20_000)
    truth = (rng.random(20_000) < 1 / (1 + np.exp2(-(0.7 * bits - 1.5)))).astype(float)
    scale, shift = fit_calibration(bits, truth)
    assert (scale, shift) == (pytest.approx(0.7, abs=0.05), pytest.approx(-1.5, abs=0.15))
    said = 1 / (1 + np.exp2(-(scale * bits + shift)))
    assert all(abs(row.predicted - row.observed) < 0.06 for row in reliability(said, truth))
    assert brier_score(said, truth) < brier_score(1 / (1 + np.exp2(-bits)), truth)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("alert_evidence_bits = 8.0\n", "", "missing"),
        ("alert_evidence_bits = 8.0", 'alert_evidence_bits = "8"', "not_a_number"),
        ("alert_evidence_bits = 8.0", "alert_evidence_bits = nan", "not_a_number"),
        ("[calibration]", "[calibration]\nsurprise = 1", "unknown"),
        ("[levels.marks]\n", "[levels.marks]\nexcat = 1.0\n", "unknown"),
        ("alert_probability = 0.78", "alert_probability = 1.2", "out_of_range"),
        ("same_days = 3.0", "same_days = 8.0", "not_rising"),
        ('version = "2.1"', 'version = "../2.1"', "bad_version"),
        ("[bands]", "[bands", "not_toml"),
    ],
)
def test_a_damaged_table_is_refused(old: str, new: str, code: str) -> None:
    text = load_weights("2.1").to_toml()
    assert old in text
    with pytest.raises(WeightsRefused) as refused:
        Weights.from_toml(text.replace(old, new, 1))
    assert refused.value.code == code


def test_every_version_that_ships_is_named_as_its_file_and_has_all_levels() -> None:
    assert known_versions()[-1] == newest_version()
    for version in known_versions():
        weights = load_weights(version)
        assert weights.version == version
        assert weights.made["method"]
        assert {n: set(v) for n, v in weights.levels.items()} == {n: set(v) for n, v in BUILT_IN_WEIGHTS.levels.items()}
    with pytest.raises(UnknownWeightsVersion):
        load_weights("0.1")
