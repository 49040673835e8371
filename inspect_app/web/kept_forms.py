"""Kept forms are offered again to the person who sent them: sent on with one tap, or dropped."""

import re
from io import BytesIO
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import current_user
from werkzeug.datastructures import FileStorage, ImmutableMultiDict
from werkzeug.exceptions import BadRequest, HTTPException

from inspect_app.services import kept_forms
from inspect_app.services.kept_forms import KeptFormGone, SentForm
from inspect_app.web.access import current_actor, requires
from inspect_app.web.navigation import navigation

blueprint = Blueprint("kept_forms", __name__, url_prefix="/kept-forms")

# The field by which the page of kept forms says which one it sends.
FIELD = "kept_form"
# Codes, counters and keys of the form itself remind nobody of what was typed.
_NOT_TYPED = re.compile(r"[a-z_]+|[0-9]{1,3}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@blueprint.get("/")
@requires("overview.view")
def index() -> ResponseReturnValue:
    """The person's kept forms; without any, the start page."""
    kept = kept_forms.list_kept_forms(current_actor())
    if not kept:
        return redirect(url_for("overview.start"))
    shown = [(row, _page_name(row.path), *_shown(kept_forms.unpack(row))) for row in kept]
    return render_template("kept_forms/index.html", kept=shown)


@blueprint.post("/<int:kept_id>/discard")
@requires("overview.view")
def discard(kept_id: int) -> ResponseReturnValue:
    """Drops a kept form for good."""
    try:
        kept_forms.discard_kept_form(current_actor(), kept_id)
        flash(_("The kept form was discarded."), "success")
    except KeptFormGone:
        flash(_("This kept form is gone: it was sent or discarded already, or kept for a day."), "info")
    return redirect(url_for(".index"))


@blueprint.before_app_request
def put_back() -> ResponseReturnValue | None:
    """A kept form that its sender sends again becomes this request's form, after the gate and the CSRF check."""
    if request.method != "POST" or not current_user.is_authenticated or FIELD not in request.form:
        return None
    try:
        kept_id = int(request.form[FIELD])
        form = kept_forms.read_kept_form(current_actor(), kept_id)
    except (ValueError, KeptFormGone):
        flash(_("This kept form is gone: it was sent or discarded already, or kept for a day."), "info")
        return redirect(url_for("kept_forms.index"))
    if form.path != request.full_path.rstrip("?"):
        raise BadRequest
    request.form = ImmutableMultiDict(form.fields)
    request.files = ImmutableMultiDict(_files_of(form))
    g.kept_form_id = kept_id
    return None


@blueprint.after_app_request
def drop_what_was_sent(response: Response) -> Response:
    """A kept form that was taken is not kept any longer; one that met an error stays until its day is over."""
    kept_id = g.pop("kept_form_id", None)
    if kept_id is not None and response.status_code < 400:
        kept_forms.discard_kept_form(current_actor(), kept_id, was_sent=True)
    return response


def _files_of(form: SentForm) -> list[tuple[str, FileStorage]]:
    return [
        (file.field, FileStorage(BytesIO(file.content), file.name, file.field, file.content_type))
        for file in form.files
    ]


def _page_name(path: str) -> str:
    """The entry of the bar that the page belongs to; "" for one that is not in the bar."""
    try:
        endpoint, _arguments = current_app.url_map.bind("").match(urlsplit(path).path, method="POST")
    except HTTPException:
        return ""
    feature = endpoint.split(".")[0]
    return next((text for entry, _icon, text, _permission, _feature in navigation() if entry.startswith(feature)), "")


def _shown(form: SentForm) -> tuple[list[str], list[str]]:
    """What was typed and the names of the files, as a reminder of which form it was."""
    typed = [value for _name, value in form.fields if value.strip() and not _NOT_TYPED.fullmatch(value.strip())]
    return typed, [file.name for file in form.files]
