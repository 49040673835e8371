"""The whole path as an inspector walks it: sign in, visit, goods, alert, decision, submission, printed record."""

import io
from collections.abc import Callable

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from inspect_app.extensions import db
from inspect_app.models import Alert, AuditEvent, Visit
from inspect_app.services.actors import system_actor
from inspect_app.services.screening import screen_stolen_items
from inspect_app.services.transaction import transaction
from tests.browser.conftest import Live
from tests.factories import accounts, records

FRAME = "WTU218X0452K"


def test_from_sign_in_to_printed_record(live: Live, open_page: Callable[..., Page]) -> None:
    police, regulator = accounts.create_unit("police"), accounts.create_unit("market_regulation")
    officer = live.user(unit=police)
    colleagues = [
        live.user(unit=police, full_name="同事甲"),
        live.user(unit=regulator, full_name="监管乙"),
        live.user(unit=regulator, full_name="监管丙"),
    ]
    venue = records.create_venue(name="和平旧货行", kind="second_hand")
    report = records.create_report(number="BA-2026-000321")
    bicycle = records.create_stolen_item(report, {"frame": FRAME}, category="bicycle", brand="TREK", model="SOHO S")
    with transaction(system_actor("test")) as tx:
        screen_stolen_items(tx, [bicycle])

    page = open_page(officer)
    _start_visit(page, venue.name)
    for colleague in colleagues:
        page.locator("#add_officer").select_option(value=str(colleague.id))
        expect(page.locator("#officers li strong").filter(has_text=colleague.full_name)).to_be_visible()
    _log_bicycle(page)
    _decide_alert(page)
    _submit(page)
    _check_printed_record(page, officer.full_name)

    db.session.rollback()
    visit = db.session.query(Visit).one()
    assert (visit.state, visit.outcome, len(visit.officers), len(visit.goods)) == ("submitted", "goods_held", 4, 1)
    assert db.session.query(Alert).one().state == "confirmed"
    actions = {event.action for event in db.session.query(AuditEvent)}
    assert {"inspections:visit:submitted", "goods:line:logged", "alerts:alert:confirmed"} <= actions
    assert "reports:visit:printed" in actions


def _start_visit(page: Page, venue: str) -> None:
    page.get_by_role("link", name="开始检查").click()
    page.locator("main form input[type=search], main form input[name=q], main form input[name=venue_query]").first.fill(
        "hp"
    )
    page.get_by_text(venue).click()
    page.get_by_role("button", name="开始检查").click()
    page.wait_for_url("**/edit")
    expect(page.get_by_role("heading", level=1)).to_have_text(venue)


def _log_bicycle(page: Page) -> None:
    page.get_by_role("button", name="自行车", exact=True).click()
    card = page.locator(".goods-card.is-open")
    card.get_by_label("品牌", exact=True).fill("trek")
    card.get_by_label("车架号", exact=True).fill(FRAME.lower())
    expect(card.locator(".likely .hit.is-alert")).to_contain_text("BA-2026-000321")
    card.get_by_label("车架号", exact=True).blur()
    expect(card.locator(".goods-alerts .hit.is-alert")).to_contain_text("BA-2026-000321")
    card.get_by_text("暂存待查").click()
    expect(page.locator("#save-status")).to_contain_text("已保存")


def _decide_alert(page: Page) -> None:
    address = page.url
    page.locator(".goods-alerts .hit.is-alert").first.click()
    page.wait_for_url("**/alerts/*")
    expect(page.locator(".waterfall")).to_contain_text("车架号")
    page.get_by_text("确认是被盗物品").click()
    page.get_by_role("button", name="记录判定").click()
    expect(page.get_by_text("判定已记录。")).to_be_visible()
    page.goto(address)


def _submit(page: Page) -> None:
    page.get_by_role("button", name="其余事项标为未查").click()
    page.wait_for_load_state()
    page.locator("#findings").fill("货架上发现一辆与报案相符的自行车。")
    page.get_by_role("button", name="现在").click()
    page.get_by_text("涉嫌物品先行登记保存").click()
    page.get_by_role("button", name="核对并提交").click()
    page.wait_for_load_state()
    expect(page.get_by_text("已提交").first).to_be_visible()


def _check_printed_record(page: Page, officer: str) -> None:
    address = page.locator("a[href*='record.pdf']").first.get_attribute("href")
    assert address
    response = page.request.get(address)
    assert response.headers["content-type"] == "application/pdf"
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(response.body())).pages)
    flat = "".join(text.split())
    for expected in (
        "联合检查记录",
        "和平旧货行",
        officer,
        "监管丙",
        FRAME.lower(),
        "BA-2026-000321",
        "货架上发现一辆",
    ):
        assert expected in flat, f"{expected} is not in the record"
