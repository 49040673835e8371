"""Builds the application: settings, extensions, blueprints, commands."""

import importlib
import logging
import pkgutil
from datetime import timedelta
from types import ModuleType
from typing import Any

from flask import Flask
from flask_security import SQLAlchemyUserDatastore
from werkzeug.middleware.proxy_fix import ProxyFix

from inspect_app import cli, rules, web
from inspect_app.config import PROJECT_ROOT, Settings, load_settings
from inspect_app.extensions import babel, csrf, db, migrate, security, vault
from inspect_app.models import Role, User, WebAuthn
from inspect_app.web import access, languages, responses, sign_in


def create_app(settings: Settings | None = None) -> Flask:
    """The application with the given settings, by default those of the environment.

    Raises:
        UnsafeSettings: the environment's settings are wrong or would be unsafe.
    """
    settings = settings or load_settings()
    app = Flask(
        "inspect_app",
        template_folder=str(PROJECT_ROOT / "templates"),
        static_folder=str(PROJECT_ROOT / "inspect_app" / "static"),
    )
    app.config.from_mapping(flask_config(settings))
    app.logger.setLevel(logging.INFO)
    if settings.environment == "production":
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    access.guard(app)
    _attach_extensions(app, settings)
    for module in modules_of(web):
        if hasattr(module, "blueprint"):
            app.register_blueprint(module.blueprint)
    for module in modules_of(cli):
        if hasattr(module, "commands"):
            app.cli.add_command(module.commands)
    responses.attach(app)
    app.jinja_env.globals["rules"] = rules
    return app


def modules_of(package: ModuleType) -> list[ModuleType]:
    """Every module of a package, by name: a feature is registered by putting its file there."""
    names = sorted(found.name for found in pkgutil.iter_modules(package.__path__))
    return [importlib.import_module(f"{package.__name__}.{name}") for name in names]


def flask_config(settings: Settings) -> dict[str, Any]:
    """What Flask and its extensions call the settings."""
    return {
        "INSPECT": settings,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.sqlalchemy_url,
        "SQLALCHEMY_ENGINE_OPTIONS": {"pool_pre_ping": True},
        "MAX_CONTENT_LENGTH": settings.max_upload_mb * 1024 * 1024,
        # A visit with three hundred goods lines is one form.
        "MAX_FORM_MEMORY_SIZE": 16 * 1024 * 1024,
        "MAX_FORM_PARTS": 20_000,
        "PERMANENT_SESSION_LIFETIME": timedelta(hours=settings.session_hours),
        "SESSION_COOKIE_NAME": "inspect_session",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # A form may stay open for the whole of a visit: the token lives as long as the session.
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": settings.default_language,
        "BABEL_DEFAULT_TIMEZONE": settings.timezone,
        "BABEL_TRANSLATION_DIRECTORIES": str(PROJECT_ROOT / "inspect_app" / "translations"),
        **sign_in.security_config(settings),
    }


def _attach_extensions(app: Flask, settings: Settings) -> None:
    vault.init_keys(settings.encryption_keys, settings.lookup_key)
    if not settings.database_url:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(PROJECT_ROOT / "migrations"), render_as_batch=True, compare_type=True)
    babel.init_app(app, locale_selector=languages.select_language)
    csrf.init_app(app)
    datastore = SQLAlchemyUserDatastore(db, User, Role, WebAuthn)
    security.init_app(app, datastore, **sign_in.security_forms())
