"""Releases of the matcher: drafted, rehearsed, proposed, put in force."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.forms.matching import DecisionForm, DraftForm
from inspect_app.matching.weights import WeightsRefused
from inspect_app.models import MatcherRelease
from inspect_app.reference.vocabulary import label
from inspect_app.services import releases
from inspect_app.services.actors import Actor
from inspect_app.services.matcher import current_matcher
from inspect_app.services.releases import (
    NothingChanged,
    RehearsalOutdated,
    ReleaseMoved,
    ReleaseNotFound,
    SecondPersonNeeded,
)
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("matching_releases", __name__, url_prefix="/matching/releases")

TONES = {"in_force": "success", "proposed": "warning", "rehearsed": "info", "draft": "info"}
_MOST_BYTES = 100_000


@blueprint.get("")
@requires("matching.view")
def index() -> str:
    """What is in force, and all releases."""
    return _list(DraftForm(submission_id=str(uuid.uuid4())))


@blueprint.post("")
@requires("matching.manage")
def draft() -> ResponseReturnValue:
    """Drafts a release and has it rehearsed."""
    form = DraftForm()
    if form.validate_on_submit():
        try:
            release_id = releases.draft_release(current_actor(), form.submission_id.data, _table(form))
            return redirect(url_for(".show", release_id=release_id), 303)
        except NothingChanged:
            form.weights.errors = [_("Words and weights are those in force; change some first.")]
        except WeightsRefused as refused:
            form.weights.errors = [_("This table of weights cannot be used: %(fault)s", fault=str(refused))]
    return _list(form)


@blueprint.get("/<int:release_id>")
@requires("matching.view")
def show(release_id: int) -> str:
    """One release and its rehearsal."""
    return render_template("matching/release.html", **_context(release_id))


@blueprint.get("/<int:release_id>/rehearsal")
@requires("matching.view")
def rehearsal(release_id: int) -> str:
    """The rehearsal alone, for a page that refreshes itself."""
    return render_template("matching/_rehearsal.html", **_context(release_id))


@blueprint.post("/<int:release_id>/proposal")
@requires("matching.manage")
def propose(release_id: int) -> ResponseReturnValue:
    """Asks for the release to go live."""
    return _moved(release_id, releases.propose_release, _("Proposed. A supervisor who is not you puts it in force."))


@blueprint.post("/<int:release_id>/approval")
@requires("matching.approve")
def approve(release_id: int) -> ResponseReturnValue:
    """Puts the release in force."""
    return _moved(release_id, releases.approve_release, _("In force. Everything is now compared anew."))


@blueprint.post("/<int:release_id>/rejection")
@requires("matching.view")
def reject(release_id: int) -> ResponseReturnValue:
    """Turns the release back."""
    return _moved(release_id, releases.reject_release, _("Turned back; nothing changed."))


def _table(form: DraftForm) -> str:
    if not form.weights.data:
        return ""
    try:
        text: str = form.weights.data.read(_MOST_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WeightsRefused("not_toml") from None
    return text


def _moved(release_id: int, move: Callable[[Actor, int, str], None], done: str) -> ResponseReturnValue:
    form = DecisionForm()
    back = redirect(url_for(".show", release_id=release_id), 303)
    if not form.validate_on_submit():
        flash(" ".join(error for errors in form.errors.values() for error in errors), "error")
        return back
    try:
        move(current_actor(), release_id, form.note.data or "")
    except ReleaseNotFound:
        abort(404)
    except ReleaseMoved:
        flash(_("The release was moved on meanwhile; this is how it stands now."), "warning")
    except SecondPersonNeeded:
        flash(_("Going live takes a second person: not the one who drafted or proposed it."), "error")
    except RehearsalOutdated:
        flash(_("Another release went live since the rehearsal. Turn this one back and draft it anew."), "error")
    else:
        flash(done, "success")
    return back


def _list(form: DraftForm) -> str:
    actor = current_actor()
    return render_template(
        "matching/releases.html",
        form=form,
        releases=releases.list_releases(actor),
        in_force=current_matcher().version,
        change_count=releases.count_changes(actor),
        is_draft_open=releases.is_draft_open(actor),
        **_words(),
    )


def _context(release_id: int) -> dict[str, Any]:
    try:
        release = releases.find_release(current_actor(), release_id)
    except ReleaseNotFound:
        abort(404)
    return {
        "release": release,
        "result": release.rehearsal,
        "is_going": release.state == "draft" and not release.rehearsal.get("error"),
        "may_decide": _may_decide(release),
        "form": DecisionForm(),
        **_words(),
    }


def _may_decide(release: MatcherRelease) -> bool:
    return current_actor().user_id not in (release.created_by_id, release.proposed_by_id)


def _words() -> dict[str, Any]:
    language = short_language()
    return {
        "tones": TONES,
        "state_word": lambda code: label("release_state", code, language),
        "band_word": lambda code: label("alert_band", code, language) if code != "dropped" else _("no hit"),
        "verdict_word": lambda code: label("alert_state", code, language) if code else _("not judged"),
        "category_word": lambda code: label("category", code, language),
        "outcome_words": {
            "lost": _("lost"),
            "gained": _("gained"),
            "kept": _("kept"),
            "neither": _("no hit in either"),
        },
    }
