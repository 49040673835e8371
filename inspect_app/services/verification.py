"""Checks the index: goods lines drawn by lot are compared with every stolen item, without it, by the same scorer.

Whatever reaches the band ``alert`` so must be found through the index as well, and must stand as an alert. A pair that
changed while the check ran is looked at once more at the end, under the lock that every screening takes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from sqlalchemy import func, select

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.matching import Prepared
from inspect_app.models import Alert, GoodsLine, Job, StolenItem
from inspect_app.models.types import JsonDict
from inspect_app.services.actors import Actor
from inspect_app.services.jobs import JobRun, enqueue, job_run
from inspect_app.services.match_index import id_batches, load_corpus, lock_index
from inspect_app.services.matcher import current_matcher
from inspect_app.services.screening import compare_by_index, load_goods, load_stolen, record_of_item, record_of_line
from inspect_app.services.transaction import Transaction, transaction

VERIFY: Final = "verify"
USUAL_SAMPLE: Final = 200
LARGEST_SAMPLE: Final = 5_000
_ITEMS_A_STEP: Final = 500
_MOST_TOLD: Final = 200


class SampleRefused(ValueError):
    """A sample has at least one line and at most ``LARGEST_SAMPLE``."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A pair in the band ``alert`` that the index does not find ("missed") or for which none stands ("not_raised")."""

    kind: str
    goods_line_id: int
    stolen_item_id: int
    weight_bits: float
    probability: float


@dataclass(frozen=True, slots=True)
class Verification:
    """What a finished check found: lines drawn, items each was compared with, pairs above the threshold."""

    version: str
    seed: int
    line_count: int
    item_count: int
    alert_pairs: int
    differences: Sequence[Difference]

    @property
    def is_passed(self) -> bool:
        """Whether exhaustive comparison found nothing that screening did not."""
        return not self.differences


def start_verification(
    actor: Actor, settings: Settings, *, sample: int = USUAL_SAMPLE, seed: int = 0, held_by: str = ""
) -> JobRun | None:
    """Adds the job; returns what to run when ``held_by`` is the worker. The same seed draws the same lines.

    Raises:
        NotAllowed: the actor may not see what the matcher does.
        SampleRefused: ``sample`` is out of range.
    """
    actor.require("matching.view")
    if not 1 <= sample <= LARGEST_SAMPLE:
        raise SampleRefused
    with transaction(actor) as tx:
        total = db.session.scalar(select(func.count()).where(StolenItem.withdrawn_at.is_(None))) or 0
        payload = {"sample": sample, "seed": seed}
        job = enqueue(tx, VERIFY, payload, total_units=total, held_by=held_by, lease_s=settings.job_lease_s)
        tx.record("matching:verification:started", job, after=payload)
        return job_run(job, held_by, settings) if held_by else None


def run_verification(run: JobRun) -> None:
    """Does what is left of the job; the cursor holds the lines drawn, the pairs found and at last the result."""
    prepared: dict[int, Prepared] = {}
    version = ""
    while "result" not in run.cursor:
        if run.cursor.get("version") != current_matcher().version:
            with run.step() as step:
                step.cursor = _begin(int(run.payload["sample"]), int(run.payload["seed"]))
                step.done_units = 0
        if version != run.cursor["version"]:
            version = run.cursor["version"]
            prepared = _prepared_lines(run.cursor["lines"])
        items = _next_items(run.cursor["after"])
        found = _above_threshold(prepared, items)
        with run.step() as step:
            if items:
                step.cursor = {**step.cursor, "after": max(items), "found": [*step.cursor["found"], *found]}
                step.done_units += len(items)
            else:
                lock_index()
                if current_matcher().version == version:
                    step.cursor = {**step.cursor, "result": _result(step.cursor, step.done_units)}
                    _record_result(step.tx, run.job_id, step.cursor)


def give_up_verification(tx: Transaction, job: Job) -> None:
    """Says in the trail that the check itself has failed for good."""
    tx.record("matching:verification:failed", job, after={"error": job.error[:200]})


def verification_of(job: Job) -> Verification | None:
    """What the check found, once it is finished."""
    result = job.cursor.get("result")
    if result is None:
        return None
    differences = [Difference(**told) for told in result["differences"]]
    return Verification(
        version=job.cursor["version"],
        seed=int(job.payload["seed"]),
        line_count=len(job.cursor["lines"]),
        item_count=result["items"],
        alert_pairs=result["alert_pairs"],
        differences=differences,
    )


def _begin(sample: int, seed: int) -> JsonDict:
    ids = db.session.scalars(select(GoodsLine.id).where(GoodsLine.removed_at.is_(None)).order_by(GoodsLine.id)).all()
    # The same lines for the same seed: this is no secret.
    drawn = sorted(Random(seed).sample(ids, min(sample, len(ids))))  # noqa: S311
    return {"version": current_matcher().version, "lines": drawn, "after": 0, "found": []}


def _prepared_lines(line_ids: Sequence[int]) -> dict[int, Prepared]:
    matcher = current_matcher()
    return {line_id: matcher.prepare(record_of_line(line)) for line_id, line in load_goods(line_ids).items()}


def _next_items(after: int) -> dict[int, Prepared]:
    matcher = current_matcher()
    query = select(StolenItem.id).where(StolenItem.id > after, StolenItem.withdrawn_at.is_(None))
    ids = db.session.scalars(query.order_by(StolenItem.id).limit(_ITEMS_A_STEP)).all()
    return {item_id: matcher.prepare(record_of_item(item)) for item_id, item in load_stolen(ids).items()}


def _above_threshold(lines: Mapping[int, Prepared], items: Mapping[int, Prepared]) -> list[tuple[int, int]]:
    """The pairs in the band ``alert``, among all of them."""
    matcher = current_matcher()
    corpus = load_corpus([*lines.values(), *items.values()])
    return [
        (line_id, item_id)
        for item_id, item in items.items()
        for line_id, line in lines.items()
        if matcher.compare(line, item, corpus).band == "alert"
    ]


def _result(cursor: JsonDict, item_count: int) -> JsonDict:
    """Looks once more at every pair that was found, as things are now, and asks the index for the same lines."""
    matcher = current_matcher()
    pairs = [(line_id, item_id) for line_id, item_id in cursor["found"]]
    lines = load_goods(cursor["lines"])
    items = load_stolen(item_id for _, item_id in pairs)
    goods = {line_id: matcher.prepare(record_of_line(line)) for line_id, line in lines.items()}
    stolen = {item_id: matcher.prepare(record_of_item(item)) for item_id, item in items.items()}
    corpus = load_corpus([*goods.values(), *stolen.values()])
    by_index = compare_by_index(list(lines.values()))
    raised = _standing_pairs(cursor["lines"])
    differences, alert_pairs = [], 0
    for pair in pairs:
        if pair[0] not in goods or pair[1] not in stolen:
            continue
        match = matcher.compare(goods[pair[0]], stolen[pair[1]], corpus)
        if match.band != "alert":
            continue
        alert_pairs += 1
        through = by_index.get(pair)
        if through is None or (through.band, through.probability) != (match.band, match.probability):
            kind = "missed"
        elif pair not in raised:
            kind = "not_raised"
        else:
            continue
        differences.append(_told(Difference(kind, *pair, match.weight_bits, match.probability)))
    return {"items": item_count, "alert_pairs": alert_pairs, "differences": differences[:_MOST_TOLD]}


def _told(found: Difference) -> JsonDict:
    return {name: getattr(found, name) for name in Difference.__dataclass_fields__}


def _standing_pairs(line_ids: Sequence[int]) -> set[tuple[int, int]]:
    query = select(Alert.goods_line_id, Alert.stolen_item_id).where(Alert.state != "superseded")
    batches = (db.session.execute(query.where(Alert.goods_line_id.in_(ids))) for ids in id_batches(line_ids))
    return {(row[0], row[1]) for found in batches for row in found}


def _record_result(tx: Transaction, job_id: int, cursor: JsonDict) -> None:
    told: dict[str, Any] = {
        "matcher_version": cursor["version"],
        "alerts": cursor["result"]["alert_pairs"],
        "differences": len(cursor["result"]["differences"]),
    }
    tx.record("matching:verification:finished", db.session.get_one(Job, job_id), after=told)
