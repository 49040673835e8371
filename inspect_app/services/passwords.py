"""Passwords: hashed with argon2id, changed by their owner, or made anew by an administrator for one sign-in."""

import secrets
from typing import Final

from flask_security import hash_password

from inspect_app.extensions import db
from inspect_app.models import User
from inspect_app.services.actors import Actor
from inspect_app.services.transaction import transaction

SHORTEST_PASSWORD: Final = 10
# Neither O and 0 nor I, l and 1: it is read out and typed on a tablet.
_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"


def make_one_time_password() -> str:
    """Sixteen random characters in four groups, about 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _group in range(4))


def set_one_time_password(user: User) -> str:
    """Gives the user a new password that is good for one sign-in and returns it; sessions of before end.

    Call it inside a transaction: whoever does records why.
    """
    password = make_one_time_password()
    user.password = hash_password(password)
    user.must_change_password = True
    end_sessions(user)
    return password


def end_sessions(user: User) -> None:
    """Every session of the user ends with its next request: it names the ``fs_uniquifier`` that it began with."""
    user.fs_uniquifier = secrets.token_hex(32)


def save_changed_password(actor: Actor, password_hash: str, uniquifier: str) -> None:
    """Keeps the password that the actor chose: its hash, and the ``fs_uniquifier`` under which this session goes on."""
    with transaction(actor) as tx:
        user = db.session.get_one(User, actor.user_id)
        user.password = password_hash
        user.fs_uniquifier = uniquifier
        user.must_change_password = False
        tx.record("accounts:password:changed", user)
