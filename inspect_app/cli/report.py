"""``flask --app wsgi report``: printed records from the shell."""

from hashlib import sha256
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from inspect_app.pdf.documents import Language
from inspect_app.pdf.fonts import FontNotUsable
from inspect_app.services.actors import system_actor
from inspect_app.services.reports import PrintedVisit, VisitNotFound, find_visit_id, print_visit

commands = AppGroup("report", help="Print records as PDF.")


@commands.command("visit")
@click.argument("number")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The PDF file to write.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
def print_visit_to_file(number: str, out: Path, language: Language) -> None:
    """Print the joint inspection record of the visit NUMBER."""
    actor = system_actor("cli")
    try:
        printed = print_visit(actor, find_visit_id(actor, number), language, current_app.config["INSPECT"])
    except VisitNotFound:
        raise click.ClickException(f"There is no visit {number}.") from None
    except FontNotUsable as error:
        raise click.ClickException(f"A font is missing; run make setup. {error}") from None
    try:
        out.write_bytes(printed.content)
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}") from None
    click.echo(f"{out}: {printed.page_count} pages, SHA-256 {sha256(printed.content).hexdigest()}")
    _warn(printed)


def _warn(printed: PrintedVisit) -> None:
    for missing in printed.missing_characters:
        click.echo(f"No glyph for {missing.notation}, printed as its number {missing.count} times.", err=True)
    for faulty in printed.faulty_photos:
        click.echo(f"Photo {faulty.number} is not printed: {faulty.fault}.", err=True)
