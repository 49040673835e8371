"""Chance that falls the same way every time: one named, seeded stream for each part of the city.

A part that asks for one more number does not shift the others, since each has a stream of its own.
"""

import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from random import Random
from typing import Final, TypeVar

# The last day of the demo city. A fixed day and not the clock's, so that the same city comes out in any year.
LAST_DAY: Final = date(2026, 11, 20)
_SEED: Final = "joint-inspection-demo-1"
_NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "demo.joint-inspection.invalid")
_LOCAL: Final = timezone(timedelta(hours=8))

Choice = TypeVar("Choice")


def stream(name: str) -> Random:
    """The seeded stream of that name."""
    return Random(f"{_SEED}:{name}")  # noqa: S311 - repeatable chance is what is wanted, not secrecy


def uid_of(name: str) -> str:
    """The UUID (text, 36 characters) of a thing in the demo city, always the same for the same name."""
    return str(uuid.uuid5(_NAMESPACE, name))


def local_time(day: date, hour: int, minute: int = 0) -> datetime:
    """A time of day in the city (UTC+8) as aware UTC."""
    return datetime.combine(day, time(hour, minute), _LOCAL).astimezone(UTC)


def weighted(dice: Random, choices: Sequence[tuple[Choice, float]]) -> Choice:
    """One of the choices, each as likely as its weight."""
    return dice.choices([choice for choice, _ in choices], [weight for _, weight in choices])[0]
