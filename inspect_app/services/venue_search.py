"""Finding venues: by what is typed, and by kind, area and state."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, case, select
from sqlalchemy.orm import joinedload

from inspect_app.extensions import db
from inspect_app.models import Unit, Venue
from inspect_app.services.actors import Actor
from inspect_app.services.paging import PAGE_SIZE, ListPage, fetch_page
from inspect_app.services.scope import in_area
from inspect_app.services.venue_names import matches_text, search_words


def find_venues(
    actor: Actor,
    query: str = "",
    *,
    kind: str = "",
    area_code: str = "",
    state: str = "",
    page: int = 1,
    page_size: int = PAGE_SIZE,
) -> ListPage[Venue]:
    """The venues that the actor may see and that fit, the likeliest first, 25 a page unless told; blanks ask for all.

    ``query`` is what a person types: part of the name or address, pinyin or its initials, part of the credit code, the
    filing number; several words must all fit. ``state`` "open" leaves out closed ones. ``area_code`` covers its parts.

    Raises:
        NotAllowed: the actor may not see venues.
    """
    actor.require("venues.view")
    found = select(Venue).where(in_area(actor, Venue.area_code)).options(joinedload(Venue.unit).joinedload(Unit.agency))
    condition = matches_text(query)
    if condition is not None:
        found = found.where(condition)
    if kind:
        found = found.where(Venue.kind == kind)
    if area_code:
        found = found.where(Venue.area_code.startswith(area_code, autoescape=True))
    if state == "open":
        found = found.where(Venue.state != "closed")
    elif state:
        found = found.where(Venue.state == state)
    order = [*_likeliest_first(search_words(query)), Venue.name_pinyin, Venue.id]
    return fetch_page(found.order_by(*order), page, page_size)


def list_markets(actor: Actor) -> Sequence[Venue]:
    """The markets that the actor may see and that are not closed, by name.

    Raises:
        NotAllowed: the actor may not see venues.
    """
    actor.require("venues.view")
    query = select(Venue).where(Venue.kind == "market", Venue.state != "closed", in_area(actor, Venue.area_code))
    return db.session.scalars(query.order_by(Venue.name_pinyin, Venue.id)).all()


def _likeliest_first(words: list[str]) -> list[ColumnElement[int]]:
    """Orders: the code itself, then names and spellings that begin so, then names that hold it, then the rest."""
    if not words:
        return []
    first, whole = words[0], "".join(words)
    rank: ColumnElement[int] = case(
        (Venue.credit_code == whole.upper(), 0),
        (Venue.name.istartswith(first, autoescape=True), 1),
        (Venue.name_initials.startswith(whole, autoescape=True), 1),
        (Venue.name_pinyin.startswith(whole, autoescape=True), 2),
        (Venue.name.icontains(first, autoescape=True), 3),
        else_=4,
    )
    return [rank]
