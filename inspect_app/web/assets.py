"""The front-end packages that set-up installed, served from where they lie: only the files named here."""

from typing import Final

from flask import Blueprint, Response, abort, current_app, send_from_directory, url_for

blueprint = Blueprint("assets", __name__, url_prefix="/vendor")

FILES: Final = {
    "bootstrap.css": "bootstrap/dist/css/bootstrap.min.css",
    "bootstrap.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "bootstrap-icons.css": "bootstrap-icons/font/bootstrap-icons.min.css",
    "fonts/bootstrap-icons.woff2": "bootstrap-icons/font/fonts/bootstrap-icons.woff2",
    "fonts/bootstrap-icons.woff": "bootstrap-icons/font/fonts/bootstrap-icons.woff",
    "htmx.js": "htmx.org/dist/htmx.min.js",
}
# Source maps are asked for by browsers' tools only; the packages' versions are pinned, so a day is safe.
_MAX_AGE_S: Final = 24 * 3600


@blueprint.get("/<path:name>")
def vendor_file(name: str) -> Response:
    """One file of a front-end package by its short name."""
    if name not in FILES:
        abort(404)
    return send_from_directory(current_app.config["INSPECT"].assets_dir, FILES[name], max_age=_MAX_AGE_S)


@blueprint.app_template_global()
def vendor_url(name: str) -> str:
    """The address of a front-end file by its short name; fails early on a name that is not listed."""
    assert name in FILES, name
    return url_for("assets.vendor_file", name=name)
