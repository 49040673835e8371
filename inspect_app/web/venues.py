"""Venues: the list that follows what is typed, one venue with its history, registering and editing."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.forms.venues import Options, VenueFilterForm, VenueForm, code_message
from inspect_app.models import Venue
from inspect_app.reference.vocabulary import label
from inspect_app.services import directory, masking, venue_history
from inspect_app.services import venues as service
from inspect_app.services.credit_codes import check_credit_code
from inspect_app.services.paging import ListPage
from inspect_app.web import venue_messages
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("venues", __name__, url_prefix="/venues")

STATE_TONES = {"active": "success", "suspended": "warning", "closed": "neutral"}
RISK_TONES = {"low": "neutral", "medium": "warning", "high": "danger"}


@blueprint.get("")
@requires("venues.view")
def index() -> str:
    """The list of venues, as a plain form that asks for it."""
    form, page = _found()
    return render_template("venues/index.html", form=form, **_list_context(page))


@blueprint.get("/rows")
@requires("venues.view")
def rows() -> Response:
    """The list alone, while something is typed; the address of the page follows, so that going back finds it."""
    _form, page = _found()
    response = make_response(render_template("venues/_rows.html", **_list_context(page)))
    asked: dict[str, Any] = {name: request.args.get(name) or None for name in ("q", "kind", "area_code", "state")}
    response.headers["HX-Replace-Url"] = url_for("venues.index", **asked)
    return response


@blueprint.post("/credit-code-checks")
@requires("venues.edit")
def check_code() -> str:
    """Says whether the credit code that is being typed can be right and is free."""
    return render_template(
        "venues/_credit_code.html",
        code=_code_verdict(
            request.form.get("credit_code", "")[:200],
            except_id=request.form.get("venue_id", type=int),
            is_kept=bool(request.form.get("is_code_as_on_licence")),
        ),
    )


@blueprint.get("/new")
@requires("venues.edit")
def new() -> str:
    """An empty form, with what the link that led here knows already."""
    given = {
        "name": request.args.get("name", "")[:120],
        "market_id": request.args.get("market", ""),
        "kind": None if request.args.get("market") else "second_hand",
    }
    areas = _area_options()
    if len(areas) == 1:
        given["area_code"] = areas[0][0]
    form = _form(None, data={**given, "submission_id": str(uuid.uuid4()), "state": "active", "risk": "low"})
    return _form_page(form, None)


@blueprint.post("/new")
@requires("venues.edit")
def register() -> ResponseReturnValue:
    """Registers a venue, or shows the form again with what was typed and what is wrong."""
    form = _form(None)
    if not form.validate_on_submit():
        return _form_page(form, None), 422
    try:
        venue, is_new = service.register_venue(
            current_actor(), form.submission_id.data, form.details(), is_second_at_place=form.is_second_at_place.data
        )
    except venue_messages.REFUSALS as refusal:
        return _refused(form, None, refusal), 422
    if is_new:
        flash(_("The venue is registered."), "success")
    else:
        flash(_("This form had arrived before: the venue is registered once."), "info")
    return redirect(url_for("venues.show", venue_id=venue.id))


@blueprint.get("/<int:venue_id>")
@requires("venues.view")
def show(venue_id: int) -> str:
    """One venue: facts, visits, open alerts, stalls."""
    actor = current_actor()
    venue = service.get_venue(actor, venue_id)
    return render_template(
        "venues/show.html",
        venue=venue,
        code=check_credit_code(venue.credit_code or ""),
        area=directory.find_area(venue.area_code),
        visits=venue_history.list_visits_at(actor, venue, request.args.get("page", 1, type=int)),
        alerts=venue_history.list_open_alerts_at(actor, venue),
        stalls=venue_history.list_stalls_of(venue),
        masking=masking,
        **_words(),
    )


@blueprint.get("/<int:venue_id>/edit")
@requires("venues.edit")
def edit(venue_id: int) -> str:
    """The form of a venue; people's fields are masked beside empty boxes."""
    venue = service.get_venue(current_actor(), venue_id)
    stored = {name: getattr(venue, name) for name in VenueForm.stored_names()}
    references = {name: str(getattr(venue, name) or "") for name in ("unit_id", "market_id")}
    data = {**stored, **references, "is_code_as_on_licence": venue.is_credit_code_doubtful}
    return _form_page(_form(venue, data=data), venue)


@blueprint.post("/<int:venue_id>/edit")
@requires("venues.edit")
def save(venue_id: int) -> ResponseReturnValue:
    """Saves a venue; when someone else did so meanwhile, both values are shown and nothing typed is lost."""
    venue = service.get_venue(current_actor(), venue_id)
    form = _form(venue)
    if not form.validate_on_submit():
        return _form_page(form, venue), 422
    try:
        service.edit_venue(
            current_actor(),
            venue_id,
            form.seen_version(),
            form.details(),
            is_second_at_place=form.is_second_at_place.data,
        )
    except service.VenueChangedMeanwhile:
        venue = service.get_venue(current_actor(), venue_id)
        differences = venue_messages.differences(form, venue)
        form.version.data = str(venue.version)
        return _form_page(form, venue, differences=differences), 409
    except venue_messages.REFUSALS as refusal:
        return _refused(form, service.get_venue(current_actor(), venue_id), refusal), 422
    flash(_("The venue is saved."), "success")
    return redirect(url_for("venues.show", venue_id=venue_id))


def _found() -> tuple[VenueFilterForm, ListPage[Venue]]:
    form = VenueFilterForm(short_language(), _area_options(), request.args)
    page = service.find_venues(
        current_actor(),
        form.q.data or "",
        kind=form.chosen("kind"),
        area_code=form.chosen("area_code"),
        state=form.chosen("state"),
        page=request.args.get("page", 1, type=int),
    )
    return form, page


def _list_context(page: ListPage[Venue]) -> dict[str, Any]:
    alerts = venue_history.count_open_alerts_at(current_actor(), [venue.id for venue in page.rows])
    return {"page": page, "alert_counts": alerts, "asked": request.args.get("q", "").strip()[:120], **_words()}


def _words() -> dict[str, Any]:
    return {
        "language": short_language(),
        "label": label,
        "state_tones": STATE_TONES,
        "risk_tones": RISK_TONES,
    }


def _named(row: Any) -> str:
    """The name of an area, unit or agency in the person's language."""
    return str(row.name_en if short_language() == "en" else row.name_zh)


def _area_options() -> Options:
    """The areas in which the person works, parts set in under the whole."""
    areas = [area for area in directory.list_areas() if current_actor().sees_area(area.code)]
    shortest = min((len(area.code) for area in areas), default=0)
    return [(area.code, "\u3000" * ((len(area.code) - shortest + 1) // 2) + _named(area)) for area in areas]


def _form(venue: Venue | None, data: Mapping[str, Any] | None = None) -> VenueForm:
    actor = current_actor()
    offered = {
        "area_code": _area_options(),
        "unit_id": [(str(unit.id), f"{_named(unit)} · {_named(unit.agency)}") for unit in directory.list_units()],
        "market_id": [
            (str(market.id), market.name)
            for market in service.list_markets(actor)
            if venue is None or market.id != venue.id
        ],
    }
    return VenueForm(short_language(), offered, data=data)


def _form_page(form: VenueForm, venue: Venue | None, **context: Any) -> str:
    return render_template(
        "venues/form.html",
        form=form,
        venue=venue,
        code=_code_verdict(
            form.credit_code.data or "",
            except_id=venue.id if venue else None,
            is_kept=form.is_code_as_on_licence.data,
        ),
        masking=masking,
        **{"differences": [], "same_place": None, **context, **_words()},
    )


def _refused(form: VenueForm, venue: Venue | None, refusal: Exception) -> str:
    """The form again, with what the service said at the field that it speaks of."""
    field_name, message = venue_messages.describe(refusal)
    form[field_name].errors = [*form[field_name].errors, message]
    same_place = refusal.other if isinstance(refusal, service.SamePlaceKnown) else None
    return _form_page(form, venue, same_place=same_place)


def _code_verdict(typed: str, *, except_id: int | None, is_kept: bool) -> dict[str, Any]:
    """What the page says about a credit code: the check, who has it already, and whether it is kept as it stands."""
    actor = current_actor()
    checked = check_credit_code(typed)
    holder = service.find_code_holder(actor, checked.value, except_id=except_id) if not checked.problem else None
    return {
        "checked": checked,
        "message": code_message(checked),
        "holder": holder,
        "is_holder_visible": holder is not None and actor.sees_area(holder.area_code),
        "is_kept": is_kept,
    }
