"""Compares goods lines with stolen items, both ways, inside the transaction that saves them."""

from collections.abc import Sequence
from dataclasses import dataclass

from inspect_app.matching.records import Record
from inspect_app.matching.results import Match
from inspect_app.models import Alert, GoodsLine, StolenItem
from inspect_app.services.transaction import Transaction


@dataclass(frozen=True, slots=True)
class LikelyHit:
    """A stolen item that a line which is still being typed may be; nothing of it is saved."""

    stolen_item_id: int
    report_number: str
    title: str
    match: Match


def screen_goods_line(tx: Transaction, line: GoodsLine) -> list[Alert]:
    """Compares a flushed goods line with every stolen item; returns the alerts (both bands) that it now has."""
    return []


def screen_stolen_items(tx: Transaction, items: Sequence[StolenItem]) -> list[Alert]:
    """Compares flushed stolen items (one, or a chunk of an import) with every goods line; returns their alerts."""
    return []


def preview(record: Record, limit: int = 3) -> list[LikelyHit]:
    """The likeliest stolen items for a record that is not saved, strongest first; in bands alert and possible."""
    return []
