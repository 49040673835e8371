"""A sign-in that expires under someone's hands: the form they send is kept, the page they type in goes on."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Live, sign_in
from tests.conftest import PASSWORD


def lose_session(context: BrowserContext) -> None:
    """The session is over, as after its hours."""
    context.clear_cookies(name="inspect_session")


def fill_in_sign_in(page: Page, badge_number: str) -> None:
    """Fills in the sign-in page that is open and sends it."""
    page.get_by_label("Badge number or e-mail").fill(badge_number)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_form_of_an_expired_session(live: Live, open_page: Callable[..., Page]) -> None:
    user = live.user("inspector")
    page = open_page(user, language="en")
    page.goto("/venues/new")
    page.locator("[name=name]").fill("古城旧货店")
    lose_session(page.context)
    page.locator("main form button:not([formaction])").last.click()
    expect(page.get_by_text("What you sent was kept")).to_be_visible()
    fill_in_sign_in(page, user.badge_number)
    expect(page.get_by_role("heading", name="What you sent was kept")).to_be_visible()
    expect(page.get_by_text("古城旧货店")).to_be_visible()
    page.get_by_role("button", name="Send it on").click()
    # The rest of the form is still empty, so it comes back, at its own address and with what was typed.
    expect(page).to_have_url(f"{live.url}/venues/new")
    expect(page.locator("[name=name]")).to_have_value("古城旧货店")


def test_open_page_goes_on_after_sign_in_beside_it(live: Live, open_page: Callable[..., Page]) -> None:
    user = live.user("inspector")
    page = open_page(user, language="en")
    # A page of the product with one element that asks the server, as the live checks of the forms do.
    page.goto("/password")
    page.evaluate(
        """() => {
            const asking = document.createElement("button");
            asking.id = "asking";
            asking.setAttribute("hx-get", "/signed-in");
            asking.setAttribute("hx-select", "main p");
            document.querySelector("main").append(asking);
            htmx.process(asking);
        }"""
    )
    page.get_by_label("Present password").fill("typed before")
    lose_session(page.context)
    page.locator("#asking").click()
    notice = page.locator("#sign-in-notice")
    expect(notice).to_be_visible()
    token_before = page.locator("main [name=csrf_token]").input_value()
    with page.context.expect_page() as opened:
        notice.get_by_role("link").click()
    beside = opened.value
    fill_in_sign_in(beside, user.badge_number)
    expect(beside.get_by_role("heading", name="You are signed in again")).to_be_visible()
    expect(notice).to_be_hidden()
    # What was refused was sent again by itself.
    expect(page.locator("#asking")).to_contain_text("go on in the other one")
    expect(page.get_by_label("Present password")).to_have_value("typed before")
    assert page.locator("main [name=csrf_token]").input_value() != token_before
    page.get_by_label("Present password").fill(PASSWORD)
    page.locator("#new_password").fill("four words are plenty")
    page.locator("#new_password_confirm").fill("four words are plenty")
    page.locator("main form button").click()
    expect(page.get_by_text("Your password was changed")).to_be_visible()


def test_someone_else_signs_in_beside_it(live: Live, open_page: Callable[..., Page]) -> None:
    user, other = live.user("inspector"), live.user("inspector")
    page = open_page(user, language="en")
    page.goto("/password")
    token_before = page.locator("main [name=csrf_token]").input_value()
    page.evaluate("document.getElementById('sign-in-notice').hidden = false")
    lose_session(page.context)
    beside = page.context.new_page()
    sign_in(beside, other)
    beside.goto("/signed-in")
    expect(page.get_by_text("Someone else has signed in on this device.")).to_be_visible()
    assert page.locator("main [name=csrf_token]").input_value() == token_before
