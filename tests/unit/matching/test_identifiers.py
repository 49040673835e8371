"""Identifiers: normal form, placeholders, check digits, look-alikes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspect_app import rules
from inspect_app.matching import identifiers


def test_the_kinds_are_those_that_the_database_allows() -> None:
    assert identifiers.KINDS == rules.IDENTIFIER_KINDS


@pytest.mark.parametrize(
    ("kind", "typed", "normal"),
    [
        ("imei", "４９０１ ５４２０-３２３７５１８", "490154203237518"),
        ("imei", "IMEI: 490154203237518", "490154203237518"),
        ("vin", "lsvaa49j132012345", "LSVAA49J132012345"),
        ("plate", "鄂G·12345", "鄂G12345"),
        ("serial", "c02-ab 12/cd", "C02AB12CD"),
    ],
)
def test_normal_form(kind: str, typed: str, normal: str) -> None:
    assert identifiers.normalise(kind, typed) == normal


@pytest.mark.parametrize(
    "typed", ["", " ", "TBD", "n/a", "无", "不详", "000000", "0", "123456", "xxxx", "----", "未知"]
)
def test_placeholders_are_blanks(typed: str) -> None:
    assert identifiers.normalise("serial", typed) == ""
    assert identifiers.check("imei", typed) == ("unchecked", "blank")


@pytest.mark.parametrize(
    ("kind", "value", "result", "reason"),
    [
        ("imei", "490154203237518", "ok", "imei_luhn"),
        ("imei", "860123456789014", "ok", "imei_luhn"),
        ("imei", "490154203237519", "doubtful", "imei_luhn"),
        ("imei", "49015420323751", "doubtful", "imei_length"),
        ("imei", "49O154203237518", "doubtful", "imei_not_digits"),
        ("vin", "1M8GDM9AXKP042788", "ok", "vin_check_character"),
        ("vin", "LSVAA49J132012345", "ok", "vin_check_character"),
        ("vin", "LSVAA49J232012345", "doubtful", "vin_check_character"),
        ("vin", "LSVAA49J13201234", "doubtful", "vin_length"),
        ("vin", "LSVAA49J1320I2345", "doubtful", "vin_letters"),
        ("plate", "鄂G12345", "ok", "plate_shape"),
        ("plate", "鄂GD12345", "ok", "plate_shape"),
        ("plate", "鄂GI2345", "doubtful", "plate_shape"),
        ("vehicle_code", "175721508069087", "ok", "vehicle_code_shape"),
        ("vehicle_code", "17572150806908", "doubtful", "vehicle_code_shape"),
        ("motor", "X8F2K", "unchecked", "no_check_digit"),
    ],
)
def test_check(kind: str, value: str, result: str, reason: str) -> None:
    assert identifiers.check(kind, value) == (result, reason)


def test_look_alikes_fold_to_one_spelling() -> None:
    assert identifiers.fold_look_alikes("O0QI1LB8S5Z2G6") == "00011188552266"


@given(st.text(max_size=200), st.sampled_from([*identifiers.KINDS, "strange"]))
def test_any_text_is_taken(value: str, kind: str) -> None:
    normal = identifiers.normalise(identifiers.normalise_kind(kind), value)
    assert identifiers.normalise(identifiers.normalise_kind(kind), normal) in {normal, ""} or normal
    assert identifiers.check(kind, value).result in {"ok", "doubtful", "unchecked"}
