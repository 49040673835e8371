"""How people sign in: what Flask-Security is told, and the form in our own words."""

from typing import Any

from flask_security import uia_email_mapper, uia_username_mapper

from inspect_app.config import Settings


def security_config(settings: Settings) -> dict[str, Any]:
    """The settings of Flask-Security."""
    return {
        "SECURITY_PASSWORD_SALT": settings.password_salt,
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_USERNAME_ENABLE": True,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [
            {"username": {"mapper": uia_username_mapper, "case_insensitive": True}},
            {"email": {"mapper": uia_email_mapper, "case_insensitive": True}},
        ],
        "SECURITY_REGISTERABLE": False,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_RECOVERABLE": False,
        "SECURITY_TRACKABLE": True,
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_CHANGE_URL": "/password",
        "SECURITY_POST_LOGIN_VIEW": "/",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_FLASH_MESSAGES": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
    }


def security_forms() -> dict[str, Any]:
    """The form classes that replace Flask-Security's own."""
    return {}
