"""Printed records as PDF, in the page's language or the one asked for."""

from io import BytesIO

from flask import Blueprint, Response, current_app, request, send_file

from inspect_app.pdf.documents import Language
from inspect_app.services.reports import print_visit
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("reports", __name__)


@blueprint.get("/inspections/<int:visit_id>/record.pdf")
@requires("reports.print")
def visit_record(visit_id: int) -> Response:
    """The joint inspection record of a visit; ``?download=1`` saves it, ``?language=zh|en`` overrides the page's."""
    language: Language = "en" if request.args.get("language", short_language()) == "en" else "zh"
    printed = print_visit(current_actor(), visit_id, language, current_app.config["INSPECT"])
    return send_file(
        BytesIO(printed.content),
        mimetype="application/pdf",
        as_attachment=request.args.get("download") == "1",
        download_name=f"{printed.number}-{language}.pdf",
    )
