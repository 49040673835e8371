"""Column types: UTC times, encrypted text, and choices that the database itself checks."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, Text, TypeDecorator

from inspect_app.extensions import vault


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time. A naive one is refused: nobody could say which clock it was read from."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EncryptedText(TypeDecorator[str]):
    """Text that is encrypted in the database and plain in Python. To search it, keep a lookup hash beside it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else vault.encrypt(value)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else vault.decrypt(value)


def one_of(column: str, choices: tuple[str, ...], *, optional: bool = False) -> CheckConstraint:
    """A check that the column holds one of the choices; the same rule that the form offers, kept by the database."""
    listed = ", ".join(f"'{choice}'" for choice in choices)
    blank = f" OR {column} IS NULL" if optional else ""
    return CheckConstraint(f"{column} IN ({listed}){blank}", name=f"{column}_known")


def utc_now() -> datetime:
    """The present time, aware and in UTC."""
    return datetime.now(UTC)


JsonDict = dict[str, Any]
