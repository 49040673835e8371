"""Typed numbers become rows, the same for goods and for stolen items."""

from flask import Flask

from inspect_app.extensions import db
from inspect_app.models import GoodsIdentifier, StolenIdentifier
from inspect_app.services.identifiers import TypedIdentifier, apply_identifiers, check_identifier
from tests.factories import records


def test_a_number_is_normalised_and_checked_and_kept_as_typed(app: Flask) -> None:
    item = records.create_stolen_item()
    typed = [
        TypedIdentifier("imei", "８６０１２３４５６７８９０１４"),
        TypedIdentifier("imei", " "),
        TypedIdentifier("vin", "LSVAA49J132012346"),
    ]
    apply_identifiers(item, typed, StolenIdentifier)
    db.session.commit()
    assert [(row.kind, row.value, row.normalised, row.check_result) for row in item.identifiers] == [
        ("imei", "８６０１２３４５６７８９０１４", "860123456789014", "ok"),
        ("vin", "LSVAA49J132012346", "LSVAA49J132012346", "doubtful"),
    ]
    assert item.identifiers[1].check_reason == "vin_check_character"


def test_what_is_there_stays_the_same_row_and_the_rest_goes(app: Flask) -> None:
    line = records.create_goods_line(identifiers={"imei": "860123456789014", "serial": "AG1Y9CTKAU"})
    kept = line.identifiers[1].id
    typed = [TypedIdentifier("serial", "AG1Y9CTKAU", "scan"), TypedIdentifier("serial", "AG1Y-9CTKAU")]
    apply_identifiers(line, typed, GoodsIdentifier)
    db.session.commit()
    assert [(row.id, row.read_by, row.position) for row in line.identifiers] == [(kept, "scan", 0)]
    assert db.session.query(GoodsIdentifier).count() == 1


def test_an_unknown_kind_becomes_other_and_a_long_one_fits() -> None:
    checked = check_identifier("tattoo", "﷽" * 120)
    assert checked.kind == "other"
    assert len(checked.normalised) <= 120
