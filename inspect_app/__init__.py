"""Joint inspections of second-hand venues, screened against reported stolen property.

``create_app`` is loaded on first use, so that a program that only wants ``inspect_app.matching`` does not load Flask.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspect_app.application import create_app

__all__ = ["create_app"]


def __getattr__(name: str) -> Any:
    if name == "create_app":
        from importlib import import_module

        return import_module("inspect_app.application").create_app
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
