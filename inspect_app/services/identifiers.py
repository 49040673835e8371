"""Identifiers as people type them, turned into rows: the same for goods lines and for stolen items.

apply_identifiers(line, [TypedIdentifier("imei", "860123456789014", "scan")], GoodsIdentifier)
apply_identifiers(item, [TypedIdentifier("frame", "WB-2231")], StolenIdentifier)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inspect_app.matching import identifiers as matching
from inspect_app.models import GoodsIdentifier, StolenIdentifier
from inspect_app.rules import IDENTIFIER_KINDS, READ_BY

LONGEST_VALUE = 120


@dataclass(frozen=True, slots=True)
class TypedIdentifier:
    """One number as typed: ``kind`` of ``rules.IDENTIFIER_KINDS``, ``read_by`` of ``rules.READ_BY``."""

    kind: str
    value: str
    read_by: str = "hand"


@dataclass(frozen=True, slots=True)
class CheckedIdentifier:
    """A typed number with its normal form and what its check said: ``result`` of ``rules.IDENTIFIER_CHECKS``.

    ``reason`` is a code of ``matching.identifiers.check``; the page has the words (``identifier_reason`` in templates).
    """

    kind: str
    value: str
    normalised: str
    result: str
    reason: str


def check_identifier(kind: str, value: str) -> CheckedIdentifier:
    """Normalises and checks one number. It is never refused; a kind that nobody knows becomes ``other``."""
    known = kind if kind in IDENTIFIER_KINDS else "other"
    value = value.strip()
    result, reason = matching.check(known, value)
    # NFKC can make a text longer than it was typed; the column holds no more than this.
    return CheckedIdentifier(known, value, matching.normalise(known, value)[:LONGEST_VALUE], result, reason)


def apply_identifiers(
    rows_owner: Any, typed: Sequence[TypedIdentifier], model: type[GoodsIdentifier] | type[StolenIdentifier]
) -> None:
    """Makes ``rows_owner.identifiers`` (of a goods line or a stolen item) hold exactly what was typed, in its order.

    Blank values are left out and the same number of the same kind is kept once; a row that is there already keeps its
    id. ``model`` is the rows' class. Nothing is flushed.
    """
    present = {(row.kind, row.value): row for row in rows_owner.identifiers}
    rows: list[Any] = []
    seen: set[tuple[str, str]] = set()
    for entry in typed:
        checked = check_identifier(entry.kind, entry.value)
        same = (checked.kind, checked.normalised or checked.value)
        if not checked.value or same in seen:
            continue
        seen.add(same)
        row = present.get((checked.kind, checked.value)) or model(kind=checked.kind, value=checked.value)
        row.normalised, row.check_result, row.check_reason = checked.normalised, checked.result, checked.reason
        row.position = len(rows)
        if isinstance(row, GoodsIdentifier):
            row.read_by = entry.read_by if entry.read_by in READ_BY else "hand"
        rows.append(row)
    rows_owner.identifiers = rows
