"""What comes out of the matcher: a scored, explained match that can be stored and read again, never recomputed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Outcome = Literal["agree", "contradict", "neutral"]
Band = Literal["alert", "possible", "dropped"]


@dataclass(frozen=True, slots=True)
class Component:
    """One comparison: which level it reached, how many bits that adds, and the two values that were compared."""

    comparison: str
    level: str
    outcome: Outcome
    weight_bits: float
    goods_value: str = ""
    stolen_value: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a goods line is a stolen item.

    `weight_bits` is the prior and all components added up; `probability` is the same number as a probability.
    `evidence_bits` is kept apart: how much the two things themselves have in common, whatever speaks against it.
    """

    goods_ref: str
    stolen_ref: str
    weight_bits: float
    probability: float
    evidence_bits: float
    band: Band
    components: tuple[Component, ...]
    version: str

    def to_dict(self) -> dict[str, Any]:
        """A JSON-ready dictionary; `from_dict` gives an equal match back."""
        return {**asdict(self), "components": [asdict(component) for component in self.components]}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Match:
        """The match that `to_dict` stored.

        Raises:
            KeyError: a component list is missing.
            TypeError: a field is missing or unknown.
        """
        components = tuple(Component(**component) for component in stored["components"])
        return cls(**{**stored, "components": components})

    def reason(self) -> str:
        """One short line that says what agrees and what contradicts, strongest first, for files and logs."""
        ordered = sorted(self.components, key=lambda c: (-abs(c.weight_bits), c.comparison))
        parts = []
        for heading, outcome in (("agree", "agree"), ("contradict", "contradict")):
            named = [_phrase(c) for c in ordered if c.outcome == outcome]
            if named:
                parts.append(f"{heading}: {', '.join(named)}")
        return "; ".join(parts) or "nothing to compare"


def _phrase(component: Component) -> str:
    level = component.level.replace("_", " ")
    return f"{component.comparison} {level} ({component.weight_bits:+.1f})"
