"""Linking two files: what shares a key is found, rivals compete, the order of the rows changes nothing."""

import random

import pytest

from inspect_app.matching import index_keys, link, prepare
from tests.unit.matching.examples import record, register


def test_finds_the_stolen_item_among_many() -> None:
    stolen = [*register(600), record("S", brand="Yadea", model="Zephyr 930", colour="black", days=0)]
    goods = [record("G", description="雅迪 Zephyr930 黑色 电瓶车", days=2), record("H", description="旧书一批", days=2)]
    found = list(link(goods, stolen))
    assert [(match.goods_ref, match.stolen_ref, match.band) for match in found][:1] == [("G", "S", "alert")]
    assert all(match.goods_ref != "H" for match in found)


@pytest.mark.parametrize(
    "slip", ["860123456789041", "86012345678904", "8601234567889014", "86O123456789014", "456789014"]
)
def test_a_misread_identifier_still_shares_a_key(slip: str) -> None:
    true = set(index_keys(prepare(record(ids={"imei": "860123456789014"}))))
    assert true & set(index_keys(prepare(record(ids={"imei": slip}))))


def test_rivals_share_the_probability() -> None:
    bike = {"category": "ebike", "brand": "雅迪", "model": "Zephyr 930", "colour": "黑色"}
    others = register(600)
    alone = next(m for m in link([record("G", **bike, days=2)], [record("S", **bike, days=0), *others]))
    twins = [record("S", **bike, days=0), record("T", **bike, days=0)]
    shared = [m for m in link([record("G", **bike, days=2)], [*twins, *others]) if m.stolen_ref in "ST"]
    assert len(shared) == 2
    assert max(m.probability for m in shared) < 0.5 < alone.probability
    assert all("rivals" in m.reason() for m in shared)


def test_the_order_of_rows_changes_nothing() -> None:
    stolen, goods = register(200), [record(f"G{r.ref}", brand=r.brand, model=r.model, days=3) for r in register(60)]
    straight = {m.to_dict()["goods_ref"] + m.stolen_ref: m for m in link(goods, stolen)}
    shuffled_goods, shuffled_stolen = goods[:], stolen[:]
    random.Random(7).shuffle(shuffled_goods)
    random.Random(8).shuffle(shuffled_stolen)
    again = {m.goods_ref + m.stolen_ref: m for m in link(shuffled_goods, shuffled_stolen)}
    common = straight.keys() & again.keys()
    assert common
    assert all(straight[key].components[1:-1] == again[key].components[1:-1] for key in common)


def test_empty_files() -> None:
    assert list(link([], [])) == []
    assert list(link([record("G")], [record("S")])) == []
