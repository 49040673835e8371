"""The forms of an import: the file, and which of its columns is what."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from inspect_app.forms.fields import ChoiceField, required, text_field
from inspect_app.reference.mappings import IDENTIFIER_TARGETS, TARGETS, Mapping
from inspect_app.reference.vocabulary import choices, label
from inspect_app.services.import_choices import DATE_FORMATS, KEEP, VALUE_SCALES, WEIGHT_SCALES, Choices

# The targets in the order in which a person thinks of them.
GROUPS: dict[str, tuple[str, ...]] = {
    "thing": (
        "category",
        "description",
        "brand",
        "model",
        "specification",
        "colour",
        "marks",
        "quantity",
        "unit",
        "weight_g",
        "value",
    ),
    "identifiers": (*IDENTIFIER_TARGETS, "identifiers"),
    "theft": ("report_number", "occurred_from", "occurred_to", "place", "method", "lat", "lng", "status"),
    "owner": ("owner_name", "owner_phone", "owner_document"),
}
TIMEZONES = ("Asia/Shanghai", "UTC")


class UploadForm(FlaskForm):
    """A file to import."""

    submission_id = HiddenField(validators=[required()])
    file = FileField(_l("File"), validators=[FileRequired(_l("Choose a file."))])


class CancelForm(FlaskForm):
    """Only the token: cancelling has nothing to fill in."""


class MappingForm(FlaskForm):
    """How the columns are read; the field of each target is added by ``mapping_form``."""

    base = HiddenField()
    date_order = ChoiceField(_l("Dates are written"))
    weight_unit = ChoiceField(_l("Weights are in"))
    value_unit = ChoiceField(_l("Values are in"))
    fixed_category = ChoiceField(_l("Category of every row"))
    timezone = ChoiceField(_l("Times are on the clock of"))
    save_as = text_field(_l("Name for this mapping"), 80)

    def target_field(self, target: str) -> Any:
        """The field in which the column of a target is picked."""
        return self[field_name(target)]

    def picked(self) -> Choices:
        """What was picked."""
        return Choices(
            columns={target: self.target_field(target).data or "" for target in TARGETS},
            date_order=self.date_order.data or KEEP,
            weight_unit=self.weight_unit.data or KEEP,
            value_unit=self.value_unit.data or KEEP,
            category=self.fixed_category.data or "",
            timezone=self.timezone.data or TIMEZONES[0],
        )


def field_name(target: str) -> str:
    """The name of a target's field."""
    return "target_" + target.replace(".", "__")


def mapping_form(header: Sequence[str], base: Mapping | None, shown: Choices, language: str) -> MappingForm:
    """The form for a file with these columns, filled with what ``shown`` picks unless it was sent."""
    columns = [(str(place), name) for place, name in enumerate(header)]
    fields: dict[str, Any] = {}
    for target in TARGETS:
        options = [*_kept(base, target), *columns]
        fields[field_name(target)] = ChoiceField(
            target_word(target, language), options=options, blank="—", default=shown.columns.get(target, "")
        )
    form_class = type("FileMappingForm", (MappingForm,), fields)
    form: MappingForm = form_class()
    kept = [(KEEP, _("as in the chosen mapping"))] if base else []
    _offer(form.date_order, [*kept, *zip(DATE_FORMATS, _date_words(), strict=True)], shown.date_order)
    _offer(form.weight_unit, [*kept, *zip(WEIGHT_SCALES, _weight_words(), strict=True)], shown.weight_unit)
    _offer(form.value_unit, [*kept, *zip(VALUE_SCALES, _value_words(), strict=True)], shown.value_unit)
    _offer(form.fixed_category, [("", "—"), *choices("category", language)], shown.category)
    zones = dict.fromkeys([shown.timezone, *TIMEZONES])
    _offer(form.timezone, [(zone, str(ZoneInfo(zone))) for zone in zones], shown.timezone)
    return form


def target_word(target: str, language: str) -> str:
    """What a target is called."""
    if target in IDENTIFIER_TARGETS:
        return label("identifier_kind", target.removeprefix("identifier."), language)
    return label("import_target", target, language)


def _kept(base: Mapping | None, target: str) -> list[tuple[str, str]]:
    """What the mapping does for a target that is more than one column: named by the columns that it reads."""
    column = base.columns.get(target) if base else None
    if column is None:
        return []
    names = " + ".join(dict.fromkeys(part.source for part in column.parts)) or column.constant
    short = names if len(names) <= 40 else names[:39] + "…"
    return [(KEEP, _("%(columns)s (as in the mapping)", columns=short))]


def _offer(field: Any, options: list[tuple[str, str]], default: str) -> None:
    field.choices = options
    if not field.raw_data:
        field.data = default if default in dict(options) else options[0][0]


def _date_words() -> tuple[str, ...]:
    return (_("year first: 2026-03-05, 2026年3月5日"), _("month first: 3/5/2026"), _("day first: 5/3/2026"))


def _weight_words() -> tuple[str, ...]:
    return (_("grams"), _("kilograms"), _("jin (500 g)"), _("tonnes"))


def _value_words() -> tuple[str, ...]:
    return (_("yuan"), _("ten thousand yuan"), _("fen"))
