"""Imports of whole files: upload, which column is what, progress, result."""

import io
import uuid
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.config import Settings
from inspect_app.forms.fields import LOCAL_ZONE
from inspect_app.forms.imports import GROUPS, CancelForm, MappingForm, UploadForm, mapping_form, target_word
from inspect_app.models import ImportBatch
from inspect_app.reference.mapping_rows import MappedItem
from inspect_app.reference.mappings import Mapping, missing_targets
from inspect_app.reference.vocabulary import label, labels
from inspect_app.services import import_mappings, import_refusals
from inspect_app.services import imports as service
from inspect_app.services.import_choices import Choices, build_mapping, choices_of, guess_mapping
from inspect_app.services.import_files import StoredFileDamaged
from inspect_app.services.import_mappings import MappingNameTaken, Preview
from inspect_app.services.imports import ImportAlreadyStarted, ImportNotFound, ImportOver, TargetsMissing
from inspect_app.services.masking import mask_document, mask_name, mask_phone
from inspect_app.services.sheet_reading import SheetRefused
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("imports", __name__, url_prefix="/imports")

TONES = {"done": "success", "failed": "danger", "running": "info", "queued": "info", "uploaded": "warning"}
# The mapping that is made from the names of the columns alone; no saved one can be called so.
GUESS = "="
SHOWN_REFUSALS = 20


@blueprint.get("")
@requires("imports.run")
def index() -> str:
    """The list of imports."""
    page = service.list_imports(current_actor(), request.args.get("page", 1, type=int))
    return render_template("imports/index.html", page=page, tones=TONES, words=_words("import_state"))


@blueprint.get("/new")
@requires("imports.run")
def new() -> str:
    """An upload form."""
    return _upload_page(UploadForm(submission_id=str(uuid.uuid4())))


@blueprint.post("/new")
@requires("imports.run")
def upload() -> ResponseReturnValue:
    """Takes in a file and goes on to its columns."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            import_id = service.upload_import(
                current_actor(), _settings(), form.submission_id.data, form.file.data.filename or "", form.file.data
            )
            return redirect(url_for("imports.map_columns", import_id=import_id), 303)
        except SheetRefused as refused:
            form.file.errors = [sheet_words(refused.code, refused.detail)]
    return _upload_page(form), 422


@blueprint.get("/<int:import_id>/mapping")
@requires("imports.run")
def map_columns(import_id: int) -> ResponseReturnValue:
    """Which column is what: a known mapping is suggested, each target can be changed."""
    batch = _find(import_id)
    if batch.state != "uploaded":
        return redirect(url_for("imports.show", import_id=import_id))
    return _mapping_page(batch, request.args.get("base"))


@blueprint.post("/<int:import_id>/mapping")
@requires("imports.run")
def preview_page(import_id: int) -> ResponseReturnValue:
    """The same page with what was picked, for a browser without scripts."""
    return _mapping_page(_find(import_id), request.form.get("base"))


@blueprint.post("/<int:import_id>/preview")
@requires("imports.run")
def preview(import_id: int) -> str:
    """The first rows through what is picked at the moment."""
    batch = _find(import_id)
    base = _base(batch, request.form.get("base"))
    form = _form(batch, base)
    return render_template("imports/_preview.html", **_preview_context(batch, _built(batch, base, form)))


@blueprint.post("/<int:import_id>/saved-mapping")
@requires("imports.run")
def save_mapping(import_id: int) -> ResponseReturnValue:
    """Keeps what is picked under a name, for the next file of the same sender."""
    batch = _find(import_id)
    base = _base(batch, request.form.get("base"))
    form = _form(batch, base)
    mapping = _built(batch, base, form)
    name = " ".join((form.save_as.data or "").split())
    form.validate()
    if not form.save_as.errors:
        if not name or name == GUESS:
            form.save_as.errors = [_("Type a name under which to find it again.")]
        elif mapping is None:
            form.save_as.errors = [_("Pick a column for at least one field first.")]
        else:
            try:
                import_mappings.save_mapping(current_actor(), name, mapping)
                flash(
                    _("Saved as “%(name)s”; suggested for the next file with these columns.", name=name),
                    "success",
                )
                return redirect(url_for("imports.map_columns", import_id=import_id, base=name), 303)
            except MappingNameTaken:
                form.save_as.errors = [_("This name is taken. Choose another one.")]
    return _mapping_page(batch, request.form.get("base"), form), 422


@blueprint.post("/<int:import_id>/start")
@requires("imports.run")
def start(import_id: int) -> ResponseReturnValue:
    """Fixes the mapping and hands the file to the worker."""
    batch = _find(import_id)
    base = _base(batch, request.form.get("base"))
    form = _form(batch, base)
    mapping = _built(batch, base, form)
    if not form.validate():
        return _mapping_page(batch, request.form.get("base"), form), 422
    if mapping is None:
        flash(_("Pick a column for at least one field first."), "danger")
        return _mapping_page(batch, request.form.get("base"), form), 422
    try:
        service.start_import(current_actor(), _settings(), import_id, mapping)
    except ImportAlreadyStarted:
        flash(_("This import has been started already; here it is."), "info")
    except TargetsMissing:
        return _mapping_page(batch, request.form.get("base"), form), 422
    return redirect(url_for("imports.show", import_id=import_id), 303)


@blueprint.get("/<int:import_id>")
@requires("imports.run")
def show(import_id: int) -> ResponseReturnValue:
    """How far an import is, or what came of it."""
    batch = _find(import_id)
    if batch.state == "uploaded":
        return redirect(url_for("imports.map_columns", import_id=import_id))
    return render_template("imports/show.html", cancel_form=CancelForm(), **_show_context(batch))


@blueprint.get("/<int:import_id>/progress")
@requires("imports.run")
def progress(import_id: int) -> Response:
    """How far it is, asked for every second; when it has ended the page is loaded anew."""
    batch = _find(import_id)
    response = current_app.make_response(render_template("imports/_progress.html", **_show_context(batch)))
    if batch.state not in {"queued", "running"}:
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.post("/<int:import_id>/cancel")
@requires("imports.run")
def cancel(import_id: int) -> ResponseReturnValue:
    """Stops an import before its next chunk."""
    try:
        service.cancel_import(current_actor(), import_id)
        flash(_("Cancelled. What had been taken stays; import the file again to take the rest."), "success")
    except ImportOver:
        flash(_("The import had ended already."), "info")
    except ImportNotFound:
        abort(404)
    return redirect(url_for("imports.show", import_id=import_id), 303)


@blueprint.get("/<int:import_id>/refused.<any(csv, xlsx):kind>")
@requires("imports.run")
def refused(import_id: int, kind: str) -> Response:
    """The refused rows with their reasons, to mend and import again."""
    _find(import_id)
    target = io.BytesIO()
    import_refusals.export_refused(current_actor(), import_id, short_language(), kind, target)
    target.seek(0)
    return send_file(target, as_attachment=True, download_name=f"refused-{import_id}.{kind}")


def sheet_words(code: str, detail: str) -> str:
    """What is wrong with a file, in the person's language, with the row or the limit where there is one."""
    words = label("sheet_fault", code, short_language())
    if code == "unclosed_quote":
        return _("%(fault)s (row %(row)s)", fault=words, row=detail)
    return _("%(fault)s (limit: %(limit)s)", fault=words, limit=detail) if detail else words


def _settings() -> Settings:
    settings: Settings = current_app.config["INSPECT"]
    return settings


def _find(import_id: int) -> ImportBatch:
    try:
        return service.find_import(current_actor(), import_id)
    except ImportNotFound:
        abort(404)


def _words(vocabulary: str) -> dict[str, str]:
    return {code: word.in_language(short_language()) for code, word in labels(vocabulary).items()}


def _upload_page(form: UploadForm) -> str:
    settings = _settings()
    return render_template(
        "imports/new.html", form=form, megabytes=settings.max_upload_mb, rows=settings.import_max_rows
    )


def _base(batch: ImportBatch, name: str | None) -> Mapping | None:
    """The mapping that the page starts from: the one named, none for "", the best one when nothing is named."""
    header = service.sheet_of(batch).header
    if name == GUESS:
        return guess_mapping(header)
    known = import_mappings.known_mappings()
    if name is None:
        return import_mappings.suggest_mapping(header, known)
    return next((mapping for mapping in known if mapping.name == name), None)


def _form(batch: ImportBatch, base: Mapping | None) -> MappingForm:
    header = service.sheet_of(batch).header
    shown: Choices = choices_of(base, header)
    return mapping_form(header, base, shown, short_language())


def _built(batch: ImportBatch, base: Mapping | None, form: MappingForm) -> Mapping | None:
    return build_mapping(base, service.sheet_of(batch).header, form.picked())


def _mapping_page(batch: ImportBatch, base_name: str | None, form: MappingForm | None = None) -> str:
    known = import_mappings.known_mappings()
    base = _base(batch, base_name)
    form = form or _form(batch, base)
    is_known = base is not None and any(mapping.name == base.name for mapping in known)
    form.base.data = base.name if base is not None and is_known else (GUESS if base is not None else "")
    return render_template(
        "imports/mapping.html",
        form=form,
        groups=GROUPS,
        known=[(mapping.name, mapping.title.in_language(short_language())) for mapping in known],
        guess=GUESS,
        earlier=service.earlier_import(batch),
        **_preview_context(batch, _built(batch, base, form)),
    )


def _preview_context(batch: ImportBatch, mapping: Mapping | None) -> dict[str, Any]:
    sheet = service.sheet_of(batch)
    found: Preview | None = None
    fault = ""
    if mapping is not None:
        try:
            found = import_mappings.preview_import(_settings(), batch, mapping)
        except SheetRefused as refused:
            fault = sheet_words(refused.code, refused.detail)
        except StoredFileDamaged:
            fault = sheet_words("stored_file_damaged", "")
    language = short_language()
    missing = missing_targets(mapping, sheet.header) if mapping else ()
    targets = [target for group in GROUPS.values() for target in group if mapping and target in mapping.columns]
    return {
        "batch": batch,
        "sheet": sheet,
        "found": found,
        "fault": fault,
        "missing": [target_word(target, language) for target in missing],
        "refusals": _words("refusal"),
        "headings": [target_word(target, language) for target in targets],
        "cells": lambda item: [_cell(item, target) for target in targets],
    }


def _cell(item: MappedItem, target: str) -> str:
    """What a row says for a target, as the preview shows it; an owner stays masked."""
    if target == "identifiers" or target.startswith("identifier."):
        kind = target.removeprefix("identifier.")
        return " ".join(value for its_kind, value in item.identifiers if kind in (its_kind, "identifiers"))
    if target == "value":
        return "" if item.value_fen is None else f"{item.value_fen / 100:,.2f}"
    if target == "category":
        return label("category", item.category, short_language())
    if target == "status":
        return label("item_status", item.status, short_language())
    value = getattr(item, target)
    if target.startswith("occurred"):
        return value.astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") if value else ""
    masks = {"owner_name": mask_name, "owner_phone": mask_phone, "owner_document": mask_document}
    if target in masks:
        return masks[target](value)
    return "" if value is None else (f"{value:g}" if isinstance(value, float) else str(value))


def _show_context(batch: ImportBatch) -> dict[str, Any]:
    done = batch.accepted_rows + batch.refused_rows + batch.repeated_rows
    language = short_language()
    fault = ""
    if batch.error:
        known = labels("sheet_fault")
        fault = known[batch.error].in_language(language) if batch.error in known else batch.error
    return {
        "batch": batch,
        "sheet": service.sheet_of(batch),
        "done": done,
        "fault": fault,
        "is_going": batch.state in {"queued", "running"},
        "tones": TONES,
        "words": _words("import_state"),
        "refusals": _words("refusal"),
        "reasons": import_refusals.refusal_reasons(batch.id, language) if batch.refused_rows else [],
        "refused_rows": import_refusals.list_refusals(batch.id, SHOWN_REFUSALS) if batch.refused_rows else [],
    }
