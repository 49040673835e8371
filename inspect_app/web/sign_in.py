"""How people sign in: what Flask-Security is told, and what happens when someone comes or goes."""

from typing import Any

from flask import Blueprint, Flask, Response, after_this_request, g, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l
from flask_login import user_logged_out  # type: ignore[import-untyped]
from flask_security import (
    current_user,
    password_changed,
    uia_email_mapper,
    uia_username_mapper,
    user_authenticated,
)
from flask_wtf.csrf import generate_csrf

from inspect_app.config import Settings
from inspect_app.forms.sign_in import ConfirmPasswordForm, NewPasswordForm, SignInForm
from inspect_app.models import User
from inspect_app.services import kept_forms, passwords, sessions
from inspect_app.services.actors import Actor
from inspect_app.web import keeping
from inspect_app.web.access import requires

blueprint = Blueprint("session", __name__)


def security_config(settings: Settings) -> dict[str, Any]:
    """The settings of Flask-Security."""
    return {
        "SECURITY_PASSWORD_SALT": settings.password_salt,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST_PASSWORD,
        # Off, for it would add a second field to the form: ours takes the badge number and the e-mail in one.
        "SECURITY_USERNAME_ENABLE": False,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"username": {"mapper": uia_username_mapper, "case_insensitive": True}},
            {"email": {"mapper": uia_email_mapper, "case_insensitive": True}},
        ],
        "SECURITY_REGISTERABLE": False,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_RECOVERABLE": False,
        # Our own audit trail says who came when; Flask-Security would keep addresses beside it.
        "SECURITY_TRACKABLE": False,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_CHANGE_URL": "/password",
        "SECURITY_VERIFY_URL": "/confirm-password",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_FLASH_MESSAGES": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_CLI_USERS_NAME": None,
        "SECURITY_CLI_ROLES_NAME": None,
        **_messages(),
    }


def _messages() -> dict[str, tuple[Any, str]]:
    """Flask-Security's messages that people see here, in our words."""
    messages = {
        "GENERIC_AUTHN_FAILED": _l(
            "Badge number or password is wrong. Check both and try again; "
            "your administrator can give you a new password."
        ),
        "INVALID_PASSWORD": _l("This is not your present password."),
        "PASSWORD_NOT_PROVIDED": _l("Please fill this in."),
        "PASSWORD_INVALID_LENGTH": _l("A password has at least %(length)s characters."),
        "PASSWORD_IS_THE_SAME": _l("The new password must differ from the present one."),
        "REAUTHENTICATION_REQUIRED": _l("Enter your password once more to go on."),
    }
    told = {
        "PASSWORD_CHANGE": (_l("Your password was changed. Other devices are signed out."), "success"),
        "REAUTHENTICATION_SUCCESSFUL": (_l("Thank you. Now you can go on."), "success"),
    }
    return {f"SECURITY_MSG_{name}": (text, "error") for name, text in messages.items()} | {
        f"SECURITY_MSG_{name}": message for name, message in told.items()
    }


def security_forms() -> dict[str, Any]:
    """The form classes that replace Flask-Security's own."""
    return {"login_form": SignInForm, "change_password_form": NewPasswordForm, "verify_form": ConfirmPasswordForm}


@blueprint.get("/csrf-token")
@requires("overview.view")
def csrf_token() -> dict[str, str]:
    """A fresh CSRF token for a page that was open while its sign-in expired, and for whom it is good."""
    return {"token": generate_csrf(), "person": str(current_user.id)}


@blueprint.get("/signed-in")
@requires("overview.view")
def signed_in() -> str:
    """Where the sign-in beside a waiting page ends: that page goes on by itself."""
    return render_template("security/signed_in.html")


@user_authenticated.connect
def _on_sign_in(_app: Flask, user: User, authn_via: list[str], **_extra: Any) -> None:
    session.permanent = True
    if authn_via == ["change"]:
        # Not a sign-in: the session goes on under the new password, which _on_password_change saves.
        return
    actor = _actor(user)
    sessions.record_sign_in(actor, g.get("sign_in_key"))

    @after_this_request
    def mark_browser(response: Response) -> Response:
        waiting = url_for("session.signed_in")
        if response.location and response.location != waiting and kept_forms.has_kept_forms(actor):
            # Whichever way someone comes back, what they sent is offered first.
            response.location = url_for("kept_forms.index")
        return keeping.remember_sender(response, user_id=user.id)


@user_logged_out.connect
def _on_sign_out(_app: Flask, user: Any = None, **_extra: Any) -> None:
    if user is not None and user.is_authenticated:
        sessions.record_sign_out(_actor(user))


@password_changed.connect
def _on_password_change(_app: Flask, user: User, **_extra: Any) -> None:
    # Flask-Security has put both on the row, unsaved; the service saves them with their audit event.
    passwords.save_changed_password(_actor(user), str(user.password), str(user.fs_uniquifier))


def _actor(user: User) -> Actor:
    return Actor(user_id=user.id, label=user.badge_number, origin=request.remote_addr or "unknown")
