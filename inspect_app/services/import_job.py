"""The work of an import: chunk after chunk of the file, each one transaction that also moves the job on."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from inspect_app.extensions import db
from inspect_app.models import ImportBatch, Job
from inspect_app.models.types import utc_now
from inspect_app.reference.mapping_rows import MappedItem, RowRefusal, apply_mapping
from inspect_app.reference.mappings import Mapping, mapping_from_dict
from inspect_app.services.import_files import StoredFileDamaged
from inspect_app.services.import_rows import ReadRow, RowKeys, save_rows
from inspect_app.services.imports import counts_of, sheet_of, source_of
from inspect_app.services.jobs import JobFailed, JobRun
from inspect_app.services.sheet_reading import SheetRefused, SheetRow, read_rows
from inspect_app.services.transaction import Transaction

# So few that a transaction takes well under a second: on SQLite every tablet that saves a line waits for it.
CHUNK_ROWS: Final = 200


class RowsMiscounted(Exception):
    """Rows were lost or counted twice: the import must not be called done."""


def run_import(run: JobRun) -> None:
    """Imports the rest of a file, from the row after the job's cursor.

    Raises:
        JobFailed: the stored file cannot be read any more.
    """
    batch = _batch(run.payload)
    if batch.state == "done":
        # The worker was killed between the last step and the word that the job is done.
        return
    mapping, facts = mapping_from_dict(batch.mapping), sheet_of(batch)
    rows = read_rows(source_of(run.settings, batch), facts)
    keyed = _read(rows, mapping, facts.header, after=int(run.cursor.get("row", 0)))
    try:
        while chunk := list(islice(keyed, CHUNK_ROWS)):
            with run.step() as step:
                _save_chunk(step.tx, _batch(run.payload), chunk)
                step.cursor = {"row": chunk[-1].row.number}
                step.done_units += len(chunk)
    except SheetRefused as refused:
        raise JobFailed(refused.code) from refused
    except StoredFileDamaged as damaged:
        raise JobFailed("stored_file_damaged") from damaged
    with run.step() as step:
        _finish(step.tx, _batch(run.payload))


def give_up_import(tx: Transaction, job: Job) -> None:
    """Says on the import that its job has failed for good."""
    batch = _batch(job.payload)
    batch.state, batch.error, batch.finished_at = "failed", job.error[:200], utc_now()
    tx.record("imports:import:failed", batch, after={**counts_of(batch), "error": batch.error})


def read_row(mapping: Mapping, header: tuple[str, ...], row: SheetRow) -> MappedItem | RowRefusal:
    """What a row of the file says through the mapping, or why it is refused."""
    if row.fault:
        return RowRefusal(row.fault, "", "")
    return apply_mapping(mapping, dict(zip(header, row.cells, strict=True)))


def _batch(payload: dict[str, int]) -> ImportBatch:
    return db.session.get_one(ImportBatch, payload["import_id"])


def _read(rows: Iterator[SheetRow], mapping: Mapping, header: tuple[str, ...], after: int) -> Iterator[ReadRow]:
    """The rows behind ``after`` with key and content; those before only count for the keys of equal rows."""
    keys = RowKeys(mapping, header)
    for row in rows:
        key = keys.key(row)
        if row.number > after:
            yield ReadRow(row, key, read_row(mapping, header, row))


def _save_chunk(tx: Transaction, batch: ImportBatch, chunk: list[ReadRow]) -> None:
    count = save_rows(tx, batch, chunk)
    batch.state = "running"
    batch.accepted_rows += count.accepted
    batch.refused_rows += count.refused
    batch.repeated_rows += count.repeated
    batch.alerts_raised += count.alerts


def _finish(tx: Transaction, batch: ImportBatch) -> None:
    if batch.accepted_rows + batch.refused_rows + batch.repeated_rows != batch.total_rows:
        raise RowsMiscounted
    batch.state, batch.finished_at = "done", utc_now()
    tx.record("imports:import:finished", batch, after=counts_of(batch))
