"""A report of stolen property with its items, and what the list is searched by."""

import re
import uuid
from collections.abc import Iterable
from typing import Any, Final

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, FormField, HiddenField, RadioField

from inspect_app.forms.fields import (
    ChoiceField,
    DayField,
    LocalDateTimeField,
    NotInFuture,
    NumberField,
    money_field,
    required,
    text_field,
    weight_field,
)
from inspect_app.forms.rows import RowList
from inspect_app.models import StolenItem, StolenReport
from inspect_app.reference.categories import Category, categories
from inspect_app.reference.vocabulary import choices
from inspect_app.services.directory import list_areas, list_units
from inspect_app.services.identifiers import TypedIdentifier
from inspect_app.services.stolen import ItemEntry, OwnerEntry, ReportEntry

MOST_ITEMS: Final = 200
MOST_IDENTIFIERS: Final = 20
# What describes a thing besides its numbers, in the order for a category that does not say another one.
_DESCRIPTION_FIELDS: Final = (
    "brand", "model", "specification", "colour", "marks", "quantity", "unit", "weight_kg", "weight_g",
)  # fmt: skip


def _language() -> str:
    return str(get_locale())


def _named(rows: Iterable[Any], key: str) -> list[tuple[str, str]]:
    name = "name_en" if _language() == "en" else "name_zh"
    return [(str(getattr(row, key)), getattr(row, name)) for row in rows]


class IdentifierForm(Form):
    """One number of a thing: its kind and its value."""

    kind = ChoiceField(_l("Kind of number"), options=lambda: choices("identifier_kind", _language()), default="serial")
    value = text_field(_l("Number"), 120)


class ItemForm(Form):
    """One stolen thing. Which fields are shown follows its category; a field that holds something is always shown."""

    item_uid = HiddenField(default=lambda: str(uuid.uuid4()))
    category = ChoiceField(
        _l("Category"),
        [required()],
        options=lambda: choices("category", _language()),
        blank=_l("Choose the category first"),
    )
    description = text_field(_l("Description"), 1000, lines=2)
    brand = text_field(_l("Make"), 120)
    model = text_field(_l("Model"), 120)
    specification = text_field(_l("Specification"), 200)
    colour = text_field(_l("Colour"), 60)
    marks = text_field(_l("Marks"), 1000, lines=2)
    quantity = NumberField(_l("Quantity"), decimals=3, largest=10**6, is_whole=False)
    unit = text_field(_l("Counted in"), 20)
    # A category is weighed in one of the two; both mean grams.
    weight_kg = weight_field(_l("Weight (kg)"))
    weight_g = NumberField(_l("Weight (g)"), decimals=3, largest=10**10, is_whole=False)
    value_fen = money_field(_l("Value (CNY)"))
    identifiers = RowList(FormField(IdentifierForm, separator="-"))

    def validate(self, extra_validators: Any = None) -> bool:
        """A row into which nobody typed is no error; it is left out."""
        if self.is_blank:
            return True
        is_valid: bool = super().validate(extra_validators)
        if not any(_is_filled(self[name]) for name in ("description", *_DESCRIPTION_FIELDS)) and not self._numbers():
            self.description.errors = [*self.description.errors, _l("Describe the item or give a number of it.")]
            return False
        if self.weight_kg.data is not None and self.weight_g.data is not None:
            self.weight_kg.errors = [*self.weight_kg.errors, _l("Give the weight once, in grams or in kilograms.")]
            return False
        if len(self.identifiers.entries) > MOST_IDENTIFIERS:
            self.description.errors = [*self.description.errors, _l("These are too many numbers for one item.")]
            return False
        return is_valid

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen or typed in the row."""
        texts = ("category", "description", "value_fen", *_DESCRIPTION_FIELDS)
        return not any(_is_filled(self[name]) for name in texts) and not self._numbers()

    @property
    def chosen_category(self) -> Category | None:
        """The category, once one was chosen."""
        return _known_category(self.category.data)

    def shown_fields(self) -> list[Field]:
        """The fields that the category asks for, labelled in its words, then others that hold something."""
        chosen = self.chosen_category
        asked = {_name_in_form(field.name, chosen): field for field in chosen.fields} if chosen else {}
        asked.pop("price", None)
        for name, known in asked.items():
            field = self[name]
            if not name.startswith("weight"):
                field.label.text = known.label.in_language(_language())
            example = known.example.in_language(_language())
            field.render_kw = {**(field.render_kw or {}), **({"placeholder": example} if example else {})}
        names = list(asked)
        names += [name for name in _DESCRIPTION_FIELDS if name not in names and _is_filled(self[name])]
        return [self[name] for name in names]

    def fit_identifiers(self) -> None:
        """Offers a row for each kind of number that the category has; rows that hold something stay."""
        chosen = self.chosen_category
        if chosen is None:
            return
        kinds = [kind.code for kind in chosen.identifiers]
        rows = self.identifiers.entries
        self.identifiers.entries = [row for row in rows if row["value"].data or row["kind"].data in kinds]
        present = {row["kind"].data for row in self.identifiers.entries}
        for kind in kinds:
            if kind not in present:
                self.identifiers.append_entry({"kind": kind})

    def entry(self) -> ItemEntry:
        """The item as the service takes it."""
        texts = ("category", "description", "brand", "model", "specification", "colour", "marks", "unit")
        return ItemEntry(
            item_uid=_as_uid(self.item_uid.data),
            **{name: self[name].data or "" for name in texts},
            quantity=self.quantity.data,
            weight_g=self.weight_g.data if self.weight_kg.data is None else self.weight_kg.data,
            value_fen=self.value_fen.data,
            identifiers=self._numbers(),
        )

    def _numbers(self) -> list[TypedIdentifier]:
        rows = self.identifiers.entries
        return [TypedIdentifier(row["kind"].data or "other", row["value"].data) for row in rows if row["value"].data]


class ReportForm(FlaskForm):
    """The whole report. ``validate`` is for saving; while rows are added, nothing is checked and nothing lost."""

    submission_id = HiddenField(default=lambda: str(uuid.uuid4()))
    version = HiddenField()
    channel = RadioField(
        _l("Reported through"), choices=lambda: choices("report_channel", _language()), default="counter"
    )
    number = text_field(_l("Report number"), 60)
    reported_at = LocalDateTimeField(_l("Reported at"), [required(), NotInFuture()])
    occurred_from = LocalDateTimeField(_l("Stolen from"), [NotInFuture()])
    occurred_to = LocalDateTimeField(_l("Stolen until"), [NotInFuture()])
    place = text_field(_l("Place of the theft"), 200)
    area_code = ChoiceField(_l("Area"), options=lambda: _named(list_areas(), "code"), blank=_l("Not known"))
    method = text_field(_l("How it was stolen"), 2000, lines=2)
    unit_id = ChoiceField(_l("Unit in charge"), options=lambda: _named(list_units(), "id"), blank=_l("By the area"))
    owner_name = text_field(_l("Owner's name"), 80)
    owner_document_kind = ChoiceField(_l("Document"), options=lambda: choices("document_kind", _language()))
    owner_document = text_field(_l("Document number"), 60, render_kw={"autocapitalize": "characters"})
    owner_phone = text_field(_l("Phone"), 40, render_kw={"inputmode": "tel"})
    owner_is_removed = BooleanField(_l("Take the owner off this report"))
    items = RowList(FormField(ItemForm, separator="-"), _l("Stolen items"))

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field by itself, then what they must be together."""
        is_valid: bool = super().validate(extra_validators)
        began, ended, reported = self.occurred_from.data, self.occurred_to.data, self.reported_at.data
        wrong = []
        if ended and not began and not self.occurred_from.errors:
            wrong.append((self.occurred_from, _l("Enter also when the range begins.")))
        if began and ended and ended < began:
            wrong.append((self.occurred_to, _l("The range ends before it begins.")))
        if began and reported and began > reported:
            wrong.append((self.occurred_from, _l("This is later than the report. Check both times.")))
        for field, message in wrong:
            field.errors = [*field.errors, message]
        return self._has_right_number_of_items() and is_valid and not wrong

    def _has_right_number_of_items(self) -> bool:
        filled = sum(not row.form.is_blank for row in self.items)
        if 0 < filled <= MOST_ITEMS:
            return True
        message = (
            _l("Add at least one item.")
            if filled == 0
            else _l("These are too many items: make a second report of the rest.")
        )
        self.items.errors = [message]
        return False

    def entry(self) -> ReportEntry:
        """The report as the service takes it. Call it once the form is valid."""
        assert self.reported_at.data is not None, "the form is not valid"
        return ReportEntry(
            channel=self.channel.data,
            number=self.number.data or "",
            reported_at=self.reported_at.data,
            occurred_from=self.occurred_from.data,
            occurred_to=self.occurred_to.data,
            place=self.place.data or "",
            area_code=self.area_code.data or "",
            method=self.method.data or "",
            unit_id=int(self.unit_id.data) if self.unit_id.data else None,
            owner=OwnerEntry(
                name=self.owner_name.data or "",
                document_kind=self.owner_document_kind.data or "resident_id",
                document=self.owner_document.data or "",
                phone=self.owner_phone.data or "",
                is_removed=self.owner_is_removed.data,
            ),
            items=[row.form.entry() for row in self.items if not row.form.is_blank],
        )

    @property
    def items_error(self) -> str:
        """What is wrong with the items as a whole; their own errors stand in their rows."""
        first = self.items.errors[0] if self.items.errors else ""
        return "" if isinstance(first, dict) else str(first)

    def keep_choices_of(self, report: StolenReport) -> None:
        """Offers the report's area and unit even where they are in no list any more (imported, closed)."""
        for field, value, shown in (
            (self.area_code, report.area_code, report.area_code),
            (self.unit_id, str(report.unit_id or ""), report.unit.code if report.unit else ""),
        ):
            if value and value not in {known for known, *_rest in field.iter_choices()}:
                field.choices = [*field.choices, (value, shown)]

    def take_step(self, step: str) -> str:
        """Does what a button of the rows asks for ("add-item", "remove-identifier:0:2"); returns the id to focus."""
        verb, *numbers = step.split(":")
        if verb == "add-item" and len(self.items.entries) < MOST_ITEMS:
            return f"{self.items.append_entry().id}-category"
        row = self.items.row(numbers[0]) if numbers else None
        if row is None:
            return ""
        identifiers = row.form.identifiers
        if verb == "remove-item":
            self.items.remove_row(numbers[0])
        elif verb == "show-fields":
            row.form.fit_identifiers()
            return f"{row.id}-category"
        elif verb == "add-identifier" and len(identifiers.entries) < MOST_IDENTIFIERS:
            return f"{identifiers.append_entry({'kind': 'other'}).id}-value"
        elif verb == "remove-identifier" and len(numbers) > 1:
            identifiers.remove_row(numbers[1])
        return ""


class ReportFilterForm(Form):
    """What the list of reports is searched by."""

    q = text_field(_l("Search"), 100, render_kw={"type": "search"})
    category = ChoiceField(_l("Category"), options=lambda: choices("category", _language()), blank=_l("All categories"))
    state = ChoiceField(
        _l("State"),
        options=[("open", _l("Searched for")), ("withdrawn", _l("Withdrawn"))],
        blank=_l("All"),
    )
    reported_from = DayField(_l("Reported from"))
    reported_until = DayField(_l("Reported until"))


class OwnerSearchForm(FlaskForm):
    """Finding reports by the owner: sent in the body, so that nobody's number stands in an address."""

    phone = text_field(_l("Owner's phone"), 40, render_kw={"inputmode": "tel"})
    document = text_field(_l("Owner's document number"), 60)


class ReasonForm(FlaskForm):
    """Why an item is withdrawn."""

    reason = text_field(_l("Reason"), 200, is_required=True)


def report_values(report: StolenReport) -> dict[str, Any]:
    """A saved report as ``ReportForm(data=...)`` takes it: without the owner, whose fields stay blank to be kept."""
    names = ("channel", "number", "reported_at", "occurred_from", "occurred_to", "place", "area_code", "method")
    return {
        **{name: getattr(report, name) for name in names},
        "version": str(report.version),
        "unit_id": str(report.unit_id or ""),
        "owner_document_kind": report.owner.document_kind if report.owner else "resident_id",
        "items": [_item_values(item) for item in report.items if item.withdrawn_at is None],
    }


def _item_values(item: StolenItem) -> dict[str, Any]:
    names = ["item_uid", "category", "description", "value_fen", *_DESCRIPTION_FIELDS]
    names.remove("weight_kg")
    values = {name: getattr(item, name) for name in names}
    values[_name_in_form("weight_g", _known_category(item.category))] = values.pop("weight_g")
    return {**values, "identifiers": [{"kind": row.kind, "value": row.value} for row in item.identifiers]}


def _name_in_form(name: str, chosen: Category | None) -> str:
    return f"weight_{chosen.weighed_in if chosen else 'kg'}" if name == "weight_g" else name


def _known_category(code: str | None) -> Category | None:
    return next((known for known in categories() if known.code == code), None)


def _is_filled(field: Field) -> bool:
    if field.raw_data:
        return bool(str(field.raw_data[0]).strip())
    return field.data not in (None, "")


def _as_uid(text: str | None) -> str:
    is_uid = re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text or "") is not None
    return text if is_uid and text else str(uuid.uuid4())
