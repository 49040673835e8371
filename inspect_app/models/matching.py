"""Words that were changed from the shipped ones, and the matchers that were made, rehearsed and put in force."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.extensions import Model
from inspect_app.models.accounts import User
from inspect_app.models.imports import Job
from inspect_app.models.types import JsonDict, UtcDateTime, one_of, utc_now
from inspect_app.rules import ALIAS_KINDS, RELEASE_STATES


class AliasChange(Model):
    """One spelling that differs from the shipped words: given another name, new, or taken away (``is_removed``).

    ``folded`` is the spelling as the matcher reads it. The shipped words themselves stand in files of the product.
    """

    __tablename__ = "alias_change"
    __table_args__ = (UniqueConstraint("kind", "folded"), one_of("kind", ALIAS_KINDS))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    canonical: Mapped[str] = mapped_column(String(60), default="")
    spelling: Mapped[str] = mapped_column(String(60))
    folded: Mapped[str] = mapped_column(String(120))
    is_removed: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now, onupdate=utc_now)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    changed_by: Mapped[User | None] = relationship()


class MatcherRelease(Model):
    """One version of words and weights, whole, from its draft until after it was in force; never changed, only moved.

    ``book`` is the list of [kind, canonical, spellings]; ``weights`` the text of the table; ``rehearsal`` what
    replaying the judged alerts showed.
    """

    __tablename__ = "matcher_release"
    __table_args__ = (
        one_of("state", RELEASE_STATES),
        Index(
            "ix_matcher_release_one_in_force",
            "state",
            unique=True,
            sqlite_where=text("state = 'in_force'"),
            postgresql_where=text("state = 'in_force'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(String(36), unique=True)
    weights_version: Mapped[str] = mapped_column(String(30))
    weights: Mapped[str] = mapped_column(Text)
    book_version: Mapped[str] = mapped_column(String(8))
    book: Mapped[list[list[Any]]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default="draft")
    note: Mapped[str] = mapped_column(Text, default="")
    decision_note: Mapped[str] = mapped_column(Text, default="")
    rehearsal: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    retired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    job: Mapped[Job | None] = relationship()
    created_by: Mapped[User | None] = relationship(foreign_keys=[created_by_id])
    proposed_by: Mapped[User | None] = relationship(foreign_keys=[proposed_by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])

    @property
    def version(self) -> str:
        """The version that every match of this release carries."""
        return f"{self.weights_version}+{self.book_version}"
