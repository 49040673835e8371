"""The stored evidence of an alert as something to look at: the bars of a waterfall, in words of either language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import format_datetime
from flask_babel import gettext as _

from inspect_app.models import Alert
from inspect_app.reference.vocabulary import labels

_UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?\+00:00")


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of the waterfall; ``bits`` is what it adds. ``x``, ``width`` and ``zero`` are percent of the drawing."""

    title: str
    level: str
    outcome: str
    bits: float
    x: float
    width: float
    zero: float
    goods_value: str = ""
    stolen_value: str = ""


def waterfall(alert: Alert, language: str) -> list[Bar]:
    """The bars from the prior through each comparison to the total, scaled together; nothing is computed anew.

    Comparisons that add nothing (a blank is not a mismatch) are left out.
    """
    steps = [step for step in alert.components if step["weight_bits"] and step["comparison"] != "prior"]
    # Whatever the comparisons do not account for was there before them.
    prior = alert.weight_bits - sum(step["weight_bits"] for step in steps)
    edges = [0.0, prior]
    for step in steps:
        edges.append(edges[-1] + step["weight_bits"])
    low, high = min(edges), max(edges)
    scale = 100 / ((high - low) or 1)

    def bar(title: str, level: str, outcome: str, start: float, end: float, step: Mapping[str, Any]) -> Bar:
        return Bar(
            title=title,
            level=level,
            outcome=outcome,
            bits=end - start,
            x=round((min(start, end) - low) * scale, 2),
            width=max(round(abs(end - start) * scale, 2), 0.6),
            zero=round(-low * scale, 2),
            goods_value=_shown(step, "goods_value", language),
            stolen_value=_shown(step, "stolen_value", language),
        )

    bars = [bar(_("Before any comparison"), _("so few goods are stolen"), "prior", 0, prior, {})]
    for step, start, end in zip(steps, edges[1:], edges[2:], strict=False):
        title = comparison_name(step["comparison"], language)
        level = level_name(step["comparison"], step["level"], language)
        bars.append(bar(title, level, step["outcome"], start, end, step))
    bars.append(bar(_("Together"), percent(alert.probability), "total", 0, edges[-1], {}))
    return bars


def comparison_name(comparison: str, language: str) -> str:
    """The words for a comparison such as "make" or "identifier:imei"; an unknown one of an old version as it is."""
    name, _colon, kind = comparison.partition(":")
    vocabulary = labels("identifier_kind") if kind else labels("comparison")
    word = vocabulary.get(kind or name)
    return word.in_language(language) if word else comparison


def level_name(comparison: str, level: str, language: str) -> str:
    """The words for the level that a comparison reached; an unknown one of an old version as it is."""
    words = labels("match_level")
    word = words.get(f"{comparison}.{level}") or words.get(level)
    return word.in_language(language) if word else level.replace("_", " ")


def _shown(step: Mapping[str, Any], side: str, language: str) -> str:
    """A compared value for people: a category by its name, and times, stored in UTC, on the clock of the place."""
    value = str(step.get(side, ""))
    if step.get("comparison") == "category" and value in labels("category"):
        return labels("category")[value].in_language(language)

    def local(found: re.Match[str]) -> str:
        return str(format_datetime(datetime.fromisoformat(found[0]), "yyyy-MM-dd HH:mm"))

    first, _slash, last = value.partition("/")
    return _UTC_TIME.sub(local, value if first != last else first)


def reason_name(code: str, language: str) -> str:
    """The words for why an alert moved; a reason that is in no table as it is."""
    word = labels("dismissal_reason").get(code) or labels("move_reason").get(code)
    return word.in_language(language) if word else code


def percent(probability: float) -> str:
    """A probability for people: never 100 % and never 0 %, for no match is certain."""
    if probability > 0.999:
        return "> 99.9%"
    if probability < 0.01:
        return "< 1%"
    return f"{probability:.1%}" if probability > 0.99 else f"{probability:.0%}"


def summary(components: Sequence[Mapping[str, Any]], outcome: str, language: str, longest: int = 4) -> list[str]:
    """The names of what agrees ("agree") or contradicts ("contradict"), the weightiest first."""
    found = sorted(
        (step for step in components if step["outcome"] == outcome), key=lambda step: -abs(step["weight_bits"])
    )
    return [comparison_name(step["comparison"], language) for step in found[:longest]]
