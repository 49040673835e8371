"""Venues on the tablet: the list follows what is typed, the code is checked while it is typed, no script is needed."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from inspect_app.extensions import db
from inspect_app.models import Venue
from inspect_app.services.venues import VenueDetails, register_venue
from tests.browser.conftest import Live, sign_in
from tests.factories import accounts

CODE = "91420700MA00AAA02J"
PORTRAIT = {"width": 810, "height": 1080}


@pytest.fixture
def shops(live: Live) -> list[int]:
    """Thirty shops of the area in which every inspector of these tests works."""
    accounts.create_area("420704001", "凤凰街道")
    actor = accounts.actor_for(accounts.create_user())
    ids = []
    for number in range(30):
        details = VenueDetails(
            kind="second_hand",
            name="古城路旧货行" if number == 0 else f"其他店{number}",
            area_code="420704001",
            address=f"滨湖路{number}号",
            credit_code=CODE if number == 0 else "",
        )
        ids.append(register_venue(actor, f"shop-{number}", details)[0].id)
    return ids


def _assert_fits(page: Page) -> None:
    """No sideways scrolling, and nothing that axe finds."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    violations = Axe().run(page).response["violations"]
    assert not violations, [(found["id"], found["nodes"][0]["html"]) for found in violations]


def test_list_follows_what_is_typed(live: Live, open_page: Callable[..., Page], shops: list[int]) -> None:
    page = open_page(live.user())
    page.goto("/venues")
    expect(page.locator("#venue-rows .row-card")).to_have_count(25)
    page.locator("#q").press_sequentially("gclj", delay=40)
    expect(page.locator("#venue-rows .row-card")).to_have_count(1)
    expect(page).to_have_url(f"{live.url}/venues?q=gclj")
    expect(page.locator("#q")).to_be_focused()
    page.locator("#venue-rows .row-card").click()
    expect(page.locator("h1")).to_have_text("古城路旧货行")
    _assert_fits(page)
    page.go_back()
    expect(page.locator("#venue-rows .row-card")).to_have_count(1)
    expect(page.locator("#q")).to_have_value("gclj")
    page.locator("#kind").select_option("pawn")
    expect(page.locator("#venue-rows .empty")).to_be_visible()
    _assert_fits(page)


def test_code_is_checked_while_it_is_typed(live: Live, open_page: Callable[..., Page], shops: list[int]) -> None:
    page = open_page(live.user(), viewport=PORTRAIT)
    page.goto("/venues/new")
    code, verdict = page.locator("#credit_code"), page.locator("#credit-code-result")
    code.press_sequentially("92420704")
    expect(verdict).to_contain_text("现为8位")
    code.press_sequentially("MA00AAB17X")
    expect(verdict).to_contain_text("末位应为F")
    expect(verdict.get_by_role("checkbox")).to_be_visible()
    code.fill("92420704MA00AAB17F")
    expect(verdict).to_contain_text("校验位正确")
    code.fill(CODE)
    expect(verdict.get_by_role("link", name="古城路旧货行")).to_be_visible()
    _assert_fits(page)
    code.fill("92420704MA00AAB17X")
    verdict.get_by_role("checkbox").check()
    page.locator("#name").fill("新街寄卖行")
    page.locator("#address").fill("新街3号")
    page.locator("#area_code").select_option("420704001")
    page.get_by_role("button", name="登记").click()
    expect(page.locator("h1")).to_have_text("新街寄卖行")
    expect(page.locator(".venue-facts")).to_contain_text("存疑")
    # What was read before the server wrote still stands in this transaction.
    db.session.rollback()
    venue = db.session.query(Venue).filter_by(name="新街寄卖行").one()
    assert venue.is_credit_code_doubtful


def test_edit_in_english(live: Live, open_page: Callable[..., Page], shops: list[int]) -> None:
    page = open_page(live.user(), language="en")
    page.goto(f"/venues/{shops[0]}/edit")
    _assert_fits(page)
    page.locator("#name").fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#error-summary")).to_be_focused()
    page.locator("#name").fill("古城路旧货总店")
    page.get_by_text("High", exact=True).click()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".venue-lead")).to_contain_text("Risk: High")


def test_without_scripts(live: Live, chromium: Browser, shops: list[int]) -> None:
    context = chromium.new_context(base_url=live.url, java_script_enabled=False)
    try:
        page = context.new_page()
        sign_in(page, live.user())
        page.goto("/venues")
        page.locator("#q").fill("guchenglu")
        page.locator("main").get_by_role("button", name="搜索").click()
        expect(page.locator("#venue-rows .row-card")).to_have_count(1)
        page.goto("/venues/new")
        expect(page.locator("#locate")).to_be_hidden()
    finally:
        context.close()
