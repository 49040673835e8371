"""The parts of a draft that htmx saves and shows alone, while the rest of the page stays as it is."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from inspect_app.forms.inspections import facts_form, item_forms, item_prefix, officer_forms, read_draft
from inspect_app.services.inspection_drafts import save_draft
from inspect_app.services.inspection_photos import add_photos, photos_by_subject, take_photo_off
from inspect_app.services.inspections import checklist_of, get_visit
from inspect_app.web.access import current_actor, requires
from inspect_app.web.draft_pages import answered_count, server_time
from inspect_app.web.inspection_draft import officers_to_add, photo_store, refusal_text, sent_photos, with_officers
from inspect_app.web.inspections import blueprint as inspections

inspections.add_app_template_global(server_time, "server_time")


@inspections.post("/<int:visit_id>/autosave")
@requires("inspections.record")
def autosave(visit_id: int) -> str:
    """Saves the part of the page that was sent and answers with its errors and the time of saving."""
    visit = get_visit(current_actor(), visit_id)
    visit = save_draft(current_actor(), visit_id, read_draft(visit, request.form))
    forms = [
        facts_form(visit, request.form),
        *item_forms(visit, request.form).values(),
        *officer_forms(visit, request.form).values(),
    ]
    sent = [field for form in forms for field in form if field.name in request.form]
    return render_template(
        "inspections/_saved.html",
        visit=visit,
        fields=sent,
        answered=answered_count(visit),
        total=len(checklist_of(visit).items),
    )


@inspections.post("/<int:visit_id>/officers")
@requires("inspections.record")
def change_officers(visit_id: int) -> str:
    """Adds the officer who was chosen, or takes one off, and shows the list anew."""
    visit = get_visit(current_actor(), visit_id)
    change = with_officers(
        read_draft(visit, request.form),
        tapped=request.form.get("tapped", ""),
        removed=request.form.get("remove_officer", ""),
    )
    visit = save_draft(current_actor(), visit_id, change)
    return render_template(
        "inspections/_officers.html",
        visit=visit,
        officers=officer_forms(visit),
        officers_to_add=officers_to_add(visit),
        is_part=True,
    )


@inspections.post("/<int:visit_id>/photos")
@requires("inspections.record")
def upload_photos(visit_id: int) -> str:
    """Saves photos of the visit or of a checklist item as they are taken, and shows them; those of goods: see goods."""
    visit = get_visit(current_actor(), visit_id)
    keys = {item_prefix(item.key).rstrip("-"): item.key for item in checklist_of(visit).items}
    subject = request.args.get("subject", "visit")
    item_key = keys.get(subject, "")
    photos = sent_photos([file for name in request.files for file in request.files.getlist(name)])
    refused = add_photos(current_actor(), visit_id, photo_store(), photos, item_key=item_key)
    return _photos(visit_id, subject if item_key else "visit", item_key, [refusal_text(photo) for photo in refused])


@inspections.post("/<int:visit_id>/photos/<int:photo_id>/remove")
@requires("inspections.record")
def remove_photo(visit_id: int, photo_id: int) -> ResponseReturnValue:
    """Takes a photo off; its picture leaves the page."""
    take_photo_off(current_actor(), visit_id, photo_id)
    return ""


def _photos(visit_id: int, subject: str, item_key: str, refused: list[str]) -> str:
    visit = get_visit(current_actor(), visit_id)
    photos = photos_by_subject(visit).get(f"item:{item_key}" if item_key else "visit", [])
    return render_template(
        "inspections/_photos.html", visit=visit, subject=subject, photos=photos, refused=refused, is_part=True
    )
