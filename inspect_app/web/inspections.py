"""Visits: the list, beginning one, and the record of one that was submitted. Its draft is in ``inspection_draft``."""

import uuid
from datetime import UTC, datetime, time, timedelta
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.forms.fields import LOCAL_ZONE
from inspect_app.forms.inspections import SearchForm, StartForm
from inspect_app.services.goods import alerts_on
from inspect_app.services.inspection_photos import photos_by_subject
from inspect_app.services.inspection_submission import lines_on_log
from inspect_app.services.inspections import (
    VisitQuery,
    VisitStart,
    checklist_of,
    get_visit,
    list_visits,
    may_edit,
    start_visit,
)
from inspect_app.services.masking import mask_name
from inspect_app.services.people import mask
from inspect_app.services.scope import OutOfArea
from inspect_app.services.venue_search import find_venues
from inspect_app.services.venues import get_venue
from inspect_app.web.access import current_actor, requires

blueprint = Blueprint("inspections", __name__, url_prefix="/inspections")

_VENUES_OFFERED = 8


@blueprint.get("/")
@requires("inspections.view")
def index() -> str:
    """The visits that the person may see, with filters."""
    form = SearchForm(request.args)
    form.validate()
    found = list_visits(current_actor(), _query(form))
    editable = {visit.id for visit in found.page.rows if may_edit(current_actor(), visit)}
    is_filtered = any(form.data.values())
    return render_template("inspections/index.html", form=form, found=found, editable=editable, is_filtered=is_filtered)


@blueprint.route("/new", methods=["GET", "POST"])
@requires("inspections.record")
def new() -> ResponseReturnValue:
    """Begins a visit: the venue, found as one types, its kind and its start."""
    form = StartForm(data=_fresh_start()) if request.method == "GET" else StartForm()
    is_search = request.form.get("action") == "search"
    if not is_search and form.validate_on_submit():
        try:
            return _start(form)
        except OutOfArea:
            form.venue_id.errors = [_("There is no such venue in your area. Choose another one.")]
    text = _typed("venue_text")
    chosen = _chosen_venue(form)
    venues = (
        [] if chosen and not text else find_venues(current_actor(), text, state="open", page_size=_VENUES_OFFERED).rows
    )
    page = render_template("inspections/new.html", form=form, chosen=chosen, venues=venues, text=text)
    return page, 422 if form.errors else 200


@blueprint.get("/venues")
@requires("inspections.record")
def venues() -> str:
    """The venues that fit what is being typed, to choose one from."""
    text = _typed("venue_text")
    found = find_venues(current_actor(), text, state="open", page_size=_VENUES_OFFERED)
    return render_template("inspections/_venue_choices.html", venues=found.rows, text=text, chosen=None)


@blueprint.get("/<int:visit_id>")
@requires("inspections.view")
def show(visit_id: int) -> ResponseReturnValue:
    """A visit to read: the record of a submitted one, or the draft for those who took no part in it."""
    visit = get_visit(current_actor(), visit_id)
    lines = lines_on_log(visit)
    return render_template(
        "inspections/show.html",
        visit=visit,
        lines=lines,
        alerts=alerts_on(lines),
        photos=photos_by_subject(visit),
        items=checklist_of(visit).items,
        answers={answer.item_key: answer for answer in visit.answers},
        sellers={line.id: mask(line.seller) for line in lines if line.seller},
        representative=mask_name(visit.venue_representative),
        may_edit=may_edit(current_actor(), visit),
    )


def _typed(name: str) -> str:
    """A short text to search by, without characters that no keyboard types."""
    return "".join(letter for letter in request.values.get(name, "")[:100] if letter.isprintable())


def _fresh_start() -> dict[str, Any]:
    return {
        "submission_id": str(uuid.uuid4()),
        "venue_id": request.args.get("venue", ""),
        "kind": "routine",
        "started_at": datetime.now(UTC),
    }


def _start(form: StartForm) -> ResponseReturnValue:
    assert form.started_at.data is not None, "a form that was checked has its start"
    start = VisitStart(
        submission_id=form.submission_id.data,
        venue_id=int(form.venue_id.data),
        kind=form.kind.data,
        started_at=form.started_at.data,
        number_prefix=current_app.config["INSPECT"].visit_number_prefix,
    )
    visit, is_new = start_visit(current_actor(), start)
    if not is_new:
        flash(_("This visit was begun already: here it is."), "info")
    return redirect(url_for(".edit", visit_id=visit.id))


def _chosen_venue(form: StartForm) -> Any:
    """The venue of the form, when there is one that the person may see."""
    number = str(form.venue_id.data or "")
    if not (number.isascii() and number.isdigit() and len(number) <= 9):
        return None
    try:
        return get_venue(current_actor(), int(number))
    except OutOfArea:
        return None


def _query(form: SearchForm) -> VisitQuery:
    def midnight(day: Any, later: int = 0) -> datetime | None:
        return datetime.combine(day + timedelta(days=later), time(), LOCAL_ZONE) if day else None

    page = request.args.get("page", "1")
    return VisitQuery(
        text="" if form.text.errors else form.text.data or "",
        state="" if form.state.errors else form.state.data or "",
        kind="" if form.kind.errors else form.kind.data or "",
        from_at=midnight(form.from_on.data),
        until_at=midnight(form.until_on.data, 1),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
    )
