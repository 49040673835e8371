"""The administrator's pages of agencies, units and areas: lists and forms, beside those of the users."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app import rules
from inspect_app.forms.accounts import AgencyForm, AreaForm, UnitForm
from inspect_app.reference.vocabulary import choices, label
from inspect_app.services import agencies, directory
from inspect_app.services.agencies import AgencyDraft, AreaDraft, CodeTaken, PlaceNotFound, UnitDraft, WholeMissing
from inspect_app.web import accounts
from inspect_app.web.access import current_actor, requires
from inspect_app.web.accounts import unit_name
from inspect_app.web.languages import short_language


@accounts.blueprint.get("/agencies")
@requires("accounts.manage")
def agency_list() -> str:
    """Every agency."""
    return render_template("accounts/agencies.html", agencies=agencies.list_agencies(current_actor()), **_words())


@accounts.blueprint.get("/units")
@requires("accounts.manage")
def unit_list() -> str:
    """Every unit with its area and how many people it has."""
    areas = {area.code: unit_name(area) for area in directory.list_areas()}
    units = agencies.list_all_units(current_actor())
    return render_template("accounts/units.html", units=units, areas=areas, **_words())


@accounts.blueprint.get("/areas")
@requires("accounts.manage")
def area_list() -> str:
    """Every area, the whole before its parts."""
    return render_template("accounts/areas.html", areas=directory.list_areas(), **_words())


@accounts.blueprint.route("/agencies/new", methods=["GET", "POST"])
@accounts.blueprint.route("/agencies/<int:agency_id>", methods=["GET", "POST"])
@requires("accounts.manage")
def agency(agency_id: int | None = None) -> ResponseReturnValue:
    """One agency, new or to change."""
    row = _found(lambda: agencies.find_agency(current_actor(), agency_id)) if agency_id is not None else None
    form = AgencyForm(obj=row)
    form.kind.choices = [
        ("", _("Choose")),
        *(kind for kind in choices("agency_kind", short_language()) if kind[0] in rules.AGENCY_KINDS),
    ]
    return _answer(
        form, row, "agency", lambda: agencies.save_agency(current_actor(), AgencyDraft(**_values(form)), agency_id)
    )


@accounts.blueprint.route("/units/new", methods=["GET", "POST"])
@accounts.blueprint.route("/units/<int:unit_id>", methods=["GET", "POST"])
@requires("accounts.manage")
def unit(unit_id: int | None = None) -> ResponseReturnValue:
    """One unit, new or to change."""
    row = _found(lambda: agencies.find_unit(current_actor(), unit_id)) if unit_id is not None else None
    form = UnitForm(obj=row)
    if not form.is_submitted() and row is not None:
        form.agency_id.data = str(row.agency_id)
    bodies = [(str(body.id), unit_name(body)) for body in agencies.list_agencies(current_actor())]
    form.agency_id.choices = [("", _("Choose")), *bodies]
    areas = [(area.code, f"{area.code} {unit_name(area)}") for area in directory.list_areas()]
    form.area_code.choices = [("", _("Choose")), *areas]

    def save() -> Any:
        values = {**_values(form), "agency_id": int(form.agency_id.data)}
        return agencies.save_unit(current_actor(), UnitDraft(**values), unit_id)

    return _answer(form, row, "unit", save)


@accounts.blueprint.route("/areas/new", methods=["GET", "POST"])
@accounts.blueprint.route("/areas/<int:area_code>", methods=["GET", "POST"])
@requires("accounts.manage")
def area(area_code: int | None = None) -> ResponseReturnValue:
    """One area, new or to rename."""
    code = str(area_code) if area_code is not None else None
    row = _found(lambda: agencies.find_area(current_actor(), code)) if code is not None else None
    form = AreaForm(obj=row)
    if code is not None:
        form.code.data = code
    return _answer(form, row, "area", lambda: agencies.save_area(current_actor(), AreaDraft(**_values(form)), code))


def _found(find: Callable[[], Any]) -> Any:
    try:
        return find()
    except PlaceNotFound:
        abort(404)


def _values(form: Any) -> dict[str, Any]:
    return {field.name: field.data for field in form if field.type != "CSRFTokenField"}


def _answer(form: Any, row: Any, kind: str, save: Callable[[], Any]) -> ResponseReturnValue:
    """The form, or after saving the list that it belongs to."""
    if form.validate_on_submit():
        try:
            save()
        except CodeTaken:
            form.code.errors = [_("This code is taken.")]
        except WholeMissing as missing:
            form.code.errors = [
                _("This is a part of %(code)s, which is not there yet: add that first.", code=missing.code)
            ]
        except PlaceNotFound:
            abort(404)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(f"accounts.{kind}_list"))
    return render_template(f"accounts/{kind}.html", form=form, row=row, **_words())


def _words() -> dict[str, Any]:
    def kind_word(code: str) -> str:
        return label("agency_kind", code, short_language())

    return {"place_word": unit_name, "kind_word": kind_word}
