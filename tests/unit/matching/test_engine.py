"""The engine: levels, contradictions, blanks, rarity, bands, and results that can be stored."""

import json
import subprocess
import sys

import pytest

from inspect_app.matching import BUILT_IN_WEIGHTS, Match, index_keys, prepare
from tests.unit.matching.examples import levels, matched, record

BIKE = {"category": "ebike", "brand": "雅迪", "model": "冠能T5", "colour": "银灰"}


@pytest.mark.parametrize(
    ("goods", "stolen", "level"),
    [
        ("860123456789014", "860123456789014", "exact"),
        ("８６０１２３４５６７８９０１４", "8601 2345 6789 014", "exact"),
        ("8601234S6789014", "860123456789014", "look_alike"),
        ("860123456789041", "860123456789014", "edit_1"),
        ("860123465789041", "860123456789014", "edit_2"),
        ("789014", "860123456789014", "partial"),
        ("860132456798041", "860123456789014", "contradiction_doubtful"),
        ("8601****9014", "860123456789014", "partial"),
        ("尾号9014", "860123456789014", "partial"),
        ("8602****9014", "860123456789014", "contradiction_doubtful"),
        ("866664078234514", "860123456789014", "contradiction_doubtful"),
        ("866664078234511", "860123456789014", "contradiction_valid"),
    ],
)
def test_identifier_levels(goods: str, stolen: str, level: str) -> None:
    found = levels(record(ids={"imei": goods}), record(ids={"imei": stolen}))
    assert found["identifier:imei"] == level


def test_an_equal_identifier_raises_an_alert_on_its_own() -> None:
    match = matched(record(ids={"frame": "LX88410127734"}), record(ids={"frame": "LX88410127734"}))
    assert match.band == "alert"


def test_two_valid_identifiers_far_apart_outweigh_a_likeness() -> None:
    alike = matched(record(**BIKE, days=1), record(**BIKE, days=0))
    apart = matched(
        record(**BIKE, days=1, ids={"frame": "175721508069087"}),
        record(**BIKE, days=0, ids={"frame": "921188244410652"}),
    )
    assert alike.band == "alert"
    assert apart.band != "alert"
    assert apart.weight_bits < alike.weight_bits - 5


def test_a_blank_says_nothing() -> None:
    with_place = record(**BIKE, lat=30.39, lng=114.89, weight_g=5.0, days=1, marks="左侧贴纸")
    without = record(**BIKE, days=1)
    stolen = record(**BIKE, days=0)
    assert matched(with_place, stolen).weight_bits == pytest.approx(matched(without, stolen).weight_bits, abs=0.1)
    assert set(levels(record(ids={"imei": "无"}), record(ids={"imei": "不详"}))) == {"prior"}


@pytest.mark.parametrize(
    ("goods", "stolen"),
    [
        ({"brand": "Yadea"}, {"brand": "雅迪"}),
        ({"brand": "亚迪"}, {"brand": "雅迪"}),
        ({"brand": "綠源"}, {"brand": "Luyuan"}),
        ({"description": "苹果手机一部"}, {"brand": "iPhone"}),
        ({"brand": "Chow Tai Fook"}, {"description": "周大福 金项链"}),
    ],
)
def test_one_make_by_many_names(goods: dict[str, str], stolen: dict[str, str]) -> None:
    assert levels(record(**goods), record(**stolen))["make"] == "agree"


def test_a_make_that_no_table_knows_is_compared_by_sound_and_spelling() -> None:
    assert levels(record(brand="风之翼"), record(brand="丰之翼"))["make"] == "agree"
    assert levels(record(brand="Velotrix"), record(brand="Velotrx"))["make"] == "near"
    assert levels(record(brand="Velotrix"), record(brand="Quorumo"))["make"] == "unknown_differ"
    assert levels(record(brand="风之翼"), record(description="风之翼 黑色 自行车"))["make"] == "in_text"


def test_a_make_code_is_an_abbreviation() -> None:
    assert levels(record(brand="GI"), record(brand="GIANT"))["make"] == "abbreviation"


@pytest.mark.parametrize(
    ("goods", "stolen", "level"),
    [
        ("A5指挥官", "指挥官A5", "exact"),
        ("Mate 60 Pro", "M60P", "alias"),
        ("小新Pro 16", "XiaoXin Pro16", "exact"),
        ("莱昂II", "莱昂2代", "exact"),
        ("15 Pro Max", "15PM", "exact"),
        ("72V32Ah", "72v32", "partial"),
        ("Latitude 5420", "E5420", "partial"),
        ("GBH 2-26", "GBH 2-62", "edit"),
        ("iPhone 13", "iPhone 14", "differ"),
        ("K70", "K80", "number_differs"),
        ("XPS 13", "Inspiron 13", "word_differs"),
        ("P60", "Mate 60 Pro", "word_differs"),
        ("冠能", "赤兔", "differ"),
        ("CITY STREET BIK", "CITY STREET BIK", "exact"),
        ("Ｋ７０　至尊", "k70 至尊", "exact"),
    ],
)
def test_model_levels(goods: str, stolen: str, level: str) -> None:
    assert levels(record(model=goods), record(model=stolen))["model"] == level
    assert levels(record(model=stolen), record(model=goods))["model"] == level


@pytest.mark.parametrize(
    ("goods", "stolen", "level"),
    [
        ("黑色", "BLK", "shade"),
        ("银灰", "深灰", "family"),
        ("香槟金", "gold", "shade"),
        ("BLKRED", "red", "family"),
        ("白色", "black", "differ"),
    ],
)
def test_colour_levels(goods: str, stolen: str, level: str) -> None:
    assert levels(record(colour=goods), record(colour=stolen))["colour"] == level


def test_everything_is_read_out_of_one_line_of_text() -> None:
    text = record(description="楼下停放的爱玛指挥官A5银色电瓶车脚垫写有“幸福小区12栋”", days=1)
    fields = record(
        category="ebike", brand="AIMA", model="A5指挥官", colour="银白", marks="脚垫写有幸福小区12栋", days=0
    )
    found = levels(text, fields)
    assert (found["make"], found["model"], found["colour"], found["marks"]) == ("agree", "exact", "family", "exact")
    assert matched(text, fields).band == "alert"


@pytest.mark.parametrize(
    ("goods", "stolen", "level"),
    [
        ("Nikon COOLPIX P80 with optical zoom lens", "Nikon set with shoulder bag and charger - COOLPIXP80", "alias"),
        ("Sony wide flat screen - KDL-26M4000", "Flat panel screen by Sony - KDL26M4000", "exact"),
        ("Sony wide flat screen - KDL-26M4000", "Flat panel screen by Sony - KDL32M4000", "number_differs"),
    ],
)
def test_long_texts_are_compared_by_their_codes(goods: str, stolen: str, level: str) -> None:
    assert levels(record(description=goods), record(description=stolen))["model"] == level


def test_a_rare_model_is_an_alert_where_a_common_one_is_only_possible() -> None:
    common = {"category": "ebike", "brand": "雅迪", "model": "MX0", "colour": "黑色"}
    rare = {"category": "ebike", "brand": "雅迪", "model": "Zephyr 930", "colour": "黑色"}
    assert matched(record(**rare, days=2), record(**rare, days=0)).band == "alert"
    assert matched(record(**common, days=12), record(**common, days=0)).band == "possible"


def test_a_vague_text_is_not_a_match() -> None:
    vague = matched(
        record(description="gold ring"), record(description="gold ring 18ct diamond engraved with initials")
    )
    assert vague.band == "dropped"


def test_goods_logged_before_the_theft() -> None:
    assert levels(record(days=-3), record(days=0))["time"] == "before_theft"
    before = matched(record(**BIKE, days=-3), record(**BIKE, days=0))
    assert before.band == "dropped"


def test_inside_the_range_of_the_theft_the_goods_may_have_come_at_once() -> None:
    goods = record(days=3)
    from_may, to_may = record(days=0), record(days=10)
    stolen = record(happened_from=from_may.happened_from, happened_to=to_may.happened_to)
    assert levels(goods, stolen)["time"] == "same_days"


def test_scrap_weighs_a_little_less() -> None:
    assert levels(record(weight_g=95_000.0), record(weight_g=100_000.0))["weight"] == "fits"
    assert levels(record(weight_g=150_000.0), record(weight_g=100_000.0))["weight"] == "more"


def test_same_make_alone_is_little_evidence_and_no_alert() -> None:
    match = matched(record(brand="雅迪", days=0), record(brand="雅迪", days=0))
    assert match.band == "dropped"
    assert match.evidence_bits < 6


def test_a_match_is_stored_and_read_back() -> None:
    match = matched(record(**BIKE, days=1), record(**BIKE, days=0))
    stored = json.loads(json.dumps(match.to_dict(), ensure_ascii=False))
    assert Match.from_dict(stored) == match
    assert match.version == BUILT_IN_WEIGHTS.version
    assert match.weight_bits == pytest.approx(sum(component.weight_bits for component in match.components), abs=0.01)
    assert match.reason().startswith("agree: ")
    assert "model exact" in match.reason()


def test_keys_are_few_and_the_same_in_every_process() -> None:
    full = record(
        **BIKE,
        description="雅迪 冠能T5 银灰 电动自行车 加装绿色雨棚",
        ids={"frame": "921188244410652", "motor": "9P0NC4JU5J77T5", "serial": "SN1234567X"},
        days=0,
    )
    keys = index_keys(prepare(full))
    assert len(keys) == len(set(keys)) <= 60
    assert all(-(2**63) <= key < 2**63 for key in keys)
    program = (
        "from inspect_app.matching import *; print(index_keys(prepare(Record('x', brand='雅迪', model='冠能T5'))))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1
