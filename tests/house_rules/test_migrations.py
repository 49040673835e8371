"""Migrations go up and down on both databases and end at what the models say; the audit trail cannot be changed."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from inspect_app.extensions import db
from inspect_app.services.actors import system_actor
from inspect_app.services.transaction import transaction


def test_migrations_equal_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_migrations_go_down_and_up(app: Flask) -> None:
    db.session.remove()
    downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade()
    assert "visit" in inspect(db.engine).get_table_names()


@pytest.mark.parametrize("change", ["UPDATE audit_event SET actor_label = 'x'", "DELETE FROM audit_event"])
def test_audit_trail_is_append_only(app: Flask, change: str) -> None:
    with transaction(system_actor("test")) as tx:
        tx.record("audit:trail:begun", tx)
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(change))
