"""The draft of a visit on a tablet: it saves itself, and a hit shows while it is typed."""

import re
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Page, expect

from inspect_app.extensions import db
from inspect_app.models import GoodsLine, Visit
from inspect_app.models.types import utc_now
from inspect_app.services.goods import LineChange
from inspect_app.services.inspection_drafts import DraftChange, save_draft
from inspect_app.services.inspections import VisitStart, start_visit
from inspect_app.services.screening import screen_stolen_items
from inspect_app.services.transaction import transaction
from tests.browser.conftest import Live
from tests.factories import accounts, records

IMEI = "860123456789014"


@pytest.fixture
def draft(live: Live, open_page: Callable[..., Page]) -> Page:
    """The page of a draft, on the tablet of the officer who began it."""
    user = live.user()
    actor = accounts.actor_for(user)
    item = records.create_stolen_item(records.create_report(number="BA-77"), {"imei": IMEI})
    with transaction(actor) as tx:
        screen_stolen_items(tx, [item])
    start = VisitStart(
        submission_id=str(uuid.uuid4()),
        venue_id=records.create_venue().id,
        kind="routine",
        started_at=utc_now() - timedelta(minutes=9),
    )
    visit, _is_new = start_visit(actor, start)
    page = open_page(user, language="en")
    page.goto(f"/inspections/{visit.id}/edit")
    return page


def lines() -> list[GoodsLine]:
    """The lines in the database now."""
    db.session.rollback()
    return db.session.query(GoodsLine).order_by(GoodsLine.position).all()


def test_rows_are_added_and_a_hit_shows_while_typing(draft: Page) -> None:
    draft.get_by_role("button", name="Phone", exact=True).click()
    card = draft.locator(".goods-card.is-open")
    imei = card.get_by_label("IMEI", exact=True)
    expect(imei).to_be_focused()
    imei.press_sequentially(IMEI[:-1] + "5")
    expect(card.locator(".check-hint.is-doubtful")).to_be_visible()
    imei.press("Backspace")
    imei.press_sequentially(IMEI[-1])
    # Within a second of the last key.
    expect(card.locator(".likely .hit.is-alert")).to_contain_text("BA-77", timeout=1000)
    card.get_by_label("Make", exact=True).fill("华为")
    card.get_by_label("Make", exact=True).blur()
    expect(draft.locator("#count-goods")).to_have_text("1")
    expect(card.locator(".goods-alerts .hit.is-alert")).to_contain_text("BA-77")
    # The next line closes this one.
    draft.get_by_role("button", name="E-bike", exact=True).click()
    expect(draft.locator(".goods-card.is-closed")).to_have_count(1)
    draft.locator(".goods-card.is-open").get_by_label("Frame number", exact=True).fill("218430017865162")
    expect(draft.locator("#count-goods")).to_have_text("2")
    assert [line.category for line in lines()] == ["phone", "ebike"]


def test_a_number_stays_in_its_place(draft: Page) -> None:
    draft.get_by_role("button", name="Phone", exact=True).click()
    card = draft.locator(".goods-card.is-open")
    expect(card.get_by_label("IMEI", exact=True)).to_be_focused()
    second = card.get_by_label("IMEI 2", exact=True)
    for number in ("490154203237518", IMEI):
        with draft.expect_response(re.compile(r"/goods/[0-9a-f-]+$")):
            second.fill(number)
            second.blur()
    assert [row.value for row in lines()[0].identifiers] == [IMEI], "the first reading is replaced, not kept beside"


def test_typed_text_survives_reload_and_a_closed_tab(draft: Page, live: Live) -> None:
    with draft.expect_response("**/autosave"):
        draft.locator("#findings").fill("货架上有三部手机")
    draft.reload()
    expect(draft.locator("#findings")).to_have_value("货架上有三部手机")
    # Loaded again while it is being typed.
    draft.locator("#findings").fill("货架上有三部无台账手机")
    draft.reload()
    expect(draft.locator("#findings")).to_have_value("货架上有三部无台账手机")
    # Typed and gone at once, before anything was due to be sent.
    draft.locator("#venue_statement").press_sequentially("来源待查")
    draft.close(run_before_unload=True)
    for _attempt in range(50):
        db.session.rollback()
        if db.session.query(Visit).one().venue_statement == "来源待查":
            break
        time.sleep(0.1)
    assert db.session.query(Visit).one().venue_statement == "来源待查"


def test_another_category_keeps_what_was_typed(draft: Page) -> None:
    draft.get_by_role("button", name="Other", exact=True).click()
    card = draft.locator(".goods-card.is-open")
    card.get_by_label("Make", exact=True).fill("雅迪")
    card.get_by_label("Colour", exact=True).fill("白色")
    card.get_by_label("Category", exact=True).select_option("ebike")
    expect(card.get_by_label("Frame number", exact=True)).to_be_visible()
    expect(card.get_by_label("Make", exact=True)).to_have_value("雅迪")
    card.get_by_label("Category", exact=True).select_option("scrap_metal")
    expect(card.get_by_label("Weight (kg)", exact=True)).to_be_visible()
    expect(card.get_by_label("Colour", exact=True)).to_have_value("白色")
    card.get_by_role("button", name="Take off").click()
    expect(draft.locator("#count-goods")).to_have_text("0")
    draft.get_by_role("button", name="Put back").click()
    expect(draft.locator("#count-goods")).to_have_text("1")
    assert lines()[0].removed_at is None


def test_without_an_answer_the_text_waits_and_goes_again(draft: Page) -> None:
    draft.context.set_offline(True)
    draft.locator("#findings").fill("地下室没有信号")
    draft.locator("#findings").blur()
    expect(draft.locator("#save-status")).to_have_class("save-status is-unsaved")
    draft.context.set_offline(False)
    expect(draft.locator("#save-status")).to_contain_text("Saved", timeout=9000)
    db.session.rollback()
    assert db.session.query(Visit).one().findings == "地下室没有信号"


def test_photos_are_sent_at_once_and_a_bad_one_is_named(draft: Page, tmp_path: Path) -> None:
    Image.new("RGB", (60, 40), "teal").save(tmp_path / "shop.jpg")
    (tmp_path / "notes.jpg").write_text("no picture")
    item = draft.locator("#item-general-display")
    item.locator("input[type=file]").set_input_files([tmp_path / "shop.jpg", tmp_path / "notes.jpg"])
    expect(item.locator(".thumb")).to_have_count(1)
    expect(item.locator(".field-error")).to_contain_text("notes.jpg")
    draft.get_by_role("button", name="Bicycle", exact=True).click()
    card = draft.locator(".goods-card.is-open")
    card.locator("input[type=file]").set_input_files(tmp_path / "shop.jpg")
    expect(card.locator(".thumb")).to_have_count(1)
    assert [line.category for line in lines()] == ["bicycle"], "a photo alone keeps the line"
    item.get_by_role("button", name="Remove photo 1").click()
    expect(item.locator(".thumb")).to_have_count(0)


def test_what_is_missing_leads_to_its_place(draft: Page) -> None:
    draft.locator("#item-general-licence").get_by_text("Not in order").click()
    draft.get_by_role("button", name="Check and submit").click()
    problems = draft.locator("#error-summary")
    expect(problems).to_be_focused()
    problems.get_by_role("link", name="1", exact=True).click()
    expect(draft.locator("#item-general-licence")).to_be_in_viewport()
    expect(draft.locator("#item-general-licence").get_by_label("Not in order")).to_be_checked()


def test_two_officers_do_not_undo_each_other(draft: Page) -> None:
    other = draft.context.new_page()
    other.goto(draft.url)
    with other.expect_response("**/autosave"):
        other.locator("#findings").fill("第二台平板写的")
    # The first page still shows the findings empty and sends the whole form.
    draft.locator("#venue_statement").fill("第一台平板写的")
    draft.get_by_role("button", name="Save", exact=True).last.click()
    expect(draft.locator("#findings")).to_have_value("第二台平板写的")
    expect(draft.locator("#venue_statement")).to_have_value("第一台平板写的")


@pytest.mark.parametrize("viewport", [{"width": 1080, "height": 810}, {"width": 810, "height": 1080}])
def test_three_hundred_lines_fit_the_tablet(
    live: Live, open_page: Callable[..., Page], viewport: dict[str, int]
) -> None:
    user = live.user()
    actor = accounts.actor_for(user)
    start = VisitStart(
        submission_id=str(uuid.uuid4()),
        venue_id=records.create_venue(kind="scrap").id,
        kind="campaign",
        started_at=utc_now(),
    )
    visit, _is_new = start_visit(actor, start)
    change = tuple(
        LineChange(line_uid=str(uuid.uuid4()), values={"category": "cable", "specification": f"规格{number}"})
        for number in range(300)
    )
    save_draft(actor, visit.id, DraftChange(lines=change))
    page = open_page(user, viewport=viewport)
    page.goto(f"/inspections/{visit.id}/edit")
    expect(page.locator(".goods-card")).to_have_count(300)
    page.locator(".goods-card button").nth(150).click()
    expect(page.locator(".goods-card.is-open")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    violations = Axe().run(page).response["violations"]
    assert not violations, [(found["id"], found["nodes"][0]["target"]) for found in violations]
