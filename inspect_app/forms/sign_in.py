"""The forms of Flask-Security in our words: one field for who one is; every attempt is counted before it is checked."""

from typing import Any

from flask import g, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_security import current_user
from flask_security.forms import ChangePasswordForm, LoginForm, VerifyForm
from wtforms import PasswordField, StringField
from wtforms.validators import Length, ValidationError

from inspect_app.forms.fields import CleanText, fold_width, required
from inspect_app.models import User
from inspect_app.services import sessions
from inspect_app.services.passwords import SHORTEST_PASSWORD

_LONGEST_PASSWORD = 200
_CURRENT = {"autocomplete": "current-password", "maxlength": str(_LONGEST_PASSWORD)}
_NEW = {**_CURRENT, "autocomplete": "new-password", "minlength": str(SHORTEST_PASSWORD)}


def _password_field(label: Any, render: dict[str, str], *validators: Any) -> PasswordField:
    too_long = Length(max=_LONGEST_PASSWORD, message=_l("This is too long for a password."))
    return PasswordField(label, [required(), too_long, *validators], render_kw=render)


class SignInForm(LoginForm):
    """Who one is (badge number or e-mail; ``email`` is what Flask-Security calls it) and the password."""

    email = StringField(
        _l("Badge number or e-mail"),
        [required(), CleanText(255)],
        filters=[lambda text: fold_width(text) if text else text],
        name="identity",
        render_kw={
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "maxlength": "255",
        },
    )
    password = _password_field(_l("Password"), _CURRENT)
    remember = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only a path of our own: anything else would send people wherever a link says.
        way_back = self.next.data or ""
        if not way_back.startswith("/") or way_back.startswith(("//", "/\\")):
            self.next.data = ""

    def validate(self, **kwargs: Any) -> bool:
        """Counts the attempt, then lets Flask-Security compare the password; a failure goes to the audit trail."""
        if not self.email.data or not self.password.data:
            return bool(super().validate(**kwargs))
        user = sessions.find_account(self.email.data)
        if not count_attempt(self, self.email.data, user):
            return False
        self.ifield, self.user = self.email, user
        if super().validate(**kwargs):
            return True
        sessions.record_refusal(_origin(), user)
        return False


class ConfirmPasswordForm(VerifyForm):
    """The password once more, before something that must not happen from an unattended tablet."""

    password = _password_field(_l("Password"), _CURRENT)

    def validate(self, **kwargs: Any) -> bool:
        """Counts the attempt as a sign-in is counted."""
        return _checked_attempt(self, super().validate, kwargs)


class NewPasswordForm(ChangePasswordForm):
    """The present password and, twice, the new one."""

    password = _password_field(_l("Present password"), _CURRENT)
    new_password = _password_field(_l("New password"), _NEW)
    new_password_confirm = _password_field(_l("New password once more"), _NEW)

    def validate_new_password_confirm(self, field: PasswordField) -> None:
        """Both times the same."""
        if field.data != self.new_password.data:
            raise ValidationError(_l("The two new passwords differ. Type the same one twice."))

    def validate(self, **kwargs: Any) -> bool:
        """Counts the attempt as a sign-in is counted: an open session must not be a way to try passwords."""
        return _checked_attempt(self, super().validate, kwargs)


def _checked_attempt(form: Any, check: Any, kwargs: Any) -> bool:
    user = current_user._get_current_object()
    if not count_attempt(form, user.badge_number, user):
        return False
    if not check(**kwargs):
        # Only a wrong password counts; a new one that is too short is no attempt to get in.
        if not form.password.errors:
            sessions.forget_attempts(g.sign_in_key, _origin())
        return False
    sessions.forget_attempts(g.sign_in_key, _origin())
    return True


def count_attempt(form: Any, identity: str, user: User | None) -> bool:
    """Counts one attempt for the account, in ``g.sign_in_key``; False and a message on the form when it has to wait."""
    is_known_device = user is not None and user.id == g.get("last_user_id")
    g.sign_in_key = sessions.throttle_key(identity, user.id if user else None, is_known_device=is_known_device)
    try:
        sessions.count_attempt(g.sign_in_key, _origin())
    except sessions.SignInThrottled as throttled:
        form.form_errors.append(_waiting_text(throttled.wait_s))
        return False
    return True


def _waiting_text(wait_s: int) -> str:
    if wait_s < 60:
        return _("Too many failed attempts. Try again in %(seconds)s seconds.", seconds=wait_s)
    return _("Too many failed attempts. Try again in %(minutes)s minutes.", minutes=-(-wait_s // 60))


def _origin() -> str:
    return request.remote_addr or "unknown"
