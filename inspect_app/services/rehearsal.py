"""The rehearsal of a release: judged alerts and recent goods lines, weighed with the matcher in force and the new one.

What counts as a hit is an alert in the band `alert`. A confirmed pair that is lost, or a dismissed one that is gained,
is marked: somebody must look at it. Rarity is counted with the index as it stands, which was filed with the words in
force; a name that is new to it counts as rare until everything was rescreened.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.matching.matcher import Matcher
from inspect_app.models import Alert, GoodsLine, Job, MatcherRelease, StolenItem
from inspect_app.models.types import JsonDict, utc_now
from inspect_app.services.jobs import JobRun, Step
from inspect_app.services.match_index import STOLEN, find_candidates, load_corpus
from inspect_app.services.matcher import current_matcher, matcher_of
from inspect_app.services.screening import record_of_item, record_of_line
from inspect_app.services.transaction import Transaction

SAMPLE_LINES: Final = 500
SAMPLE_DAYS: Final = 30
SHOWN_PAIRS: Final = 200
_STEP_ALERTS: Final = 50
_STEP_LINES: Final = 10

Pair = tuple[GoodsLine, StolenItem]


def run_rehearsal(run: JobRun) -> None:
    """Replays the judged alerts, then a sample of recent lines, step after step; the result grows in the release."""
    while run.cursor.get("stage") != "done":
        with run.step() as step:
            release = db.session.get_one(MatcherRelease, run.payload["release_id"])
            if release.state != "draft":
                step.cursor["stage"] = "done"
            else:
                _take_step(step, release)


def give_up_rehearsal(tx: Transaction, job: Job) -> None:
    """Says on the release that it could not be rehearsed."""
    release = db.session.get_one(MatcherRelease, job.payload["release_id"])
    release.rehearsal = {**release.rehearsal, "error": job.error[:200]}
    tx.record("matching:rehearsal:failed", release, after={"error": job.error[:200]})


def _take_step(step: Step, release: MatcherRelease) -> None:
    old, new = current_matcher(), matcher_of(release)
    if step.cursor.get("old_version") != old.version:
        # Another release went into force meanwhile: what was compared so far says nothing any more.
        step.cursor.update(old_version=old.version, stage="judged", after=0)
        step.done_units = 0
        release.rehearsal = _empty(old, new)
    result = _copy(release.rehearsal)
    if step.cursor["stage"] == "judged":
        done = _replay_judged(result, old, new, step.cursor)
        step.done_units += done
        if done < _STEP_ALERTS:
            step.cursor.update(stage="sample", after=_first_sampled_id() - 1)
    else:
        done = _replay_lines(result, old, new, step.cursor)
        if done < _STEP_LINES:
            step.cursor["stage"] = "done"
            result["finished_at"] = utc_now().isoformat()
            result["per_day"] = _per_day(result["sample"])
            release.state = "rehearsed"
            told = {name: result[name] for name in ("confirmed", "dismissed", "sample")}
            step.tx.record("matching:release:rehearsed", release, after=told)
    release.rehearsal = result


def _replay_judged(result: JsonDict, old: Matcher, new: Matcher, cursor: JsonDict) -> int:
    query = select(Alert).where(Alert.id > cursor["after"], Alert.judgements.any()).order_by(Alert.id)
    alerts = db.session.scalars(query.limit(_STEP_ALERTS)).all()
    for alert in alerts:
        verdict = alert.judgements[-1].verdict
        before, after = _bands((alert.goods_line, alert.stolen_item), old, new)
        outcome = _outcome(before[0], after[0])
        result[verdict][outcome] += 1
        category = result["categories"].setdefault(alert.stolen_item.category, dict.fromkeys(_OUTCOMES, 0))
        category[outcome] += 1
        is_red = (verdict, outcome) in (("confirmed", "lost"), ("dismissed", "gained"))
        if outcome in ("lost", "gained"):
            _show(
                result, _told((alert.goods_line, alert.stolen_item), before, after, outcome, verdict, is_red, alert.id)
            )
        cursor["after"] = alert.id
    return len(alerts)


def _replay_lines(result: JsonDict, old: Matcher, new: Matcher, cursor: JsonDict) -> int:
    query = select(GoodsLine).where(
        GoodsLine.id > cursor["after"],
        GoodsLine.removed_at.is_(None),
        GoodsLine.logged_at >= utc_now() - timedelta(days=SAMPLE_DAYS),
    )
    lines = db.session.scalars(query.order_by(GoodsLine.id).limit(_STEP_LINES)).all()
    sample = result["sample"]
    for line in lines:
        sample["lines"] += 1
        sample["first_at"] = min(sample["first_at"] or line.logged_at.isoformat(), line.logged_at.isoformat())
        sample["last_at"] = max(sample["last_at"], line.logged_at.isoformat())
        for item in _items_near(line, old, new):
            pair = line, item
            before, after = _bands(pair, old, new)
            sample["old_alerts"] += before[0] == "alert"
            sample["new_alerts"] += after[0] == "alert"
            outcome = _outcome(before[0], after[0])
            if outcome in ("lost", "gained") and not _is_judged(line.id, item.id):
                sample[outcome] += 1
                _show(result, _told(pair, before, after, outcome, "", False, None))
        cursor["after"] = line.id
    return len(lines)


def _items_near(line: GoodsLine, old: Matcher, new: Matcher) -> Iterable[StolenItem]:
    record = record_of_line(line)
    ids = {
        item_id
        for matcher in (old, new)
        for found in find_candidates(STOLEN, {line.id: matcher.prepare(record)}).values()
        for item_id in found
    }
    query = select(StolenItem).where(StolenItem.id.in_(sorted(ids)), StolenItem.withdrawn_at.is_(None))
    return db.session.scalars(query.order_by(StolenItem.id)).all()


def _bands(pair: Pair, old: Matcher, new: Matcher) -> list[tuple[str, float]]:
    """Band and probability of the pair with the old matcher, then with the new one."""
    line, item = record_of_line(pair[0]), record_of_item(pair[1])
    found: list[tuple[str, float]] = []
    for matcher in (old, new):
        goods, stolen = matcher.prepare(line), matcher.prepare(item)
        match = matcher.compare(goods, stolen, load_corpus([goods, stolen]))
        found.append((match.band, round(match.probability, 3)))
    return found


_OUTCOMES: Final = ("kept", "lost", "gained", "neither")


def _outcome(before: str, after: str) -> str:
    if before == "alert":
        return "kept" if after == "alert" else "lost"
    return "gained" if after == "alert" else "neither"


def _is_judged(line_id: int, item_id: int) -> bool:
    query = select(Alert.id).where(
        Alert.goods_line_id == line_id, Alert.stolen_item_id == item_id, Alert.judgements.any()
    )
    return db.session.scalar(query) is not None


def _told(
    pair: Pair,
    before: tuple[str, float],
    after: tuple[str, float],
    outcome: str,
    verdict: str,
    is_red: bool,
    alert_id: int | None,
) -> JsonDict:
    """A pair to look at. What the two things are called, and nothing of any person."""
    return {
        "alert_id": alert_id,
        "goods": _title(pair[0]),
        "stolen": _title(pair[1]),
        "category": pair[1].category,
        "verdict": verdict,
        "outcome": outcome,
        "is_red": is_red,
        "before": list(before),
        "after": list(after),
    }


def _title(row: GoodsLine | StolenItem) -> str:
    return " ".join(part for part in (row.brand, row.model, row.colour) if part)[:80]


def _show(result: JsonDict, pair: JsonDict) -> None:
    """Keeps the pairs to look at, the red ones before all others."""
    pairs = [*result["pairs"], pair]
    pairs.sort(key=lambda found: not found["is_red"])
    result["pairs"] = pairs[:SHOWN_PAIRS]
    result["pair_count"] += 1


def _first_sampled_id() -> int:
    """The line from which on the last lines are the sample."""
    query = select(GoodsLine.id).order_by(GoodsLine.id.desc()).limit(1).offset(SAMPLE_LINES - 1)
    return db.session.scalar(query) or 1


def _empty(old: Matcher, new: Matcher) -> JsonDict:
    verdicts = {verdict: dict.fromkeys(_OUTCOMES, 0) for verdict in ("confirmed", "dismissed", "unsure")}
    sample = {"lines": 0, "old_alerts": 0, "new_alerts": 0, "lost": 0, "gained": 0, "first_at": "", "last_at": ""}
    return {
        "old_version": old.version,
        "new_version": new.version,
        **verdicts,
        "categories": {},
        "sample": sample,
        "pairs": [],
        "pair_count": 0,
    }


def _per_day(sample: JsonDict) -> list[float]:
    """Alerts a day over the days that the sample reaches, before and after."""
    if not sample["lines"]:
        return []
    reach = datetime.fromisoformat(sample["last_at"]) - datetime.fromisoformat(sample["first_at"])
    days = max(1.0, reach.total_seconds() / 86_400)
    return [round(sample["old_alerts"] / days, 1), round(sample["new_alerts"] / days, 1)]


def _copy(result: Mapping[str, Any]) -> JsonDict:
    """A copy two levels deep: a JSON column notices only that it was given another value."""
    return {
        key: {name: dict(v) if isinstance(v, dict) else v for name, v in value.items()}
        if isinstance(value, dict)
        else value
        for key, value in result.items()
    }
