"""One page of a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select

from inspect_app.extensions import db

Row = TypeVar("Row")
PAGE_SIZE = 25


@dataclass(frozen=True, slots=True)
class ListPage(Generic[Row]):
    """The rows of page ``number`` (from 1) of ``pages``, out of ``total`` rows."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int


def fetch_page(query: Select[Any], number: int, size: int = PAGE_SIZE) -> ListPage[Any]:
    """Page ``number`` of a query of one entity; a number past the end gives the last page."""
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    pages = max(1, -(-total // size))
    number = min(max(number, 1), pages)
    rows = db.session.scalars(query.limit(size).offset((number - 1) * size)).unique().all()
    return ListPage(rows=rows, number=number, pages=pages, total=total)
