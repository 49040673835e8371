"""What becomes of the alert of a pair that is compared anew: the one set of rules, for every kind of screening.

A pair that a person judged is left alone until its evidence changes or its dismissal runs out; an open alert whose
evidence is gone is superseded, and comes back with the evidence.
"""

import hashlib
import json
from dataclasses import asdict
from typing import Any, Final

from inspect_app.extensions import db
from inspect_app.matching import Match
from inspect_app.models import Alert
from inspect_app.models.types import utc_now
from inspect_app.rules import ALERT_MOVES, is_move_allowed
from inspect_app.services.alerts import move_alert
from inspect_app.services.transaction import Transaction

# What a person has decided stays as it is; `unsure` is a decision too.
_JUDGED: Final = frozenset({"confirmed", "dismissed", "unsure", "closed"})
# Components that change with the register and not with the two things.
_NOT_EVIDENCE: Final = frozenset({"prior", "rivals"})

Pair = tuple[int, int]


def settle_alert(tx: Transaction, alert: Alert | None, pair: Pair, match: Match | None) -> Alert | None:
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
        tx.record("alerts:alert:raised", alert, after=_told(alert))
        return alert
    has_new_evidence = alert.evidence_key != evidence_key
    is_loud_again = alert.state == "dismissed" and alert.quiet_until is not None and alert.quiet_until <= utc_now()
    if alert.state in ("confirmed", "closed") or (
        alert.state in _JUDGED and not has_new_evidence and not is_loud_again
    ):
        return alert
    if has_new_evidence or alert.state == "superseded" or alert.band != match.band:
        before = _told(alert)
        _fill(alert, match, evidence_key)
        tx.record("alerts:alert:rescored", alert, before=before, after=_told(alert))
    if alert.state in ("dismissed", "superseded"):
        unchanged = "quiet_expired" if is_loud_again else "evidence_back"
        move_alert(tx, alert, "new", reason="evidence_changed" if has_new_evidence else unchanged)
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
