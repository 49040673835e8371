"""Fixtures that every test may use: an application on SQLite and on PostgreSQL, people of each role, a client."""

import contextvars
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from inspect_app import create_app
from inspect_app.config import Settings, load_settings
from inspect_app.extensions import db
from inspect_app.models import User
from inspect_app.services.actors import Actor
from tests.factories import accounts as account_factory
from tests.pages import Pages

POSTGRES = os.environ.get("INSPECT_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
PASSWORD = account_factory.PASSWORD


class FreshClient(FlaskClient):
    """A browser whose requests share nothing with the test; otherwise all would see one ``g``, user included."""

    def run_wsgi_app(self, *args: Any, **kwargs: Any) -> Any:
        answer = contextvars.Context().run(super().run_wsgi_app, *args, **kwargs)
        # What the test looks at next is read anew.
        db.session.rollback()
        return answer


def settings_for(data_dir: Path, database_url: str = "") -> Settings:
    """Settings of a test: an own data directory, else what a local start has."""
    environment = {"INSPECT_DATA_DIR": str(data_dir), "INSPECT_DATABASE_URL": database_url}
    assets = os.environ.get("INSPECT_ASSETS_DIR")
    return load_settings({**environment, **({"INSPECT_ASSETS_DIR": assets} if assets else {})})


def build_app(settings: Settings) -> Flask:
    """The application as production runs it, CSRF included."""
    app = create_app(settings)
    app.test_client_class = FreshClient
    app.config["TESTING"] = True
    # Errors reach the test instead of the error page; tests of that page switch it back.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    return app


def migrate(app: Flask) -> None:
    """Brings the database of the application to the newest revision."""
    from flask_migrate import upgrade

    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory with a migrated, empty SQLite database, copied for each test."""
    directory = tmp_path_factory.mktemp("template")
    migrate(build_app(settings_for(directory)))
    return directory


def _has_postgres() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=3).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a migrated, empty PostgreSQL database, copied for each test."""
    if not _has_postgres():
        message = f"no PostgreSQL answers at {POSTGRES}: set INSPECT_TEST_POSTGRES to one that does"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    name = f"inspect_template_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            migrate(build_app(settings_for(tmp_path_factory.mktemp("pg"), _url(name))))
            yield name
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _url(database: str) -> str:
    return POSTGRES.rsplit("/", 1)[0] + "/" + database


@pytest.fixture(params=["sqlite", "postgresql"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application with an empty database of its own, once on SQLite and once on PostgreSQL, inside its context."""
    if request.param == "sqlite":
        template = request.getfixturevalue("sqlite_template")
        shutil.copytree(template, tmp_path / "data")
        yield from _running(build_app(settings_for(tmp_path / "data")))
        return
    template_name = request.getfixturevalue("postgres_template")
    name = f"inspect_test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template_name}"')
        try:
            yield from _running(build_app(settings_for(tmp_path / "data", _url(name))))
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def web_app(sqlite_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """The application on SQLite only, for tests of pages: what they say does not depend on the database."""
    shutil.copytree(sqlite_template, tmp_path / "data")
    yield from _running(build_app(settings_for(tmp_path / "data")))


def _running(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        account_factory.create_roles()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def actor(app: Flask) -> Actor:
    """An inspector of the police, as the services know them."""
    return account_factory.actor_for(account_factory.create_user(role="inspector"))


@pytest.fixture
def client(web_app: Flask) -> FlaskClient:
    """A browser that nobody has signed in."""
    return web_app.test_client()


@pytest.fixture
def pages(web_app: Flask) -> Pages:
    """Fetches and sends pages as people do, and checks each page that comes back; see ``tests/pages.py``."""
    return Pages(web_app)


@pytest.fixture
def inspector(web_app: Flask) -> User:
    """An inspector of the police."""
    return account_factory.create_user(role="inspector")
