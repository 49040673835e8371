"""Which language a page speaks: the one chosen, else the person's own, else Simplified Chinese."""

from flask import Blueprint, current_app, has_request_context, redirect, request
from flask.typing import ResponseReturnValue
from flask_security import current_user

COOKIE = "inspect_language"
LANGUAGES = {"zh_Hans_CN": "简体中文", "en": "English"}


def select_language() -> str:
    """The locale of this request ("zh_Hans_CN" or "en"), also for a bare "zh", which no catalogue has."""
    default: str = current_app.config["INSPECT"].default_language
    if not has_request_context():
        return default
    chosen = request.cookies.get(COOKIE) or getattr(current_user, "language", "") or default
    if chosen in LANGUAGES:
        return chosen
    return "en" if chosen.startswith("en") else default


def short_language() -> str:
    """The language as "zh" or "en", as the reference tables and documents name it."""
    return "en" if select_language() == "en" else "zh"


blueprint = Blueprint("languages", __name__)


@blueprint.post("/language")
def choose() -> ResponseReturnValue:
    """Switches the language for this browser and goes back to the page that asked."""
    chosen = request.form.get("language", "")
    back = request.form.get("back", "/")
    # Only a path of our own: anything else would send people wherever a link says.
    response = redirect(back if back.startswith("/") and not back.startswith("//") else "/")
    if chosen in LANGUAGES:
        response.set_cookie(
            COOKIE,
            chosen,
            max_age=365 * 24 * 3600,
            httponly=True,
            samesite="Lax",
            secure=current_app.config["INSPECT"].secure_cookies,
        )
    return response
