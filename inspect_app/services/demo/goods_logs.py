"""The goods logs: what stood in each venue on the day, with the stolen things and their twins among it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from inspect_app.services.demo.dice import stream, uid_of, weighted
from inspect_app.services.demo.goods import MODELS, TRADES
from inspect_app.services.demo.handling import TRUTHS, as_found, as_logged
from inspect_app.services.demo.plans import PlannedGoods, PlannedThing, PlannedVenue
from inspect_app.services.demo.reports import Theft
from inspect_app.services.demo.things import make_numbers, make_thing
from inspect_app.services.demo.visits import Outing

# One line in so many has to do with a theft.
_LINES_A_PLANT: Final = 28
_FEWEST_PLANTS: Final = 40
_LONGEST_KEPT: Final = timedelta(days=75)


@dataclass(slots=True)
class Log:
    """The goods log of one visit while it is being written."""

    outing: Outing
    trade: str
    lines: list[PlannedGoods]


def plan_logs(
    line_count: int, outings: Sequence[Outing], venues: Sequence[PlannedVenue], thefts: Sequence[Theft], sellers: range
) -> list[tuple[PlannedGoods, ...]]:
    """The logs of all visits in their order, with so many lines in all; ``sellers`` are places among the people."""
    dice = stream("goods")
    logs = [Log(outing, venues[outing.venue].trade, []) for outing in outings]
    for _ in range(line_count):
        log = dice.choice(logs)
        log.lines.append(_ordinary_line(dice, log, sellers))
    _plant(stream("plants"), logs, thefts, max(_FEWEST_PLANTS, line_count // _LINES_A_PLANT))
    return [
        tuple(
            replace(line, uid=uid_of(f"goods {number} {place}"), logged_at=_logged_at(log, place))
            for place, line in enumerate(log.lines)
        )
        for number, log in enumerate(logs)
    ]


def _ordinary_line(dice: Random, log: Log, sellers: range) -> PlannedGoods:
    thing = as_logged(dice, make_thing(dice, weighted(dice, TRADES[log.trade])))
    return _line(dice, log, thing, sellers, dice.randint(0, 60))


def _line(dice: Random, log: Log, thing: PlannedThing, sellers: range, days_kept: int) -> PlannedGoods:
    seller = sellers[int(len(sellers) * dice.random() ** 1.6)] if dice.random() < 0.72 else None
    return PlannedGoods(
        uid="",
        thing=thing,
        price_fen=int(thing.value_fen * dice.uniform(0.45, 0.85)) // 1000 * 1000 + 500,
        received_on=_day_of(log.outing.started_at) - timedelta(days=days_kept),
        logged_at=log.outing.started_at,
        seller=seller,
        is_in_register=dice.random() < 0.86,
        disposition="sold" if dice.random() < 0.05 else "on_shelf",
    )


def _plant(dice: Random, logs: Sequence[Log], thefts: Sequence[Theft], count: int) -> None:
    """Replaces ``count`` ordinary lines by lines about stolen things or about things much like them."""
    places = [(number, item) for number, theft in enumerate(thefts) for item in range(len(theft.things))]
    dice.shuffle(places)
    planted = 0
    for number, item in places:
        truth = weighted(dice, tuple(TRUTHS.items()))
        thing, theft = thefts[number].things[item], thefts[number]
        reported = theft.report.items[item]
        if not _is_fit(truth, thing, reported):
            continue
        fitting = [log for log in logs if _may_hold(log, thing.category, theft.report.occurred_to)]
        if not fitting:
            continue
        log = dice.choice(fitting)
        place = next(p for p, line in enumerate(log.lines) if not line.truth)
        found = _twin(dice, thing) if truth == "twin" else as_found(dice, reported, thing, truth)
        log.lines[place] = _planted_line(dice, log, log.lines[place], found, theft, truth, (number, item))
        planted += 1
        if planted == count:
            return


def _is_fit(truth: str, thing: PlannedThing, reported: PlannedThing) -> bool:
    if truth == "twin":
        return bool(thing.numbers)
    if truth == "unmarked":
        return "“" in reported.marks
    return bool(reported.numbers)


def _may_hold(log: Log, category: str, stolen_at: datetime) -> bool:
    deals = any(category == known for known, _ in TRADES[log.trade])
    later = log.outing.started_at - stolen_at
    return deals and timedelta(days=1) <= later <= _LONGEST_KEPT and any(not line.truth for line in log.lines)


def _planted_line(
    dice: Random, log: Log, ordinary: PlannedGoods, thing: PlannedThing, theft: Theft, truth: str, of: tuple[int, int]
) -> PlannedGoods:
    days_since = (_day_of(log.outing.started_at) - _day_of(theft.report.occurred_to)).days
    is_held = truth == "exact" and not log.outing.is_draft and dice.random() < 0.45
    return replace(
        ordinary,
        thing=thing,
        price_fen=int(thing.value_fen * dice.uniform(0.25, 0.6)) // 1000 * 1000 + 500,
        received_on=_day_of(log.outing.started_at) - timedelta(days=dice.randint(0, max(0, days_since - 1))),
        is_in_register=dice.random() < 0.55,
        disposition="held" if is_held else "on_shelf",
        truth=truth,
        report=of[0],
        item=of[1],
    )


def _twin(dice: Random, thing: PlannedThing) -> PlannedThing:
    """Another thing of the same make, model and colour with numbers of its own."""
    model = next(m for m in MODELS[thing.category] if m.brand == thing.brand and m.name == thing.model)
    other = replace(thing, numbers=make_numbers(dice, thing.category, model), marks="")
    return as_logged(dice, other)


def _logged_at(log: Log, place: int) -> datetime:
    """Lines are written one after the other from the tenth minute of the visit on."""
    step = max(1, (log.outing.minutes - 15) * 60 // max(1, len(log.lines)))
    return log.outing.started_at + timedelta(minutes=10, seconds=step * place)


def _day_of(moment: datetime) -> date:
    return (moment + timedelta(hours=8)).date()
