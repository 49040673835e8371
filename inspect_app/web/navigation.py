"""The entries of the bar at the top; each is shown to those who have its permission and once its page exists."""

from flask import Blueprint, current_app
from flask_babel import gettext as _

from inspect_app.web.languages import select_language

blueprint = Blueprint("navigation", __name__)


@blueprint.app_template_global()
def navigation() -> list[tuple[str, str, str, str, str]]:
    """Endpoint, icon, text, permission and blueprint of each entry."""
    entries = [
        ("inspections.index", "clipboard-check", _("Inspections"), "inspections.view", "inspections"),
        ("alerts.index", "bell", _("Alerts"), "alerts.view", "alerts"),
        ("stolen.index", "search", _("Stolen property"), "stolen.view", "stolen"),
        ("venues.index", "shop", _("Venues"), "venues.view", "venues"),
        ("imports.index", "file-earmark-arrow-up", _("Imports"), "imports.run", "imports"),
        ("completeness.index", "patch-check", _("Completeness"), "matching.view", "completeness"),
        ("matching.index", "translate", _("Matcher"), "matching.view", "matching"),
        ("audit.index", "journal-check", _("Audit trail"), "audit.view", "audit"),
        ("accounts.index", "people", _("Accounts"), "accounts.manage", "accounts"),
    ]
    return [entry for entry in entries if entry[0] in current_app.view_functions]


blueprint.add_app_template_global(select_language, "select_language")
