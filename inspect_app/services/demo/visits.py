"""When which venue was inspected by whom: the skeleton of a visit, and the whole visit once its goods are known."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from inspect_app.reference.checklists import checklist_for
from inspect_app.services.demo.dice import LAST_DAY, local_time, stream, uid_of, weighted
from inspect_app.services.demo.people import person_name
from inspect_app.services.demo.plans import (
    PlannedAnswer,
    PlannedGoods,
    PlannedOfficer,
    PlannedUnit,
    PlannedVenue,
    PlannedVisit,
)
from inspect_app.services.demo.wording import NOT_IN_ORDER, findings_of, note_for, statement_of

_FIRST_DAY: Final = date(2026, 1, 6)
_CAMPAIGNS: Final = ((date(2026, 4, 13), date(2026, 4, 26)), (date(2026, 9, 7), date(2026, 9, 20)))
_AGENCIES: Final = (
    (("police", "market_regulation"), 80),
    (("police",), 13),
    (("market_regulation",), 7),
)
_FAULT_RATE: Final = {"low": 0.07, "medium": 0.045, "high": 0.012}
# Nobody inspects these on the day, for the shop does nothing of the kind.
_SELDOM_APPLIES: Final = frozenset(
    {
        "second_hand.tobacco", "second_hand.relics", "second_hand.scrap_vehicles", "pawn.vehicles", "pawn.preserved",
        "scrap.vehicle_qualification", "scrap.vehicle_log", "scrap.relics", "scrap.industrial",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outing:
    """A visit before anything was seen in it: which venue (its place in the list), when, by whom (badge numbers)."""

    venue: int
    kind: str
    started_at: datetime
    minutes: int
    officers: tuple[str, ...]
    is_draft: bool


class Rota:
    """Which officers of an agency may go to a venue: those of every unit whose area covers it."""

    def __init__(self, units: Sequence[PlannedUnit], officers: Sequence[PlannedOfficer]) -> None:
        """Sorts the inspectors by their units, the narrowest area first."""
        staff: dict[str, list[str]] = defaultdict(list)
        for officer in officers:
            if officer.role == "inspector":
                staff[officer.unit_code].append(officer.badge_number)
        teams = [(unit.agency, unit.area_code, staff[unit.code]) for unit in units if staff[unit.code]]
        self._teams = sorted(teams, key=lambda team: -len(team[1]))

    def pick(self, dice: Random, agencies: Sequence[str], area_code: str) -> tuple[str, ...]:
        """Two or three inspectors of each agency, of one unit each."""
        chosen: list[str] = []
        for agency in agencies:
            teams = [staff for kind, area, staff in self._teams if kind == agency and area_code.startswith(area)]
            staff = teams[0] if dice.random() < 0.55 else teams[-1]
            # The first two of a unit go out most: they are the ones to sign in as.
            chosen += staff[:2] if dice.random() < 0.7 else dice.sample(staff, min(len(staff), dice.choice((2, 2, 3))))
        return tuple(chosen)


def plan_outings(count: int, venues: Sequence[PlannedVenue], rota: Rota) -> list[Outing]:
    """So many visits in the order in which they began; those of the last day are still drafts."""
    dice = stream("outings")
    drafts = max(2, count // 40)
    days = sorted(_working_day(dice) for _ in range(count - drafts)) + [LAST_DAY] * drafts
    open_venues = [place for place, venue in enumerate(venues) if venue.state == "active"]
    weights = [{"low": 2, "medium": 3, "high": 5}[venues[place].risk] for place in open_venues]
    outings = []
    for number, day in enumerate(days):
        is_draft = number >= count - drafts
        venue = dice.choices(open_venues, weights)[0]
        if is_draft and number < count - drafts + 2:
            # Whoever signs in as the first inspectors finds a draft of theirs.
            venue = next(place for place in open_venues if venues[place].area_code.startswith("420704"))
        agencies = ("police", "market_regulation") if is_draft else weighted(dice, _AGENCIES)
        officers = rota.pick(dice, agencies, venues[venue].area_code)
        if is_draft and number < count - drafts + 2:
            officers = ("110001", "110002", "320001", "320002")
        started_at = local_time(day, dice.randint(9, 16), dice.choice((0, 5, 10, 20, 30, 40, 50)))
        kind = _kind_on(dice, day)
        outings.append(Outing(venue, kind, started_at, dice.randint(35, 140), officers, is_draft))
    return sorted(outings, key=lambda outing: outing.started_at)


def _working_day(dice: Random) -> date:
    span = (LAST_DAY - _FIRST_DAY).days - 1
    campaign = dice.choice(_CAMPAIGNS)
    start = campaign[0] if dice.random() < 0.22 else None
    day = start + timedelta(days=dice.randint(0, 13)) if start else _FIRST_DAY + timedelta(days=dice.randint(0, span))
    return day if day.weekday() < 5 else day - timedelta(days=2)


def _kind_on(dice: Random, day: date) -> str:
    if any(first <= day <= last for first, last in _CAMPAIGNS):
        return weighted(dice, (("campaign", 9), ("directed", 1)))
    return weighted(dice, (("routine", 62), ("random", 18), ("directed", 12), ("follow_up", 8)))


def complete_visit(number: int, outing: Outing, venue: PlannedVenue, goods: tuple[PlannedGoods, ...]) -> PlannedVisit:
    """The visit with its answers, findings and outcome, which follow from what was found."""
    dice = stream(f"visit {number}")
    day = (outing.started_at + timedelta(hours=8)).date()
    checklist = checklist_for(venue.kind, day)
    answers = [_answer(dice, item.key, item.severity) for item in checklist.items]
    if outing.is_draft:
        answers = answers[: len(answers) // 2]
    severities = {item.key: item.severity for item in checklist.items}
    outcome = None if outing.is_draft else _outcome(dice, answers, severities, goods)
    held = [line.thing.brand + line.thing.model or line.thing.specification for line in goods if _is_held(line)]
    notes = [answer.note for answer in answers if answer.answer == "no"]
    ended_at = outing.started_at + timedelta(minutes=outing.minutes)
    return PlannedVisit(
        uid=uid_of(f"visit {number}"),
        venue=outing.venue,
        kind=outing.kind,
        state="draft" if outing.is_draft else "submitted",
        started_at=outing.started_at,
        ended_at=None if outing.is_draft else ended_at,
        submitted_at=None if outing.is_draft else ended_at + timedelta(minutes=dice.randint(3, 40)),
        officers=outing.officers,
        checklist_version=checklist.version,
        answers=tuple(answers),
        findings="" if outcome is None else findings_of(dice, notes, held, outcome),
        venue_statement="" if outcome is None else statement_of(dice, outcome),
        venue_representative=venue.responsible_name if dice.random() < 0.7 else person_name(dice),
        outcome=outcome,
        goods=goods,
    )


def _answer(dice: Random, key: str, severity: str) -> PlannedAnswer:
    if key in _SELDOM_APPLIES and dice.random() < 0.7:
        answer = "not_applicable"
    elif dice.random() < _FAULT_RATE[severity] and key in NOT_IN_ORDER:
        answer = "no"
    else:
        answer = "not_checked" if dice.random() < 0.015 else "yes"
    return PlannedAnswer(item_key=key, answer=answer, note=note_for(dice, key, answer))


def _is_held(line: PlannedGoods) -> bool:
    return line.disposition == "held"


def _outcome(
    dice: Random, answers: Sequence[PlannedAnswer], severities: Mapping[str, str], goods: Sequence[PlannedGoods]
) -> str:
    if any(_is_held(line) for line in goods):
        return weighted(dice, (("goods_held", 4), ("case_opened", 1)))
    faults = [severities[answer.item_key] for answer in answers if answer.answer == "no"]
    if not faults:
        return "no_problem"
    return "corrected_on_site" if set(faults) == {"low"} else "rectification_ordered"
