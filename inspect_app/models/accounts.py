"""Agencies, their units, and the people who sign in."""

from datetime import datetime
from typing import TYPE_CHECKING

from flask_security.models import fsqla_v3 as fsqla
from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.extensions import Model, db
from inspect_app.models.types import EncryptedText, JsonDict, UtcDateTime, one_of, utc_now
from inspect_app.rules import AGENCY_KINDS

fsqla.FsModels.set_db_info(db, user_table_name="user", role_table_name="role")


class Agency(Model):
    """One of the bodies that inspect together: its kind decides which findings are its own."""

    __tablename__ = "agency"
    __table_args__ = (one_of("kind", AGENCY_KINDS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    is_active: Mapped[bool] = mapped_column(default=True)

    units: Mapped[list["Unit"]] = relationship(back_populates="agency", order_by="Unit.code")


class Unit(Model):
    """A station or office. ``area_code`` (GB/T 2260, 4 to 12 digits) covers every area that begins with it."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"), index=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name_zh: Mapped[str] = mapped_column(String(120))
    name_en: Mapped[str] = mapped_column(String(120))
    area_code: Mapped[str] = mapped_column(String(12), index=True)
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    is_active: Mapped[bool] = mapped_column(default=True)

    agency: Mapped[Agency] = relationship(back_populates="units")


class Area(Model):
    """A city (4 digits), district (6) or street (9): the code of a part begins with the code of the whole."""

    __tablename__ = "area"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    name_zh: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))


class Role(Model, fsqla.FsRoleMixin):
    """A role by its name; what it may do stands in ``rules.PERMISSIONS``."""

    if TYPE_CHECKING:
        name: Mapped[str]  # type: ignore[assignment]


class User(Model, fsqla.FsUserMixin):
    """A person who signs in, by badge number (``username``) or e-mail."""

    if TYPE_CHECKING:
        # The mixin's columns are untyped: this is what they hold.
        id: Mapped[int]  # type: ignore[assignment]
        email: Mapped[str]  # type: ignore[assignment]
        username: Mapped[str | None]  # type: ignore[assignment]
        password: Mapped[str | None]  # type: ignore[assignment]
        active: Mapped[bool]
        fs_uniquifier: Mapped[str]  # type: ignore[assignment]
        last_login_at: Mapped[datetime | None]  # type: ignore[assignment]
        login_count: Mapped[int | None]  # type: ignore[assignment]
        roles: Mapped[list["Role"]]  # type: ignore[assignment]

    full_name: Mapped[str] = mapped_column(String(80))
    badge_number: Mapped[str] = mapped_column(String(40), unique=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    language: Mapped[str] = mapped_column(String(16), default="")
    # The password was made by an administrator and is good for one sign-in only.
    must_change_password: Mapped[bool] = mapped_column(default=False)

    unit: Mapped[Unit | None] = relationship(lazy="joined")


class WebAuthn(Model, fsqla.FsWebAuthnMixin):
    """A security key or passkey of a user."""


class SignInThrottle(Model):
    """How often a sign-in to one account was tried lately; ``account_key`` is a keyed hash: anything may be typed."""

    __tablename__ = "sign_in_throttle"

    account_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int] = mapped_column(default=0)
    last_attempt_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, index=True)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeptForm(Model):
    """A form that arrived after its sender's sign-in had expired, kept (encrypted) until they sign in again."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_key: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    path: Mapped[str] = mapped_column(String(400))
    body: Mapped[str] = mapped_column(EncryptedText)
    details: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
