"""The start page: what waits for the person who opens it."""

from flask import Blueprint, render_template

from inspect_app.reference.vocabulary import label
from inspect_app.services.overview import summarise_start
from inspect_app.web import evidence
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
@requires("overview.view")
def start() -> str:
    """The start page of the person's role."""
    return render_template(
        "overview/start.html",
        summary=summarise_start(current_actor()),
        evidence=evidence,
        label=label,
        language=short_language(),
    )


@blueprint.get("/health")
def health() -> dict[str, str]:
    """Says that the process answers; for whoever watches it."""
    return {"status": "ok"}
