"""A report of two items is typed on a tablet: rows come without leaving the page, numbers are checked meanwhile."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from inspect_app.extensions import db
from inspect_app.models import GoodsLine, StolenReport
from inspect_app.services.screening import screen_goods_line
from inspect_app.services.transaction import transaction
from tests.browser.conftest import Live
from tests.factories import accounts, records

IMEI = "860123456789014"


def log_goods(live: Live) -> None:
    """A phone stands in a shop, logged as the visit form does it."""
    inspector = live.user("inspector")
    records.create_goods_line(records.create_visit(records.create_venue(name="老街旧货行")), {"imei": IMEI})
    with transaction(accounts.actor_for(inspector)) as tx:
        screen_goods_line(tx, db.session.query(GoodsLine).one())


def test_a_report_of_several_items(live: Live, open_page: Callable[..., Page]) -> None:
    log_goods(live)
    page = open_page(live.user("desk"), language="en")
    page.goto("/stolen/new")
    page.get_by_label("Place of the theft").fill("滨湖小区北门")
    page.get_by_label("Owner's name").fill("王小明")
    page.get_by_label("Document number").fill("420704190001010018")
    expect(page.locator("#document-check")).to_contain_text("the last character does not fit")

    page.locator("#items-0-category").select_option("phone")
    page.locator("#items-0-model").fill("Mate 60")
    number = page.locator("#items-0-identifiers-0-value")
    number.press_sequentially("860123456789015")
    expect(page.locator("#items-0-identifiers-0-value-check")).to_contain_text("the last digit does not fit")
    number.fill(IMEI)
    expect(page.locator("#items-0-identifiers-0-value-check")).to_contain_text("well formed")

    page.get_by_role("button", name="Add an item").click()
    expect(page.locator("#items-1-category")).to_be_focused()
    page.locator("#items-1-category").select_option("ebike")
    expect(page.locator("#items-1-identifiers-1-kind")).to_have_value("motor")
    page.locator("#items-1-brand").fill("雅迪")
    page.locator("#items-1-category").select_option("jewellery")
    expect(page.locator("#items-1-weight_g")).to_be_visible()
    expect(page.locator("#items-1-brand")).to_have_value("雅迪")
    expect(page.locator("#items-0-model")).to_have_value("Mate 60")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.get_by_role("button", name="Save and compare").click()
    expect(page.get_by_text("Alerts: 1; possible matches: 0")).to_be_visible()
    expect(page.get_by_role("link", name="老街旧货行")).to_be_visible()
    expect(page.get_by_text("王小明")).to_have_count(0)
    db.session.rollback()
    report = db.session.query(StolenReport).one()
    assert [item.category for item in report.items] == ["phone", "jewellery"]

    page.get_by_text("Show in full").first.click()
    page.get_by_label("Reason").last.fill("call the owner back")
    page.locator(".reveal form button").click()
    expect(page.get_by_text("王小明")).to_be_visible()
    assert page.url == f"{live.url}/stolen/{report.id}"


def test_what_is_typed_while_a_row_comes_is_kept(live: Live, open_page: Callable[..., Page]) -> None:
    page = open_page(live.user("desk"))
    page.goto("/stolen/new")
    page.locator("#items-0-category").select_option("phone")
    page.locator("#items-0-brand").fill("华为")
    # The server takes its time with the next row, and the person goes on typing.
    page.route("**/stolen/new", lambda route: (page.wait_for_timeout(600), route.continue_()))
    page.locator(".add-item").click()
    page.locator("#items-0-model").fill("Mate 60")
    expect(page.locator("#items-1-category")).to_be_visible()
    expect(page.locator("#items-0-model")).to_have_value("Mate 60")
    expect(page.locator("#items-0-brand")).to_have_value("华为")


def test_a_refusal_in_the_page_is_said_and_goes_when_it_works_again(live: Live, open_page: Callable[..., Page]) -> None:
    page = open_page(live.user("desk"), language="en")
    page.goto("/stolen/new")
    page.route("**/stolen/new", lambda route: route.fulfill(status=500, body="broken"))
    page.locator("#items-0-category").select_option("phone")
    expect(page.get_by_text("The server could not take this")).to_be_visible()
    expect(page.locator("#items-0-category")).to_have_value("phone")
    page.unroute("**/stolen/new")
    page.locator("#items-0-category").select_option("ebike")
    expect(page.locator("#items-0-brand")).to_be_visible()
    expect(page.get_by_text("The server could not take this")).to_be_hidden()
