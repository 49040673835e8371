"""Compares goods lines with stolen items, both ways, inside the transaction that saves them.

Rows become the matcher's records here and nowhere else. Whoever screens takes the lock first and then asks which
matcher is in force, so screenings and a change of the matcher stand in one order. A screened record is marked with the
version (``screening_marks``); what becomes of an alert is decided in ``alert_settling``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from inspect_app.extensions import db
from inspect_app.matching import Identifier, Match, Prepared, Record, descriptive_keys
from inspect_app.matching.comparing import COMPARED_HERE, Batch, Comparing, compare_batch
from inspect_app.matching.matcher import Matcher
from inspect_app.models import Alert, GoodsLine, StolenItem, StolenReport
from inspect_app.services.alert_settling import Pair, settle_alert
from inspect_app.services.match_index import (
    GOODS,
    STOLEN,
    Reading,
    file_records,
    find_candidates,
    id_batches,
    load_corpus,
    load_readings,
    lock_index,
    remove_records,
)
from inspect_app.services.matcher import current_matcher
from inspect_app.services.screening_marks import forget_marks, mark_screened
from inspect_app.services.transaction import Transaction

_CLOCK: Final = ZoneInfo("Asia/Shanghai")
# Beside the alerts, so many of the possible pairs of one record are kept: a common phone would have hundreds.
_MOST_POSSIBLE: Final = 5
_TITLE_COLUMNS: Final = (StolenItem.brand, StolenItem.model, StolenItem.colour, StolenItem.description)


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


def screen_goods_lines(
    tx: Transaction, lines: Sequence[GoodsLine], comparing: Comparing = COMPARED_HERE
) -> list[Alert]:
    """Compares flushed goods lines with every stolen item in one go; returns their alerts.

    ``comparing`` says where the pairs are compared; candidates, counts and alerts are this process's own work.
    """
    db.session.flush()
    standing = {line.id: line for line in lines if _stands(line)}
    return _screen(tx, GOODS, {line.id: line for line in lines}, standing, comparing)


def screen_stolen_items(tx: Transaction, items: Sequence[StolenItem]) -> list[Alert]:
    """Compares flushed stolen items (one, or a chunk of an import) with every goods line; returns their alerts.

    A withdrawn item leaves the index, and its alerts that nobody has judged are superseded.
    """
    db.session.flush()
    standing = {item.id: item for item in items if _stands(item)}
    return _screen(tx, STOLEN, {item.id: item for item in items}, standing, COMPARED_HERE)


def preview(record: Record, limit: int = 3) -> list[LikelyHit]:
    """The likeliest stolen items for a record that is not saved, strongest first; in bands alert and possible."""
    matcher = current_matcher()
    matches = compare_batch(_batch(matcher, GOODS, {0: matcher.prepare(record)}, {}))
    likely = [(match, item_id) for (_, item_id), match in matches.items()]
    likely.sort(key=lambda pair: (pair[0].band, -pair[0].weight_bits, pair[1]))
    named = _named([item_id for _, item_id in likely[:limit]])
    return [LikelyHit(item_id, *named[item_id], match) for match, item_id in likely[:limit] if item_id in named]


def _named(item_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The number of the report and a title of stolen items that stand."""
    if not item_ids:
        return {}
    query = (
        select(StolenItem.id, StolenReport.number, *_TITLE_COLUMNS)
        .join(StolenItem.report)
        .where(StolenItem.id.in_(item_ids), StolenItem.withdrawn_at.is_(None))
    )
    return {row.id: (row.number, _title(row)) for row in db.session.execute(query)}


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


def _title(item: Any) -> str:
    named = " ".join(part for part in (item.brand, item.model, item.colour) if part)
    return named or item.description[:60]


def refile(side: int, rows: Sequence[Any]) -> None:
    """Files goods lines or stolen items under the keys of the matcher in force; ``rescreening`` compares them later.

    Marks of another matcher are taken away with the old keys. The caller holds the lock.
    """
    matcher = current_matcher()
    to_record = record_of_line if side == GOODS else record_of_item
    standing = {row.id: matcher.prepare(to_record(row)) for row in rows if _stands(row)}
    gone = {row.id for row in rows} - standing.keys()
    remove_records(side, gone)
    forget_marks(side, gone)
    forget_marks(side, standing, except_version=matcher.version)
    file_records(side, standing, matcher.version)


def _stands(row: GoodsLine | StolenItem) -> bool:
    """Whether the record is compared: it was neither taken off nor withdrawn."""
    return (row.removed_at if isinstance(row, GoodsLine) else row.withdrawn_at) is None


def _screen(
    tx: Transaction, side: int, rows: Mapping[int, Any], standing: Mapping[int, Any], comparing: Comparing
) -> list[Alert]:
    """Files the standing rows anew and brings the alerts of all rows up to the evidence."""
    lock_index()
    matcher = current_matcher()
    to_record = record_of_line if side == GOODS else record_of_item
    prepared = {row_id: matcher.prepare(to_record(row)) for row_id, row in standing.items()}
    remove_records(side, rows.keys() - standing.keys())
    forget_marks(side, rows.keys() - standing.keys())
    file_records(side, prepared, matcher.version)
    existing = _existing_alerts(side, rows)
    size = comparing.most_records or max(1, len(prepared))
    batches = (_batch(matcher, side, part, existing) for part in _parts(prepared, size))
    matches = {pair: match for found in comparing.run(batches) for pair, match in found.items()}
    alerts = []
    for pair in sorted(existing.keys() | _kept(side, matches, existing).keys()):
        alert = settle_alert(tx, existing.get(pair), pair, matches.get(pair))
        if alert is not None:
            alerts.append(alert)
    _give_to_units(alerts)
    mark_screened(side, standing, matcher.version)
    db.session.flush()
    return alerts


def compare_by_index(lines: Sequence[GoodsLine]) -> dict[Pair, Match]:
    """What screening would find for the lines now, the dropped pairs included; nothing is changed."""
    matcher = current_matcher()
    prepared = {line.id: matcher.prepare(record_of_line(line)) for line in lines}
    return compare_batch(_batch(matcher, GOODS, prepared, {}, tells_all=True))


def _parts(prepared: Mapping[int, Prepared], size: int) -> Iterator[dict[int, Prepared]]:
    ids = list(prepared)
    return ({own: prepared[own] for own in ids[start : start + size]} for start in range(0, len(ids), size))


def _batch(
    matcher: Matcher,
    side: int,
    prepared: Mapping[int, Prepared],
    existing: Mapping[Pair, Alert],
    *,
    tells_all: bool = False,
) -> Batch:
    """Every pair of these records that is likely by the index or has an alert, and what comparing it depends on."""
    candidates = find_candidates(1 - side, prepared)
    for pair in existing:
        ours, theirs = pair if side == GOODS else (pair[1], pair[0])
        if ours in candidates and theirs not in candidates[ours]:
            candidates[ours].append(theirs)
    readings = _readings(matcher, 1 - side, {other for found in candidates.values() for other in found})
    corpus = load_corpus(prepared.values(), readings.values())
    others = {other: reading.prepared for other, reading in readings.items()}
    goods, stolen = (prepared, others) if side == GOODS else (others, prepared)
    pairs = [
        (own, other) if side == GOODS else (other, own)
        for own, found in candidates.items()
        for other in found
        if other in others
    ]
    told_anyway = frozenset(pairs) if tells_all else existing.keys() & set(pairs)
    return Batch(goods, stolen, pairs, told_anyway, corpus, matcher.signed_weights)


def _readings(matcher: Matcher, side: int, record_ids: Collection[int]) -> dict[int, Reading]:
    """The filed records as this matcher reads them; those that another filed are read anew from their rows."""
    found = load_readings(side, record_ids, matcher.version)
    missing = [record_id for record_id in record_ids if record_id not in found]
    if missing:
        rows: Mapping[int, Any] = load_stolen(missing) if side == STOLEN else load_goods(missing)
        to_record = record_of_line if side == GOODS else record_of_item
        for record_id, row in rows.items():
            prepared = matcher.prepare(to_record(row))
            found[record_id] = Reading(prepared, descriptive_keys(prepared))
    return found


def _kept(side: int, matches: Mapping[Pair, Match], existing: Mapping[Pair, Alert]) -> dict[Pair, Match]:
    """Every alert, and of the possible pairs of one record the strongest; those that exist already stay."""
    kept, possible_of = {}, dict[int, int]()
    for pair, match in sorted(matches.items(), key=lambda item: (-item[1].weight_bits, item[0])):
        own = pair[0] if side == GOODS else pair[1]
        if match.band == "possible":
            possible_of[own] = possible_of.get(own, 0) + 1
            if possible_of[own] > _MOST_POSSIBLE and pair not in existing:
                continue
        if match.band != "dropped":
            kept[pair] = match
    return kept


def _existing_alerts(side: int, rows: Mapping[int, Any]) -> dict[Pair, Alert]:
    column = Alert.goods_line_id if side == GOODS else Alert.stolen_item_id
    # Locked, for a person may judge one of them at this moment.
    query = select(Alert).with_for_update(of=Alert)
    found = (alert for ids in id_batches(rows) for alert in db.session.scalars(query.where(column.in_(ids))))
    return {(alert.goods_line_id, alert.stolen_item_id): alert for alert in found}


def load_stolen(item_ids: Iterable[int]) -> dict[int, StolenItem]:
    """The items that stand, with what the matcher reads of them."""
    query = (
        select(StolenItem)
        .where(StolenItem.withdrawn_at.is_(None))
        .options(joinedload(StolenItem.report), selectinload(StolenItem.identifiers))
    )
    batches = (db.session.scalars(query.where(StolenItem.id.in_(ids))) for ids in id_batches(item_ids))
    return {item.id: item for found in batches for item in found}


def load_goods(line_ids: Iterable[int]) -> dict[int, GoodsLine]:
    """The lines that stand, with what the matcher reads of them."""
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
        lines = load_goods([alert.goods_line_id for alert in homeless])
        for alert in homeless:
            line = lines.get(alert.goods_line_id)
            alert.unit_id = line.venue.unit_id if line is not None else None
