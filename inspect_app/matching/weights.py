"""Every number that the matcher weighs with, in versioned tables that people can read: `weight_tables/<version>.toml`.

A weight is log2 of how much likelier a level is for a true pair than for a chance pair: +3 makes a match eight
times likelier, -3 eight times less likely, 0 (blank) says nothing. Where agreement counts by rarity, the table gives
the share of the rarity that counts and its cap. A table that was in force is never changed: a change is a new version,
and the old one stays, so that an old alert can still be explained.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

TABLES: Final = Path(__file__).with_name("weight_tables")
BUILT_IN_VERSION: Final = "2.1"

# Comparisons whose positive levels count by rarity or length; their negative levels and all others are plain bits.
BY_RARITY: Final = frozenset({"identifier", "make", "model", "text", "marks", "colour", "category"})

Levels = Mapping[str, Mapping[str, float]]
Limits = tuple[tuple[str, float], ...]

_MOST_BITS = 60.0
_GROUPS: Final = MappingProxyType(
    {
        "prior": ("goods_stolen_rate", "smallest_register"),
        "bands": ("alert_probability", "alert_evidence_bits", "possible_probability", "possible_evidence_bits"),
        "calibration": ("calibration_scale", "calibration_shift_bits"),
        "limits": ("before_theft_tolerance_days",),
    }
)


class WeightsRefused(ValueError):
    """A table of weights that cannot be used: ``code`` says why, ``where`` which entry.

    Codes: not_toml, missing, unknown, not_a_number, out_of_range, not_rising, bad_version.
    """

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"{code}: {where}" if where else code)
        self.code = code
        self.where = where


class UnknownWeightsVersion(LookupError):
    """There is no table of this version."""

    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True, slots=True)
class Weights:
    """One version of every number of the matcher.

    `goods_stolen_rate` is the chance that a goods line is in the register at all; `smallest_register` the smallest
    register to reckon with. An alert needs a probability and enough evidence bits. The probability of a match weight of
    `b` bits is `1 / (1 + 2 ** -(calibration_scale * b + calibration_shift_bits))`. `levels` holds, by comparison and
    level, bits or shares of rarity; the limits say how far each level of `time` and `place` reaches; `made` tells what
    the version was made from.
    """

    version: str
    goods_stolen_rate: float
    smallest_register: float
    alert_probability: float
    alert_evidence_bits: float
    possible_probability: float
    possible_evidence_bits: float
    calibration_scale: float
    calibration_shift_bits: float
    before_theft_tolerance_days: float
    time_limits_days: Limits
    place_limits_km: Limits
    levels: Levels = field(hash=False)
    made: Mapping[str, str | int | float] = field(default_factory=dict, hash=False, compare=False)

    def probability(self, weight_bits: float) -> float:
        """The probability that a pair with this match weight is the same thing."""
        bits = self.calibration_scale * weight_bits + self.calibration_shift_bits
        return 1 / (1 + math.exp2(-max(-_MOST_BITS, min(_MOST_BITS, bits))))

    def prior_bits(self, stolen_count: int) -> float:
        """What is known before anything is compared: few goods are stolen, and each is only one of so many items."""
        return math.log2(self.goods_stolen_rate / self.register_size(stolen_count))

    def register_size(self, stolen_count: int) -> int:
        """The size to reckon with of a register of so many items."""
        return max(stolen_count, int(self.smallest_register))

    def weight_bits(self, probability: float) -> float:
        """The match weight that has this probability, the inverse of `probability`."""
        return (math.log2(probability / (1 - probability)) - self.calibration_shift_bits) / self.calibration_scale

    def with_levels(self, version: str, levels: Levels, made: Mapping[str, str | int | float]) -> Weights:
        """A new version in which some levels weigh otherwise.

        Raises:
            WeightsRefused: a level that this version does not know, or a number out of range.
        """
        for comparison, changed in levels.items():
            _refuse_strangers(comparison, changed, self.levels.get(comparison, {}))
        merged = {name: {**known, **levels.get(name, {})} for name, known in self.levels.items()}
        return _checked(replace(self, version=version, levels=merged, made=dict(made)))

    def to_toml(self) -> str:
        """The table as `from_toml` reads it."""
        lines = [
            "# Weights of the matcher in bits; docs/matching.md explains them. Never change a version in force.",
            "",
        ]
        lines += [f'version = "{self.version}"']
        if self.made:
            lines += ["", "[made]", *(f"{name} = {_toml(value)}" for name, value in self.made.items())]
        for group, names in _GROUPS.items():
            lines += ["", f"[{group}]", *(f"{name} = {_toml(getattr(self, name))}" for name in names)]
        for name, limits in (("time_days", self.time_limits_days), ("place_km", self.place_limits_km)):
            lines += ["", f"[limits.{name}]", *(f"{level} = {_toml(limit)}" for level, limit in limits)]
        for comparison, levels in self.levels.items():
            lines += ["", f"[levels.{comparison}]", *(f"{level} = {_toml(bits)}" for level, bits in levels.items())]
        return "\n".join(lines) + "\n"

    @classmethod
    def from_toml(cls, text: str) -> Weights:
        """The weights that a table holds.

        Raises:
            WeightsRefused: the text is no table of weights, or has an entry too many, too few or out of range.
        """
        try:
            table = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise WeightsRefused("not_toml", str(error)) from None
        _refuse_strangers("", table, {"version": 0, "made": 0, "levels": 0, **_GROUPS})
        values: dict[str, Any] = {}
        for group, names in _GROUPS.items():
            section = _section(table, group)
            _refuse_strangers(group, section, {*names, *(("time_days", "place_km") if group == "limits" else ())})
            values.update({name: _number(section, group, name) for name in names})
        limits = _section(table, "limits")
        values["time_limits_days"] = _limits(limits, "time_days")
        values["place_limits_km"] = _limits(limits, "place_km")
        levels = _section(table, "levels")
        values["levels"] = {name: _numbers(levels, name) for name in levels}
        _refuse_other_levels(values["levels"])
        return _checked(cls(version=_version(table), made=dict(table.get("made", {})), **values))


@cache
def load_weights(version: str) -> Weights:
    """The weights of a version that comes with the product.

    Raises:
        UnknownWeightsVersion: there is no such table.
        WeightsRefused: its table is damaged.
    """
    if version not in known_versions():
        raise UnknownWeightsVersion(version)
    return Weights.from_toml((TABLES / f"{version}.toml").read_text(encoding="utf-8"))


def known_versions() -> tuple[str, ...]:
    """The versions that come with the product, oldest first."""
    return tuple(sorted((path.stem for path in TABLES.glob("*.toml")), key=_age))


def newest_version() -> str:
    """The youngest version that comes with the product; which one is in force is decided elsewhere."""
    return known_versions()[-1]


def _age(version: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in version.split("."))


def _toml(value: str | int | float) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
    return repr(value)


def _version(table: Mapping[str, Any]) -> str:
    version = table.get("version")
    if not isinstance(version, str) or not version or not all(c.isalnum() or c in ".-_" for c in version):
        raise WeightsRefused("bad_version", str(version))
    return version


def _section(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = table.get(name)
    if not isinstance(found, Mapping):
        raise WeightsRefused("missing", name)
    return found


def _number(section: Mapping[str, Any], group: str, name: str) -> float:
    if name not in section:
        raise WeightsRefused("missing", f"{group}.{name}")
    value = section[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise WeightsRefused("not_a_number", f"{group}.{name}")
    return float(value)


def _numbers(section: Mapping[str, Any], group: str) -> dict[str, float]:
    inner = _section(section, group)
    return {name: _number(inner, group, name) for name in inner}


def _limits(section: Mapping[str, Any], group: str) -> Limits:
    limits = tuple(_numbers(section, group).items())
    if [limit for _, limit in limits] != sorted({limit for _, limit in limits}):
        raise WeightsRefused("not_rising", f"limits.{group}")
    return limits


def _refuse_strangers(group: str, found: Mapping[str, Any], known: Mapping[str, Any] | set[str]) -> None:
    strangers = sorted(set(found) - set(known))
    if strangers:
        raise WeightsRefused("unknown", f"{group}.{strangers[0]}".lstrip("."))


def _refuse_other_levels(levels: Levels) -> None:
    """A table has the levels that the comparisons reach, each of them and no other."""
    known = _known_levels()
    _refuse_strangers("levels", levels, known)
    for comparison, names in known.items():
        if comparison not in levels:
            raise WeightsRefused("missing", f"levels.{comparison}")
        _refuse_strangers(f"levels.{comparison}", levels[comparison], names)
        for name in names:
            if name not in levels[comparison]:
                raise WeightsRefused("missing", f"levels.{comparison}.{name}")


@cache
def _known_levels() -> Mapping[str, Mapping[str, float]]:
    table: dict[str, dict[str, float]] = tomllib.loads(
        (TABLES / f"{BUILT_IN_VERSION}.toml").read_text(encoding="utf-8")
    )["levels"]
    return table


def _checked(weights: Weights) -> Weights:
    for name in ("goods_stolen_rate", "alert_probability", "possible_probability"):
        if not 0 < getattr(weights, name) < 1:
            raise WeightsRefused("out_of_range", name)
    if weights.smallest_register < 1 or weights.calibration_scale <= 0:
        raise WeightsRefused(
            "out_of_range", "smallest_register" if weights.smallest_register < 1 else "calibration_scale"
        )
    for comparison, levels in weights.levels.items():
        for level, bits in levels.items():
            if abs(bits) > _MOST_BITS:
                raise WeightsRefused("out_of_range", f"levels.{comparison}.{level}")
    return weights


# The weights in force where nobody decided on others.
BUILT_IN_WEIGHTS: Final = load_weights(BUILT_IN_VERSION)
