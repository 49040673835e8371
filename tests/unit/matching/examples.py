"""Records for the tests of the matcher, and a register to compare them in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from inspect_app.matching import Identifier, Match, MemoryCorpus, Record, compare, index_keys, prepare

THEFT = datetime(2026, 5, 1, 12, tzinfo=UTC)
_MAKES = ("雅迪", "爱玛", "台铃", "绿源", "新日", "小刀", "立马", "小牛")
_COLOURS = ("黑色", "白色", "红色", "蓝色", "灰色", "绿色")


def record(ref: str = "x", **values: Any) -> Record:
    """A record with its identifiers given as a dictionary and its time as days after the theft."""
    ids = tuple(Identifier(kind, value) for kind, value in values.pop("ids", {}).items())
    days = values.pop("days", None)
    if days is not None:
        at = THEFT + timedelta(days=days)
        values |= {"happened_from": at, "happened_to": at}
    return Record(ref, identifiers=ids, **values)


def register(size: int = 2400) -> list[Record]:
    """Electric bicycles of eight makes, forty models and six colours, all over one year."""
    return [
        record(
            f"F{number}",
            category="ebike",
            brand=_MAKES[number % 8],
            model=f"MX{number % 40}",
            colour=_COLOURS[number % 6],
            days=number % 365,
        )
        for number in range(size)
    ]


def corpus_with(*records: Record) -> MemoryCorpus:
    """A corpus of the register and the given records."""
    everything = [prepare(item) for item in (*register(), *records)]
    return MemoryCorpus.of((index_keys(item) for item in everything), len(everything))


def matched(goods: Record, stolen: Record) -> Match:
    """The match of two records among the records of the register."""
    return compare(prepare(goods), prepare(stolen), corpus_with(goods, stolen))


def levels(goods: Record, stolen: Record) -> dict[str, str]:
    """The level of each comparison that was made."""
    return {component.comparison: component.level for component in matched(goods, stolen).components}
