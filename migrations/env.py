"""Runs migrations inside the application, so that they see its settings and models."""

from alembic import context
from flask import current_app


def run() -> None:
    """Brings the database of the current application to the asked revision, all steps in one transaction."""
    migrate = current_app.extensions["migrate"]
    database = migrate.db
    with database.engine.connect() as connection:
        options = {**migrate.configure_args}
        context.configure(connection=connection, target_metadata=database.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()


run()
