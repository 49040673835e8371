"""What a person may see: the area of the own unit, or the whole city."""

from typing import Any

from sqlalchemy import ColumnElement, true

from inspect_app.services.actors import Actor


class OutOfArea(Exception):
    """The record lies in an area that the actor may not see."""


def in_area(actor: Actor, area_code: Any) -> ColumnElement[bool]:
    """A condition for a query: the column ``area_code`` lies in the actor's area."""
    if actor.is_system or not actor.area_prefix:
        return true()
    condition: ColumnElement[bool] = area_code.startswith(actor.area_prefix, autoescape=True)
    return condition
