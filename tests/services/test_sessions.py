"""Attempts to sign in are counted before they are checked, also when they come at the same time."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from inspect_app.extensions import db
from inspect_app.models import SignInThrottle
from inspect_app.models.types import utc_now
from inspect_app.services import sessions
from inspect_app.services.sessions import SignInThrottled, count_attempt, throttle_key, wait_after
from tests.services.test_transaction import in_threads

KEY = "a" * 64


def test_waits_double_up_to_the_longest() -> None:
    waits = [wait_after(attempts) for attempts in (1, 4, 5, 6, 7, 8, 9, 10, 11, 1000)]
    assert waits == [0, 0, 30, 60, 120, 240, 480, 900, 900, 900]


def test_attempts_at_once_are_all_counted(app: Flask) -> None:
    let_through, waits_s = [], []

    def attempt(number: int) -> None:
        try:
            count_attempt(KEY, "test")
            let_through.append(number)
        except SignInThrottled as throttled:
            waits_s.append(throttled.wait_s)

    in_threads(app, attempt, sessions.FREE_ATTEMPTS + 3)
    assert len(let_through) == sessions.FREE_ATTEMPTS
    assert all(0 < wait_s <= sessions.FIRST_WAIT_S for wait_s in waits_s)


def test_refused_attempt_is_not_counted(app: Flask) -> None:
    for _attempt in range(sessions.FREE_ATTEMPTS):
        count_attempt(KEY, "test")
    for _attempt in range(3):
        with pytest.raises(SignInThrottled):
            count_attempt(KEY, "test")
    assert db.session.get_one(SignInThrottle, KEY).attempts == sessions.FREE_ATTEMPTS


def test_forgotten_after_a_day(app: Flask) -> None:
    for _attempt in range(sessions.FREE_ATTEMPTS - 1):
        count_attempt(KEY, "test")
    db.session.execute(update(SignInThrottle).values(last_attempt_at=utc_now() - timedelta(days=1, seconds=1)))
    db.session.commit()
    count_attempt("b" * 64, "test")
    assert db.session.scalars(select(SignInThrottle.account_key)).all() == ["b" * 64]


def test_accounts_and_devices_are_counted_apart(app: Flask) -> None:
    keys = {throttle_key("x", user, is_known_device=known) for user in (1, 2) for known in (True, False)}
    keys.add(throttle_key("x", None, is_known_device=False))
    assert len(keys) == 5
    assert throttle_key("x", 1, is_known_device=False) == throttle_key("x@example.org", 1, is_known_device=False)
