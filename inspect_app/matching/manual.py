"""Writes `docs/matching.md`: the text of its template, with the comparisons as their docstrings and weights tell them.

`python -m inspect_app.matching.manual` writes it; a test says when it is out of date.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path

from inspect_app.matching import compare_circumstances, compare_things
from inspect_app.matching.compare_identifiers import compare_identifiers
from inspect_app.matching.weights import BUILT_IN_WEIGHTS, BY_RARITY, Weights

_DOCS = Path(__file__).parents[2] / "docs"
TEMPLATE, MANUAL = _DOCS / "matching.template.md", _DOCS / "matching.md"
_NOTICE = "<!-- Made from matching.template.md by `make docs-matching`: change that, or the docstrings. -->\n\n"

COMPARISONS: Mapping[str, Callable[..., object]] = {
    "identifier": compare_identifiers,
    **compare_things.COMPARISONS,
    **compare_circumstances.COMPARISONS,
}


def render(template: str, weights: Weights = BUILT_IN_WEIGHTS) -> str:
    """The manual: the template with its two tables."""
    told = template.replace("<!-- levels -->", _comparisons()).replace("<!-- weights -->", _weights(weights))
    return _NOTICE + told


def _comparisons() -> str:
    lines = ["| Comparison | What it compares | In |", "|---|---|---|"]
    for name, function in COMPARISONS.items():
        told = " ".join((inspect.getdoc(function) or "").split())
        lines.append(f"| `{name}` | {told} | `{function.__module__.rpartition('.')[2]}.py` |")
    lines.append(
        "| `rivals` | Where files are linked: what a pair loses to others of its records. | `competition.py` |"
    )
    return "\n".join(lines)


def _weights(weights: Weights) -> str:
    told = "; ".join(f"{name} {value}" for name, value in weights.made.items() if not name.endswith("sha256"))
    lines = [
        f"Version {weights.version} ({told}). A number with × is the share of the rarity that counts, up to `cap`; all",
        "others are bits, or say how identifiers count by length.",
        "",
        f"An alert needs a probability of {weights.alert_probability:g} and {weights.alert_evidence_bits:g} bits of "
        f"evidence, a possible match {weights.possible_probability:g} and {weights.possible_evidence_bits:g}. The "
        f"probability of a match weight of b bits is 1 / (1 + 2^-({weights.calibration_scale:g} b "
        f"{weights.calibration_shift_bits:+g})).",
        "",
        "| Comparison | Levels and what they weigh |",
        "|---|---|",
    ]
    for comparison, levels in weights.levels.items():
        shown = ", ".join(f"{level} {_shown(comparison, level, bits)}" for level, bits in levels.items())
        lines.append(f"| `{comparison}` | {shown} |")
    return "\n".join(lines)


def _shown(comparison: str, level: str, bits: float) -> str:
    is_share = comparison in BY_RARITY - {"identifier"} and bits > 0 and not level.endswith("cap")
    return f"×{bits:g}" if is_share else f"{bits:+g}"


if __name__ == "__main__":
    MANUAL.write_text(render(TEMPLATE.read_text(encoding="utf-8")), encoding="utf-8")
