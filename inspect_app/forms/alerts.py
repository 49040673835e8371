"""What people type about alerts: which to list, and how one was judged."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import ValidationError

from inspect_app.forms.fields import ChoiceField, required, text_field
from inspect_app.reference.vocabulary import choices
from inspect_app.rules import DISMISSAL_REASONS


class AlertFilterForm(FlaskForm):
    """Which alerts are listed; sent as a plain GET, so it needs no token."""

    class Meta:
        csrf = False

    text = text_field(_l("Search"), 80, render_kw={"type": "search"})
    state = ChoiceField(_l("State"), default="open")
    band = ChoiceField(_l("Strength"), default="alert")
    order = ChoiceField(
        _l("Order"), default="newest", options=[("newest", _l("Newest first")), ("strongest", _l("Strongest first"))]
    )

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [("open", _l("Waiting for a decision")), ("judged", _l("Decided")), ("", _l("All"))]
        self.state.choices = [*groups, *choices("alert_state", language)]
        self.band.choices = [*choices("alert_band", language), ("", _l("Both"))]


class JudgementForm(FlaskForm):
    """The judgement of one alert."""

    submission_id = HiddenField(validators=[required()])
    evidence_key = HiddenField()
    verdict = RadioField(
        _l("Your decision"),
        [required()],
        choices=[
            SelectChoice("confirmed", _l("It is the stolen item")),
            SelectChoice("dismissed", _l("It is not")),
            SelectChoice("unsure", _l("Not sure yet")),
        ],
    )
    reason = ChoiceField(_l("Why it is not"), blank=_l("Choose a reason"))
    note = text_field(_l("Note"), 1000, lines=3)

    def __init__(self, language: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [("", _l("Choose a reason")), *choices("dismissal_reason", language)]

    def validate_reason(self, field: Any) -> None:
        """A dismissal says why."""
        if self.verdict.data == "dismissed" and field.data not in DISMISSAL_REASONS:
            raise ValidationError(_l("Say why it is not the stolen item."))

    def validate_note(self, field: Any) -> None:
        """The reason "other" says nothing by itself."""
        if self.verdict.data == "dismissed" and self.reason.data == "other" and not field.data:
            raise ValidationError(_l("Describe the other reason."))
