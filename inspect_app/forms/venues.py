"""What people type about venues: to find one, and to register or edit one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField
from wtforms.validators import ValidationError

from inspect_app.forms.fields import ChoiceField, NumberField, fold_width, required, text_field
from inspect_app.reference.vocabulary import choices
from inspect_app.services.credit_codes import LENGTH, CheckedCode, check_credit_code
from inspect_app.services.venue_names import LONGEST_QUERY
from inspect_app.services.venues import VenueDetails

# Fields of people, by the box that removes what is stored.
PERSON_FIELDS: Final = ("responsible_name", "responsible_phone")
_STORED_NAMES: Final = (
    "submission_id",
    "version",
    "kind",
    "name",
    "credit_code",
    "filing_number",
    "licences",
    "area_code",
    "address",
    "lat",
    "lng",
    "market_id",
    "unit_id",
    "state",
    "risk",
    "notes",
)
Options = Sequence[tuple[str, str]]


def code_message(checked: CheckedCode) -> str:
    """What is wrong with a credit code; nothing when it fits or is empty."""
    if checked.problem == "characters":
        return _(
            "No code contains %(wrong)s: the letters I, O, S, V, Z and all signs are left out. "
            "Compare it with the licence.",
            wrong=" ".join(checked.wrong[:10]),
        )
    if checked.problem == "length":
        return _("A code has %(length)s characters, this one %(typed)s.", length=LENGTH, typed=len(checked.value))
    if checked.problem == "check_character":
        return _(
            "The last character does not fit: after the other 17 it would be %(expected)s. "
            "One character is misread or two are swapped: compare it with the licence.",
            expected=checked.expected,
        )
    return ""


class VenueFilterForm(FlaskForm):
    """Which venues are listed; sent as a plain GET, so it needs no token."""

    class Meta:
        csrf = False

    q = text_field(_l("Search"), LONGEST_QUERY, render_kw={"type": "search"})
    kind = ChoiceField(_l("Kind"))
    area_code = ChoiceField(_l("Area"))
    state = ChoiceField(_l("State"))

    def __init__(self, language: str, areas: Options, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _l("All kinds")), *choices("venue_kind", language)]
        self.area_code.choices = [("", _l("All areas")), *areas]
        self.state.choices = [("", _l("All states")), *choices("venue_state", language)]

    def chosen(self, name: str) -> str:
        """What a filter asks for; one that cannot be asks for nothing."""
        field = self[name]
        return "" if not field.validate(self) else field.data or ""


class VenueForm(FlaskForm):
    """A venue. People's fields stay empty when it is edited: blank keeps what is stored, a tick removes it."""

    submission_id = HiddenField(validators=[required()])
    # The version of the record that the person saw, so that a change made meanwhile is not overwritten.
    version = HiddenField(default="0")
    kind = RadioField(_l("Kind"), [required()])
    name = text_field(_l("Name"), 120, is_required=True)
    credit_code = text_field(_l("Unified social credit code"), 40)
    is_code_as_on_licence = BooleanField(_l("It stands so on the licence: keep it, marked as doubtful"))
    filing_number = text_field(_l("Filing number"), 60)
    licences = text_field(_l("Licences"), 2000, lines=2)
    area_code = ChoiceField(_l("Area"), [required()])
    address = text_field(_l("Address"), 200, is_required=True)
    is_second_at_place = BooleanField(_l("This is another venue: save it as well"))
    lat = NumberField(_l("Latitude"), decimals=6, largest=90, is_whole=False)
    lng = NumberField(_l("Longitude"), decimals=6, largest=180, is_whole=False)
    market_id = ChoiceField(_l("Stall of the market"))
    responsible_name = text_field(_l("Responsible person"), 80)
    removes_responsible_name = BooleanField(_l("Remove the stored name"))
    responsible_phone = text_field(_l("Phone of the responsible person"), 40, render_kw={"inputmode": "tel"})
    removes_responsible_phone = BooleanField(_l("Remove the stored phone"))
    unit_id = ChoiceField(_l("Unit in charge"))
    state = RadioField(_l("State"), [required()], default="active")
    risk = RadioField(_l("Risk"), [required()], default="low")
    notes = text_field(_l("Notes"), 2000, lines=3)

    def __init__(self, language: str, options: Mapping[str, Options], *args: Any, **kwargs: Any) -> None:
        """``options`` has the choices of area_code, unit_id and market_id."""
        super().__init__(*args, **kwargs)
        self.kind.choices = choices("venue_kind", language)
        self.state.choices = choices("venue_state", language)
        self.risk.choices = choices("risk", language)
        self.area_code.choices = [("", _l("Choose an area")), *options["area_code"]]
        self.unit_id.choices = [("", _l("The police station of the area")), *options["unit_id"]]
        self.market_id.choices = [("", _l("Not in a market")), *options["market_id"]]

    @staticmethod
    def stored_names() -> tuple[str, ...]:
        """The fields that show what is stored: all but people's, which stay empty, and the ticks."""
        return _STORED_NAMES

    def validate_credit_code(self, field: Any) -> None:
        """A code that is none is refused, unless its last character stands so on the licence."""
        checked = check_credit_code(field.data or "")
        is_kept = checked.problem == "check_character" and self.is_code_as_on_licence.data
        if checked.problem and not is_kept:
            raise ValidationError(code_message(checked))

    def validate_lng(self, field: Any) -> None:
        """A place on the map has both numbers."""
        if (field.data is None) != (self.lat.data is None) and not self.lat.errors:
            raise ValidationError(_l("Enter both latitude and longitude, or neither."))

    def details(self) -> VenueDetails:
        """What was typed, as the service takes it."""
        return VenueDetails(
            kind=self.kind.data,
            name=self.name.data,
            credit_code=self.credit_code.data or "",
            is_code_as_on_licence=self.is_code_as_on_licence.data,
            filing_number=fold_width(self.filing_number.data or ""),
            licences=self.licences.data or "",
            area_code=self.area_code.data,
            address=self.address.data,
            lat=self.lat.data,
            lng=self.lng.data,
            market_id=int(self.market_id.data) if self.market_id.data else None,
            responsible_name=self._person("responsible_name"),
            responsible_phone=self._person("responsible_phone"),
            unit_id=int(self.unit_id.data) if self.unit_id.data else None,
            state=self.state.data,
            risk=self.risk.data,
            notes=self.notes.data or "",
        )

    def seen_version(self) -> int:
        """The version of the record that the form was made from; 0, which none has, for a forged one."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def _person(self, name: str) -> str | None:
        """What was typed anew; "" removes what is stored and None keeps it."""
        typed = self[name].data
        if typed:
            return fold_width(typed)
        return "" if self[f"removes_{name}"].data else None
