"""Compares goods lines with stolen items, both ways, inside the transaction that saves them.

Rows become the matcher's records here and nowhere else. A pair that a person judged is left alone until its evidence
changes; an open alert whose evidence is gone is superseded, and comes back with the evidence.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from inspect_app.extensions import db
from inspect_app.matching import Identifier, Match, Prepared, Record, compare, prepare
from inspect_app.models import Alert, GoodsLine, StolenItem
from inspect_app.models.types import utc_now
from inspect_app.rules import ALERT_MOVES, is_move_allowed
from inspect_app.services.alerts import move_alert
from inspect_app.services.match_index import (
    GOODS,
    STOLEN,
    file_records,
    find_candidates,
    id_batches,
    load_corpus,
    lock_index,
    remove_records,
)
from inspect_app.services.transaction import Transaction

_CLOCK: Final = ZoneInfo("Asia/Shanghai")
# Beside the alerts, so many of the possible pairs of one record are kept: a common phone would have hundreds.
_MOST_POSSIBLE: Final = 5
# What a person has decided stays as it is; `unsure` is a decision too.
_JUDGED: Final = frozenset({"confirmed", "dismissed", "unsure", "closed"})
# Components that change with the register and not with the two things.
_NOT_EVIDENCE: Final = frozenset({"prior", "rivals"})

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LikelyHit:
    """A stolen item that a line which is still being typed may be; nothing of it is saved."""

    stolen_item_id: int
    report_number: str
    title: str
    match: Match


def screen_goods_line(tx: Transaction, line: GoodsLine) -> list[Alert]:
    """Compares a flushed goods line with every stolen item; returns the alerts (both bands) that it now has."""
    return screen_goods_lines(tx, [line])


def screen_goods_lines(tx: Transaction, lines: Sequence[GoodsLine]) -> list[Alert]:
    """Compares flushed goods lines with every stolen item in one go; returns their alerts."""
    db.session.flush()
    standing = {line.id: line for line in lines if line.removed_at is None}
    return _screen(tx, GOODS, {line.id: line for line in lines}, standing)


def screen_stolen_items(tx: Transaction, items: Sequence[StolenItem]) -> list[Alert]:
    """Compares flushed stolen items (one, or a chunk of an import) with every goods line; returns their alerts.

    A withdrawn item leaves the index, and its alerts that nobody has judged are superseded.
    """
    db.session.flush()
    standing = {item.id: item for item in items if item.withdrawn_at is None}
    return _screen(tx, STOLEN, {item.id: item for item in items}, standing)


def preview(record: Record, limit: int = 3) -> list[LikelyHit]:
    """The likeliest stolen items for a record that is not saved, strongest first; in bands alert and possible."""
    line = prepare(record)
    items = _load_stolen(find_candidates(STOLEN, {0: line})[0])
    prepared = {item_id: prepare(record_of_item(item)) for item_id, item in items.items()}
    corpus = load_corpus([line, *prepared.values()])
    matches = [(compare(line, other, corpus), items[item_id]) for item_id, other in prepared.items()]
    likely = [(match, item) for match, item in matches if match.band != "dropped"]
    likely.sort(key=lambda pair: (pair[0].band, -pair[0].weight_bits, pair[1].id))
    return [LikelyHit(item.id, item.report.number, _title(item), match) for match, item in likely[:limit]]


def record_of_line(line: GoodsLine) -> Record:
    """A goods line as the matcher reads it: its time is when it was received, at the latest when logged."""
    received_from = received_to = line.logged_at
    if line.received_on is not None:
        received_from = datetime.combine(line.received_on, time.min, _CLOCK).astimezone(UTC)
        received_to = min(datetime.combine(line.received_on, time.max, _CLOCK).astimezone(UTC), line.logged_at)
        received_from = min(received_from, received_to)
    return Record(
        ref=str(line.id),
        value_fen=line.price_fen,
        happened_from=received_from,
        happened_to=received_to,
        lat=line.venue.lat,
        lng=line.venue.lng,
        **_thing(line),
    )


def record_of_item(item: StolenItem) -> Record:
    """A stolen item as the matcher reads it; its time is the range in which it was stolen."""
    report = item.report
    return Record(
        ref=str(item.id),
        value_fen=item.value_fen,
        happened_from=report.occurred_from,
        happened_to=report.occurred_to,
        lat=report.lat,
        lng=report.lng,
        **_thing(item),
    )


def _thing(row: GoodsLine | StolenItem) -> dict[str, Any]:
    return {
        "category": row.category,
        "description": row.description,
        "brand": row.brand,
        "model": row.model,
        "specification": row.specification,
        "colour": row.colour,
        "marks": row.marks,
        "identifiers": tuple(Identifier(found.kind, found.value) for found in row.identifiers),
        "quantity": row.quantity,
        "unit": row.unit,
        "weight_g": row.weight_g,
    }


def _title(item: StolenItem) -> str:
    named = " ".join(part for part in (item.brand, item.model, item.colour) if part)
    return named or item.description[:60]


def _screen(tx: Transaction, side: int, rows: Mapping[int, Any], standing: Mapping[int, Any]) -> list[Alert]:
    """Files the standing rows anew and brings the alerts of all rows up to the evidence."""
    to_record = record_of_line if side == GOODS else record_of_item
    prepared = {row_id: prepare(to_record(row)) for row_id, row in standing.items()}
    lock_index()
    remove_records(side, rows.keys() - standing.keys())
    file_records(side, prepared)
    existing = _existing_alerts(side, rows)
    candidates = find_candidates(1 - side, prepared)
    for pair in existing:
        ours, theirs = pair if side == GOODS else (pair[1], pair[0])
        if ours in candidates and theirs not in candidates[ours]:
            candidates[ours].append(theirs)
    others = _load_other_side(side, {other for found in candidates.values() for other in found})
    matches = _compared(side, prepared, others, candidates)
    alerts = []
    for pair in sorted(existing.keys() | _kept(side, matches, existing).keys()):
        alert = _settle(tx, existing.get(pair), pair, matches.get(pair))
        if alert is not None:
            alerts.append(alert)
    _give_to_units(alerts)
    db.session.flush()
    return alerts


def _compared(
    side: int, prepared: Mapping[int, Prepared], others: Mapping[int, Any], candidates: Mapping[int, list[int]]
) -> dict[Pair, Match]:
    """The match of each pair of candidates, by the ids of goods line and stolen item."""
    to_record = record_of_item if side == GOODS else record_of_line
    prepared_others = {other_id: prepare(to_record(other)) for other_id, other in others.items()}
    corpus = load_corpus([*prepared.values(), *prepared_others.values()])
    found = {}
    for row_id, other_ids in candidates.items():
        for other_id in other_ids:
            if other_id in prepared_others:
                ours, theirs = prepared[row_id], prepared_others[other_id]
                goods, stolen = (ours, theirs) if side == GOODS else (theirs, ours)
                pair = (row_id, other_id) if side == GOODS else (other_id, row_id)
                found[pair] = compare(goods, stolen, corpus)
    return found


def _kept(side: int, matches: Mapping[Pair, Match], existing: Mapping[Pair, Alert]) -> dict[Pair, Match]:
    """Every alert, and of the possible pairs of one record the strongest; those that exist already stay."""
    kept, possible_of = {}, dict[int, int]()
    for pair, match in sorted(matches.items(), key=lambda item: (-item[1].weight_bits, item[0])):
        own = pair[0] if side == GOODS else pair[1]
        if match.band == "possible" and pair not in existing:
            possible_of[own] = possible_of.get(own, 0) + 1
            if possible_of[own] > _MOST_POSSIBLE:
                continue
        if match.band != "dropped":
            kept[pair] = match
    return kept


def _settle(tx: Transaction, alert: Alert | None, pair: Pair, match: Match | None) -> Alert | None:
    """Raises, refreshes, returns or supersedes the alert of a pair; None where the pair now has none."""
    if match is None or match.band == "dropped":
        if alert is not None and alert.state not in _JUDGED and is_move_allowed(ALERT_MOVES, alert.state, "superseded"):
            move_alert(tx, alert, "superseded", reason="evidence_gone")
        return None
    evidence_key = _evidence_key(match)
    if alert is None:
        alert = Alert(goods_line_id=pair[0], stolen_item_id=pair[1], state="new")
        _fill(alert, match, evidence_key)
        db.session.add(alert)
        tx.record("alerts:alert:raise", alert, after=_told(alert))
        return alert
    has_new_evidence = alert.evidence_key != evidence_key
    if alert.state in ("confirmed", "closed") or (alert.state in _JUDGED and not has_new_evidence):
        return alert
    if has_new_evidence or alert.state == "superseded" or alert.band != match.band:
        before = _told(alert)
        _fill(alert, match, evidence_key)
        tx.record("alerts:alert:rescore", alert, before=before, after=_told(alert))
    if alert.state in ("dismissed", "superseded"):
        move_alert(tx, alert, "new", reason="evidence_changed" if has_new_evidence else "evidence_back")
        alert.raised_at = utc_now()
    return alert


def _fill(alert: Alert, match: Match, evidence_key: str) -> None:
    alert.band = match.band
    alert.probability = match.probability
    alert.weight_bits = match.weight_bits
    alert.evidence_bits = match.evidence_bits
    alert.components = [asdict(component) for component in match.components]
    alert.matcher_version = match.version
    alert.evidence_key = evidence_key


def _told(alert: Alert) -> dict[str, Any]:
    return {
        "goods_line_id": alert.goods_line_id,
        "stolen_item_id": alert.stolen_item_id,
        "band": alert.band,
        "probability": alert.probability,
        "evidence_bits": alert.evidence_bits,
        "matcher_version": alert.matcher_version,
    }


def _evidence_key(match: Match) -> str:
    """A hash of what was compared and how it came out; weights and the size of the register leave it as it is."""
    evidence = [
        (found.comparison, found.level, found.goods_value, found.stolen_value)
        for found in match.components
        if found.comparison not in _NOT_EVIDENCE
    ]
    return hashlib.sha256(json.dumps(evidence, ensure_ascii=False).encode()).hexdigest()


def _existing_alerts(side: int, rows: Mapping[int, Any]) -> dict[Pair, Alert]:
    column = Alert.goods_line_id if side == GOODS else Alert.stolen_item_id
    found = (alert for ids in id_batches(rows) for alert in db.session.scalars(select(Alert).where(column.in_(ids))))
    return {(alert.goods_line_id, alert.stolen_item_id): alert for alert in found}


def _load_other_side(side: int, ids: set[int]) -> Mapping[int, Any]:
    return _load_stolen(ids) if side == GOODS else _load_goods(ids)


def _load_stolen(item_ids: Iterable[int]) -> dict[int, StolenItem]:
    query = (
        select(StolenItem)
        .where(StolenItem.withdrawn_at.is_(None))
        .options(joinedload(StolenItem.report), selectinload(StolenItem.identifiers))
    )
    batches = (db.session.scalars(query.where(StolenItem.id.in_(ids))) for ids in id_batches(item_ids))
    return {item.id: item for found in batches for item in found}


def _load_goods(line_ids: Iterable[int]) -> dict[int, GoodsLine]:
    query = (
        select(GoodsLine)
        .where(GoodsLine.removed_at.is_(None))
        .options(joinedload(GoodsLine.venue), selectinload(GoodsLine.identifiers))
    )
    batches = (db.session.scalars(query.where(GoodsLine.id.in_(ids))) for ids in id_batches(line_ids))
    return {line.id: line for found in batches for line in found}


def _give_to_units(alerts: Sequence[Alert]) -> None:
    """A new alert belongs to the unit in charge of the venue."""
    homeless = [alert for alert in alerts if alert.unit_id is None]
    if homeless:
        db.session.flush()
        lines = _load_goods([alert.goods_line_id for alert in homeless])
        for alert in homeless:
            line = lines.get(alert.goods_line_id)
            alert.unit_id = line.venue.unit_id if line is not None else None
