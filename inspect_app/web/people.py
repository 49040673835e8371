"""Personal data: masked everywhere, shown in full once to who may see it and says why."""

from typing import Any

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from inspect_app.services.people import (
    SHORTEST_REASON,
    PersonNotFound,
    ReasonTooShort,
    check_document,
    load_masked,
    reveal_person,
)
from inspect_app.web.access import current_actor, requires

blueprint = Blueprint("people", __name__, url_prefix="/people")


@blueprint.post("/<int:person_id>/reveal")
@requires("people.reveal")
def reveal(person_id: int) -> ResponseReturnValue:
    """Shows a person in full on this page alone: it is never stored by the browser, and nothing leads back to it."""
    is_partial = "HX-Request" in request.headers
    template = "people/card.html" if is_partial else "people/reveal.html"
    reason = request.form.get("reason", "").replace("\0", "")
    context: dict[str, Any] = {"back": _way_back(), "reason": reason, "error": ""}
    try:
        context["person"] = reveal_person(current_actor(), person_id, reason)
        context["is_revealed"], status = True, 200
    except ReasonTooShort:
        context["person"] = load_masked(person_id)
        context["error"] = _("Give a reason of at least %(length)s characters.", length=SHORTEST_REASON)
        # htmx swaps only what succeeded, and the form with its message must come back.
        status = 200 if is_partial else 422
    except PersonNotFound:
        abort(404)
    response = make_response(render_template(template, **context), status)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/check-document")
@requires("overview.view")
def check_document_number() -> str:
    """A hint beside the field: whether a document number may be mistyped. Fields end in kind and document."""
    kind = next((value for name, value in request.form.items() if name.endswith("document_kind")), "")
    number = next((value for name, value in request.form.items() if name.endswith("document")), "")
    return render_template("people/document_check.html", doubt=check_document(kind, number[:100]))


@blueprint.app_template_global()
def document_doubt(code: str) -> str:
    """The words for a code of ``check_document``; "" for none."""
    return {
        "resident_id_length": _("an identity card number has 18 characters"),
        "resident_id_characters": _("an identity card number has 17 digits and a digit or X"),
        "resident_id_check_character": _("the last character does not fit the others"),
        "resident_id_birth_date": _("the date of birth in it does not exist"),
        "resident_id_area": _("the first six digits are no known area"),
    }.get(code, "")


def _way_back() -> str:
    back = request.form.get("back", "")
    return back if back.startswith("/") and not back.startswith(("//", "/\\")) else url_for("overview.start")
