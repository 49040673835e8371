"""Every page of the product in the demo city: no axe-core violation, no sideways scrolling, in both languages."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.models import Alert, StolenReport, User, Venue, Visit
from inspect_app.services.demo.city import plan_city
from inspect_app.services.demo.load import load_demo_city
from inspect_app.services.demo_accounts import demo_accounts
from tests.browser.conftest import LANDSCAPE, Live, sign_in

PORTRAIT = {"width": 810, "height": 1080}
PAGES = {
    "110001": [
        "/", "/inspections/", "/inspections/new", "/inspections/{draft}/edit", "/inspections/{draft}/edit?check=1",
        "/inspections/{submitted}", "/alerts", "/alerts?band=&state=", "/alerts/{alert}", "/venues", "/venues/new",
        "/venues/{venue}", "/venues/{venue}/edit", "/stolen", "/password",
    ],
    "120001": [
        "/", "/stolen/new", "/stolen/{report}", "/stolen/{report}/edit", "/imports", "/imports/new", "/alerts/{alert}",
    ],
    "140001": ["/", "/venues/{venue}", "/matching/completeness", "/matching/releases"],
    "150001": ["/", "/audit/"],
    "160001": ["/", "/accounts/", "/accounts/users/new", "/matching/words"],
}  # fmt: skip


@pytest.fixture
def addresses(live: Live) -> dict[str, int]:
    """A small demo city, and the ids of records in it."""
    db.session.execute(db.text("DELETE FROM role"))
    db.session.commit()
    load_demo_city(plan_city(0.05), number_prefix="LJ", photo_store=live.data_dir / "uploads")
    officer = db.session.scalars(select(User).where(User.badge_number == "110001")).one()
    area = officer.unit.area_code
    visits = select(Visit.id).join(Visit.venue).where(Venue.area_code.startswith(area))
    own = visits.where(Visit.officers.any(user_id=officer.id))
    alerts = select(Alert.id).join(Alert.goods_line).join(Visit).join(Visit.venue).where(Alert.state == "new")
    return {
        "draft": db.session.scalars(own.where(Visit.state == "draft")).first() or 0,
        "submitted": db.session.scalars(visits.where(Visit.state == "submitted")).first() or 0,
        "alert": db.session.scalars(alerts.where(Venue.area_code.startswith(area))).first() or 0,
        "venue": db.session.scalars(select(Venue.id).where(Venue.area_code.startswith(area))).first() or 0,
        "report": db.session.scalars(select(StolenReport.id)).first() or 0,
    }


@pytest.mark.parametrize(("language", "viewport"), [("zh_Hans_CN", LANDSCAPE), ("en", PORTRAIT)])
def test_every_page(
    live: Live, open_page: Callable[..., Page], addresses: dict[str, int], language: str, viewport: dict[str, int]
) -> None:
    assert all(addresses.values()), addresses
    password = {account.badge_number: account.password for account in demo_accounts()}
    faults = []
    for badge, paths in PAGES.items():
        page = open_page(language=language, viewport=viewport)
        person = db.session.scalars(select(User).where(User.badge_number == badge)).one()
        sign_in(page, person, password[badge])
        for path in (pattern.format(**addresses) for pattern in paths):
            faults += [f"{badge} {path}: {fault}" for fault in _faults_of(page, path, viewport["width"])]
    assert not faults, "\n".join(faults)


def _faults_of(page: Page, path: str, width: int) -> list[str]:
    answer = page.goto(path)
    assert answer is not None
    if answer.status != 200:
        return [f"answers {answer.status}"]
    found = []
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append("scrolls sideways")
    for violation in Axe().run(page).response["violations"]:
        found.append(f"{violation['id']}: {violation['nodes'][0]['html'][:160]}")
    return found
