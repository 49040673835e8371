"""Inspection checklists by kind of venue, each item with its legal basis as it stood on any day.

The data is in ``checklists/<version>.toml``. An item points at norms; a norm is one duty under one article, with one
citation for each period in which the article read differently. A citation that nobody checked against the text of the
instrument has ``is_verified`` false: pages show it as awaiting a legal check, and no document prints it as a basis.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from inspect_app.reference.bilingual import Bilingual, read_bilingual

VENUE_KINDS = ("second_hand", "pawn", "scrap", "market")


@dataclass(frozen=True, slots=True)
class Citation:
    """One article of one instrument during the period in which it read this way.

    ``valid_from`` and ``valid_to`` are both inclusive; None means that this end is open or not known. ``summary`` says
    in our own words what the article demands. ``penalty`` may be empty, and is checked apart from the article.
    """

    norm: str
    instrument: Bilingual
    article: Bilingual
    summary: Bilingual
    valid_from: date | None
    valid_to: date | None
    is_verified: bool
    penalty: Bilingual
    is_penalty_verified: bool

    def is_in_force_on(self, day: date) -> bool:
        """Tell whether the article read this way on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One question that an inspector answers on the spot; "yes" always means that all is in order.

    ``severity`` is high, medium or low (a suggestion, not statutory); ``subject`` is person or unit, whoever answers
    for a violation; ``agency`` is the kind of agency in charge. ``citations`` holds every known period, norm by norm.
    """

    key: str
    question: Bilingual
    look_at: Bilingual
    severity: str
    subject: str
    agency: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items asked in one kind of venue, in the order in which they are asked."""

    version: str
    venue_kind: str
    items: tuple[ChecklistItem, ...]

    def item(self, key: str) -> ChecklistItem:
        """Return the item with that key; KeyError when the list has none."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class _Edition:
    version: str
    used_from: date
    lists: Mapping[str, Checklist]


def checklist_for(venue_kind: str, day: date) -> Checklist:
    """Return the checklist to use for a visit on that day; the oldest one for days before all of them.

    Raises KeyError for an unknown kind of venue.
    """
    editions = [_edition(version) for version in checklist_versions()]
    started = [edition for edition in editions if edition.used_from <= day] or editions[:1]
    return started[-1].lists[venue_kind]


def checklist_version(version: str, venue_kind: str) -> Checklist:
    """Return one stored version, as an old visit was recorded with it; KeyError when there is none."""
    if version not in checklist_versions():
        raise KeyError(version)
    return _edition(version).lists[venue_kind]


@cache
def checklist_versions() -> tuple[str, ...]:
    """Return the names of all versions, oldest first."""
    folder = files(__package__) / "checklists"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def basis_on(item: ChecklistItem, day: date) -> tuple[Citation, ...]:
    """Return the citations in force on that day, verified or not; empty when no version is known for it.

    An act is judged by the law of its own day unless the new one is milder (行政处罚法 37): this gives the law of the
    day; the choice of the milder one stays with the person.
    """
    return tuple(citation for citation in item.citations if citation.is_in_force_on(day))


def printable_basis_on(item: ChecklistItem, day: date) -> tuple[Citation, ...]:
    """Return only the citations that a document may print: in force on that day and checked against the text."""
    return tuple(citation for citation in basis_on(item, day) if citation.is_verified)


@cache
def _edition(version: str) -> _Edition:
    text = (files(__package__) / "checklists" / f"{version}.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    norms = _read_norms(data)
    items = [(entry, _read_item(entry, norms)) for entry in data["items"]]
    lists = {
        kind: Checklist(version, kind, tuple(item for entry, item in items if kind in entry["venue_kinds"]))
        for kind in VENUE_KINDS
    }
    return _Edition(version, data["used_from"], lists)


def _read_norms(data: Mapping[str, Any]) -> dict[str, list[Citation]]:
    norms: dict[str, list[Citation]] = {}
    for entry in data["citations"]:
        norms.setdefault(entry["norm"], []).append(_read_citation(entry, data["instruments"][entry["instrument"]]))
    for citations in norms.values():
        citations.sort(key=lambda citation: citation.valid_from or date.min)
    return norms


def _read_citation(entry: Mapping[str, Any], instrument: Mapping[str, Any]) -> Citation:
    return Citation(
        norm=entry["norm"],
        instrument=read_bilingual(instrument, "name"),
        article=read_bilingual(entry, "article"),
        summary=read_bilingual(entry, "summary"),
        valid_from=entry.get("valid_from", instrument.get("valid_from")),
        valid_to=entry.get("valid_to", instrument.get("valid_to")),
        is_verified=entry["verified"],
        penalty=read_bilingual(entry, "penalty"),
        is_penalty_verified=entry.get("penalty_verified", False),
    )


def _read_item(entry: Mapping[str, Any], norms: Mapping[str, list[Citation]]) -> ChecklistItem:
    return ChecklistItem(
        key=entry["key"],
        question=read_bilingual(entry, "question"),
        look_at=read_bilingual(entry, "look_at"),
        severity=entry["severity"],
        subject=entry["subject"],
        agency=entry["agency"],
        citations=tuple(citation for norm in entry["basis"] for citation in norms[norm]),
    )
