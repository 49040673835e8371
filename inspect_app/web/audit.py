"""The auditor's page: what was done, by whom, and whether the trail is whole."""

import json
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from inspect_app.forms.audit import AuditFilterForm
from inspect_app.models import AuditEvent
from inspect_app.reference.audit_actions import action_label, field_label, subject_label
from inspect_app.services import audit_trail
from inspect_app.services.audit import ChainBreak
from inspect_app.services.audit_trail import EventFilter
from inspect_app.web.access import current_actor, requires
from inspect_app.web.languages import short_language

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
@requires("audit.view")
def index() -> str:
    """The events that fit the filter, the newest first."""
    form = AuditFilterForm(request.args)
    actor, language = current_actor(), short_language()
    actions = [(action, action_label(action, language)) for action in audit_trail.known_actions(actor)]
    subjects = [(kind, subject_label(kind, language)) for kind in audit_trail.known_subject_types(actor)]
    form.action.choices = [("", _("All")), *sorted(actions, key=lambda pair: pair[1])]
    form.subject_type.choices = [("", _("All")), *sorted(subjects, key=lambda pair: pair[1])]
    wanted = EventFilter()
    if form.validate():
        wanted = EventFilter(
            who=form.who.data or "",
            action=form.action.data or "",
            subject_type=form.subject_type.data or "",
            subject_id=form.subject_id.data or "",
            since=form.since,
            until=form.until,
        )
    page = audit_trail.find_events(actor, wanted, request.args.get("page", 1, type=int))
    return render_template(
        "audit/index.html", form=form, page=page, names=audit_trail.names_of(page.rows), **_words(language)
    )


@blueprint.post("/verifications")
@requires("audit.view")
def verify() -> str:
    """Verifies the next part of the trail; the page that comes back goes on by itself, or by a button."""
    after_seq = max(0, request.form.get("after_seq", 0, type=int))
    found = [_read_break(text) for text in request.form.getlist("found")]
    part = audit_trail.verify_part(current_actor(), after_seq)
    breaks = [*found, *part.breaks]
    template = "audit/_verification.html" if request.headers.get("HX-Request") else "audit/verification.html"
    return render_template(template, part=part, breaks=breaks, break_text=_break_text)


def _read_break(text: str) -> ChainBreak:
    """A break that an earlier part found, as the page carried it along."""
    try:
        first, reason, last = text.split(":")
        return ChainBreak(int(first), reason, int(last))
    except ValueError:
        abort(400)


def _break_text(found: ChainBreak) -> str:
    if found.reason == "missing":
        return _("Events %(first)s to %(last)s are missing.", first=found.seq, last=found.last_seq)
    if found.reason == "unlinked":
        return _("Event %(seq)s does not follow from the event before it.", seq=found.seq)
    return _("The content of event %(seq)s was changed.", seq=found.seq)


def _words(language: str) -> dict[str, Any]:
    def action_word(event: AuditEvent) -> str:
        return action_label(event.action, language)

    def subject_word(event: AuditEvent) -> str:
        return subject_label(event.subject_type, language)

    def actor_word(event: AuditEvent) -> str:
        if event.actor_id is not None:
            return event.actor_label
        return {"system": _("the product itself"), "unknown": _("someone unknown")}.get(
            event.actor_label, event.actor_label
        )

    def changes(event: AuditEvent) -> list[tuple[str, str, str]]:
        fields = dict.fromkeys([*event.before, *event.after])
        return [
            (field_label(name, language), _shown(event.before.get(name)), _shown(event.after.get(name)))
            for name in fields
        ]

    return {"action_word": action_word, "subject_word": subject_word, "actor_word": actor_word, "changes": changes}


def _shown(value: Any) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return _("hidden") if value.startswith("hidden:") else value
    return json.dumps(value, ensure_ascii=False)
