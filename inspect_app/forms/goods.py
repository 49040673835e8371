"""The form of one goods line. Which of its fields a page shows follows from the category; see ``shown_fields``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, Field
from wtforms.validators import ValidationError

from inspect_app.forms.drafts import DraftForm
from inspect_app.forms.fields import (
    ChoiceField,
    DayField,
    NotInFuture,
    NumberField,
    money_field,
    text_field,
    weight_field,
)
from inspect_app.models import GoodsLine, Visit
from inspect_app.reference.categories import Category, category, identifier_kind, identifier_kinds
from inspect_app.reference.vocabulary import choices, labels
from inspect_app.rules import GOODS_MOVES, IDENTIFIER_KINDS, is_move_allowed
from inspect_app.services.goods import LineChange, SellerChange, read_unparsed
from inspect_app.services.identifiers import LONGEST_VALUE
from inspect_app.services.people import mask

# A phone has two IMEIs; of every other kind a second place is shown once the first one is taken.
PLACES: Final = (1, 2)
# Decisions that an inspector takes on the spot; the others follow from a document.
_ON_THE_SPOT: Final = ("on_shelf", "held", "released", "sold")
_LINE_FIELD = re.compile(r"goods-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\w+)")


def _language() -> str:
    return str(get_locale())


def _identifier_label(kind: str) -> LazyString:
    return LazyString(lambda: labels("identifier_kind")[kind].in_language(_language()))


class Reachable:
    """A disposition to which the goods may go from where they are now."""

    def __call__(self, form: Any, field: Field) -> None:
        present = form.present_disposition
        if field.data != present and not is_move_allowed(GOODS_MOVES, present, field.data):
            raise ValidationError(_l("These goods have been decided on meanwhile. Reload the page and choose again."))


class LineForm(DraftForm):
    """Everything that can be said of a goods line; a page shows a part of it."""

    present_disposition = "on_shelf"

    category = ChoiceField(_l("Category"), options=lambda: choices("category", _language()))
    description = text_field(_l("What it is"), 2000)
    brand = text_field(_l("Make"), 120)
    model = text_field(_l("Model"), 120)
    specification = text_field(_l("Specification"), 200)
    colour = text_field(_l("Colour"), 60)
    marks = text_field(_l("Marks"), 2000)
    quantity = NumberField(_l("Quantity"), decimals=3, is_whole=False, largest=10_000_000)
    unit = text_field(_l("Unit"), 20)
    weight_kg = weight_field(_l("Weight (kg)"))
    weight_g = NumberField(_l("Weight (g)"), largest=10_000_000_000)
    price = money_field(_l("Price paid (yuan)"))
    received_on: DateField = DayField(_l("Taken in on"), [NotInFuture()])
    is_in_register = ChoiceField(
        _l("In the venue's own register"), options=[("yes", _l("Yes")), ("no", _l("No")), ("", _l("Not checked"))]
    )
    disposition = ChoiceField(
        _l("What happens to it"), [Reachable()], options=lambda: choices("disposition", _language())
    )
    seller_name = text_field(_l("Seller's name"), 80)
    seller_document_kind = ChoiceField(_l("Kind of document"), options=lambda: choices("document_kind", _language()))
    seller_document = text_field(_l("Document number"), 60)
    seller_is_removed = BooleanField(_l("Take the seller off this line"))
    seller_phone = text_field(_l("Phone"), 40, render_kw={"inputmode": "tel"})

    def __init__(self, *args: Any, present_disposition: str = "on_shelf", **kwargs: Any) -> None:
        self.present_disposition = present_disposition
        super().__init__(*args, **kwargs)


for _kind in identifier_kinds():
    for _place in PLACES:
        _render = {"inputmode": _kind.input_mode, "autocapitalize": "characters", "spellcheck": "false"}
        setattr(
            LineForm,
            f"{_kind.code}_{_place}",
            text_field(_identifier_label(_kind.code), LONGEST_VALUE, render_kw=_render),
        )


@dataclass(frozen=True, slots=True)
class ShownField:
    """One field as the page shows it: with the label that suits the category, and an invented example."""

    field: Field
    label: str
    example: str = ""
    identifier_kind: str = ""


def line_prefix(line_uid: str) -> str:
    """What the names of a line's fields begin with."""
    return f"goods-{line_uid}-"


def line_form(
    line_uid: str, line: GoodsLine | None, sent: MultiDict[str, str] | None = None, *, category_code: str = "other"
) -> LineForm:
    """The form of a line, saved or new, with what was sent."""
    blank = {"category": category_code, "disposition": "on_shelf", "is_in_register": ""}
    return LineForm(
        sent,
        stored=_stored(line) if line else {**blank, "seller_document_kind": "resident_id"},
        unparsed=read_unparsed(line.unparsed) if line else {},
        prefix=line_prefix(line_uid),
        present_disposition=line.disposition if line else "on_shelf",
    )


def read_lines(visit: Visit, sent: MultiDict[str, str]) -> tuple[LineChange, ...]:
    """The lines of which anything was sent, in the order of the page."""
    uids = dict.fromkeys(match.group(1) for match in map(_LINE_FIELD.fullmatch, sent) if match)
    lines = {line.line_uid: line for line in visit.goods}
    return tuple(read_line(uid, lines.get(uid), sent) for uid in uids)


def read_line(
    line_uid: str, line: GoodsLine | None, sent: MultiDict[str, str], *, has_photo: bool = False
) -> LineChange:
    """What was sent of one line."""
    reading = line_form(line_uid, line, sent).reading()
    values = dict(reading.values)
    numbers = {
        (kind, place): values.pop(f"{kind}_{place}")
        for kind in IDENTIFIER_KINDS
        for place in PLACES
        if f"{kind}_{place}" in values
    }
    seller = {name.removeprefix("seller_"): values.pop(name) for name in list(values) if name.startswith("seller_")}
    if "weight_kg" in values:
        values["weight_g"] = values.pop("weight_kg")
    if "price" in values:
        values["price_fen"] = values.pop("price")
    if "is_in_register" in values:
        values["is_in_register"] = {"yes": True, "no": False}.get(values["is_in_register"])
    return LineChange(
        line_uid=line_uid,
        values=values,
        identifiers=numbers,
        seller=SellerChange(**seller) if seller else None,
        sent=reading.sent,
        unparsed=reading.unparsed,
        is_kept_blank=has_photo,
    )


def shown_fields(form: LineForm) -> list[ShownField]:
    """Description and the category's fields in its order, then any other field that already says something.

    Nothing that was typed is hidden by a change of category.
    """
    chosen = _category_of(form)
    asked = {entry.name: entry for entry in chosen.fields}
    names = ["description", *(_field_name(name, chosen) for name in asked)]
    for name in _THING_FIELDS:
        other_unit = {"weight_kg": "weight_g", "weight_g": "weight_kg"}.get(name)
        says_something = form[name].data not in (None, "") and other_unit not in names
        if name not in names and (says_something or form[name].errors):
            names.append(name)
    shown = []
    for name in names:
        entry = asked.get(name)
        label = entry.label.in_language(_language()) if entry and name not in _OWN_LABELS else form[name].label.text
        shown.append(ShownField(form[name], str(label), entry.example.in_language(_language()) if entry else ""))
    return shown


def shown_identifiers(form: LineForm) -> list[ShownField]:
    """The places for the category's identifiers, most telling first, then any other that is filled in."""
    chosen = _category_of(form)
    kinds = [kind.code for kind in chosen.identifiers]
    kinds += [kind for kind in IDENTIFIER_KINDS if kind not in kinds and form[f"{kind}_1"].data]
    shown = []
    for kind in kinds:
        word, known = labels("identifier_kind")[kind].in_language(_language()), identifier_kind(kind)
        for place in PLACES:
            field = form[f"{kind}_{place}"]
            first = form[f"{kind}_1"].data
            if place == 1 or field.data or field.errors or first or (kind == "imei" and chosen.code == "phone"):
                label = word if place == 1 else f"{word} {place}"
                shown.append(ShownField(field, label, known.example if place == 1 else "", kind))
    return shown


def disposition_choices(line: GoodsLine | None) -> list[tuple[str, str]]:
    """Where the goods may go from where they are, the present state first."""
    present = line.disposition if line else "on_shelf"
    words = labels("disposition")
    reachable = [present, *(code for code in _ON_THE_SPOT if code in GOODS_MOVES[present])]
    return [(code, words[code].in_language(_language())) for code in reachable]


_THING_FIELDS: Final = (
    "description", "brand", "model", "specification", "colour", "marks", "quantity", "unit", "weight_kg", "weight_g",
    "price",
)  # fmt: skip
_OWN_LABELS: Final = frozenset({"weight_kg", "weight_g", "price"})


def _category_of(form: LineForm) -> Category:
    code = form.category.data or "other"
    return category(code if code in labels("category") else "other")


def _field_name(name: str, chosen: Category) -> str:
    if name == "weight_g":
        return f"weight_{chosen.weighed_in}"
    return name


def _stored(line: GoodsLine) -> Mapping[str, Any]:
    stored: dict[str, Any] = {
        name: getattr(line, name)
        for name in (
            "category", "description", "brand", "model", "specification", "colour", "marks", "quantity", "unit",
            "weight_g", "received_on", "disposition",
        )
    }  # fmt: skip
    stored |= {"weight_kg": line.weight_g, "price": line.price_fen}
    stored["seller_document_kind"] = "resident_id"
    stored["is_in_register"] = {True: "yes", False: "no", None: ""}[line.is_in_register]
    places: dict[str, int] = {}
    for row in line.identifiers:
        places[row.kind] = places.get(row.kind, 0) + 1
        stored[f"{row.kind}_{places[row.kind]}"] = row.value
    if line.seller is not None:
        seller = mask(line.seller)
        stored |= {
            "seller_name": seller.name,
            "seller_document_kind": seller.document_kind,
            "seller_document": seller.document,
            "seller_phone": seller.phone,
        }
    return stored
