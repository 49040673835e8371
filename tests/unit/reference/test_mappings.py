from pathlib import Path

import pytest

from inspect_app.reference.mappings import (
    Mapping,
    MappingError,
    load_mapping,
    mapping_from_dict,
    mapping_to_dict,
    missing_targets,
    parse_mapping,
    preset,
    preset_for,
    preset_names,
    presets,
    to_toml,
)

SMALL = """
name = "small"
[columns.report_number]
from = "no"
[columns.description]
from = ["what", "details"]
join = " "
"""


def fault(text: str) -> tuple[str, str]:
    with pytest.raises(MappingError) as caught:
        parse_mapping(text)
    return caught.value.code, caught.value.detail


def test_the_known_files_have_their_mappings() -> None:
    assert set(preset_names()) >= {"common", "police_export", "toronto_bikes", "nz_vehicles"}
    assert all(mapping.title.zh != mapping.name for mapping in presets())
    with pytest.raises(MappingError, match="unknown_preset"):
        preset("../secrets")


@pytest.mark.parametrize("mapping", presets(), ids=lambda mapping: mapping.name)
def test_a_mapping_survives_being_stored(mapping: Mapping) -> None:
    assert mapping_from_dict(mapping_to_dict(mapping)) == mapping
    assert parse_mapping(to_toml(mapping)) == mapping


def test_awkward_words_survive_being_stored() -> None:
    data = mapping_to_dict(parse_mapping(SMALL))
    data["columns"]["description"]["parts"][0]["lookup"] = {'a"b\\c\n': "引号“”\x7f"}
    mapping = mapping_from_dict(data)
    assert parse_mapping(to_toml(mapping)) == mapping


def test_a_person_may_write_a_mapping(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    mapping = load_mapping(path)
    assert mapping.sources == ("no", "what", "details")
    assert mapping.timezone == "Asia/Shanghai"
    assert mapping.title.zh == "small"


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "huge.toml").write_text("#" * 300_000)
    for name, code in (("missing.toml", "unreadable"), ("binary.toml", "unreadable"), ("huge.toml", "too_large")):
        with pytest.raises(MappingError) as caught:
            load_mapping(tmp_path / name)
        assert (caught.value.code, caught.value.detail) == (code, name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[columns.report_number]\nfrom = "a"', ("no_name", "")),
        ('name = "x"', ("no_columns", "")),
        ('name = "x"\ncolour = "red"', ("unknown_key", "colour")),
        ('name = "x"\n[columns.weight]\nfrom = "a"', ("unknown_target", "weight")),
        ('name = "x"\n[columns.brand]\nform = "a"', ("unknown_key", "columns.brand.form")),
        ('name = "x"\n[columns.brand]\njoin = " "', ("no_source", "brand")),
        ('name = "x"\n[columns.brand]\nfrom = 3', ("wrong_type", "columns.brand.from")),
        ('name = "x"\n[columns.brand]\nfrom = " "', ("no_source", "columns.brand")),
        ('name = "x"\n[columns.brand]\nfrom = "a"\nlookup = {a = 1}', ("wrong_type", "columns.brand.lookup.a")),
        ('name = "x"\n[columns.value]\nfrom = "a"\nscale = -1', ("wrong_type", "columns.value.scale")),
        ('name = "x"\ntimezone = "Mars/Base"\n[columns.report_number]\nfrom = "a"', ("unknown_timezone", "Mars/Base")),
        ('name = "x"\n[columns.brand]\nfrom = "a"', ("required_not_mapped", "report_number")),
    ],
)
def test_a_wrong_mapping_is_refused_with_its_place(text: str, expected: tuple[str, str]) -> None:
    assert fault(text) == expected


def test_text_that_is_not_toml_is_refused() -> None:
    assert fault("name = ")[0] == "not_toml"


def test_the_header_chooses_the_mapping() -> None:
    assert preset_for(["报案编号", "物品名称", "IMEI"]) is preset("police_export")
    assert preset_for([" EVENT_UNIQUE_ID", "Occurrence_Date", "Bike_Make"]) is preset("toronto_bikes")
    assert preset_for(["vehicle_id", "date_stolen", "make_name"]) is preset("nz_vehicles")
    assert preset_for(["ref", "description", "brand"]) is preset("common")
    assert preset_for(["a", "b"]) is None


def test_a_required_field_without_a_column_is_named() -> None:
    assert missing_targets(preset("nz_vehicles"), ["make_name", "date_stolen"]) == ("report_number",)
    assert missing_targets(preset("nz_vehicles"), ["Vehicle_ID", "date_stolen"]) == ()
