"""A real server process and a real Chromium, at the size of a 10-inch tablet."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from inspect_app.extensions import db
from inspect_app.models import User
from tests.conftest import PASSWORD, build_app, settings_for
from tests.factories import accounts as account_factory

ROOT = Path(__file__).resolve().parents[2]
LANDSCAPE = {"width": 1080, "height": 810}
# Several servers and browsers share the cores; what must be fast says so in its own test.
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def _chromium_path() -> str | None:
    named = os.environ.get("INSPECT_TEST_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@dataclass
class Live:
    """A running server, its address, and an application on the same database to prepare and look at records with."""

    url: str
    app: Flask
    data_dir: Path
    process: subprocess.Popen[bytes]

    def user(self, role: str = "inspector", **values: object) -> User:
        """A person who can sign in with ``PASSWORD``."""
        return account_factory.create_user(role=role, can_sign_in=True, **values)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(200):
        assert process.poll() is None, "the server stopped at once"
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=2):  # noqa: S310
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server did not answer within 20 s")


@pytest.fixture
def live(sqlite_template: Path, tmp_path: Path) -> Iterator[Live]:
    """A server process of its own for the test, with an empty database."""
    data_dir = tmp_path / "live"
    shutil.copytree(sqlite_template, data_dir)
    app = build_app(settings_for(data_dir))
    port = _free_port()
    command = [
        "-m",
        "gunicorn",
        "--bind",
        f"127.0.0.1:{port}",
        "--worker-class",
        "gthread",
        "--threads",
        "8",
        "wsgi:app",
    ]
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=ROOT,
        env={**os.environ, "INSPECT_DATA_DIR": str(data_dir), "INSPECT_DATABASE_URL": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with app.app_context():
            account_factory.create_roles()
            _wait_for(f"http://127.0.0.1:{port}", process)
            yield Live(f"http://127.0.0.1:{port}", app, data_dir, process)
            db.session.remove()
            db.engine.dispose()
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests. Where none is found they are skipped, in CI they fail."""
    path = _chromium_path()
    if path is None:
        message = "no Chromium found: install it or set INSPECT_TEST_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def open_page(live: Live, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a tablet of its own: ``open_page(user=None, language="zh_Hans_CN", viewport=LANDSCAPE)``.

    Fails the test when a page reports a script error or breaks the content policy.
    """
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_one(user: User | None = None, language: str = "zh_Hans_CN", viewport: dict[str, int] = LANDSCAPE) -> Page:
        context = chromium.new_context(
            viewport=viewport, has_touch=True, base_url=live.url, timezone_id="Asia/Shanghai"
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        context.add_cookies([{"name": "inspect_language", "value": language, "url": live.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if "Content Security Policy" in message.text else None,
        )
        if user is not None:
            sign_in(page, user)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not errors, errors


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A tablet that nobody has signed in."""
    return open_page()


def sign_in(page: Page, user: User, password: str = PASSWORD) -> None:
    """Signs in on the sign-in page."""
    page.goto("/sign-in")
    page.locator("main form input:not([type=hidden]):not([type=password]):not([type=checkbox])").first.fill(
        user.badge_number
    )
    page.locator("input[type=password]").fill(password)
    page.locator("main form [type=submit], main form button").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
