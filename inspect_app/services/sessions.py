"""Signing in and out: attempts are counted before the password is looked at, and all of it is in the audit trail."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, or_, select
from sqlalchemy.exc import IntegrityError

from inspect_app.extensions import db, vault
from inspect_app.models import SignInThrottle, User
from inspect_app.models.types import utc_now
from inspect_app.services.actors import Actor
from inspect_app.services.transaction import transaction

# After this many failures in a row each further one doubles the wait, from the first to the longest.
FREE_ATTEMPTS: Final = 5
FIRST_WAIT_S: Final = 30
LONGEST_WAIT_S: Final = 15 * 60
_FORGOTTEN_AFTER: Final = timedelta(days=1)


class SignInThrottled(Exception):
    """Too many failed sign-ins to this account; ``wait_s`` seconds until the next may be tried."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


def find_account(identity: str) -> User | None:
    """The person with this badge number or e-mail address, in any case; None when there is none."""
    wanted = identity.strip().lower()
    query = select(User).where(or_(func.lower(User.username) == wanted, func.lower(User.email) == wanted))
    return db.session.scalars(query).unique().first() if wanted else None


def throttle_key(identity: str, user_id: int | None, *, is_known_device: bool) -> str:
    """What the attempts are counted under: the account itself, else the identity as typed, so that both act alike.

    A device on which this very person has signed in before counts for itself: whoever tries passwords elsewhere cannot
    lock the person out of the own tablet.
    """
    if user_id is None:
        return vault.lookup_hash(f"identity {identity}")
    return vault.lookup_hash(f"user {user_id} {'known' if is_known_device else 'new'} device")


def count_attempt(account_key: str, origin: str) -> None:
    """Counts one attempt before its password is checked; ``forget_attempts`` takes it back when the password was right.

    Raises:
        SignInThrottled: the account must wait; this attempt was not counted.
    """
    for is_last_try in (False, True):
        try:
            return _count_once(account_key, origin)
        except IntegrityError:
            # Two first attempts at once: the primary key let the other one in, so now there is a row to count in.
            if is_last_try:
                raise
    return None


def _count_once(account_key: str, origin: str) -> None:
    now = utc_now()
    with transaction(_nobody(origin)):
        db.session.execute(delete(SignInThrottle).where(SignInThrottle.last_attempt_at < now - _FORGOTTEN_AFTER))
        query = select(SignInThrottle).where(SignInThrottle.account_key == account_key).with_for_update()
        row = db.session.scalar(query)
        if row is None:
            row = SignInThrottle(account_key=account_key, attempts=0)
            db.session.add(row)
        if row.blocked_until is not None and row.blocked_until > now:
            raise SignInThrottled(_seconds_between(now, row.blocked_until))
        row.attempts += 1
        row.last_attempt_at = now
        if row.attempts >= FREE_ATTEMPTS:
            row.blocked_until = now + timedelta(seconds=wait_after(row.attempts))


def wait_after(attempts: int) -> int:
    """Seconds to wait after so many failed attempts in a row."""
    if attempts < FREE_ATTEMPTS:
        return 0
    return int(min(FIRST_WAIT_S * 2 ** min(attempts - FREE_ATTEMPTS, 16), LONGEST_WAIT_S))


def _seconds_between(earlier: datetime, later: datetime) -> int:
    return max(1, round((later - earlier).total_seconds()))


def forget_attempts(account_key: str, origin: str) -> None:
    """The password was right: the account may be signed in to without a wait."""
    with transaction(_nobody(origin)):
        db.session.execute(delete(SignInThrottle).where(SignInThrottle.account_key == account_key))


def record_sign_in(actor: Actor, account_key: str | None = None) -> None:
    """Writes down that the actor signed in, and forgets the attempts before it."""
    with transaction(actor) as tx:
        user = db.session.get_one(User, actor.user_id)
        # Flask-Security's column holds a UTC time without a zone.
        user.last_login_at = utc_now().replace(tzinfo=None)
        user.login_count = (user.login_count or 0) + 1
        if account_key:
            forget_attempts(account_key, actor.origin)
        tx.record("accounts:session:started", user)


def record_refusal(origin: str, user: User | None) -> None:
    """Writes down a failed sign-in. Nobody has proven to be anyone, so the actor is unknown and no identity is kept."""
    with transaction(_nobody(origin)) as tx:
        tx.record("accounts:session:refused", user if user is not None else _UnknownAccount())


def record_sign_out(actor: Actor) -> None:
    """Writes down that the actor signed out."""
    with transaction(actor) as tx:
        tx.record("accounts:session:ended", db.session.get_one(User, actor.user_id))


def _nobody(origin: str) -> Actor:
    return Actor(user_id=None, label="unknown", origin=origin)


class _UnknownAccount:
    """The subject of a refusal when no account has the identity that was typed."""

    __tablename__ = "user"
    id = ""
