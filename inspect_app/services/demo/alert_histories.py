"""What became of the alerts: the oldest are closed, the newest wait, and in between every state occurs.

The alerts are those that screening raised. They go through the same services as a person's, only that the times are
those of the demo city and not the clock's.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final

from inspect_app import rules
from inspect_app.models import Alert, User
from inspect_app.services.actors import Actor
from inspect_app.services.alerts import DAYS_OF_QUIET, Verdict, judge_alert, move_alert
from inspect_app.services.demo.dice import LAST_DAY, local_time, stream, uid_of
from inspect_app.services.stolen import withdraw_item
from inspect_app.services.transaction import Transaction

# From the oldest alert to the newest; stretched over as many as there are.
_COURSE: Final = (
    "closed", "closed", "confirmed", "closed", "dismissed", "closed", "confirmed", "dismissed", "closed",
    "superseded", "confirmed", "unsure", "escalated", "on_site", "acknowledged", "pushed", "triaged", "new", "new",
)  # fmt: skip
_FIRST_STEPS: Final = ("triaged", "pushed", "acknowledged", "on_site")
# How long a step takes, in minutes.
_MINUTES: Final = {
    "triaged": (2, 14), "pushed": (2, 20), "acknowledged": (3, 28), "on_site": (15, 110), "escalated": (31, 90),
    "confirmed": (20, 300), "dismissed": (10, 240), "unsure": (20, 180), "closed": (600, 3_600),
}  # fmt: skip
_NOTES: Final = {
    "confirmed": (
        "失主到场辨认，特征和购买凭证一致。",
        "识别码与报案登记一致，失主提供了发票。",
        "经与失主核对照片，确认系其被盗物品。",
    ),
    "dismissed": (
        "识别码不同，系同型号另一件。",
        "持有人出示购买发票，购买日期早于案发。",
        "颜色、磨损位置与报案描述不符。",
    ),
    "unsure": ("铭牌磨损，等失主提供购买凭证后再比对。", "识别码只能看清后几位，需拆机核对。"),
}


@dataclass(frozen=True, slots=True)
class _Step:
    after: str
    at: datetime
    by: User | None
    reason: str = ""


class HistoryWriter:
    """Moves alerts through their states in the open transaction, with the people and the times of the demo city."""

    def __init__(self, tx: Transaction, users: Mapping[str, User]) -> None:
        """``users`` by badge number."""
        self._tx = tx
        self._users = users
        self._dice = stream("alerts")
        self._by_item: dict[int, list[Alert]] = defaultdict(list)
        self._to_withdraw: list[tuple[Alert, str, datetime]] = []

    def write(self, alerts: Sequence[Alert], true_lines: frozenset[int]) -> None:
        """Gives every alert its history; ``true_lines`` are the ids of lines that really are the stolen thing."""
        for alert in alerts:
            alert.raised_at = max(alert.goods_line.logged_at, alert.stolen_item.report.reported_at)
            alert.updated_at = alert.raised_at
            self._by_item[alert.stolen_item_id].append(alert)
        in_order = sorted(alerts, key=lambda alert: (alert.raised_at, alert.id))
        strong = [alert for alert in in_order if alert.band == "alert"]
        for place, alert in enumerate(strong):
            state = _COURSE[place * len(_COURSE) // len(strong)]
            self._lead(alert, state, is_true=alert.goods_line_id in true_lines)
        # Of the weaker ones somebody looked at a few.
        weak = [alert for alert in in_order if alert.band == "possible" and alert.goods_line_id not in true_lines]
        for alert in weak[: max(3, len(weak) // 8)]:
            self._judge(alert, "dismissed", self._later(alert.raised_at, "dismissed"), self._officer_for(alert))
        # Last, for it drops every other open alert about the same thing.
        for alert, reason, moment in self._to_withdraw:
            self._withdraw(alert, reason, moment)

    def _lead(self, alert: Alert, state: str, *, is_true: bool) -> None:
        if state == "superseded":
            found_at = alert.raised_at + timedelta(hours=self._dice.randint(2, 30))
            self._to_withdraw.append((alert, "失主自行找回", found_at))
            return
        verdict = "confirmed" if is_true else "dismissed"
        if state in {"confirmed", "dismissed"}:
            state = verdict
        moment = alert.raised_at
        for step in self._steps_before(state):
            moment = self._later(moment, step)
            self._move(alert, _Step(step, moment, self._who_does(step, alert)))
        if state in {"closed", "confirmed", "dismissed", "unsure"}:
            given = verdict if state == "closed" else state
            moment = self._later(moment, given)
            self._judge(alert, given, moment, self._officer_for(alert))
            self._settle_goods(alert, given, moment, is_closed=state == "closed")
        if state == "closed":
            moment = self._later(moment, "closed")
            self._move(alert, _Step("closed", moment, self._users["140001"], "已按程序办结"))
            if verdict == "confirmed":
                self._to_withdraw.append((alert, "已查获并发还失主", moment))
        alert.updated_at = moment

    def _steps_before(self, state: str) -> tuple[str, ...]:
        if state == "new":
            return ()
        if state == "escalated":
            return ("triaged", "pushed", "escalated")
        if state in _FIRST_STEPS:
            return _FIRST_STEPS[: _FIRST_STEPS.index(state) + 1]
        # An officer who stands before the goods judges at once; else the desk pushes it and a unit goes there.
        return () if self._dice.random() < 0.35 else _FIRST_STEPS

    def _who_does(self, step: str, alert: Alert) -> User | None:
        if step == "escalated":
            return None
        return self._users["120001"] if step in {"triaged", "pushed"} else self._officer_for(alert)

    def _officer_for(self, alert: Alert) -> User:
        visit = alert.goods_line.visit
        assert visit is not None
        police = [o.user for o in visit.officers if o.user.unit and o.user.unit.agency.kind == "police"]
        return police[0] if police else self._users["130001"]

    def _later(self, moment: datetime, step: str) -> datetime:
        latest = local_time(LAST_DAY, 23, 50)
        return min(latest, moment + timedelta(minutes=self._dice.randint(*_MINUTES[step])))

    def _move(self, alert: Alert, step: _Step) -> None:
        move_alert(self._tx, alert, step.after, reason=step.reason)
        alert.moves[-1].moved_at = step.at
        alert.moves[-1].moved_by_id = step.by.id if step.by else None
        alert.updated_at = step.at

    def _judge(self, alert: Alert, verdict: str, moment: datetime, user: User) -> None:
        given = Verdict(
            submission_id=uid_of(f"judgement of alert {alert.goods_line.line_uid} {alert.stolen_item.item_uid}"),
            verdict=verdict,
            evidence_key=alert.evidence_key,
            reason=_reason(self._dice) if verdict == "dismissed" else "",
            note=self._dice.choice(_NOTES[verdict]),
        )
        judgement = judge_alert(_actor_for(user), alert.id, given)
        judgement.judged_at = moment
        if alert.quiet_until is not None:
            alert.quiet_until = moment + timedelta(days=DAYS_OF_QUIET)
        move = alert.moves[-1]
        move.moved_at, move.moved_by_id = moment, user.id
        alert.updated_at = moment

    def _settle_goods(self, alert: Alert, verdict: str, moment: datetime, *, is_closed: bool) -> None:
        line = alert.goods_line
        line.updated_at = moment
        if verdict == "confirmed":
            line.disposition = "returned" if is_closed else "seized"
        elif verdict == "dismissed" and line.disposition == "held":
            line.disposition = "released"

    def _withdraw(self, alert: Alert, reason: str, moment: datetime) -> None:
        """The thing is found: screening drops the alerts about it that nobody has judged."""
        item = withdraw_item(self._tx.actor, alert.stolen_item_id, reason)
        item.withdrawn_at = moment
        for other in self._by_item[item.id]:
            if other.state == "superseded":
                other.moves[-1].moved_at = other.updated_at = max(moment, other.raised_at)


def _reason(dice: Random) -> str:
    return dice.choice(("different_item", "different_item", "owner_proved", "identifier_misread"))


def _actor_for(user: User) -> Actor:
    roles = frozenset(role.name for role in user.roles)
    assert user.unit is not None
    return Actor(
        user_id=int(user.id),
        label=user.badge_number,
        origin="demo",
        roles=roles,
        unit_id=user.unit_id,
        agency_kind=user.unit.agency.kind,
        area_prefix="" if roles & rules.CITYWIDE_ROLES else user.unit.area_code,
    )
