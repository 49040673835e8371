"""The two frozen shapes that go into the matcher. Callers convert their rows to these at the border."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier as it was read: `kind` is one of `identifiers.KINDS`, `value` is the raw text."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Record:
    """A goods line or a stolen item, in the words of whoever typed it; a blank says nothing.

    `happened_from` and `happened_to` are aware UTC times. For goods both are when the line was received or logged;
    for a stolen item they are the range in which it was stolen.
    """

    ref: str
    category: str = ""
    description: str = ""
    brand: str = ""
    model: str = ""
    specification: str = ""
    colour: str = ""
    marks: str = ""
    identifiers: tuple[Identifier, ...] = ()
    quantity: float | None = None
    unit: str = ""
    weight_g: float | None = None
    value_fen: int | None = None
    happened_from: datetime | None = None
    happened_to: datetime | None = None
    lat: float | None = None
    lng: float | None = None
