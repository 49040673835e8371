from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspect_app.reference.mapping_rows import REFUSAL_CODES, MappedItem, RowRefusal, apply_mapping
from inspect_app.reference.mappings import parse_mapping, preset

NOW = datetime(2026, 6, 1, 4, 0, tzinfo=UTC)


def police(**cells: str) -> MappedItem | RowRefusal:
    row = {"报案编号": "A2026001", "物品名称": "红色雅迪电动车"} | cells
    return apply_mapping(preset("police_export"), row, now=NOW)


def taken(result: MappedItem | RowRefusal) -> MappedItem:
    assert isinstance(result, MappedItem), result
    return result


def refusal(result: MappedItem | RowRefusal) -> tuple[str, str]:
    assert isinstance(result, RowRefusal), result
    assert result.code in REFUSAL_CODES
    return result.code, result.column


def test_a_police_row_becomes_an_item() -> None:
    item = taken(
        police(
            品牌="雅迪", 数量="2辆", 价值="约1,800.5元", 车架号="１２３４５６７８９０", 电机号="不详",
            被盗时间="2026年3月1日 20时30分",
            报案人="某某", 联系电话="13800000000.0", 被盗地点="一号楼下", 状态="已追回",
        )
    )  # fmt: skip
    assert (item.report_number, item.category, item.brand, item.place) == ("A2026001", "ebike", "雅迪", "一号楼下")
    assert (item.quantity, item.unit, item.value_fen) == (2.0, "辆", 180_050)
    assert item.identifiers == (("frame", "1234567890"),)
    assert item.occurred_from == item.occurred_to == datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
    assert (item.owner_name, item.owner_phone, item.status) == ("某某", "13800000000", "recovered")


def test_a_day_is_a_range_of_the_mappings_own_zone() -> None:
    item = taken(police(被盗时间="2026/3/1"))
    assert item.occurred_from == datetime(2026, 2, 28, 16, 0, tzinfo=UTC)
    assert item.occurred_to == datetime(2026, 3, 1, 15, 59, 59, tzinfo=UTC)


def test_a_written_range_gives_both_ends() -> None:
    item = taken(police(被盗时间="2026-03-01 20:00 至 2026-03-02 07:00"))
    assert item.occurred_from == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert item.occurred_to == datetime(2026, 3, 1, 23, 0, tzinfo=UTC)


def test_a_theft_of_today_ends_now_at_the_latest() -> None:
    assert taken(police(被盗时间="2026-06-01")).occurred_to == NOW


def test_an_excel_day_number_is_a_date() -> None:
    assert taken(police(被盗时间="46082.5")).occurred_from == datetime(2026, 3, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"物品名称": "=1+1"}, ("formula", "物品名称")),
        ({"品牌": '=HYPERLINK("http://x")'}, ("formula", "品牌")),
        ({"品牌": "@SUM(A1:A9)"}, ("formula", "品牌")),
        ({"品牌": "-2+3"}, ("formula", "品牌")),
        ({"品牌": "+cmd|' /C x'!A0"}, ("formula", "品牌")),
        ({"品牌": "a\x00b"}, ("null_byte", "品牌")),
        ({"品牌": "�ϵ�"}, ("damaged_text", "品牌")),
        ({"品牌": "#REF!"}, ("cell_error", "品牌")),
        ({"品牌": "长" * 121}, ("too_long", "品牌")),
        ({"物品名称": "长" * 2001}, ("too_long", "物品名称")),
        ({"IMEI": "9" * 65}, ("too_long", "IMEI")),
        ({"IMEI": "8.6E+14"}, ("damaged_number", "IMEI")),
        ({"身份证号": "4.20704E+17"}, ("damaged_number", "身份证号")),
        ({"报案编号": "20260301123456789.0"}, ("damaged_number", "报案编号")),
        ({"数量": "很多"}, ("not_a_number", "数量")),
        ({"数量": "NaN"}, ("not_a_number", "数量")),
        ({"数量": "-1"}, ("number_out_of_range", "数量")),
        ({"价值": "1e99"}, ("number_out_of_range", "价值")),
        ({"价值": "1e999999999"}, ("not_a_number", "价值")),
        ({"被盗时间": "昨天"}, ("not_a_date", "被盗时间")),
        ({"被盗时间": "2026-02-30"}, ("not_a_date", "被盗时间")),
        ({"被盗时间": "2026-06-02"}, ("future_date", "被盗时间")),
        ({"被盗时间": "2026-03-02 至 2026-03-01"}, ("date_range", "被盗时间")),
        ({"被盗时间": "2026-03-02", "发现时间": "2026-03-01"}, ("date_range", "发现时间")),
        ({"报案编号": ""}, ("required_missing", "报案编号")),
        ({"报案编号": "无"}, ("required_missing", "报案编号")),
        ({"物品名称": "不详"}, ("nothing_described", "物品名称")),
        ({"状态": "紫色"}, ("unknown_status", "状态")),
    ],
)
def test_a_bad_row_is_refused_with_its_reason(cells: dict[str, str], expected: tuple[str, str]) -> None:
    assert refusal(police(**cells)) == expected


@pytest.mark.parametrize("text", ["-", "+", "+86 138", "-5℃冷藏箱", "@home", "A-1", "a=b", "868521|868522"])
def test_text_that_only_looks_odd_is_kept(text: str) -> None:
    assert isinstance(police(品牌=text), MappedItem)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("860123456789014.0", "860123456789014"),
        ("８６０１２３４５６７８９０１４", "860123456789014"),
        ("'860123456789014", "860123456789014"),
        ("12E5", "12E5"),
    ],
)
def test_a_number_that_went_through_a_spreadsheet_is_mended(cell: str, value: str) -> None:
    assert taken(police(IMEI=cell)).identifiers == (("imei", value),)


def test_several_numbers_in_one_cell_are_several_identifiers() -> None:
    item = taken(police(IMEI="860123456789014、490154203237518；860123456789014"))
    assert item.identifiers == (("imei", "860123456789014"), ("imei", "490154203237518"))


def test_the_common_columns_name_the_kind_of_each_identifier() -> None:
    row = {"ref": "S1", "category": "宠物", "description": "一只", "identifiers": "sn=AB12; frame = 77=8 ;chip=Q1;无"}
    item = taken(apply_mapping(preset("common"), row, now=NOW))
    assert item.identifiers == (("serial", "AB12"), ("frame", "77=8"), ("other", "Q1"))
    assert (item.category, item.description) == ("other", "宠物 一只"), "an unknown category is kept in words"


def bike(**cells: str) -> MappedItem | RowRefusal:
    row = {
        "event_unique_id": "GO-1", "Occurrence_Date": "2015.07.04", "Bike_Make": "NORTHWIND\n       ",
        "Bike_Model": "SLEET 3        ",
        "Bike_Type": "MT", "Bike_Speed": "21", "Bike_Colour": "BLKONG", "Cost_of_Bike": "899.99", "Status": "STOLEN",
    }  # fmt: skip
    return apply_mapping(preset("toronto_bikes"), row | cells, now=NOW)


def test_a_toronto_bicycle() -> None:
    item = taken(bike())
    assert (item.brand, item.model, item.colour) == ("NORTHWIND", "SLEET 3", "black orange")
    assert (item.specification, item.description) == ("mountain bike, 21-speed", "NORTHWIND SLEET 3 mountain bike")
    assert (item.value_fen, item.status, item.category) == (89_999, "stolen", "bicycle")
    assert item.occurred_from == datetime(2015, 7, 4, 4, 0, tzinfo=UTC)


def test_toronto_codes_and_blanks() -> None:
    assert taken(bike(Bike_Make="NO    ")).brand == "NORCO"
    assert taken(bike(Bike_Make="SC    ")).brand == "SC", "two letters that may be two makes stay"
    item = taken(bike(Bike_Make="OT", Bike_Model="UNKNOWN", Bike_Colour="OTH   ", Cost_of_Bike="0", Bike_Speed="0"))
    assert (item.brand, item.model, item.colour, item.value_fen) == ("", "", "", None)
    assert (item.description, item.specification) == ("mountain bike", "mountain bike")
    assert taken(bike(Bike_Colour="XYZRED")).colour == "XYZ red", "an unknown code is kept"
    assert taken(bike(Bike_Type="EL")).category == "ebike"
    assert taken(bike(Status="RECOVERED")).status == "recovered"
    assert refusal(bike(Status="SOLD")) == ("unknown_status", "Status")


def test_a_new_zealand_vehicle() -> None:
    row = {
        "vehicle_id": "7", "vehicle_type": "Roadbike", "model_year": "2011", "vehicle_desc": "ZEPHYR", "color": "Red",
        "date_stolen": "11/5/21", "location_id": "102", "make_name": "Northwind", "make_type": "Standard",
    }  # fmt: skip
    item = taken(apply_mapping(preset("nz_vehicles"), row, now=NOW))
    assert (item.report_number, item.category, item.specification) == ("NZ-7", "motorcycle", "2011 Roadbike")
    assert item.description == "2011 Northwind ZEPHYR Roadbike"
    assert item.occurred_from == datetime(2021, 11, 4, 11, 0, tzinfo=UTC)
    bare = dict.fromkeys(row, "") | {"vehicle_id": "8", "date_stolen": "1/2/22"}
    assert refusal(apply_mapping(preset("nz_vehicles"), bare, now=NOW))[0] == "nothing_described"


def test_a_number_is_scaled() -> None:
    mapping = parse_mapping(
        'name = "kg"\n[columns.report_number]\nfrom = "no"\n[columns.description]\nfrom = "what"\n'
        '[columns.weight_g]\nfrom = "kg"\nscale = 1000'
    )
    assert taken(apply_mapping(mapping, {"no": "1", "what": "废铜", "kg": "2.5"}, now=NOW)).weight_g == 2500.0


def test_personal_data_is_not_in_the_text_of_an_item() -> None:
    assert "某某" not in repr(police(报案人="某某"))


@given(st.dictionaries(st.sampled_from(preset("police_export").sources), st.text(max_size=80)))
def test_no_row_raises(row: dict[str, str]) -> None:
    result = apply_mapping(preset("police_export"), row, now=NOW)
    assert isinstance(result, MappedItem) or result.code in REFUSAL_CODES
