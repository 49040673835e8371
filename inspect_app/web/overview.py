"""The start page: what waits for the person who opens it."""

from flask import Blueprint, render_template

from inspect_app.web.access import requires

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
@requires("overview.view")
def start() -> str:
    """The start page of the person's role."""
    return render_template("overview/start.html")


@blueprint.get("/health")
def health() -> dict[str, str]:
    """Says that the process answers; for whoever watches it."""
    return {"status": "ok"}
