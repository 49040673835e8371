"""The pages of stolen property: the form with its rows, the list, one report, withdrawing."""

import json
from typing import Any

import pytest
from flask import Flask

from inspect_app.extensions import db
from inspect_app.models import AuditEvent, Person, StolenItem, StolenReport
from tests.factories import accounts, records
from tests.pages import Page, Pages

PHONE: dict[str, Any] = {
    "channel": "call_110",
    "reported_at": "2026-11-03T10:00",
    "occurred_from": "2026-11-01T08:00",
    "occurred_to": "2026-11-02T09:30",
    "place": "滨湖小区北门",
    "area_code": "420704",
    "method": "趁人不备拿走",
    "owner_name": "王小明",
    "owner_document": "420704190001010019",
    "owner_phone": "138 0000 5678",
    "items-0-category": "phone",
    "items-0-brand": "华为",
    "items-0-model": "Mate 60",
    "items-0-value_fen": "3999.5",
    "items-0-identifiers-0-kind": "imei",
    "items-0-identifiers-0-value": "８６０１２３４５６７８９０１４",
}


@pytest.fixture
def desk(web_app: Flask, pages: Pages) -> Pages:
    """The browser of a registrar of the desk."""
    return pages.sign_in(accounts.create_user(role="desk"))


def register(desk: Pages, **changes: Any) -> Page:
    return desk.send(desk.get("/stolen/new"), {**PHONE, **changes})


def the_report() -> StolenReport:
    return db.session.query(StolenReport).one()


def test_a_report_is_registered_and_shown(desk: Pages) -> None:
    page = register(desk)
    report = the_report()
    assert page.path == f"/stolen/{report.id}"
    assert (report.number, report.channel, report.area_code) == ("BA-2026-000001", "call_110", "420704")
    assert report.unit is not None
    item = report.items[0]
    assert (item.category, item.brand, item.value_fen) == ("phone", "华为", 399_950)
    assert [(row.normalised, row.check_result) for row in item.identifiers] == [("860123456789014", "ok")]
    assert "王**" in page.text
    assert "王小明" not in page.text
    assert "13800005678" not in page.text


def test_each_button_of_the_rows_keeps_all_that_was_typed(desk: Pages) -> None:
    form = desk.get("/stolen/new")
    page = desk.send(form, {**PHONE, "place": " 未完 ", "reported_at": "昨天", "step": "add-item"})
    values = page.values_of("main form")
    assert (values["reported_at"], values["owner_name"], values["items-0-brand"]) == ("昨天", "王小明", "华为")
    assert "items-1-category" in values
    page = desk.send(page, {"items-1-category": "ebike", "step": "show-fields:1"})
    values = page.values_of("main form")
    assert [values[f"items-1-identifiers-{n}-kind"] for n in range(3)] == ["frame", "motor", "vehicle_code"]
    page = desk.send(page, {"items-1-identifiers-1-value": "A7TK9H5D", "step": "remove-identifier:1:0"})
    page = desk.send(page, {"step": "remove-item:0"})
    values = page.values_of("main form")
    assert "items-0-category" not in values
    assert values["items-1-identifiers-1-value"] == "A7TK9H5D"
    assert db.session.query(StolenReport).count() == 0


def test_a_field_that_another_category_does_not_ask_for_is_still_there(desk: Pages) -> None:
    page = desk.send(desk.get("/stolen/new"), {**PHONE, "items-0-category": "jewellery", "step": "show-fields:0"})
    values = page.values_of("main form")
    assert values["items-0-model"] == "Mate 60"
    assert values["items-0-identifiers-0-value"] == PHONE["items-0-identifiers-0-value"]
    assert "items-0-weight_g" in values


def test_a_weight_is_typed_in_the_unit_of_the_category(desk: Pages) -> None:
    cable = {"items-0-category": "cable", "items-0-weight_kg": "12.5"}
    register(desk, **cable)
    item = db.session.query(StolenItem).one()
    assert item.weight_g == 12_500
    form = desk.get(f"/stolen/{item.report_id}/edit")
    assert form.values_of("main form")["items-0-weight_kg"] == "12.5"
    page = desk.speak("en").send(form, {"items-0-category": "jewellery", "step": "show-fields:0"})
    assert {"items-0-weight_kg", "items-0-weight_g"} <= set(page.values_of("main form"))
    page = desk.send(page, {"items-0-weight_g": "3.75"}, status=422)
    assert "Give the weight once" in page.text
    desk.send(page, {"items-0-weight_kg": ""})
    db.session.expire_all()
    assert db.session.query(StolenItem).one().weight_g == 3.75


def test_htmx_gets_the_rows_alone(desk: Pages) -> None:
    form = desk.get("/stolen/new")
    sent = {**form.values_of("main form"), **PHONE, "step": "add-item"}
    answer = desk.client.post("/stolen/new", data=sent, headers={"HX-Request": "true"})
    text = answer.get_data(as_text=True)
    assert text.lstrip().startswith("<fieldset")
    assert "items-1-category" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reported_at": "2099-01-01T10:00"}, "This lies in the future"),
        ({"occurred_to": "2026-10-31T08:00"}, "The range ends before it begins"),
        ({"occurred_from": "", "occurred_to": "2026-11-02T09:30"}, "Enter also when the range begins"),
        ({"occurred_from": "2026-11-03T11:00", "occurred_to": ""}, "This is later than the report"),
        ({"place": "x" * 201}, "at most 200 fit"),
        ({"items-0-brand": "a\0b"}, "cannot be stored"),
        ({"items-0-identifiers-0-value": "9" * 121}, "at most 120 fit"),
        ({"items-0-value_fen": "viel"}, "This is not a number"),
        ({"channel": "pigeon"}, "Not a valid choice"),
        ({"items-0-category": ""}, "Please fill this in"),
        ({"items-0-category": "", "items-0-brand": "", "items-0-model": "", "items-0-value_fen": "",
          "items-0-identifiers-0-value": ""}, "Add at least one item"),
        ({"items-0-brand": "", "items-0-model": "", "items-0-value_fen": "", "items-0-identifiers-0-value": ""},
         "Describe the item or give a number"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(desk: Pages, changes: dict[str, str], said: str) -> None:
    page = desk.speak("en").send(desk.get("/stolen/new"), {**PHONE, **changes}, status=422)
    assert said in page.text
    values = page.values_of("main form")
    for name, typed in {**PHONE, **changes}.items():
        if name in {"channel", "items-0-identifiers-0-kind"} or "\0" in typed:
            continue
        assert values.get(name, "") == typed, name
    assert db.session.query(StolenReport).count() == 0


def test_wild_row_numbers_are_no_error(desk: Pages) -> None:
    page = register(desk, **{"items-²-brand": "x", f"items-{'9' * 5000}-brand": "x", "items--1-brand": "x"})
    assert page.path == f"/stolen/{the_report().id}"


def test_the_same_form_twice_makes_one_report(desk: Pages) -> None:
    form = desk.get("/stolen/new")
    first = desk.send(form, PHONE)
    second = desk.speak("en").send(form, PHONE)
    assert second.path == first.path
    assert "This form was sent before" in second.text
    assert db.session.query(StolenItem).count() == 1


def test_a_number_that_is_taken_leads_to_the_other_report(desk: Pages) -> None:
    other = records.create_report(number="A-77")
    page = desk.speak("en").send(desk.get("/stolen/new"), {**PHONE, "number": "A-77"}, status=422)
    assert "Another report has this number" in page.text
    assert page.html.select(f'a[href="/stolen/{other.id}"]')
    assert page.values_of("main form")["items-0-brand"] == "华为"


def test_an_edit_keeps_the_owner_that_is_not_typed_anew(desk: Pages) -> None:
    register(desk)
    form = desk.get(f"/stolen/{the_report().id}/edit")
    assert "王小明" not in str(form.html)
    desk.send(form, {"place": "南门", "owner_phone": "13900001234", "items-0-colour": "黑色"})
    db.session.expire_all()
    report = the_report()
    assert (report.place, report.items[0].colour) == ("南门", "黑色")
    assert (report.owner.name, report.owner.phone) == ("王小明", "13900001234")
    assert db.session.query(StolenItem).count() == 1


def test_an_edit_that_someone_else_overtook_is_not_lost_and_not_silent(desk: Pages) -> None:
    register(desk)
    path = f"/stolen/{the_report().id}/edit"
    mine, theirs = desk.get(path), desk.get(path)
    desk.send(theirs, {"place": "theirs"})
    page = desk.speak("en").send(mine, {"place": "mine"}, status=409)
    assert "Someone else changed this report" in page.text
    assert page.values_of("main form")["place"] == "mine"
    desk.send(page)
    db.session.expire_all()
    assert the_report().place == "mine"


def test_an_item_is_withdrawn_for_a_reason_and_searched_for_again(desk: Pages) -> None:
    page = register(desk)
    page = desk.speak("en").send(page, {"reason": " "}, form=".withdraw form", status=422)
    assert "Please fill this in" in page.text
    page = desk.send(page, {"reason": "found and returned"}, form=".withdraw form")
    assert "found and returned" in page.text
    item = db.session.query(StolenItem).one()
    assert item.withdrawn_at is not None
    page = desk.send(page, form=".shown-item form")
    db.session.expire_all()
    assert db.session.query(StolenItem).one().withdrawn_at is None
    assert "Reinstated a stolen item" in page.text


def test_the_list_is_searched(desk: Pages) -> None:
    register(desk)
    records.create_stolen_item(records.create_report(number="X-1", place="东门"), {"frame": "WB2231"}, category="ebike")
    for query, numbers in {
        "": ["BA-2026-000001", "X-1"],
        "q=860123456789014": ["BA-2026-000001"],
        "q=8601-2345": ["BA-2026-000001"],
        "q=华为+滨湖": ["BA-2026-000001"],
        "q=wb-2231": ["X-1"],
        "q=%25": [],
        "category=ebike": ["X-1"],
        "state=withdrawn": [],
        "reported_from=2026-11-03&reported_until=2026-11-03": ["BA-2026-000001"],
        "reported_from=nonsense": ["BA-2026-000001", "X-1"],
        "q=%00": ["BA-2026-000001", "X-1"],
    }.items():
        page = desk.get(f"/stolen?{query}")
        found = [card.select_one(".code").text for card in page.html.select(".row-card")]
        assert sorted(found) == sorted(numbers), query


def test_an_owner_is_found_by_a_whole_number_that_stands_in_no_address(desk: Pages) -> None:
    register(desk)
    page = desk.get("/stolen")
    found = desk.send(page, {"phone": "+86 138 0000 5678"}, form=".owner-search form")
    assert found.html.select(".row-card")
    assert "5678" not in found.path
    assert not desk.send(page, {"phone": "1380000567"}, form=".owner-search form").html.select(".row-card")
    assert "Type a phone number" in desk.speak("en").send(page, form=".owner-search form", status=422).text


def test_inspectors_look_but_do_not_record(web_app: Flask, pages: Pages) -> None:
    unit = accounts.create_unit(area_code="420704")
    inspector = pages.sign_in(accounts.create_user(role="inspector", unit=unit))
    here = records.create_stolen_item(records.create_report(owner=records.create_person()))
    elsewhere = records.create_stolen_item(records.create_report(area_code="420702001"))
    page = inspector.get(f"/stolen/{here.report_id}")
    assert not page.html.select(".reveal, .withdraw")
    inspector.get(f"/stolen/{elsewhere.report_id}", status=404)
    inspector.get("/stolen/new", status=403)
    inspector.get(f"/stolen/{here.report_id}/edit", status=403)


def test_what_other_rows_of_an_imported_file_say_is_shown_without_their_owner(desk: Pages) -> None:
    told = {"place": "东门", "occurred_from": "2026-10-30 16:00:00+00:00", "owner": ["李四", "13900001234", ""]}
    report = records.create_report(unparsed=json.dumps({"row 7": told}, ensure_ascii=False))
    text = desk.speak("en").get(f"/stolen/{report.id}").text
    for shown in ("东门", "2026-10-31 00:00", "Another person is named."):
        assert shown in text
    assert "李四" not in text
    assert "13900001234" not in text


def test_the_owner_is_shown_once_for_a_reason(desk: Pages) -> None:
    page = register(desk)
    refused = desk.speak("en").send(page, {"reason": "x"}, form=".reveal form", status=422)
    assert "at least 5 characters" in refused.text
    assert "王小明" not in refused.text
    shown = desk.send(page, {"reason": "call the owner back"}, form=".reveal form")
    assert "王小明" in shown.text
    assert shown.response.headers["Cache-Control"] == "no-store"
    assert db.session.query(AuditEvent).filter_by(action="people:person:revealed").count() == 1
    assert "王小明" not in desk.get(f"/stolen/{the_report().id}").text


def test_a_reveal_inside_the_page_brings_the_card_alone(desk: Pages) -> None:
    page = register(desk)
    person = db.session.query(Person).one()
    token = page.find(".reveal form [name=csrf_token]")["value"]
    data = {"reason": "联系失主认领", "csrf_token": token, "back": "//evil.example"}
    answer = desk.client.post(f"/people/{person.id}/reveal", data=data, headers={"HX-Request": "true"})
    text = answer.get_data(as_text=True)
    assert "王小明" in text
    assert "<html" not in text
    whole = desk.client.post(f"/people/{person.id}/reveal", data=data).get_data(as_text=True)
    assert "evil.example" not in whole


def test_a_number_is_checked_while_it_is_typed(desk: Pages) -> None:
    desk.speak("en")
    good = desk.get("/identifiers/check?kind=imei&value=860123456789014").response.get_data(as_text=True)
    assert "well formed" in good
    form = desk.get("/stolen/new")
    data = {
        "csrf_token": form.values_of("main form")["csrf_token"],
        "items-0-identifiers-0-kind": "imei",
        "items-0-identifiers-0-value": "860123456789015",
    }
    doubtful = desk.client.post("/identifiers/check", data=data).get_data(as_text=True)
    assert "the last digit does not fit" in doubtful
    data |= {"owner_document_kind": "resident_id", "owner_document": "420704190001010018"}
    doubt = desk.client.post("/people/check-document", data=data).get_data(as_text=True)
    assert "the last character does not fit" in doubt
