"""What the services refuse about venues, in the person's language: the field that it speaks of and the words."""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from inspect_app.forms.venues import PERSON_FIELDS, VenueForm, code_message
from inspect_app.models import Venue
from inspect_app.services.masking import mask_name, mask_phone
from inspect_app.services.venues import (
    AreaNotYours,
    CreditCodeTaken,
    CreditCodeWrong,
    MarketNotPossible,
    SamePlaceKnown,
)

REFUSALS: Final = (AreaNotYours, CreditCodeTaken, CreditCodeWrong, MarketNotPossible, SamePlaceKnown)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of which the stored and the typed value differ, as words."""

    title: str
    stored: str
    typed: str


def describe(refusal: Exception) -> tuple[str, str]:
    """The name of the form's field that a refusal speaks of, and what to tell the person."""
    if isinstance(refusal, CreditCodeWrong):
        return "credit_code", code_message(refusal.checked)
    if isinstance(refusal, CreditCodeTaken):
        return "credit_code", _("This code is registered to %(name)s already.", name=refusal.other.name)
    if isinstance(refusal, SamePlaceKnown):
        return "name", _("A venue of this name stands at this address already: look at it, then decide.")
    if isinstance(refusal, AreaNotYours):
        return "area_code", _("This area is not yours: its own officers register and edit the venues there.")
    assert isinstance(refusal, MarketNotPossible)
    return _describe_market(refusal)


def differences(form: VenueForm, venue: Venue) -> list[Difference]:
    """Where what was typed differs from what is stored by now; people's values masked."""
    found: list[Difference] = []
    for name in VenueForm.stored_names():
        if name in {"submission_id", "version"}:
            continue
        stored, typed = getattr(venue, name), form[name].data
        if str(stored or "") != str(typed or ""):
            found.append(Difference(form[name].label.text, _shown(form[name], stored), _shown(form[name], typed)))
    masks = dict(zip(PERSON_FIELDS, (mask_name, mask_phone), strict=True))
    for name, mask in masks.items():
        typed = getattr(form.details(), name)
        if typed is not None and typed != getattr(venue, name):
            found.append(Difference(form[name].label.text, mask(getattr(venue, name)) or "—", mask(typed) or "—"))
    return found


def _describe_market(refusal: MarketNotPossible) -> tuple[str, str]:
    if refusal.problem == "has_stalls":
        return "kind", _("Stalls are registered in this market: move them elsewhere before it becomes something else.")
    if refusal.problem == "market_in_market":
        return "market_id", _("A market is no stall of another market: choose a different kind, or no market.")
    return "market_id", _("Choose a market of your area.")


def _shown(field: Any, value: Any) -> str:
    """A value as the page shows it: a choice by its words."""
    if value in (None, ""):
        return "—"
    options = getattr(field, "choices", None)
    pairs = options() if callable(options) else options or []
    words = {str(code): str(word).strip() for code, word in pairs}
    return words.get(str(value), str(value))
