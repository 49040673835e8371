"""Signing in and out, through the pages, as people do it."""

import time
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from inspect_app.extensions import db
from inspect_app.models import AuditEvent, SignInThrottle, User
from inspect_app.models.types import utc_now
from inspect_app.services import sessions
from tests.conftest import PASSWORD
from tests.factories import accounts as account_factory
from tests.pages import Page, Pages

WRONG = {"password": "not-the-password"}


@pytest.fixture
def officer(web_app: Flask) -> User:
    """Someone who can sign in."""
    return account_factory.create_user(can_sign_in=True)


def attempt(pages: Pages, identity: str, password: str = PASSWORD, next_page: str = "") -> Page:
    """Fills in the sign-in page and sends it."""
    page = pages.get(f"/sign-in?next={next_page}" if next_page else "/sign-in")
    return pages.send(page, {"identity": identity, "password": password})


def events(action: str = "") -> list[AuditEvent]:
    """The audit events whose action begins so, oldest first."""
    return list(
        db.session.scalars(select(AuditEvent).where(AuditEvent.action.startswith(action)).order_by(AuditEvent.seq))
    )


@pytest.mark.parametrize("identity", ["badge", "mail", "MAIL", "full-width badge"])
def test_badge_or_mail_signs_in(pages: Pages, officer: User, identity: str) -> None:
    wide = officer.badge_number.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    typed = {"badge": officer.badge_number, "mail": officer.email, "MAIL": officer.email.upper()}.get(identity, wide)
    page = attempt(pages, typed)
    assert page.path == "/"
    assert officer.full_name in page.text
    (event,) = events("accounts:session")
    assert (event.action, event.actor_id) == ("accounts:session:started", officer.id)
    assert db.session.get_one(User, officer.id).login_count == 1


def test_one_message_for_every_failure(pages: Pages, officer: User) -> None:
    account_factory.create_user(can_sign_in=True, username="off", badge_number="off", active=False)
    messages = set()
    for identity, password in [(officer.badge_number, "wrong-password"), ("nobody", PASSWORD), ("off", PASSWORD)]:
        page = attempt(pages, identity, password)
        assert page.path.startswith("/sign-in")
        messages.add(page.find("#error-summary").get_text(strip=True))
        assert page.values_of()["identity"] == identity, "what was typed is gone"
        assert PASSWORD not in str(page.html)
    assert len(messages) == 1


def test_failures_are_in_the_audit_trail_without_identities(pages: Pages, officer: User) -> None:
    attempt(pages, officer.badge_number, "wrong-password")
    attempt(pages, "王小明 13800000000")
    known, unknown = events("accounts:session:refused")
    assert (known.subject_id, known.actor_id) == (str(officer.id), None)
    assert unknown.subject_id == ""
    assert "13800000000" not in str(vars(unknown))


def test_wait_after_failures_is_for_this_account_only(pages: Pages, officer: User) -> None:
    other = account_factory.create_user(can_sign_in=True)
    for _number in range(sessions.FREE_ATTEMPTS):
        attempt(pages, officer.badge_number, "wrong-password")
    page = attempt(pages.speak("en"), officer.badge_number)
    assert "Try again in" in page.text
    assert "seconds" in page.text
    assert page.path.startswith("/sign-in")
    assert attempt(pages, other.badge_number).path == "/"


def test_wait_hides_whether_the_account_exists(pages: Pages) -> None:
    for _number in range(sessions.FREE_ATTEMPTS):
        attempt(pages, "nobody-here")
    assert "Try again in" in attempt(pages.speak("en"), "nobody-here").text


def test_wait_ends(pages: Pages, officer: User) -> None:
    for _number in range(sessions.FREE_ATTEMPTS):
        attempt(pages, officer.badge_number, "wrong-password")
    db.session.execute(update(SignInThrottle).values(blocked_until=utc_now() - timedelta(seconds=1)))
    db.session.commit()
    assert attempt(pages, officer.badge_number).path == "/"
    assert db.session.scalars(select(SignInThrottle)).all() == []


def test_failures_elsewhere_do_not_lock_the_own_tablet(web_app: Flask, pages: Pages, officer: User) -> None:
    attempt(pages, officer.badge_number)
    pages.send(pages.get("/"), form="form[action='/sign-out']")
    stranger = Pages(web_app)
    for _number in range(sessions.FREE_ATTEMPTS):
        attempt(stranger, officer.badge_number, "wrong-password")
    assert attempt(stranger, officer.badge_number).path.startswith("/sign-in")
    assert attempt(pages, officer.badge_number).path == "/"


def test_sign_out_is_a_post_and_an_event(pages: Pages, officer: User) -> None:
    attempt(pages, officer.badge_number)
    assert pages.client.get("/sign-out").status_code == 405
    page = pages.send(pages.get("/"), form="form[action='/sign-out']")
    assert page.path == "/sign-in"
    assert [event.action for event in events("accounts:session")][-1] == "accounts:session:ended"
    assert pages.get("/").path.startswith("/sign-in")


def test_session_ends_after_its_hours(pages: Pages, officer: User, web_app: Flask) -> None:
    attempt(pages, officer.badge_number)
    hours = web_app.config["INSPECT"].session_hours
    with pages.client.session_transaction() as session:
        assert session.permanent
        session["fs_paa"] = time.time() - hours * 3600 - 1
    assert pages.get("/").path.startswith("/sign-in")


def test_tokens_open_nothing(web_app: Flask, officer: User) -> None:
    token = officer.get_auth_token()
    stranger = web_app.test_client()
    assert stranger.get("/", headers={"Authentication-Token": token}).location.startswith("/sign-in")
    assert stranger.get(f"/?auth_token={token}").location.startswith("/sign-in")


def test_way_back_stays_inside(pages: Pages, officer: User) -> None:
    page = attempt(pages, officer.badge_number, next_page="https://evil.example/")
    assert page.path == "/"


def test_sign_in_page_that_was_open_too_long(pages: Pages, officer: User) -> None:
    page = pages.get("/sign-in")
    pages.client.delete_cookie("inspect_session")
    again = pages.send(page, {"identity": officer.badge_number, "password": PASSWORD})
    assert again.path.startswith("/sign-in")
    assert "csrf" not in again.text.lower()


def test_change_password(pages: Pages, officer: User, web_app: Flask) -> None:
    attempt(pages, officer.badge_number)
    elsewhere = Pages(web_app)
    attempt(elsewhere, officer.badge_number)
    page = pages.get("/password").path and pages.get("/password")
    new = "four words are plenty"
    again = pages.send(page, {"password": PASSWORD, "new_password": "short", "new_password_confirm": "short"})
    assert "10" in again.find("#new_password-error").get_text()
    again = pages.send(page, {"password": PASSWORD, "new_password": new, "new_password_confirm": new + "x"})
    assert again.find("#new_password_confirm-error")
    done = pages.send(page, {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    assert done.path == "/"
    assert events("accounts:password:changed")
    assert elsewhere.get("/").path.startswith("/sign-in"), "the other device is still signed in"
    assert pages.get("/").path == "/"
    assert attempt(Pages(web_app), officer.badge_number, new).path == "/"


def test_confirming_the_password_counts_as_an_attempt(pages: Pages, officer: User) -> None:
    attempt(pages, officer.badge_number)
    page = pages.get("/confirm-password")
    for _number in range(sessions.FREE_ATTEMPTS):
        page = pages.send(page, WRONG)
        assert page.path.startswith("/confirm-password")
    assert "秒后重试" in pages.send(page, {"password": PASSWORD}).text
    db.session.execute(update(SignInThrottle).values(blocked_until=None))
    db.session.commit()
    assert pages.send(page, {"password": PASSWORD}).path == "/"


def test_one_time_password_must_be_changed(pages: Pages, web_app: Flask) -> None:
    user = account_factory.create_user(can_sign_in=True, must_change_password=True)
    page = attempt(pages, user.badge_number)
    assert page.path == "/password"
    assert pages.get("/kept-forms/").path == "/password"
    new = "four words are plenty"
    page = pages.send(page, {"password": PASSWORD, "new_password": new, "new_password_confirm": new})
    assert page.path == "/"
