"""The people who sign in: created, changed, switched off and on again, given a new password. For the administrator."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from inspect_app.extensions import db
from inspect_app.models import Role, Unit, User
from inspect_app.rules import CITYWIDE_ROLES, PERMISSIONS, ROLES
from inspect_app.services.accounts_setup import ensure_roles
from inspect_app.services.actors import Actor
from inspect_app.services.audit import changed_values
from inspect_app.services.paging import ListPage, fetch_page
from inspect_app.services.passwords import end_sessions, set_one_time_password
from inspect_app.services.transaction import transaction

# The sign-in library wants an address for everyone; who has none gets one that can never receive anything.
_NO_MAIL: Final = "@no-mail.invalid"
# These roles see records of an area, so without a unit nobody could say which.
UNITLESS_ROLES: Final = frozenset(role for role in ROLES if role in CITYWIDE_ROLES or role in {"auditor", "admin"})


class AccountTaken(Exception):
    """Somebody else has this already; ``field`` is "badge_number" or "email"."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class AccountNotFound(Exception):
    """No user has this id or badge number."""


class UnitMissing(Exception):
    """The role works in the area of a unit, and no active unit was named."""


class OwnAccount(Exception):
    """Administrators neither switch themselves off nor change their own role: nobody might be left to undo it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserDraft:
    """What a form or a command says of a user. ``email`` may be "", ``unit_id`` None for a role without an area."""

    badge_number: str
    full_name: str
    role: str
    unit_id: int | None = None
    email: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A user and the password that was made for them, shown once and good for one sign-in."""

    user: User
    password: str


def find_users(actor: Actor, text: str = "", role: str = "", state: str = "", page: int = 1) -> ListPage[User]:
    """Users whose badge number, name or unit has the text; ``state`` is "active", "inactive" or "" for both."""
    actor.require("accounts.manage")
    query = select(User).outerjoin(User.unit).options(joinedload(User.roles))
    if text:
        columns = (User.badge_number, User.full_name, User.email, Unit.name_zh, Unit.name_en, Unit.code)
        query = query.where(or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if role:
        query = query.where(User.roles.any(Role.name == role))
    if state:
        query = query.where(User.active == (state == "active"))
    return fetch_page(query.order_by(User.badge_number), page)


def find_user(actor: Actor, user_id: int) -> User:
    """The user.

    Raises:
        AccountNotFound: there is none.
    """
    actor.require("accounts.manage")
    user = db.session.get(User, user_id)
    if user is None:
        raise AccountNotFound(user_id)
    return user


def find_user_by_badge(actor: Actor, badge_number: str) -> User:
    """The user with the badge number, in any case.

    Raises:
        AccountNotFound: there is none.
    """
    actor.require("accounts.manage")
    user = db.session.scalars(select(User).where(func.lower(User.badge_number) == badge_number.lower())).first()
    if user is None:
        raise AccountNotFound(badge_number)
    return user


def create_user(actor: Actor, draft: UserDraft) -> NewPassword:
    """A new user with a password for one sign-in.

    Raises:
        AccountTaken: the badge number or the address belongs to someone.
        UnitMissing: the role needs a unit.
    """
    actor.require("accounts.manage")
    with transaction(actor) as tx:
        user = User(active=True, fs_uniquifier=secrets.token_hex(32))
        _refuse_taken(draft, None)
        _fill(user, draft)
        db.session.add(user)
        password = set_one_time_password(user)
        tx.record("accounts:user:created", user, after=told(user))
    return NewPassword(user, password)


def edit_user(actor: Actor, user_id: int, draft: UserDraft) -> User:
    """Changes a user; a changed role ends their sessions.

    Raises:
        AccountNotFound, AccountTaken, UnitMissing: as above.
        OwnAccount: the actor's own role would change.
    """
    actor.require("accounts.manage")
    with transaction(actor) as tx:
        user = find_user(actor, user_id)
        _refuse_taken(draft, user_id)
        before = told(user)
        if draft.role != role_of(user):
            _refuse_own(actor, user)
            end_sessions(user)
        _fill(user, draft)
        was, now = changed_values(before, told(user))
        if now:
            tx.record("accounts:user:edited", user, before=was, after=now)
    return user


def set_user_active(actor: Actor, user_id: int, *, is_active: bool) -> User:
    """Switches a user off, which ends their sessions, or on again. What they did keeps their name.

    Raises:
        AccountNotFound: there is no such user.
        OwnAccount: it is the actor.
    """
    actor.require("accounts.manage")
    with transaction(actor) as tx:
        user = find_user(actor, user_id)
        _refuse_own(actor, user)
        if user.active != is_active:
            user.active = is_active
            end_sessions(user)
            tx.record("accounts:user:activated" if is_active else "accounts:user:deactivated", user)
    return user


def reset_password(actor: Actor, user_id: int) -> NewPassword:
    """Gives the user a new password for one sign-in and ends their sessions.

    Raises:
        AccountNotFound: there is no such user.
    """
    actor.require("accounts.manage")
    with transaction(actor) as tx:
        user = find_user(actor, user_id)
        password = set_one_time_password(user)
        tx.record("accounts:password:reset", user)
    return NewPassword(user, password)


def role_of(user: User) -> str:
    """The user's role; "" without one."""
    return user.roles[0].name if user.roles else ""


def address_of(user: User) -> str:
    """The user's e-mail address; "" when none was given."""
    return "" if user.email.endswith(_NO_MAIL) else user.email


def told(user: User) -> dict[str, Any]:
    """What the audit trail says of a user: never the password, nor what sessions are known by."""
    return {
        "badge_number": user.badge_number,
        "full_name": user.full_name,
        "email": address_of(user),
        "role": role_of(user),
        "unit_id": user.unit_id,
        "language": user.language,
        "active": user.active,
    }


def _fill(user: User, draft: UserDraft) -> None:
    if draft.role not in PERMISSIONS:
        raise ValueError(f"{draft.role!r} is no role")
    unit = db.session.get(Unit, draft.unit_id) if draft.unit_id is not None else None
    if unit is None and draft.role not in UNITLESS_ROLES:
        raise UnitMissing(draft.role)
    user.badge_number = user.username = draft.badge_number
    user.email = draft.email.lower() or f"{draft.badge_number.lower()}{_NO_MAIL}"
    user.full_name = draft.full_name
    user.language = draft.language
    user.unit = unit
    user.unit_id = unit.id if unit else None
    if draft.role != role_of(user):
        user.roles = [ensure_roles()[draft.role]]


def _refuse_taken(draft: UserDraft, own_id: int | None) -> None:
    taken = {
        "badge_number": or_(_same(User.badge_number, draft.badge_number), _same(User.username, draft.badge_number))
    }
    if draft.email:
        taken["email"] = _same(User.email, draft.email)
    for field, condition in taken.items():
        found = db.session.scalar(select(User.id).where(condition, User.id != (own_id or 0)).limit(1))
        if found is not None:
            raise AccountTaken(field)


def _same(column: Any, value: str) -> Any:
    return func.lower(column) == value.lower()


def _refuse_own(actor: Actor, user: User) -> None:
    if user.id == actor.user_id:
        raise OwnAccount(user.id)
