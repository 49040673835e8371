"""The manual of the matcher says what its code and its weights say."""

from inspect_app.matching import BUILT_IN_WEIGHTS
from inspect_app.matching.manual import COMPARISONS, MANUAL, TEMPLATE, render


def test_the_manual_is_up_to_date() -> None:
    assert MANUAL.read_text(encoding="utf-8") == render(TEMPLATE.read_text(encoding="utf-8")), "make docs-matching"


def test_every_comparison_has_weights_and_words() -> None:
    assert set(COMPARISONS) == set(BUILT_IN_WEIGHTS.levels)
    assert all(function.__doc__ for function in COMPARISONS.values())
