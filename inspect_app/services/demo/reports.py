"""The thefts of the city, each with the things that were taken: as they are, and as their owners report them."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

from inspect_app.services.demo.dice import LAST_DAY, local_time, stream, uid_of, weighted
from inspect_app.services.demo.goods import THEFTS
from inspect_app.services.demo.handling import as_reported, with_rare_mark
from inspect_app.services.demo.places import pick_street, scene_in
from inspect_app.services.demo.plans import PlannedReport, PlannedThing
from inspect_app.services.demo.things import make_thing
from inspect_app.services.demo.wording import method_of

_DAYS: Final = 400
_CHANNELS: Final = (("call_110", 46), ("counter", 30), ("online", 14), ("hotline", 6), ("transfer", 4))
_SIZES: Final = ((1, 76), (2, 16), (3, 6), (5, 2))
# What a burglar takes together with the first thing.
_TOGETHER: Final = {
    "liquor": "tobacco",
    "tobacco": "liquor",
    "jewellery": "watch",
    "watch": "jewellery",
    "laptop": "phone",
}


@dataclass(frozen=True, slots=True)
class Theft:
    """A report, and its things with every number that they really have (in the order of the report's items)."""

    report: PlannedReport
    things: tuple[PlannedThing, ...]


def plan_thefts(item_count: int, owner_count: int) -> list[Theft]:
    """Thefts with so many items in all, in the order in which they were reported; numbers are given in that order."""
    dice = stream("thefts")
    drafts: list[tuple[datetime, int]] = []
    sizes = _sizes(dice, item_count)
    for place in range(len(sizes)):
        # More thefts towards the end: recent ones are what a demonstration looks at.
        day = LAST_DAY - timedelta(days=int(_DAYS * dice.random() ** 1.35))
        drafts.append((local_time(day, dice.randint(0, 22), dice.randint(0, 59)), sizes[place]))
    drafts.sort()
    thefts = [_theft(dice, moment, size, owner_count) for moment, size in drafts]
    thefts.sort(key=lambda theft: theft.report.reported_at)
    given: Counter[int] = Counter()
    return [_numbered(theft, place, given) for place, theft in enumerate(thefts)]


def _sizes(dice: Random, item_count: int) -> list[int]:
    sizes: list[int] = []
    while item_count:
        sizes.append(min(item_count, weighted(dice, _SIZES)))
        item_count -= sizes[-1]
    return sizes


def _theft(dice: Random, occurred_to: datetime, size: int, owner_count: int) -> Theft:
    first = weighted(dice, THEFTS)
    categories = [first, *(_TOGETHER.get(first, first) for _ in range(size - 1))]
    things = [make_thing(dice, category) for category in categories]
    # What has no number is found again by its marks, or not at all: most owners remember one.
    things = [with_rare_mark(dice, t) if not t.numbers and dice.random() < 0.6 else t for t in things]
    area_code, lat, lng = pick_street(dice)
    is_late = dice.random() < 0.06
    noticed_after = timedelta(days=dice.randint(9, 30)) if is_late else timedelta(minutes=dice.randint(20, 2_600))
    report = PlannedReport(
        uid="",
        number="",
        channel=weighted(dice, _CHANNELS),
        occurred_from=occurred_to - timedelta(minutes=dice.choice((0, 10, 30, 90, 480, 720, 2_880))),
        occurred_to=occurred_to,
        reported_at=_reported_at(dice, occurred_to, noticed_after),
        place=scene_in(dice, area_code, first),
        area_code=area_code,
        lat=lat,
        lng=lng,
        method=method_of(dice, first),
        owner=dice.randrange(owner_count),
        items=tuple(as_reported(dice, thing) for thing in things),
    )
    return Theft(report, tuple(things))


def _reported_at(dice: Random, occurred_to: datetime, noticed_after: timedelta) -> datetime:
    """When it was noticed; what would be after the last day was noticed sooner."""
    left = local_time(LAST_DAY, 23, 50) - occurred_to
    if noticed_after < left:
        return occurred_to + noticed_after
    return occurred_to + timedelta(minutes=dice.randint(1, left // timedelta(minutes=1)))


def _numbered(theft: Theft, place: int, given: Counter[int]) -> Theft:
    year = _local_year(theft.report.reported_at)
    given[year] += 1
    report = replace(theft.report, uid=uid_of(f"report {place}"), number=f"BA-{year}-{given[year]:06d}")
    return Theft(report, theft.things)


def _local_year(moment: datetime) -> int:
    return (moment.astimezone(UTC) + timedelta(hours=8)).year
