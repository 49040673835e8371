"""A visit as plain HTML, without a script: from its start to the locked record; nothing typed is ever lost."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from inspect_app.extensions import db
from inspect_app.forms.fields import LOCAL_ZONE
from inspect_app.models import GoodsLine, Person, Photo, User, Visit
from inspect_app.reference.checklists import checklist_version
from tests.factories import accounts, records
from tests.pages import Page, Pages


def local(moment: datetime) -> str:
    """A time as a browser sends it."""
    return moment.astimezone(LOCAL_ZONE).strftime("%Y-%m-%dT%H:%M")


def picture() -> bytes:
    """A small photo."""
    file = BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "JPEG")
    return file.getvalue()


@pytest.fixture
def draft(pages: Pages, inspector: User) -> Page:
    """The page of a draft that the inspector has just begun."""
    venue = records.create_venue(name="古楼旧货店")
    page = pages.sign_in(inspector).speak("en").get(f"/inspections/new?venue={venue.id}")
    started = local(datetime.now(UTC) - timedelta(minutes=30))
    return pages.send(page, {"started_at": started, "action": "start"})


def only_visit() -> Visit:
    """The one visit of the test, read anew."""
    db.session.expire_all()
    return db.session.query(Visit).one()


def row_uid(page: Page) -> str:
    """The uid of the open goods line."""
    return page.find(".goods-card.is-open")["id"].removeprefix("line-")


def test_beginning_a_visit(pages: Pages, inspector: User) -> None:
    venue = records.create_venue(name="古楼旧货店", name_initials="gljhd")
    records.create_venue(name="别处典当行")
    page = pages.sign_in(inspector).speak("en").get("/inspections/new")
    page = pages.send(page, {"venue_text": "古楼", "action": "search", "kind": "random"})
    assert [choice["value"] for choice in page.html.select("[name=venue_id]")] == [str(venue.id)]
    assert page.find("#kind option[selected]")["value"] == "random", "the search keeps what was chosen"
    refused = pages.send(page, {"started_at": "tomorrow", "action": "start", "venue_id": None}, status=422)
    assert "Choose the venue." in refused.text
    assert refused.find("#started_at")["value"] == "tomorrow"
    values = {"venue_id": str(venue.id), "action": "start"}
    first = pages.send(page, values)
    assert re.search(r"LJ-\d{4}-000001", first.text)
    again = pages.send(page, values)
    assert again.path == first.path
    assert "begun already" in again.text
    assert only_visit().kind == "random"


def test_from_start_to_locked_record(pages: Pages, draft: Page, inspector: User) -> None:
    colleague = accounts.create_user(unit=inspector.unit)
    page = pages.send(draft, {"action": f"add-officer:{colleague.id}"})
    assert colleague.full_name in page.find("#officers .officer-list").text
    page = pages.send(page, {"action": "add-line:phone"})
    uid = row_uid(page)
    assert page.find(f"#goods-{uid}-imei_1")["inputmode"] == "numeric"
    page = pages.send(
        page, {f"goods-{uid}-imei_1": "４９０１５４２０３２３７５１８", f"goods-{uid}-brand": "华为", "action": "save"}
    )
    assert "490154203237518" in page.text or "４９０１５４２０３２３７５１８" in page.text
    page = pages.send(page, {"action": "submit"})
    assert "things need you" in page.text
    for link in page.html.select("#problems a"):
        assert page.html.select(f'[id="{link["href"][1:]}"]'), f"{link} leads nowhere"
    answers = {
        f"item-{item.key.replace('.', '-')}-answer": "yes" for item in checklist_version("2026-01", "second_hand").items
    }
    values = {**answers, "ended_at": local(datetime.now(UTC)), "outcome": "no_problem", "findings": "未发现问题"}
    record = pages.send(page, {**values, "action": "submit"})
    assert record.path == f"/inspections/{only_visit().id}"
    assert "Submitted" in record.text
    assert only_visit().state == "submitted"
    line = db.session.query(GoodsLine).one()
    assert [(row.normalised, row.check_result) for row in line.identifiers] == [("490154203237518", "ok")]
    # The draft is a record now: its page leads to it, and an old form changes nothing.
    assert pages.get(f"/inspections/{only_visit().id}/edit").path == record.path
    pages.send(page, {"findings": "改了", "action": "save"}, status=409)
    assert only_visit().findings == "未发现问题"


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("ended_at", "about three", "Enter a date and time"),
        ("ended_at", "2001-01-01T10:00", "The end lies before the start"),
        ("ended_at", "2099-01-01T10:00", "in the future"),
        ("started_at", "", "Please fill this in."),
        ("findings", "x" * 8001, "at most 8000 fit"),
        ("venue_statement", "a\x07b", "cannot be stored"),
        ("kind", "forged", "Choose one of the list."),
    ],
)
def test_what_cannot_be_read_is_kept_as_typed(pages: Pages, draft: Page, field: str, typed: str, message: str) -> None:
    others = {"venue_representative": "梁试"} if field != "venue_representative" else {}
    page = pages.send(draft, {field: typed, **others, "action": "save"})
    for shown in (page, pages.get(draft.path)):
        assert message in shown.find(f"#{field}-errors").text
        control = shown.find(f"#{field}")
        if control.name != "select":
            text = (
                control.text.removeprefix("\r\n").removeprefix("\n") if control.name == "textarea" else control["value"]
            )
            assert text == typed
    assert only_visit().venue_representative == "梁试", "everything else is saved"
    assert "梁试" not in page.text
    assert page.find("#venue_representative")["value"] == "梁*"
    # Put right, the text and its error go.
    mended = {"kind": "routine", "findings": "", "venue_statement": ""}.get(
        field, local(datetime.now(UTC) - timedelta(minutes=5))
    )
    page = pages.send(page, {field: mended, "action": "save"})
    assert not page.html.select(".field-error")
    assert only_visit().venue_representative == "梁试", "the masked name sent back changes nothing"


def test_a_null_byte_is_refused_and_the_rest_saved(pages: Pages, draft: Page) -> None:
    page = pages.send(draft, {"findings": "a\x00b", "venue_statement": "陈述", "action": "save"})
    assert "cannot be stored" in page.find("#findings-errors").text
    assert (only_visit().findings, only_visit().venue_statement) == ("", "陈述")


def test_bad_values_in_a_goods_line(pages: Pages, draft: Page) -> None:
    page = pages.send(draft, {"action": "add-line:scrap_metal"})
    uid = row_uid(page)
    typed = {
        f"goods-{uid}-specification": "铜",
        f"goods-{uid}-weight_kg": "三十公斤",
        f"goods-{uid}-price": "１２３.５",
        f"goods-{uid}-received_on": "2099-01-01",
        f"goods-{uid}-seller_name": "赵试",
    }
    page = pages.send(page, {**typed, "action": "save"})
    assert page.find(f"#goods-{uid}-weight_kg")["value"] == "三十公斤"
    assert "not a number" in page.find(f"#goods-{uid}-weight_kg-errors").text
    assert "in the future" in page.find(f"#goods-{uid}-received_on-errors").text
    line = db.session.query(GoodsLine).one()
    assert (line.specification, line.weight_g, line.price_fen) == ("铜", None, 12350)
    assert page.find(f"#goods-{uid}-seller_name")["value"] == "赵*"
    # A row that could not be read stays open; another category hides nothing that was typed.
    page = pages.send(page, {f"goods-{uid}-category": "phone", f"goods-{uid}-weight_kg": "30", "action": f"open:{uid}"})
    assert page.find(f"#goods-{uid}-weight_kg")["value"] == "30"
    assert page.html.select(f"#goods-{uid}-imei_1")
    db.session.expire_all()
    assert db.session.query(GoodsLine).one().weight_g == 30_000
    assert db.session.query(GoodsLine).one().seller.name == "赵试"
    pages.send(page, {f"goods-{uid}-seller_is_removed": "yes", "action": "save"})
    db.session.expire_all()
    assert db.session.query(GoodsLine).one().seller is None
    assert db.session.query(Person).count() == 0


def test_the_same_page_sent_twice_makes_one_line(pages: Pages, draft: Page) -> None:
    page = pages.send(draft, {"action": "add-line:phone"})
    uid = row_uid(page)
    for _ in range(2):
        pages.send(page, {f"goods-{uid}-brand": "小米", "action": "save"})
    again = pages.get(draft.path)
    first = pages.send(again, {"action": "repeat-line"})
    second = pages.send(again, {"action": "repeat-line"})
    assert row_uid(first) == row_uid(second)
    assert db.session.query(GoodsLine).count() == 2


def test_an_empty_row_is_not_saved(pages: Pages, draft: Page) -> None:
    page = pages.send(draft, {"action": "add-line:ebike"})
    assert page.html.select(f"#goods-{row_uid(page)}-frame_1")
    page = pages.send(page, {"action": "save"})
    assert not page.html.select(".goods-card")
    assert db.session.query(GoodsLine).count() == 0


def test_removing_and_putting_back(pages: Pages, draft: Page) -> None:
    page = pages.send(draft, {"action": "add-line:phone"})
    uid = row_uid(page)
    page = pages.send(page, {f"goods-{uid}-brand": "小米", "action": f"remove-line:{uid}"})
    assert page.html.select("#goods-lines .goods-card") == []
    assert "Taken off the log" in page.text
    page = pages.send(page, {"action": f"restore-line:{uid}"})
    assert len(page.html.select("#goods-lines .goods-card")) == 1
    page = pages.send(page, {"action": f"open:{uid}"})
    assert page.find(f"#goods-{uid}-brand")["value"] == "小米"


def test_photos_with_any_button(pages: Pages, draft: Page) -> None:
    good, bad = (BytesIO(picture()), "shop.jpg"), (BytesIO(b"no picture"), "notes.jpg")
    page = pages.send(draft, {"photo-visit": good, "findings": "见照片", "action": "save"})
    assert len(page.html.select("#photos-visit .thumb")) == 1
    page = pages.send(page, {"photo-item-general-display": bad, "findings": "无法识别的照片", "action": "save"})
    assert "notes.jpg" in page.text
    assert only_visit().findings == "无法识别的照片"
    page = pages.send(page, {"action": "add-line:other"})
    uid = row_uid(page)
    page = pages.send(page, {f"photo-goods-{uid}": (BytesIO(picture()), "thing.jpg"), "action": f"open:{uid}"})
    assert len(page.html.select(f"#photos-goods-{uid} .thumb")) == 1, "a photo alone is a line"
    photo = db.session.query(Photo).filter_by(subject="visit").one()
    page = pages.send(page, {"action": f"remove-photo:{photo.id}"})
    assert not page.html.select("#photos-visit .thumb")


def test_parts_that_save_themselves(pages: Pages, draft: Page) -> None:
    token = {"csrf_token": draft.find("#visit-form [name=csrf_token]")["value"]}
    visit_id = only_visit().id
    saved = pages.client.post(f"/inspections/{visit_id}/autosave", data={**token, "findings": "写到一半"})
    assert saved.status_code == 200
    assert only_visit().findings == "写到一半"
    answer = Page(saved, "autosave")
    assert answer.find("#findings-errors").text == ""
    assert not answer.html.select("#venue_statement-errors"), "only what was sent is answered"
    uid = str(uuid.uuid4())
    row = f"/inspections/{visit_id}/goods/{uid}"
    pages.client.post(row, data={**token, f"goods-{uid}-category": "phone", f"goods-{uid}-imei_1": "1234"})
    checked = pages.client.post(f"{row}/check", data={**token, f"goods-{uid}-imei_1": "490154203237519"})
    assert "Doubtful" in checked.text
    opened = pages.client.post(f"{row}?show=open", data={**token, f"goods-{uid}-category": "ebike"})
    assert f"goods-{uid}-frame_1" in opened.text
    assert "1234" in opened.text, "what was typed under the other category stays"
    assert db.session.query(GoodsLine).one().category == "ebike"


@pytest.mark.parametrize(
    ("started_at", "law"),
    [(datetime(2025, 6, 1, 4, tzinfo=UTC), "2012 amendment"), (datetime(2026, 6, 1, 4, tzinfo=UTC), "2025 revision")],
)
def test_the_law_is_that_of_the_day(pages: Pages, inspector: User, started_at: datetime, law: str) -> None:
    visit = records.create_visit(officers=(inspector,), started_at=started_at)
    page = pages.sign_in(inspector).speak("en").get(f"/inspections/{visit.id}/edit")
    basis = " ".join(cited.text for cited in page.html.select(".basis"))
    assert law in basis
    other = {"2012 amendment": "2025 revision", "2025 revision": "2012 amendment"}[law]
    assert f"Punishments Law ({other})" not in basis
    assert "Awaiting legal check" in basis


def test_made_up_requests(pages: Pages, draft: Page) -> None:
    for action in ("restore-line:" + str(uuid.uuid4()), "remove-line:\x00", "restore-line:x"):
        pages.send(draft, {"findings": "留着", "action": action}, status=400)
        assert only_visit().findings == "留着"
    page = pages.send(draft, {"action": "add-officer", "add_officer": "999999999", "findings": "也留着"})
    assert "no longer active" in page.text
    assert only_visit().findings == "也留着"
    pages.send(draft, {"action": "nonsense:1"})
    pages.get("/inspections/?text=%00")
    pages.get("/inspections/new?venue=99999999999999&venue_text=%00x")


def test_who_may_do_what(pages: Pages, draft: Page) -> None:
    visit = only_visit()
    colleague = accounts.create_user(unit=accounts.create_unit())
    page = pages.sign_in(colleague).get(f"/inspections/{visit.id}/edit")
    assert page.path == f"/inspections/{visit.id}", "others read"
    stranger = accounts.create_user(unit=accounts.create_unit(area_code="420703"))
    pages.sign_in(stranger).get(f"/inspections/{visit.id}", status=404)
    pages.sign_in(accounts.create_user("admin")).get("/inspections/", status=403)


def test_the_list(pages: Pages, draft: Page) -> None:
    page = pages.get("/inspections/")
    assert "古楼旧货店" in page.text
    assert "No inspection fits." in pages.get("/inspections/?text=nowhere").text
    assert "古楼旧货店" in pages.get("/inspections/?text=古楼&state=draft&from_on=2026-01-01&page=9").text
    assert pages.get("/inspections/?state=forged&from_on=never&page=x").text
