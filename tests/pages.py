"""A client with opinions: each page that it fetches is checked for what every page must have."""

from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag
from flask import Flask, g
from werkzeug.test import TestResponse

from inspect_app.models import User


class Page:
    """One answer, and the page in it."""

    def __init__(self, response: TestResponse, path: str) -> None:
        self.response = response
        self.path = path
        self.status = response.status_code
        self.html = BeautifulSoup(response.get_data(as_text=True), "html.parser")

    @property
    def text(self) -> str:
        """The text of the page with single blanks."""
        return " ".join(self.html.get_text(" ").split())

    def find(self, selector: str) -> Tag:
        """The one element that the CSS selector finds."""
        found = self.html.select(selector)
        assert len(found) == 1, f"{selector} is on {self.path} {len(found)} times"
        return found[0]

    def values_of(self, selector: str = "main form") -> dict[str, Any]:
        """What a browser would send of the form, each name with its last value (or a list of several)."""
        values: dict[str, Any] = {}
        for control in self.html.select_one(selector).select("input[name], select[name], textarea[name]"):
            name, kind = control["name"], control.get("type", "")
            if kind in {"checkbox", "radio"} and not control.has_attr("checked"):
                continue
            if kind in {"submit", "button", "file"}:
                continue
            if control.name == "select":
                chosen = [option.get("value", option.text) for option in control.select("option[selected]")]
                value: Any = chosen if control.has_attr("multiple") else (chosen or [_first_option(control)])[0]
            else:
                value = _text_of(control) if control.name == "textarea" else control.get("value", "")
            if name in values:
                earlier = values[name] if isinstance(values[name], list) else [values[name]]
                value = [*earlier, *(value if isinstance(value, list) else [value])]
            values[name] = value
        return values


def _text_of(textarea: Tag) -> str:
    """Without the line break that follows the tag: a browser drops it, and WTForms writes it as CR LF."""
    return textarea.text.removeprefix("\r").removeprefix("\n")


def _first_option(control: Tag) -> str:
    option = control.select_one("option")
    return option.get("value", option.text) if option else ""


class Pages:
    """Goes through the product as a person with a browser does."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def sign_in(self, user: User) -> "Pages":
        """Signs the user in without the sign-in page, whose own test is in test_sign_in.py."""
        with self.client.session_transaction() as session:
            session["_user_id"] = user.fs_uniquifier
            session["_fresh"] = True
        return self

    def speak(self, language: str) -> "Pages":
        """Switches the language: "zh_Hans_CN" or "en"."""
        self.client.set_cookie("inspect_language", language)
        return self

    def get(self, path: str, *, status: int = 200, **kwargs: Any) -> Page:
        """Fetches a page, following redirects, and checks it."""
        _forget_last_request()
        return self._checked(self.client.get(path, follow_redirects=True, **kwargs), path, status)

    def send(
        self,
        page: Page,
        values: dict[str, Any] | None = None,
        *,
        form: str = "main form",
        status: int = 200,
        path: str = "",
    ) -> Page:
        """Sends the form of a page with ``values`` in place of what stands in it, and returns the page that follows.

        ``path`` is the address of a button with its own ``formaction``; a value of None leaves the field out.
        """
        action = path or page.html.select_one(form).get("action") or page.path
        sent = {name: value for name, value in {**page.values_of(form), **(values or {})}.items() if value is not None}
        _forget_last_request()
        response = self.client.post(
            urljoin(page.path, action), data=sent, follow_redirects=True, content_type="multipart/form-data"
        )
        return self._checked(response, action, status)

    def _checked(self, response: TestResponse, path: str, status: int) -> Page:
        assert response.status_code == status, (
            f"{path}: {response.status_code} {response.get_data(as_text=True)[:2000]}"
        )
        page = Page(response, response.request.full_path.rstrip("?"))
        if response.mimetype == "text/html" and page.html.select_one("html"):
            _check_page(page)
        return page


def _forget_last_request() -> None:
    """Empties ``g``: the test's own context stays open, so the last person and language would still be known."""
    for name in list(g):
        g.pop(name)


def _check_page(page: Page) -> None:
    html = page.html
    assert len(html.select("h1")) == 1, f"{page.path} has {len(html.select('h1'))} main headings"
    ids = [element["id"] for element in html.select("[id]")]
    assert len(ids) == len(set(ids)), f"{page.path} repeats ids: {sorted(i for i in ids if ids.count(i) > 1)}"
    for form in html.select("form[method=post]"):
        assert form.select("[name=csrf_token]"), f"{page.path}: a form without a CSRF token"
    for element in html.select("[style], script:not([src]), style, [onclick]"):
        raise AssertionError(f"{page.path}: the content policy forbids {str(element)[:120]}")
    labelled = {label.get("for") for label in html.select("label[for]")}
    for control in html.select("input:not([type=hidden]), select, textarea"):
        named = control.get("id") in labelled or control.find_parent("label") or control.get("aria-label")
        assert named or control.get("aria-labelledby"), f"{page.path}: a field without a label: {control}"
