"""Forms of a draft: every field is read on its own, so one that cannot be read keeps none of the others from saving.

What a field cannot read is kept as typed and comes back with its error, on this page and on every later one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form
from wtforms.validators import ValidationError


@dataclass(frozen=True, slots=True)
class Reading:
    """What was sent: values by field, the full names of all fields sent, and the typed text of the unreadable ones."""

    values: Mapping[str, Any]
    sent: frozenset[str]
    unparsed: Mapping[str, str]


class DraftForm(Form):
    """A form of which any part may be sent. ``stored`` has the values of the record, ``unparsed`` what awaits mending.

    A field that was not sent shows what is stored, or the text that could not be read, with its error.
    """

    def __init__(
        self,
        sent: MultiDict[str, str] | None = None,
        *,
        stored: Mapping[str, Any],
        unparsed: Mapping[str, str],
        prefix: str = "",
    ) -> None:
        super().__init__(None, data=dict(stored), prefix=prefix)
        sent = sent if sent is not None else MultiDict()
        self._sent = frozenset(field.name for field in self if field.name in sent)
        texts = MultiDict(unparsed)
        for name in self._sent:
            texts.setlist(name, sent.getlist(name))
        # Every value first, then the checks: a check may compare two fields.
        shown = [field for field in self if field.name in texts]
        for field in shown:
            field.process(texts, field.data)
        for field in shown:
            field.validate(self)
        self._texts = texts

    def reading(self) -> Reading:
        """What was sent, read field by field."""
        sent = [field for field in self if field.name in self._sent]
        return Reading(
            values={field.short_name: field.data for field in sent if not field.errors},
            sent=self._sent,
            unparsed={field.name: self._texts[field.name] for field in sent if field.errors},
        )

    @property
    def names(self) -> list[str]:
        """The full names of all fields."""
        return [field.name for field in self]


class NotBefore:
    """A time that does not lie before the one in the field ``earlier``."""

    def __init__(self, earlier: str) -> None:
        self.earlier = earlier

    def __call__(self, form: Any, field: Field) -> None:
        start = form[self.earlier].data
        if field.data is not None and start is not None and field.data < start:
            raise ValidationError(_l("The end lies before the start. Check both times."))
