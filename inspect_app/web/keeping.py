"""What the gate does with a form whose sender's sign-in has expired: it is kept, if the browser shows whose it is."""

from typing import Final
from urllib.parse import urlsplit

from flask import Response, current_app, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from itsdangerous import BadData, URLSafeTimedSerializer

from inspect_app.services import kept_forms
from inspect_app.services.kept_forms import FormNotKept, SentFile, SentForm

COOKIE: Final = "inspect_last_user"
_COOKIE_MAX_AGE_S: Final = 90 * 24 * 3600
_FORM_TYPES: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
# Passwords are never kept, and what these do is not worth keeping.
_NEVER_KEPT: Final = ("security.", "languages.", "kept_forms.")


def remember_sender(response: Response, user_id: int) -> Response:
    """Marks the browser as the one on which this person signed in last. The mark opens nothing."""
    response.set_cookie(
        COOKIE,
        _serializer().dumps(user_id),
        max_age=_COOKIE_MAX_AGE_S,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["INSPECT"].secure_cookies,
    )
    return response


def last_user_id() -> int | None:
    """Who signed in last in this browser, from the signed mark; None for a stranger or a forged one."""
    try:
        user_id = _serializer().loads(request.cookies.get(COOKIE, ""), max_age=_COOKIE_MAX_AGE_S)
    except BadData:
        return None
    return user_id if isinstance(user_id, int) else None


def keep_and_ask_to_sign_in(login_url: str) -> ResponseReturnValue:
    """Keeps the form of this request for its sender and leads to the sign-in page, which says so.

    A stranger's form is not even read.
    """
    if g.last_user_id is None or not is_keepable():
        return redirect(login_url)
    try:
        keep_request(g.last_user_id)
    except FormNotKept as refusal:
        flash(why_not_kept(refusal), "warning")
        return redirect(login_url)
    return redirect(url_for("security.login", next=url_for("kept_forms.index")))


def keep_after_csrf_error() -> ResponseReturnValue | None:
    """Where to go when a form came with the token of a session that is over; None when only the error page is left.

    Who signed in again in another window still has pages of the session before: their forms are kept and offered to be
    sent once more. The sign-in page itself, open overnight, is simply opened anew.
    """
    if request.endpoint in {"security.login", "security.logout"}:
        flash(_("This page had been open for too long. Please sign in."), "info")
        return redirect(url_for("security.login", next=request.args.get("next")))
    if not current_user.is_authenticated or current_user.id != g.last_user_id or not is_keepable():
        return None
    if request.headers.get("HX-Request"):
        return None
    try:
        keep_request(current_user.id)
    except FormNotKept:
        return None
    return redirect(url_for("kept_forms.index"))


def is_keepable() -> bool:
    """Whether this request is a form of our own pages that may be kept."""
    endpoint = request.endpoint or ""
    origin = request.headers.get("Origin", "")
    is_ours = not origin or urlsplit(origin).netloc == request.host
    return (
        request.method == "POST"
        and is_ours
        and request.headers.get("Sec-Fetch-Site", "same-origin") in {"same-origin", "none"}
        and request.mimetype in _FORM_TYPES
        and not endpoint.startswith(_NEVER_KEPT)
    )


def keep_request(user_id: int) -> None:
    """Keeps the form of this request for the user.

    Raises:
        FormNotKept: it is too large, there are too many, or the user is not active.
    """
    if (request.content_length or 0) > kept_forms.LARGEST_BYTES:
        raise FormNotKept("too_large")
    form = SentForm(
        path=request.full_path.rstrip("?"),
        fields=tuple(pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"),
        files=tuple(
            SentFile(field, file.filename or "", file.mimetype, file.read())
            for field, file in request.files.items(multi=True)
            if file.filename
        ),
    )
    kept_forms.keep_form(user_id, form, request.remote_addr or "unknown")


def why_not_kept(refusal: FormNotKept) -> str:
    """What to tell the person whose form was not kept."""
    if refusal.reason == "too_many":
        return _(
            "What you sent could not be kept, for there are too many kept forms already. Sign in, then go back to the "
            "page: what you typed is still there."
        )
    return _(
        "What you sent could not be kept. Sign in in another window, then go back to the page and send it again: what "
        "you typed is still there."
    )


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="last-signed-in")
