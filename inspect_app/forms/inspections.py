"""The forms of a visit: starting one, finding one, and the parts of its draft."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import DateField, Form, HiddenField
from wtforms.validators import ValidationError

from inspect_app.forms.drafts import DraftForm, NotBefore
from inspect_app.forms.fields import (
    ChoiceField,
    DayField,
    LocalDateTimeField,
    NotInFuture,
    required,
    text_field,
)
from inspect_app.forms.goods import read_lines
from inspect_app.models import ChecklistAnswer, Visit
from inspect_app.reference.vocabulary import choices
from inspect_app.services.goods import read_unparsed
from inspect_app.services.inspection_drafts import DraftChange
from inspect_app.services.inspections import checklist_of
from inspect_app.services.masking import mask_name

LONGEST_TEXT: Final = 8000
LONGEST_NOTE: Final = 2000


def _words(vocabulary: str) -> Any:
    """The choices of a vocabulary in the language of the page, read when the form is shown."""
    return lambda: choices(vocabulary, str(get_locale()))


def is_uuid(text: str) -> bool:
    """Whether the text is a UUID as forms carry it."""
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False


class StartForm(FlaskForm):
    """Begins a visit."""

    submission_id = HiddenField()
    venue_id = HiddenField()
    kind = ChoiceField(_l("Kind of inspection"), options=_words("visit_kind"), default="routine")
    started_at = LocalDateTimeField(_l("Started at"), [required(), NotInFuture()])

    def validate_submission_id(self, field: Any) -> None:
        """A form without its own id gets a new one: nothing that people could mend."""
        if not is_uuid(field.data or ""):
            field.data = str(uuid.uuid4())

    def validate_venue_id(self, field: Any) -> None:
        """A venue must have been chosen."""
        if not (field.data or "").isascii() or not (field.data or "").isdigit() or len(field.data) > 9:
            raise ValidationError(_l("Choose the venue."))


class SearchForm(Form):
    """The filters of the list of visits."""

    text = text_field(_l("Number or venue"), 100)
    state = ChoiceField(_l("State"), options=_words("visit_state"), blank=_l("All"))
    kind = ChoiceField(_l("Kind of inspection"), options=_words("visit_kind"), blank=_l("All"))
    from_on: DateField = DayField(_l("From"))
    until_on: DateField = DayField(_l("Until"))


class FactsForm(DraftForm):
    """Kind, times, findings, statement and outcome of a visit."""

    kind = ChoiceField(_l("Kind of inspection"), options=_words("visit_kind"))
    started_at = LocalDateTimeField(_l("Started at"), [required(), NotInFuture()])
    ended_at = LocalDateTimeField(_l("Ended at"), [NotBefore("started_at"), NotInFuture()])
    findings = text_field(_l("What was found"), LONGEST_TEXT, lines=5)
    venue_statement = text_field(_l("The venue's statement"), LONGEST_TEXT, lines=4)
    venue_representative = text_field(_l("Who stood for the venue"), 80)
    outcome = ChoiceField(_l("Outcome"), options=_words("visit_outcome"), blank="")


class ItemForm(DraftForm):
    """The answer to one item of the checklist."""

    answer = ChoiceField(_l("Answer"), options=_words("answer"), blank="")
    note = text_field(_l("Note"), LONGEST_NOTE, lines=2)


class OfficerForm(DraftForm):
    """The credential that one officer showed."""

    credential = text_field(_l("Credential shown"), 60)


def read_draft(visit: Visit, sent: MultiDict[str, str]) -> DraftChange:
    """All that was sent of a visit, whole page or part."""
    facts = facts_form(visit, sent).reading()
    items = {key: form.reading() for key, form in item_forms(visit, sent).items()}
    officers = {user_id: form.reading() for user_id, form in officer_forms(visit, sent).items()}
    values = dict(facts.values)
    if "outcome" in values:
        values["outcome"] = values["outcome"] or None
    if values.get("venue_representative") and values["venue_representative"] == mask_name(visit.venue_representative):
        # The page shows the name masked; sent back unchanged it says nothing new.
        del values["venue_representative"]
    readings = [facts, *items.values(), *officers.values()]
    return DraftChange(
        values=values,
        answers={key: reading.values for key, reading in items.items() if reading.values},
        credentials={
            user_id: reading.values["credential"]
            for user_id, reading in officers.items()
            if "credential" in reading.values
        },
        lines=read_lines(visit, sent),
        sent=frozenset().union(*(reading.sent for reading in readings)),
        unparsed={name: text for reading in readings for name, text in reading.unparsed.items()},
    )


def facts_form(visit: Visit, sent: MultiDict[str, str] | None = None) -> FactsForm:
    """The facts of the visit, with what was sent."""
    stored = {
        "kind": visit.kind,
        "started_at": visit.started_at,
        "ended_at": visit.ended_at,
        "findings": visit.findings,
        "venue_statement": visit.venue_statement,
        "venue_representative": mask_name(visit.venue_representative),
        "outcome": visit.outcome or "",
    }
    return FactsForm(sent, stored=stored, unparsed=read_unparsed(visit.unparsed))


def item_prefix(key: str) -> str:
    """What the names of an item's fields begin with; its dot would need escaping in selectors."""
    return f"item-{key.replace('.', '-')}-"


def item_forms(visit: Visit, sent: MultiDict[str, str] | None = None) -> dict[str, ItemForm]:
    """A form for each item of the visit's checklist, by the item's key."""
    answers = {answer.item_key: answer for answer in visit.answers}
    unparsed = read_unparsed(visit.unparsed)
    return {item.key: _item_form(answers.get(item.key), item.key, unparsed, sent) for item in checklist_of(visit).items}


def _item_form(
    answer: ChecklistAnswer | None, key: str, unparsed: Mapping[str, str], sent: MultiDict[str, str] | None
) -> ItemForm:
    stored = {"answer": answer.answer if answer else "", "note": answer.note if answer else ""}
    return ItemForm(sent, stored=stored, unparsed=unparsed, prefix=item_prefix(key))


def officer_forms(visit: Visit, sent: MultiDict[str, str] | None = None) -> dict[int, OfficerForm]:
    """A form for each officer of the visit, by user id."""
    unparsed = read_unparsed(visit.unparsed)
    return {
        officer.user_id: OfficerForm(
            sent,
            stored={"credential": officer.credential_shown},
            unparsed=unparsed,
            prefix=f"officer-{officer.user_id}-",
        )
        for officer in visit.officers
    }
