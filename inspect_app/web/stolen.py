"""Stolen property: the list, one report, registering and editing it, withdrawing what was found."""

import uuid
from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.forms.fields import LOCAL_ZONE
from inspect_app.forms.stolen import OwnerSearchForm, ReasonForm, ReportFilterForm, ReportForm, report_values
from inspect_app.models import StolenReport
from inspect_app.models.types import utc_now
from inspect_app.reference.audit_actions import action_label
from inspect_app.services import stolen as service
from inspect_app.services import stolen_search as search
from inspect_app.services.people import NothingToSearchFor, mask
from inspect_app.services.stolen import NumberTaken, ReasonMissing, ReportChanged, SavedReport
from inspect_app.web.access import current_actor, requires

blueprint = Blueprint("stolen", __name__, url_prefix="/stolen")


@blueprint.get("")
@requires("stolen.view")
def index() -> str:
    """The list of reports, searched and filtered."""
    form = ReportFilterForm(request.args)
    query = search.ReportQuery(page=request.args.get("page", 1, type=int))
    if form.validate():
        query = search.ReportQuery(
            text=form.q.data or "",
            category=form.category.data or "",
            state=form.state.data or "",
            reported_from=_start_of(form.reported_from.data),
            reported_until=_start_of(form.reported_until.data, days=1),
            import_id=request.args.get("import", type=int),
            page=query.page,
        )
    found = search.list_reports(current_actor(), query)
    return render_template("stolen/index.html", form=form, owner_form=OwnerSearchForm(), found=found, is_of_owner=False)


@blueprint.post("/owner-search")
@requires("people.reveal")
def search_owner() -> ResponseReturnValue:
    """The reports of an owner, found by the whole phone or document number."""
    owner_form = OwnerSearchForm()
    found, status = None, 422
    if owner_form.validate_on_submit():
        try:
            found = search.list_reports_of_owner(
                current_actor(), document=owner_form.document.data or "", phone=owner_form.phone.data or ""
            )
            status = 200
        except NothingToSearchFor:
            owner_form.phone.errors = [_("Type a phone number or a document number, or both.")]
    context = {"form": ReportFilterForm(), "owner_form": owner_form, "found": found, "is_of_owner": True}
    return render_template("stolen/index.html", **context), status


@blueprint.get("/new")
@requires("stolen.record")
def new() -> str:
    """An empty report with one row for an item."""
    form = ReportForm(data={"reported_at": utc_now(), "items": [{}]})
    return _show_form(form, None)


@blueprint.post("/new")
@requires("stolen.record")
def create() -> ResponseReturnValue:
    """Registers the report, or does what a button of the rows asks for."""
    form = ReportForm()
    if _is_step():
        return _take_step(form, None)
    if not form.validate_on_submit():
        return _show_form(form, None), 422
    try:
        saved = service.register_report(current_actor(), form.entry(), _submission_of(form))
    except NumberTaken as taken:
        return _show_number_taken(form, None, taken)
    if saved.is_repeated:
        flash(_("This form was sent before. This is the report that it made; nothing was added."), "info")
    else:
        flash(_("The report is registered."), "success")
        _tell_of_alerts(saved)
    return redirect(url_for("stolen.show", report_id=saved.report_id))


@blueprint.get("/<int:report_id>")
@requires("stolen.view")
def show(report_id: int) -> str:
    """One report: its facts, owner, items with their alerts, history."""
    return _show_report(report_id, ReasonForm(formdata=None), None)


@blueprint.get("/<int:report_id>/edit")
@requires("stolen.record")
def edit(report_id: int) -> str:
    """The report in its form. Withdrawn items are not in it."""
    report = search.get_report(current_actor(), report_id)
    form = ReportForm(data=report_values(report))
    form.keep_choices_of(report)
    return _show_form(form, report)


@blueprint.post("/<int:report_id>/edit")
@requires("stolen.record")
def save(report_id: int) -> ResponseReturnValue:
    """Saves the changed report, or does what a button of the rows asks for."""
    report = search.get_report(current_actor(), report_id)
    form = ReportForm()
    form.keep_choices_of(report)
    if _is_step():
        return _take_step(form, report)
    if not form.validate_on_submit():
        return _show_form(form, report), 422
    version = int(form.version.data) if (form.version.data or "").isdecimal() and len(form.version.data) < 10 else 0
    try:
        saved = service.edit_report(current_actor(), report_id, version, form.entry())
    except NumberTaken as taken:
        return _show_number_taken(form, report_id, taken)
    except ReportChanged as changed:
        # Raw data is what a field shows again: the next time the form is sent, it is sent for the newer version.
        form.version.raw_data, form.version.data = None, str(changed.version)
        flash(
            _(
                "Someone else changed this report meanwhile. What you typed is still here: look at the report as it "
                "is now in another window; if yours is right, save again."
            ),
            "warning",
        )
        return _show_form(form, search.get_report(current_actor(), report_id)), 409
    flash(_("The changes are saved."), "success")
    _tell_of_alerts(saved)
    return redirect(url_for("stolen.show", report_id=report_id))


@blueprint.post("/items/<int:item_id>/withdraw")
@requires("stolen.record")
def withdraw(item_id: int) -> ResponseReturnValue:
    """Takes an item off the search."""
    form = ReasonForm()
    item = search.get_item(current_actor(), item_id)
    if not form.validate_on_submit():
        return _show_report(item.report_id, form, item_id), 422
    try:
        report_id = service.withdraw_item(current_actor(), item_id, form.reason.data or "").report_id
    except ReasonMissing:
        form.reason.errors = [_("Say in a few words why, for example: found and returned.")]
        return _show_report(item.report_id, form, item_id), 422
    flash(_("The item is withdrawn. Goods are not compared with it any more."), "success")
    return redirect(url_for("stolen.show", report_id=report_id))


@blueprint.post("/items/<int:item_id>/reinstate")
@requires("stolen.record")
def reinstate(item_id: int) -> ResponseReturnValue:
    """Searches for a withdrawn item again."""
    saved = service.reinstate_item(current_actor(), item_id)
    flash(_("The item is searched for again."), "success")
    _tell_of_alerts(saved)
    return redirect(url_for("stolen.show", report_id=saved.report_id))


def _is_step() -> bool:
    return request.form.get("step", "save") != "save"


def _take_step(form: ReportForm, report: StolenReport | None) -> str:
    focus = form.take_step(request.form["step"])
    if "HX-Request" in request.headers:
        return render_template(
            "stolen/_items.html", form=form, report=report, focus=focus, saved_uids=_saved_uids(report)
        )
    return _show_form(form, report, focus)


def _show_form(form: ReportForm, report: StolenReport | None, focus: str = "", twin_id: int | None = None) -> str:
    return render_template(
        "stolen/form.html",
        form=form,
        report=report,
        owner=mask(report.owner) if report and report.owner else None,
        saved_uids=_saved_uids(report),
        focus=focus,
        twin_id=twin_id,
    )


def _show_number_taken(form: ReportForm, report_id: int | None, taken: NumberTaken) -> ResponseReturnValue:
    form.number.errors = [_("Another report has this number. Look whether it is the same theft.")]
    report = search.get_report(current_actor(), report_id) if report_id else None
    return _show_form(form, report, twin_id=taken.report_id), 422


def _saved_uids(report: StolenReport | None) -> list[str]:
    return [item.item_uid for item in report.items] if report else []


def _show_report(report_id: int, reason_form: ReasonForm, open_item_id: int | None) -> str:
    view = search.view_report(current_actor(), report_id)
    report = view.report
    return render_template(
        "stolen/show.html",
        report=report,
        owner=mask(report.owner) if report.owner else None,
        reason_form=reason_form,
        open_item_id=open_item_id,
        alerts=view.alerts,
        history=view.history,
        told_otherwise=view.told_otherwise,
        area=view.area,
        action_label=action_label,
    )


def _tell_of_alerts(saved: SavedReport) -> None:
    if saved.alerts or saved.possible_matches:
        flash(
            _(
                "Compared with all logged goods. Alerts: %(alerts)s; possible matches: %(possible)s. "
                "They stand with each item below.",
                alerts=saved.alerts,
                possible=saved.possible_matches,
            ),
            "warning",
        )
    else:
        flash(_("Compared with all logged goods: no match so far."), "info")


def _submission_of(form: ReportForm) -> str:
    try:
        return str(uuid.UUID(form.submission_id.data or ""))
    except ValueError:
        return str(uuid.uuid4())


def _start_of(day: date | None, days: int = 0) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time(), LOCAL_ZONE) + timedelta(days=days)
