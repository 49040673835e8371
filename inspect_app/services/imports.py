"""Files of stolen property on their way into the register: taken in, started, cancelled, listed."""

import unicodedata
from functools import partial
from typing import BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.models import ImportBatch
from inspect_app.models.types import utc_now
from inspect_app.reference.mappings import Mapping, mapping_to_dict, missing_targets
from inspect_app.services import jobs
from inspect_app.services.actors import Actor
from inspect_app.services.import_files import discard_file, open_file, store_file
from inspect_app.services.paging import ListPage, fetch_page
from inspect_app.services.sheet_reading import SheetFacts, SheetRefused, Source, inspect_sheet
from inspect_app.services.transaction import transaction

IMPORT_STOLEN: Final = "import_stolen"


class ImportNotFound(Exception):
    """There is no import with this id."""


class ImportAlreadyStarted(Exception):
    """The import has been started before; ``import_id`` leads to it."""

    def __init__(self, import_id: int) -> None:
        super().__init__(import_id)
        self.import_id = import_id


class ImportOver(Exception):
    """The import has ended: there is nothing left to cancel."""


class TargetsMissing(Exception):
    """The mapping reads none of the file's columns for a target that it requires; ``targets`` names them."""

    def __init__(self, targets: tuple[str, ...]) -> None:
        super().__init__(", ".join(targets))
        self.targets = targets


def upload_import(actor: Actor, settings: Settings, submission_id: str, file_name: str, file: BinaryIO) -> int:
    """Takes in a file, encrypted, and finds out how to read it; returns the import's id. Nothing of it is imported yet.

    The same ``submission_id`` makes one import.

    Raises:
        NotAllowed: the actor may not import.
        SheetRefused: the file cannot be read as a table; it is not kept.
    """
    actor.require("imports.run")
    if (present := _with_submission(submission_id)) is not None:
        return present
    sha256 = store_file(settings, file)
    try:
        facts = inspect_sheet(partial(open_file, settings, sha256), settings.import_max_rows)
    except SheetRefused:
        if db.session.scalar(select(ImportBatch.id).where(ImportBatch.file_sha256 == sha256).limit(1)) is None:
            discard_file(settings, sha256)
        raise
    batch = ImportBatch(
        submission_id=submission_id,
        file_name=_short_name(file_name),
        file_sha256=sha256,
        sheet=facts.to_dict(),
        total_rows=facts.total_rows,
        created_by_id=actor.user_id,
    )
    try:
        with transaction(actor) as tx:
            db.session.add(batch)
            db.session.flush()
            tx.record("imports:import:uploaded", batch, after={"sha256": sha256, "rows": facts.total_rows})
            return batch.id
    except IntegrityError:
        # The same form sent twice at one moment: the other one won.
        if (present := _with_submission(submission_id)) is None:
            raise
        return present


def find_import(actor: Actor, import_id: int) -> ImportBatch:
    """One import with its job and who began it.

    Raises:
        NotAllowed: the actor may not import.
        ImportNotFound: there is none with this id.
    """
    actor.require("imports.run")
    query = select(ImportBatch).where(ImportBatch.id == import_id)
    batch = db.session.scalar(query.options(joinedload(ImportBatch.job), joinedload(ImportBatch.created_by)))
    if batch is None:
        raise ImportNotFound(import_id)
    return batch


def list_imports(actor: Actor, page: int) -> ListPage[ImportBatch]:
    """The imports, newest first.

    Raises:
        NotAllowed: the actor may not import.
    """
    actor.require("imports.run")
    query = select(ImportBatch).options(joinedload(ImportBatch.job), joinedload(ImportBatch.created_by))
    return fetch_page(query.order_by(ImportBatch.id.desc()), page)


def earlier_import(batch: ImportBatch) -> ImportBatch | None:
    """The last finished import of the very same file, to warn of it."""
    query = select(ImportBatch).where(
        ImportBatch.file_sha256 == batch.file_sha256, ImportBatch.id != batch.id, ImportBatch.state == "done"
    )
    return db.session.scalar(query.order_by(ImportBatch.id.desc()).limit(1))


def sheet_of(batch: ImportBatch) -> SheetFacts:
    """How the file of an import is read."""
    return SheetFacts.from_dict(batch.sheet)


def source_of(settings: Settings, batch: ImportBatch) -> Source:
    """Opens the file of an import."""
    return partial(open_file, settings, batch.file_sha256)


def start_import(
    actor: Actor, settings: Settings, import_id: int, mapping: Mapping, *, held_by: str = ""
) -> jobs.JobRun | None:
    """Fixes the mapping and queues the work. ``held_by`` names a worker that does it itself, and gets the run for it.

    Raises:
        NotAllowed: the actor may not import.
        ImportNotFound: there is none with this id.
        ImportAlreadyStarted: it was started before.
        TargetsMissing: the file lacks columns that the mapping requires.
    """
    actor.require("imports.run")
    with transaction(actor) as tx:
        batch = db.session.scalar(select(ImportBatch).where(ImportBatch.id == import_id).with_for_update())
        if batch is None:
            raise ImportNotFound(import_id)
        if batch.state != "uploaded":
            raise ImportAlreadyStarted(import_id)
        if missing := missing_targets(mapping, sheet_of(batch).header):
            raise TargetsMissing(missing)
        batch.mapping, batch.state = mapping_to_dict(mapping), "queued"
        job = jobs.enqueue(
            tx,
            IMPORT_STOLEN,
            {"import_id": batch.id},
            total_units=batch.total_rows,
            held_by=held_by,
            lease_s=settings.job_lease_s,
        )
        batch.job_id = job.id
        tx.record("imports:import:started", batch, after={"sha256": batch.file_sha256, "mapping": mapping.name})
        return jobs.job_run(job, held_by, settings) if held_by else None


def cancel_import(actor: Actor, import_id: int) -> None:
    """Stops an import before its next chunk. What it has taken stays; the same file imported anew takes the rest.

    Raises:
        NotAllowed: the actor may not import.
        ImportNotFound: there is none with this id.
        ImportOver: it has ended already.
    """
    actor.require("imports.run")
    with transaction(actor) as tx:
        job_id = db.session.scalar(select(ImportBatch.job_id).where(ImportBatch.id == import_id))
        if job_id is not None and not jobs.cancel_job(job_id):
            raise ImportOver
        # Read only now that the job is locked: a step in progress has changed the counts.
        batch = db.session.get(ImportBatch, import_id)
        if batch is None:
            raise ImportNotFound(import_id)
        if batch.state not in {"uploaded", "queued", "running"}:
            raise ImportOver
        batch.state, batch.finished_at = "cancelled", utc_now()
        tx.record("imports:import:cancelled", batch, after=counts_of(batch))


def counts_of(batch: ImportBatch) -> dict[str, int]:
    """What became of the rows, for the audit trail."""
    return {
        "total": batch.total_rows,
        "accepted": batch.accepted_rows,
        "refused": batch.refused_rows,
        "repeated": batch.repeated_rows,
        "alerts": batch.alerts_raised,
    }


def _with_submission(submission_id: str) -> int | None:
    return db.session.scalar(select(ImportBatch.id).where(ImportBatch.submission_id == submission_id))


def _short_name(file_name: str) -> str:
    """The name without folders and control characters, its end kept when it is long: that is where the kind stands."""
    name = file_name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").strip()
    return clean[-200:] or "-"
