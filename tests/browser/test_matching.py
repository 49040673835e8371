"""A word is taught on a tablet and its release is rehearsed before everybody's eyes."""

from collections.abc import Callable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from inspect_app.extensions import db
from inspect_app.models import MatcherRelease
from tests.browser.conftest import Live


def test_a_word_goes_into_the_draft_and_to_rehearsal(live: Live, open_page: Callable[..., Page]) -> None:
    page = open_page(live.user("admin"), language="en")
    page.goto("/matching/words")
    page.locator("#spelling").fill("小亚蒂")
    page.locator("#canonical").fill("yadea")
    page.get_by_role("button", name="Save in the draft").click()
    expect(page.get_by_text("Saved in the draft: 小亚蒂")).to_be_visible()
    expect(page.get_by_role("button", name="Take out 小亚蒂")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert Axe().run(page).violations_count == 0
    page.get_by_role("link", name="To the releases").click()
    page.get_by_role("button", name="Rehearse", exact=True).click()
    expect(page.get_by_role("heading", name="Rehearsal")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    db.session.rollback()
    assert db.session.query(MatcherRelease).one().state in ("draft", "rehearsed")
