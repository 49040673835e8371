"""Every route is behind the gate or on the short list, names a permission, and sends the security headers."""

import uuid
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from inspect_app import rules
from inspect_app.web.access import PUBLIC_ENDPOINTS
from inspect_app.web.responses import HEADERS

# Flask-Security's own pages: for oneself, whatever the role.
OWN_ACCOUNT = {"security.change_password", "security.verify", "security.static", "security.logout"}


def test_every_route_names_a_known_permission(web_app: Flask) -> None:
    known = frozenset().union(*rules.PERMISSIONS.values())
    for endpoint, view in web_app.view_functions.items():
        if endpoint in PUBLIC_ENDPOINTS | OWN_ACCOUNT:
            continue
        permission = getattr(view, "required_permission", None)
        assert permission in known, f"{endpoint} names no known permission: {permission}"


def _example(converter: Any) -> object:
    """A value that the route's argument takes."""
    name = type(converter).__name__
    if name == "AnyConverter":
        return min(converter.items)
    return {"IntegerConverter": 1, "UUIDConverter": uuid.UUID(int=1)}.get(name, "a")


def test_every_route_asks_for_a_sign_in(web_app: Flask, client: FlaskClient) -> None:
    for rule in web_app.url_map.iter_rules():
        if rule.endpoint in PUBLIC_ENDPOINTS or "GET" not in rule.methods:
            continue
        path = rule.build({name: _example(converter) for name, converter in rule._converters.items()})
        assert path is not None, rule
        response = client.get(path[1])
        assert response.status_code == 302, f"{rule} is open: {response.status_code}"
        assert "/sign-in" in response.location


def test_paths_are_kebab_case_and_typed(web_app: Flask) -> None:
    for rule in web_app.url_map.iter_rules():
        if rule.endpoint.startswith("security.") or rule.endpoint in {"static", "assets.vendor_file"}:
            continue
        assert rule.rule == rule.rule.lower(), rule
        assert "_" not in "".join(part for part in rule.rule.split("/") if not part.startswith("<")), rule
        for converter in rule._converters.values():
            assert type(converter).__name__ != "UnicodeConverter" or converter.regex != "[^/]+", (
                f"{rule}: give the argument a type, for example int: or uuid:"
            )


def test_headers(client: FlaskClient) -> None:
    for path in ("/health", "/", "/nowhere"):
        response = client.get(path)
        for name, value in HEADERS.items():
            assert response.headers.get(name) == value, (path, name)
