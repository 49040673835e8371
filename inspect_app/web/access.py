"""Who may open which page: the sign-in gate in front of every page, and the permission that each route names."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user, logout_user

from inspect_app.rules import CITYWIDE_ROLES
from inspect_app.services.actors import Actor
from inspect_app.web import keeping

View = TypeVar("View", bound=Callable[..., Any])

# Everything else asks for a sign-in: a new page is private unless someone writes it down here.
PUBLIC_ENDPOINTS: Final = frozenset(
    {"static", "assets.vendor_file", "security.login", "security.logout", "overview.health", "languages.choose"}
)


def guard(app: Flask) -> None:
    """Puts the gate in front of every page, before the CSRF check: a form without a sign-in is kept, not refused."""
    app.before_request(_require_sign_in)
    app.jinja_env.globals["may"] = may


def requires(permission: str) -> Callable[[View], View]:
    """Marks a view with the permission that it needs and refuses everyone who lacks it (403).

    Raises (inside the view):
        NotAllowed: the person lacks the permission.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            current_actor().require(permission)
            return view(*args, **kwargs)

        checked.required_permission = permission  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return mark


def may(permission: str) -> bool:
    """Whether the person who is signed in has the permission; for templates."""
    return current_user.is_authenticated and current_actor().may(permission)


def current_actor() -> Actor:
    """The person who is signed in, as the services know them."""
    if "actor" not in g:
        roles = frozenset(role.name for role in current_user.roles)
        unit = current_user.unit
        citywide = bool(roles & CITYWIDE_ROLES) or unit is None
        g.actor = Actor(
            user_id=current_user.id,
            label=current_user.badge_number,
            origin=request.remote_addr or "unknown",
            roles=roles,
            unit_id=current_user.unit_id,
            agency_kind=unit.agency.kind if unit else "",
            area_prefix="" if citywide else unit.area_code,
        )
    actor: Actor = g.actor
    return actor


def _require_sign_in() -> ResponseReturnValue | None:
    g.last_user_id = keeping.last_user_id()
    if request.endpoint is None or request.endpoint in PUBLIC_ENDPOINTS:
        return None
    # Only a session counts: Flask-Security would also take a token in a header or an address, which no sign-out ends.
    if current_user.is_authenticated and "_user_id" in session and not _is_overdue():
        return _require_own_password()
    if request.headers.get("HX-Request"):
        # The page stays as it is, with all that was typed; its script offers to sign in beside it.
        login = url_for("security.login", next=url_for("session.signed_in"))
        return current_app.response_class(status=401, headers={"X-Sign-In": login})
    login = url_for("security.login", next=_way_back())
    if request.method == "POST":
        return keeping.keep_and_ask_to_sign_in(login)
    return redirect(login)


def _is_overdue() -> bool:
    """Whether the sign-in is older than a session may be; then it ends, however busy it was."""
    signed_in_at_s = session.get("fs_paa")
    if signed_in_at_s is None or time.time() - signed_in_at_s < current_app.permanent_session_lifetime.total_seconds():
        return False
    logout_user()
    return True


def _require_own_password() -> ResponseReturnValue | None:
    """Who signed in with a password that an administrator made chooses an own one before anything else."""
    if not current_user.must_change_password or request.endpoint in {"security.change_password", "security.logout"}:
        return None
    return redirect(url_for("security.change_password"))


def _way_back() -> str:
    """Where to go after the sign-in: the page itself, or the one that held the form."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    return url_for("overview.start")
