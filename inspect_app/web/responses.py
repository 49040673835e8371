"""Security headers on every answer, and errors as pages that say what to do next."""

from typing import Any

from flask import Flask, Response, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from inspect_app.services.actors import NotAllowed
from inspect_app.services.scope import OutOfArea
from inspect_app.web import keeping

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # Bootstrap draws its ticks and arrows with data: images; a chosen photo is previewed from a blob.
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def attach(app: Flask) -> None:
    """Adds the headers and the error pages to the application."""
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(CSRFError, _show_csrf_error)
    app.register_error_handler(NotAllowed, lambda _error: _error_page(403))
    app.register_error_handler(OutOfArea, lambda _error: _error_page(404))


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in {"static", "assets.vendor_file"}:
        # "no-cache", not "no-store": with the latter the back button would bring an empty form.
        response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _show_http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    return _error_page(error.code)


def _show_csrf_error(_error: CSRFError) -> Any:
    kept = keeping.keep_after_csrf_error()
    if kept is not None:
        return kept
    return _error_page(
        400, _("This page has been open for too long or was opened twice. Go back, reload and send again.")
    )


def _error_page(code: int, message: str = "") -> tuple[str, int]:
    titles = {
        400: _("This could not be read"),
        403: _("You may not do this"),
        404: _("This page does not exist"),
        405: _("This page does not exist"),
        409: _("Someone else changed this meanwhile"),
        413: _("This is too large"),
    }
    advice = {
        400: _("Go back and try again."),
        403: _("Your role does not include it. If you need it, ask your administrator."),
        404: _("It may have moved, or it lies outside your area. Search for it, or go to the start page."),
        405: _("It may have moved, or it lies outside your area. Search for it, or go to the start page."),
        409: _("Reload the page, look at what changed and send again."),
        413: _(
            "Send a smaller file: photos one at a time, long lists in several files. "
            "What you typed is still there: go back."
        ),
    }
    return (
        render_template(
            "errors/error.html",
            code=code,
            title=titles.get(code, _("Something went wrong here")),
            message=message
            or advice.get(
                code, _("Nothing that was saved is lost. Try again; if it happens again, tell your administrator.")
            ),
        ),
        code,
    )
