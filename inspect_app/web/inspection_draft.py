"""The draft of a visit as plain HTML: one form. Every button saves all of it first, then does its own thing."""

import dataclasses
import uuid
from collections.abc import Callable
from typing import Any, Final

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import BadRequest, Conflict, Forbidden

from inspect_app.forms.goods import read_line
from inspect_app.forms.inspections import is_uuid, item_prefix, read_draft
from inspect_app.models import Visit
from inspect_app.reference.vocabulary import choices, labels
from inspect_app.services.directory import list_officers
from inspect_app.services.goods import (
    LineOfAnotherVisit,
    LineUnknown,
    MoveNotAllowed,
    remove_line,
    repeat_last_line,
    restore_line,
)
from inspect_app.services.inspection_drafts import DraftChange, EndsBeforeStart, NoSuchOfficer, save_draft
from inspect_app.services.inspection_photos import PhotoStore, RefusedPhoto, SentPhoto, add_photos, take_photo_off
from inspect_app.services.inspection_submission import VisitNotReady, find_problems, submit_visit
from inspect_app.services.inspections import (
    NotAnOfficerOfTheVisit,
    VisitLocked,
    checklist_of,
    get_visit,
    lately_with,
    may_edit,
)
from inspect_app.web.access import current_actor, requires
from inspect_app.web.draft_pages import answered_count, draft_page
from inspect_app.web.inspections import blueprint as inspections
from inspect_app.web.languages import short_language

PHOTO_FIELD: Final = "photo-"
_LIKELY_OFFICERS: Final = 5


@inspections.get("/<int:visit_id>/edit")
@requires("inspections.record")
def edit(visit_id: int) -> ResponseReturnValue:
    """The page of a draft. ``open`` names lines to show with their fields, ``check`` asks what is still missing."""
    visit = get_visit(current_actor(), visit_id)
    if not may_edit(current_actor(), visit):
        if visit.state != "draft":
            flash(_("This visit was submitted and can no longer be changed."), "info")
        return redirect(url_for(".show", visit_id=visit_id))
    problems = find_problems(visit) if "check" in request.args else ()
    faulty = {problem.key for problem in problems if problem.place == "line"}
    new_uid, category = request.args.get("new", ""), request.args.get("category", "other")
    new_line = (new_uid, category if category in labels("category") else "other") if is_uuid(new_uid) else None
    page = draft_page(
        visit,
        open_lines=frozenset({*request.args.getlist("open"), *faulty, new_uid}),
        new_line=new_line,
        problems=problems,
    )
    return render_template(
        "inspections/edit.html",
        page=page,
        visit=visit,
        officers_to_add=officers_to_add(visit),
        answered=answered_count(visit),
        answer_choices=choices("answer", short_language()),
        outcome_choices=choices("visit_outcome", short_language()),
    )


@inspections.post("/<int:visit_id>/edit")
@requires("inspections.record")
def save(visit_id: int) -> ResponseReturnValue:
    """Saves all that was sent, then does what the button says: ``action`` is "save", "submit", "add-line:phone" ..."""
    visit = get_visit(current_actor(), visit_id)
    action, _colon, target = request.form.get("action", "save").partition(":")
    change = with_officers(
        read_draft(visit, request.form),
        tapped=target if action == "add-officer" else "",
        removed=target if action == "remove-officer" else "",
    )
    if action == "rest-unchecked":
        change = _rest_unchecked(visit, change)
    save_draft(current_actor(), visit_id, change)
    for refused in _save_photos(visit):
        flash(refusal_text(refused), "danger")
    return _ACTIONS.get(action, _after_save)(visit_id, target)


def with_officers(change: DraftChange, *, tapped: str = "", removed: str = "") -> DraftChange:
    """The change with the officers who were chosen from the list or tapped, and without the one to take off."""
    chosen = (*_ids(request.form.get("add_officer", "")), *_ids(tapped))
    known = {user.id for user in list_officers()} if chosen else set()
    added = tuple(user_id for user_id in chosen if user_id in known)
    if len(added) < len(chosen):
        flash(_("The officer was not added: the account is no longer active. All else is saved."), "warning")
    return dataclasses.replace(change, added_officers=added, removed_officers=_ids(removed))


@dataclasses.dataclass(frozen=True, slots=True)
class OfficerChoices:
    """Who may be added to a visit: ``likely`` are one tap away, ``by_unit`` is everyone; pairs of user id and name."""

    likely: list[tuple[int, str]]
    by_unit: dict[str, list[tuple[int, str]]]


def officers_to_add(visit: Visit) -> OfficerChoices:
    """The inspectors who are not in the visit yet: those lately met and the own unit are likely, and it comes first."""
    present = {officer.user_id for officer in visit.officers}
    english = short_language() == "en"
    own_unit = current_actor().unit_id
    grouped: dict[str, list[tuple[int, str]]] = {}
    officers = sorted(list_officers(), key=lambda user: user.unit_id != own_unit)
    names = {user.id: user.full_name for user in officers if user.id not in present}
    likely = [*lately_with(current_actor()), *(user.id for user in officers if user.unit_id == own_unit)]
    for user in officers:
        if user.id not in present:
            unit = user.unit
            assert unit is not None, "officers are listed by their unit"
            name = f"{unit.agency.name_en}, {unit.name_en}" if english else f"{unit.agency.name_zh} {unit.name_zh}"
            grouped.setdefault(name, []).append((user.id, f"{user.full_name} · {user.badge_number}"))
    first = [(user_id, names[user_id]) for user_id in dict.fromkeys(likely) if user_id in names]
    return OfficerChoices(first[:_LIKELY_OFFICERS], grouped)


def photo_store() -> PhotoStore:
    """Where this application keeps photos."""
    settings = current_app.config["INSPECT"]
    return PhotoStore(folder=settings.upload_dir, max_bytes=settings.max_photo_mb * 1024 * 1024)


def sent_photos(files: list[FileStorage]) -> list[SentPhoto]:
    """The files that were really chosen: a browser sends an empty one for a field without any."""
    return [SentPhoto(file.filename, file.read()) for file in files if file.filename]


def refusal_text(refused: RefusedPhoto) -> str:
    """What to tell the person about a photo that was not taken."""
    if refused.reason == "too_large":
        limit = current_app.config["INSPECT"].max_photo_mb
        return _(
            "“%(name)s” is too large: at most %(limit)s MB fit. Take it again, smaller; all else is saved.",
            name=refused.name,
            limit=limit,
        )
    return _("“%(name)s” is not a picture that can be read. Take it again; all else is saved.", name=refused.name)


def _save_photos(visit: Visit) -> list[RefusedPhoto]:
    """Saves every photo of the request: "photo-visit", "photo-item-<key>" and "photo-goods-<line uid>"."""
    keys = {item_prefix(item.key).rstrip("-"): item.key for item in checklist_of(visit).items}
    lines = {line.line_uid: line for line in visit.goods}
    refused: list[RefusedPhoto] = []
    for name in request.files:
        photos = sent_photos(request.files.getlist(name))
        subject = name.removeprefix(PHOTO_FIELD)
        uid = subject.removeprefix("goods-")
        if not photos or not name.startswith(PHOTO_FIELD):
            continue
        item_key = keys.get(subject, "")
        line = read_line(uid, lines.get(uid), request.form, has_photo=True) if is_uuid(uid) else None
        if item_key or line or subject == "visit":
            refused += add_photos(current_actor(), visit.id, photo_store(), photos, item_key=item_key, line=line)
    return refused


def _rest_unchecked(visit: Visit, change: DraftChange) -> DraftChange:
    """Marks every item that has no answer yet as not checked: said in so many words, not left open."""
    answered = {answer.item_key for answer in visit.answers}
    answered |= {key for key, sent in change.answers.items() if sent.get("answer")}
    rest = {
        item.key: {**change.answers.get(item.key, {}), "answer": "not_checked"}
        for item in checklist_of(visit).items
        if item.key not in answered
    }
    return dataclasses.replace(change, answers={**change.answers, **rest})


def _ids(text: str) -> tuple[int, ...]:
    return (int(text),) if text.isascii() and text.isdigit() and len(text) <= 9 else ()


def _back(visit_id: int, anchor: str = "", **arguments: str) -> ResponseReturnValue:
    values: dict[str, Any] = {"visit_id": visit_id, **arguments}
    return redirect(url_for(".edit", _anchor=anchor or None, **values))


def _after_save(visit_id: int, _target: str) -> ResponseReturnValue:
    flash(_("Saved."), "success")
    return _back(visit_id)


def _submit(visit_id: int, _target: str) -> ResponseReturnValue:
    try:
        submit_visit(current_actor(), visit_id)
    except VisitNotReady:
        return _back(visit_id, "error-summary", check="1")
    flash(_("Submitted. The record is locked and can be printed now."), "success")
    return redirect(url_for(".show", visit_id=visit_id))


def _add_line(visit_id: int, category: str) -> ResponseReturnValue:
    uid = _new_uid()
    return _back(visit_id, f"line-{uid}", new=uid, category=category)


def _repeat_line(visit_id: int, _target: str) -> ResponseReturnValue:
    line = repeat_last_line(current_actor(), visit_id, _new_uid())
    return _back(visit_id, f"line-{line.line_uid}", open=line.line_uid) if line else _back(visit_id, "goods")


def _open_line(visit_id: int, uid: str) -> ResponseReturnValue:
    return _back(visit_id, f"line-{uid}", open=uid)


def _close_line(visit_id: int, uid: str) -> ResponseReturnValue:
    return _back(visit_id, f"line-{uid}")


def _remove_line(visit_id: int, uid: str) -> ResponseReturnValue:
    remove_line(current_actor(), visit_id, _as_uid(uid))
    return _back(visit_id, "goods")


def _restore_line(visit_id: int, uid: str) -> ResponseReturnValue:
    restore_line(current_actor(), visit_id, _as_uid(uid))
    return _back(visit_id, f"line-{uid}")


def _show_officers(visit_id: int, _target: str) -> ResponseReturnValue:
    return _back(visit_id, "officers")


def _show_checklist(visit_id: int, _target: str) -> ResponseReturnValue:
    return _back(visit_id, "checklist")


def _remove_photo(visit_id: int, target: str) -> ResponseReturnValue:
    for photo_id in _ids(target):
        take_photo_off(current_actor(), visit_id, photo_id)
    return _back(visit_id)


def _as_uid(text: str) -> str:
    """The uid that a button carries; a made-up one is refused."""
    if not is_uuid(text):
        raise LineUnknown
    return text


def _new_uid() -> str:
    """The uid that the page made for the next line, so that the same page sent twice makes one line."""
    uid = request.form.get("new_line_uid", "")
    return uid if is_uuid(uid) else str(uuid.uuid4())


_ACTIONS: Final[dict[str, Callable[[int, str], ResponseReturnValue]]] = {
    "save": _after_save,
    "submit": _submit,
    "add-line": _add_line,
    "repeat-line": _repeat_line,
    "open": _open_line,
    "close": _close_line,
    "remove-line": _remove_line,
    "restore-line": _restore_line,
    "add-officer": _show_officers,
    "remove-officer": _show_officers,
    "rest-unchecked": _show_checklist,
    "remove-photo": _remove_photo,
}


@inspections.app_errorhandler(VisitLocked)
@inspections.app_errorhandler(EndsBeforeStart)
@inspections.app_errorhandler(MoveNotAllowed)
def _changed_meanwhile(_error: Exception) -> ResponseReturnValue:
    return current_app.handle_http_exception(Conflict())


@inspections.app_errorhandler(NotAnOfficerOfTheVisit)
def _not_yours(_error: Exception) -> ResponseReturnValue:
    return current_app.handle_http_exception(Forbidden())


@inspections.app_errorhandler(NoSuchOfficer)
@inspections.app_errorhandler(LineOfAnotherVisit)
@inspections.app_errorhandler(LineUnknown)
def _made_up(_error: Exception) -> ResponseReturnValue:
    return current_app.handle_http_exception(BadRequest())
