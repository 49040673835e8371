"""Numbers that are given once and never lost: the series counts inside the transaction that uses the number."""

from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.models import NumberSeries


def next_number(series: str) -> int:
    """The next number of the series, from 1. Call it inside a transaction: a rollback gives the number back."""
    row = db.session.scalar(select(NumberSeries).where(NumberSeries.name == series).with_for_update())
    if row is None:
        # Two first users at once: the primary key lets one in and the other one's transaction fails and is tried again.
        row = NumberSeries(name=series, last_value=0)
        db.session.add(row)
    row.last_value += 1
    db.session.flush()
    return row.last_value
