"""What was compared with what: the statement, its gaps, comparing everything anew, and the check by lot."""

import secrets
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.reference.vocabulary import label
from inspect_app.services.completeness import recent_work, state_completeness
from inspect_app.services.rescreening import RESCREEN, start_rescreening
from inspect_app.services.verification import USUAL_SAMPLE, start_verification, verification_of
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("completeness", __name__, url_prefix="/matching/completeness")

_TONES = {"done": "success", "failed": "danger", "cancelled": "neutral", "queued": "warning", "running": "warning"}


@blueprint.get("")
@requires("matching.view")
def index() -> str:
    """The statement and the latest work."""
    return render_template("completeness/index.html", **_context())


@blueprint.get("/state")
@requires("matching.view")
def state() -> str:
    """The page's content alone, for a page that refreshes itself while something runs."""
    return render_template("completeness/_state.html", **_context())


@blueprint.post("/rescreenings")
@requires("matching.approve")
def rescreen() -> ResponseReturnValue:
    """Has everything compared anew."""
    start_rescreening(current_actor(), current_app.config["INSPECT"])
    flash(_("Everything will be compared anew. You may leave this page; it goes on."), "success")
    return redirect(url_for("completeness.index"))


@blueprint.post("/verifications")
@requires("matching.view")
def verify() -> ResponseReturnValue:
    """Has goods lines drawn by lot compared with every stolen item."""
    seed = secrets.randbelow(1_000_000)
    start_verification(current_actor(), current_app.config["INSPECT"], sample=USUAL_SAMPLE, seed=seed)
    flash(_("The check has been started. You may leave this page; it goes on."), "success")
    return redirect(url_for("completeness.index"))


def _context() -> dict[str, Any]:
    actor, language = current_actor(), short_language()
    stated, jobs = state_completeness(actor), recent_work(actor)
    return {
        "stated": stated,
        "work": [(job, verification_of(job) if job.kind != RESCREEN else None) for job in jobs],
        "is_going": bool(stated.jobs) or any(job.state in ("queued", "running") for job in jobs),
        "is_rescreening": any(job.kind == RESCREEN for job in stated.jobs),
        "rescreen_kind": RESCREEN,
        "sample": USUAL_SAMPLE,
        "state_word": lambda job: label("job_state", job.state, language),
        "tones": _TONES,
    }
