import pytest

from inspect_app.reference.categories import (
    FIELD_NAMES,
    categories,
    category,
    category_code,
    identifier_kind,
    identifier_kinds,
)


def test_categories_are_complete() -> None:
    codes = {found.code for found in categories()}
    assert codes >= {
        "battery", "bicycle", "cable", "camera", "ebike", "jewellery", "laptop", "liquor", "motorcycle",
        "other", "phone", "scrap_metal", "tablet", "tobacco", "tool",
        "tv_appliance", "vehicle", "vehicle_part", "watch",
    }  # fmt: skip
    for found in categories():
        assert all((found.label.zh, found.label.en, found.unit))
        assert found.identifiers
        assert [field for field in found.fields if field.name not in FIELD_NAMES] == []
        assert all(field.label.zh and field.label.en for field in found.fields)


def test_the_fields_follow_the_category() -> None:
    assert category("phone").identifiers[0].code == "imei"
    assert [kind.code for kind in category("ebike").identifiers[:2]] == ["frame", "motor"]
    scrap = category("scrap_metal")
    assert scrap.asks("weight_g")
    assert not scrap.asks("colour")
    assert scrap.fields[0].label.en == "Material and specification"
    assert category("laptop").fields[0].label.zh == "品牌"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("手机", "phone"), ("电瓶车", "ebike"), ("BIKE", "bicycle"), ("Trailer", "trailer"), ("Saloon", "vehicle"),
        (" Mobile  Phone ", "phone"), ("ｐｈｏｎｅ", "phone"), ("E-bike", "ebike"), ("scrap_metal", "scrap_metal"),
        ("电瓶", "battery"), ("黄金", "jewellery"), ("Boat Trailer", "trailer"),
    ],
)  # fmt: skip
def test_common_words_find_their_category(text: str, code: str) -> None:
    assert category_code(text) == code


@pytest.mark.parametrize("text", ["", "   ", "spaceship", "手"])
def test_an_unknown_word_finds_none(text: str) -> None:
    assert category_code(text) is None


def test_identifier_kinds_say_which_keyboard_they_need() -> None:
    assert {kind.code for kind in identifier_kinds()} == {
        "imei", "vin", "plate", "vehicle_code", "frame", "motor", "serial", "certificate", "lasercode", "batch",
        "other",
    }  # fmt: skip
    assert identifier_kind("imei").input_mode == "numeric"
    assert {kind.input_mode for kind in identifier_kinds()} == {"numeric", "text"}
    with pytest.raises(KeyError):
        identifier_kind("passport")
