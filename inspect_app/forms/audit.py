"""What the auditor asks the trail for."""

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.validators import Optional, ValidationError

from inspect_app.forms.fields import LOCAL_ZONE, ChoiceField, DayField, text_field


class AuditFilterForm(FlaskForm):
    """Who, what, when and about which record; the choices come from the view."""

    class Meta:
        csrf = False

    who = text_field(_l("Badge number or name"), 80)
    action = ChoiceField(_l("What was done"), blank=_l("All"))
    since_on = DayField(_l("From day"), [Optional()])
    until_on = DayField(_l("To day"), [Optional()])
    subject_type = ChoiceField(_l("Record"), blank=_l("All"))
    subject_id = text_field(_l("Number of the record"), 60)

    def validate_until_on(self, field: Any) -> None:
        """Not before the first day."""
        if field.data and self.since_on.data and field.data < self.since_on.data:
            raise ValidationError(_l("The last day is before the first."))

    @property
    def since(self) -> datetime | None:
        """The beginning of the first day, on the clock of Asia/Shanghai."""
        day = self.since_on.data
        return datetime.combine(day, time.min, LOCAL_ZONE) if day else None

    @property
    def until(self) -> datetime | None:
        """The end of the last day, not included."""
        day = self.until_on.data
        return datetime.combine(day + timedelta(days=1), time.min, LOCAL_ZONE) if day else None
