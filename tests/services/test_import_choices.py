"""What is picked on the page becomes a mapping, and a mapping is shown as what was picked."""

from dataclasses import replace

import pytest

from inspect_app.reference.mapping_rows import MappedItem, apply_mapping
from inspect_app.reference.mappings import mapping_from_dict, mapping_to_dict, preset
from inspect_app.services.import_choices import KEEP, Choices, build_mapping, choices_of, guess_mapping
from tests.factories.sheets import CHINESE_HEADER, HEADER

TORONTO = (
    "event_unique_id", "Occurrence_Date", "Bike_Make", "Bike_Model", "Bike_Type", "Bike_Speed", "Bike_Colour", "Status",
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "header"), [("common", HEADER), ("police_export", CHINESE_HEADER), ("toronto_bikes", TORONTO)]
)
def test_a_mapping_that_was_not_changed_stays_the_same(name: str, header: tuple[str, ...]) -> None:
    mapping = preset(name)
    assert build_mapping(mapping, header, choices_of(mapping, header)) is mapping


def test_one_change_leaves_the_rest_and_gives_a_name_of_its_own() -> None:
    mapping = preset("toronto_bikes")
    shown = choices_of(mapping, TORONTO)
    assert shown.columns["brand"] == KEEP, "a lookup is more than one column"
    changed = replace(shown, columns={**shown.columns, "brand": "3", "model": ""})
    built = build_mapping(mapping, TORONTO, changed)
    assert built is not None
    assert [part.source for part in built.columns["brand"].parts] == ["Bike_Model"]
    assert "model" not in built.columns
    assert built.columns["colour"] == mapping.columns["colour"]
    assert built.name.startswith("toronto_bikes-")
    assert built.name == build_mapping(mapping, TORONTO, changed).name
    assert mapping_from_dict(mapping_to_dict(built)) == built


def test_a_mapping_by_hand_reads_dates_and_units_as_picked() -> None:
    header = ("No", "What", "When", "Kilos", "Price")
    picked = Choices(
        columns={"report_number": "0", "description": "1", "occurred_from": "2", "weight_g": "3", "value": "4"},
        date_order="day_first",
        weight_unit="kg",
        value_unit="wan",
        category="scrap_metal",
    )
    mapping = build_mapping(None, header, picked)
    assert mapping is not None
    item = apply_mapping(mapping, dict(zip(header, ["7", "copper wire", "5/3/2026", "2.5", "1.2"], strict=True)))
    assert isinstance(item, MappedItem), item
    assert (item.weight_g, item.value_fen, item.report_number) == (2500.0, 1_200_000, "7")
    assert item.occurred_from is not None
    assert item.occurred_from.isoformat() == "2026-03-04T16:00:00+00:00"


def test_nothing_picked_is_no_mapping() -> None:
    assert build_mapping(None, HEADER, Choices()) is None
    assert build_mapping(None, HEADER, Choices(columns={"brand": "99", "model": "x"})) is None


def test_columns_are_guessed_by_names_that_are_spelt_alike() -> None:
    header = ("Report number", "Item description", "Colours", "IMEI 号", "被盗时间（起）", "something else")
    mapping = guess_mapping(header)
    assert mapping is not None
    guessed = {target: column.parts[0].source for target, column in mapping.columns.items()}
    assert guessed == {
        "report_number": "Report number",
        "colour": "Colours",
        "identifier.imei": "IMEI 号",
        "occurred_from": "被盗时间（起）",
    }
    assert guess_mapping(("foo", "bar")) is None
