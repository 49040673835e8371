"""The venues of the city: shops, pawnshops, scrap yards, and markets with stalls in them."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from inspect_app.services.demo import numbers
from inspect_app.services.demo.dice import local_time, stream, uid_of, weighted
from inspect_app.services.demo.people import person_name
from inspect_app.services.demo.places import address_in, pick_street
from inspect_app.services.demo.plans import PlannedVenue

# Kind and trade of every venue, as many as there are; a market is first so that its stalls can name it.
_KINDS: Final = (
    *(("market", "bikes"), ("market", "mixed"), ("market", "digital"), ("market", "mixed")),
    *(("second_hand", "digital"),) * 11,
    *(("second_hand", "bikes"),) * 9,
    *(("second_hand", "mixed"),) * 5,
    *(("second_hand", "liquor"),) * 4,
    *(("second_hand", "luxury"),) * 2,
    *(("pawn", "pawn"),) * 8,
    *(("scrap", "scrap"),) * 17,
)
_ENDINGS: Final = {
    ("second_hand", "digital"): ("数码回收店", "二手手机店", "电脑数码行", "手机维修回收部"),
    ("second_hand", "bikes"): ("电动车行", "二手车行", "单车电动车店"),
    ("second_hand", "mixed"): ("旧货商行", "旧物回收店", "二手家电店"),
    ("second_hand", "liquor"): ("烟酒商行", "名酒回收店"),
    ("second_hand", "luxury"): ("名表寄卖行", "奢侈品回收店"),
    ("pawn", "pawn"): ("典当有限公司", "典当行有限责任公司"),
    ("scrap", "scrap"): ("废品收购站", "再生资源回收站", "物资回收有限公司", "废旧金属收购部"),
    ("market", "bikes"): ("二手车交易市场",),
    ("market", "mixed"): ("旧货市场", "跳蚤市场"),
    ("market", "digital"): ("二手数码市场",),
}
_FIRST: Final = "鑫瑞恒顺诚汇聚宏盛利荣泰安永兴"
_SECOND: Final = "源丰达通和昌茂隆捷宝祥旺佳临川"
_NOTES: Final = (
    *("",) * 4,
    "门前巷道窄，停车在路口。",
    "负责人常在下午到店。",
    "与隔壁店共用库房。",
    "夜间仍有收货。",
    "去年因登记不全被责令改正。",
)


def plan_venues() -> tuple[PlannedVenue, ...]:
    """The sixty venues of the city."""
    dice = stream("venues")
    names = _names(dice)
    venues: list[PlannedVenue] = []
    for place, (kind, trade) in enumerate(_KINDS):
        venues.append(_venue(dice, place, kind, trade, next(names), venues))
    return tuple(venues)


def _names(dice: Random) -> Iterator[str]:
    names = [first + second for first in _FIRST for second in _SECOND]
    dice.shuffle(names)
    return iter(names)


def _venue(dice: Random, place: int, kind: str, trade: str, name: str, earlier: list[PlannedVenue]) -> PlannedVenue:
    market = _market_of(dice, kind, trade, earlier)
    if market is None:
        area_code, lat, lng = pick_street(dice)
        address = address_in(dice, area_code)
    else:
        host = earlier[market]
        area_code, lat, lng = host.area_code, host.lat, host.lng
        address = f"{host.address}{host.name}{dice.choice('ABCD')}区{dice.randint(1, 60)}号摊位"
    ending = dice.choice(_ENDINGS[kind, trade])
    is_company = "公司" in ending or kind == "market"
    risk = weighted(dice, (("low", 5), ("medium", 3), ("high", 2)))
    return PlannedVenue(
        uid=uid_of(f"venue {place}"),
        kind=kind,
        trade=trade,
        name=("示范市" if is_company else "") + name + ending,
        credit_code=numbers.credit_code(dice, area_code[:6], is_company=is_company),
        filing_number=f"鄂城特备{2019 + place % 8}{place + 1:04d}" if kind in {"scrap", "pawn"} else "",
        licences=f"典当经营许可证 {area_code[:6]}D{place + 1:04d}" if kind == "pawn" else "",
        address=address,
        area_code=area_code,
        lat=lat,
        lng=lng,
        responsible_name=person_name(dice),
        responsible_phone=numbers.phone(dice),
        market=market,
        state="closed" if place in {41, 58} else "suspended" if place == 50 else "active",
        risk=risk,
        notes=dice.choice(_NOTES),
        created_at=local_time(_registered_on(dice), dice.randint(9, 16), dice.randint(0, 59)),
    )


def _registered_on(dice: Random) -> date:
    return date(2025, 10, 8) + timedelta(days=dice.randint(0, 80))


def _market_of(dice: Random, kind: str, trade: str, earlier: list[PlannedVenue]) -> int | None:
    if kind != "second_hand" or dice.random() < 0.6:
        return None
    fitting = [place for place, venue in enumerate(earlier) if venue.kind == "market" and venue.trade == trade]
    return dice.choice(fitting) if fitting else None
