"""Owners and sellers: encrypted, and found again by keyed hashes only."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, validates

from inspect_app.extensions import Model, vault
from inspect_app.models.types import EncryptedText, UtcDateTime, one_of, utc_now
from inspect_app.rules import DOCUMENT_KINDS


class Person(Model):
    """Someone who was robbed or who sold a thing. The ``_key`` columns follow their values by themselves."""

    __tablename__ = "person"
    __table_args__ = (one_of("document_kind", DOCUMENT_KINDS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(EncryptedText, default="")
    name_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    document_kind: Mapped[str] = mapped_column(String(20), default="resident_id")
    document: Mapped[str] = mapped_column(EncryptedText, default="")
    document_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    phone: Mapped[str] = mapped_column(EncryptedText, default="")
    phone_key: Mapped[str] = mapped_column(String(64), default="", index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)

    @validates("name", "document", "phone")
    def _follow_with_key(self, field: str, value: str) -> str:
        setattr(self, f"{field}_key", vault.lookup_hash(value) if value else "")
        return value
