"""Files that are imported, the rows that were refused, and the jobs that do long work."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inspect_app.extensions import Model
from inspect_app.models.accounts import User
from inspect_app.models.types import EncryptedText, JsonDict, UtcDateTime, one_of, utc_now
from inspect_app.rules import IMPORT_STATES, JOB_STATES


class Job(Model):
    """Long work in a table: leased to one worker, resumed at its ``cursor`` by another when the lease runs out."""

    __tablename__ = "job"
    __table_args__ = (one_of("state", JOB_STATES), Index("ix_job_next", "state", "run_after"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    cursor: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(12), default="queued")
    done_units: Mapped[int] = mapped_column(default=0)
    total_units: Mapped[int] = mapped_column(default=0)
    attempts: Mapped[int] = mapped_column(default=0)
    max_attempts: Mapped[int] = mapped_column(default=5)
    run_after: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_by: Mapped[str] = mapped_column(String(80), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ImportBatch(Model):
    """One file on its way into the stolen-property register: what was chosen, how far it got, what came of it."""

    __tablename__ = "import_batch"
    __table_args__ = (one_of("state", IMPORT_STATES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(String(36), unique=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64), index=True)
    # How the file is read (kind, encoding, delimiter, header): found once, when it comes in. No row of it.
    sheet: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    mapping: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(12), default="uploaded")
    total_rows: Mapped[int] = mapped_column(default=0)
    accepted_rows: Mapped[int] = mapped_column(default=0)
    refused_rows: Mapped[int] = mapped_column(default=0)
    repeated_rows: Mapped[int] = mapped_column(default=0)
    alerts_raised: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(200), default="")
    job_id: Mapped[int | None] = mapped_column(ForeignKey("job.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    job: Mapped[Job | None] = relationship()
    created_by: Mapped[User | None] = relationship()


class ImportRefusal(Model):
    """A row that was not taken, with the reason; the row itself is encrypted, for it may name people."""

    __tablename__ = "import_refusal"
    __table_args__ = (UniqueConstraint("import_id", "row_number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("import_batch.id"), index=True)
    row_number: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    column: Mapped[str] = mapped_column(String(120), default="")
    row: Mapped[str] = mapped_column(EncryptedText, default="[]")


class SavedMapping(Model):
    """A column mapping that someone made on the page and kept for the next file of the same sender."""

    __tablename__ = "saved_mapping"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    mapping: Mapped[JsonDict] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
