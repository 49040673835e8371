"""``flask --app wsgi import``: whole files into the register, from the shell."""

import sys
import uuid
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from inspect_app.config import Settings
from inspect_app.models import ImportBatch
from inspect_app.reference.mappings import Mapping, MappingError, preset_names
from inspect_app.reference.vocabulary import label
from inspect_app.services.actors import Actor, system_actor
from inspect_app.services.import_mappings import named_mapping
from inspect_app.services.import_refusals import export_refused
from inspect_app.services.imports import TargetsMissing, find_import, sheet_of, start_import, upload_import
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import work, worker_name
from inspect_app.services.sheet_reading import SheetRefused, inspect_sheet

commands = AppGroup("import", help="Import whole files.")


class Unusable(click.ClickException):
    """The file or the mapping cannot be used; exit code 2."""

    exit_code = 2


@commands.command("stolen")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "mapping_name", required=True, help=f"A TOML file, a saved mapping, or {preset_names()}.")
@click.option("--refused", type=click.Path(dir_okay=False, path_type=Path), help="Write the refused rows to this CSV.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="en", show_default=True, help="Of the reasons.")
def import_stolen(file: Path, mapping_name: str, refused: Path | None, language: str) -> None:
    """Import FILE (CSV, TSV, XLSX, XLS or ODS) as reported stolen property.

    Every row is taken, refused with a reason, or counted as one that was imported before. Exit code 0: done, even with
    refused rows; 2: the file or the mapping cannot be used; 1: the import failed on the way and can be run again.
    """
    settings: Settings = current_app.config["INSPECT"]
    actor = system_actor("cli")
    mapping = _mapping(mapping_name, language)
    import_id = _take_in(actor, settings, file, language)
    name = worker_name()
    try:
        run = start_import(actor, settings, import_id, mapping, held_by=name)
    except TargetsMissing as missing:
        raise Unusable(f"{file.name} has no column for: {', '.join(missing.targets)}.") from None
    assert run is not None, "the run is ours, for it is held by our name"
    run.on_progress = _show_progress
    work(run, JOB_KINDS[run.kind])
    click.echo(err=True)
    batch = find_import(actor, import_id)
    if batch.state != "done":
        reason = batch.error or (batch.job.error if batch.job else "") or batch.state
        raise click.ClickException(
            f"The import stopped after {batch.accepted_rows:,} rows: {reason}. Nothing is lost: a worker goes on "
            "with it, or run the command again; what came in is not doubled."
        )
    if refused is not None:
        with refused.open("wb") as target:
            export_refused(actor, import_id, language, "csv", target)
    _report(batch)


def _mapping(name: str, language: str) -> Mapping:
    try:
        return named_mapping(name)
    except MappingError as error:
        raise Unusable(f"{label('mapping_fault', error.code, language)}: {error.detail or name}") from None


def _take_in(actor: Actor, settings: Settings, file: Path, language: str) -> int:
    try:
        # Looked at before it is copied: a file that is no table, or far too long, is refused at once.
        inspect_sheet(lambda: file.open("rb"), settings.import_max_rows)
        with file.open("rb") as content:
            return upload_import(actor, settings, str(uuid.uuid4()), file.name, content)
    except SheetRefused as error:
        detail = f" ({error.detail})" if error.detail else ""
        raise Unusable(f"{file}: {label('sheet_fault', error.code, language)}{detail}") from None
    except OSError as error:
        raise Unusable(f"{file} cannot be read: {error.strerror}") from None


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty() or done == total:
        click.echo(f"\r{done:,} of {total:,} rows", err=True, nl=False)


def _report(batch: ImportBatch) -> None:
    lines = sheet_of(batch).total_lines
    click.echo(
        f"{batch.file_name}: {batch.total_rows:,} rows in {lines:,} lines: {batch.accepted_rows:,} accepted, "
        f"{batch.refused_rows:,} refused, {batch.repeated_rows:,} repeated; {batch.alerts_raised:,} alerts"
    )
