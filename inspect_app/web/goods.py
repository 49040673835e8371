"""The goods log of a draft, row by row: htmx adds, saves, opens, closes and removes rows without leaving the page."""

import uuid
from dataclasses import asdict

from flask import Blueprint, render_template, request

from inspect_app.forms.goods import read_line
from inspect_app.models import GoodsLine, Visit
from inspect_app.models.types import JsonDict
from inspect_app.reference.vocabulary import labels
from inspect_app.services.goods import (
    alerts_on,
    log_line,
    preview_line,
    remove_line,
    repeat_last_line,
    restore_line,
)
from inspect_app.services.identifiers import check_identifier
from inspect_app.services.inspection_photos import add_photos, photos_by_subject
from inspect_app.services.inspection_submission import lines_on_log
from inspect_app.services.inspections import get_visit
from inspect_app.web import evidence
from inspect_app.web.access import current_actor, requires
from inspect_app.web.draft_pages import LineView, line_view
from inspect_app.web.inspection_draft import photo_store, refusal_text, sent_photos
from inspect_app.web.languages import short_language

blueprint = Blueprint("goods", __name__, url_prefix="/inspections/<int:visit_id>/goods")


@blueprint.app_template_global()
def agreeing_words(components: list[JsonDict]) -> list[str]:
    """The names of what agrees in an alert, the weightiest first."""
    return evidence.summary(components, "agree", short_language())


blueprint.add_app_template_global(evidence.percent, "percent_words")


@blueprint.get("/new")
@requires("inspections.record")
def new(visit_id: int) -> str:
    """A row for a new line; it is saved once something is typed into it."""
    visit = get_visit(current_actor(), visit_id)
    code = request.args.get("category", "other")
    view = line_view(
        str(uuid.uuid4()), None, is_open=True, category_code=code if code in labels("category") else "other"
    )
    return render_template("inspections/_line.html", visit=visit, view=view, is_new=True)


@blueprint.post("/repeat")
@requires("inspections.record")
def repeat(visit_id: int) -> str:
    """A line like the last one, to go on with."""
    line = repeat_last_line(current_actor(), visit_id, str(uuid.uuid4()))
    if line is None:
        return new(visit_id)
    return _row(visit_id, line.line_uid, is_open=True, is_new=True)


@blueprint.get("/<uuid:line_uid>")
@requires("inspections.record")
def show(visit_id: int, line_uid: uuid.UUID) -> str:
    """A saved line with its fields, to be changed."""
    return _row(visit_id, str(line_uid), is_open=True)


@blueprint.post("/<uuid:line_uid>")
@requires("inspections.record")
def save(visit_id: int, line_uid: uuid.UUID) -> str:
    """Saves what was sent of a line. ``show`` says what comes back: "open" and "closed" rows, or only what changed."""
    uid, wanted = str(line_uid), request.args.get("show", "")
    visit = get_visit(current_actor(), visit_id)
    log_line(current_actor(), visit_id, read_line(uid, _line_of(visit, uid), request.form))
    if wanted:
        return _row(visit_id, uid, is_open=wanted == "open")
    visit, view = _view(visit_id, uid, is_open=True, with_sent=True)
    return render_template(
        "inspections/_line_saved.html", visit=visit, view=view, count_of_lines=len(lines_on_log(visit))
    )


@blueprint.post("/<uuid:line_uid>/check")
@requires("inspections.record")
def check(visit_id: int, line_uid: uuid.UUID) -> str:
    """While a line is being typed: what its check digits say, and which stolen items it may be. Nothing is saved."""
    uid = str(line_uid)
    visit = get_visit(current_actor(), visit_id)
    change = read_line(uid, _line_of(visit, uid), request.form)
    _visit, view = _view(visit_id, uid, is_open=True, with_sent=True)
    # What is an alert of the line already stands above.
    known = {alert.stolen_item_id for alert in view.alerts}
    hits = [hit for hit in preview_line(current_actor(), visit_id, change) if hit.stolen_item_id not in known]
    agreeing = {hit.stolen_item_id: agreeing_words([asdict(step) for step in hit.match.components]) for hit in hits}
    checks = [
        (entry.field, check_identifier(entry.identifier_kind, entry.field.data or "")) for entry in view.identifiers
    ]
    return render_template("inspections/_likely.html", hits=hits, agreeing=agreeing, checks=checks)


@blueprint.post("/<uuid:line_uid>/remove")
@requires("inspections.record")
def remove(visit_id: int, line_uid: uuid.UUID) -> str:
    """Takes a line off the log; what comes back offers to put it back."""
    uid = str(line_uid)
    if remove_line(current_actor(), visit_id, uid) is None:
        visit = get_visit(current_actor(), visit_id)
        return render_template("inspections/_line_gone.html", visit=visit, count_of_lines=len(lines_on_log(visit)))
    return _row(visit_id, uid, is_open=False)


@blueprint.post("/<uuid:line_uid>/restore")
@requires("inspections.record")
def restore(visit_id: int, line_uid: uuid.UUID) -> str:
    """Puts a line back on the log."""
    restore_line(current_actor(), visit_id, str(line_uid))
    return _row(visit_id, str(line_uid), is_open=False)


@blueprint.post("/<uuid:line_uid>/photos")
@requires("inspections.record")
def upload_photos(visit_id: int, line_uid: uuid.UUID) -> str:
    """Saves photos of a thing as they are taken, with what was typed of it so far."""
    uid = str(line_uid)
    visit = get_visit(current_actor(), visit_id)
    change = read_line(uid, _line_of(visit, uid), request.form, has_photo=True)
    photos = sent_photos([file for name in request.files for file in request.files.getlist(name)])
    refused = add_photos(current_actor(), visit_id, photo_store(), photos, line=change)
    visit, view = _view(visit_id, uid, is_open=True)
    return render_template(
        "inspections/_photos.html",
        visit=visit,
        subject=f"goods-{uid}",
        photos=view.photos,
        names=view.names,
        refused=[refusal_text(photo) for photo in refused],
        is_part=True,
    )


def _line_of(visit: Visit, uid: str) -> GoodsLine | None:
    return next((line for line in visit.goods if line.line_uid == uid), None)


def _view(visit_id: int, uid: str, *, is_open: bool, with_sent: bool = False) -> tuple[Visit, LineView]:
    visit = get_visit(current_actor(), visit_id)
    line = _line_of(visit, uid)
    view = line_view(
        uid,
        line,
        is_open=is_open,
        alerts=alerts_on([line]) if line else None,
        photos=photos_by_subject(visit),
        category_code=request.form.get(f"goods-{uid}-category", "other"),
        sent=request.form if with_sent else None,
    )
    return visit, view


def _row(visit_id: int, uid: str, *, is_open: bool, is_new: bool = False) -> str:
    visit, view = _view(visit_id, uid, is_open=is_open)
    count = len(lines_on_log(visit))
    if view.line is None and not is_open:
        # Nothing was typed, so nothing was saved: the empty row just goes.
        return render_template("inspections/_line_gone.html", visit=visit, count_of_lines=count)
    return render_template(
        "inspections/_line.html", visit=visit, view=view, is_new=is_new, is_part=True, count_of_lines=count
    )
