"""``flask --app wsgi match``: the matcher from the shell."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import click
from flask.cli import AppGroup

from inspect_app.services.distributed import DaskMissing, SchedulerUnreachable, WorkersDiffer, spread_over
from inspect_app.services.linking import (
    REQUIRED_COLUMNS,
    LinkFile,
    LinkFileRefused,
    read_link_file,
    write_links,
)

commands = AppGroup("match", help="Compare goods with stolen property.")

_SHOWN_PROBLEMS = 20
_FAULTS = {
    "not_found": "there is no such file",
    "unreadable": "the file cannot be read",
    "missing_columns": "these columns are missing",
    "doubled_columns": "these columns stand in it more than once",
    "empty": "the file is empty",
    "no_rows": "the file has a header and no rows",
    "not_a_table": "the file is not a table",
    "web_page": "the file is a web page, not a table",
    "password": "the workbook is protected by a password",
    "damaged_file": "the file is damaged",
    "unknown_encoding": "the text is neither UTF-8 nor GB18030",
    "unclosed_quote": "a quote is opened and never closed",
    "too_many_rows": "the file has too many rows",
    "too_many_columns": "the file has too many columns",
    "too_large": "the file is too large",
}


class LinkFailed(click.ClickException):
    """A run that cannot be done; the shell gets 2."""

    exit_code = 2


@commands.command("link")
@click.option("--stolen", required=True, type=click.Path(path_type=Path), help="Stolen items, in the common columns.")
@click.option("--goods", required=True, type=click.Path(path_type=Path), help="Goods lines, in the common columns.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The links, as CSV.")
@click.option("--scheduler", default="", help="Compare on this Dask cluster, for example tcp://10.0.0.5:8786.")
def link_files(stolen: Path, goods: Path, out: Path, scheduler: str) -> None:
    """Link two files without a database: goods_ref, stolen_ref, score, band (alert or possible), reason."""
    if out.resolve() in (stolen.resolve(), goods.resolve()):
        raise LinkFailed(f"{out} is one of the files to read; choose another file for the links.")
    if not out.parent.is_dir():
        raise LinkFailed(f"There is no directory {out.parent}.")
    stolen_file, goods_file = read_file("stolen", stolen), read_file("goods", goods)
    try:
        with cluster_told(), spread_over(scheduler) if scheduler else nullcontext() as spread:
            summary = write_links(goods_file.records, stolen_file.records, out, _tell_progress, spread)
    except OSError as error:
        raise LinkFailed(f"{out} cannot be written: {error.strerror}") from None
    click.echo(f"{out}: {summary.alerts} alerts, {summary.possible} possible.", err=True)


@contextmanager
def cluster_told() -> Iterator[None]:
    """Tells why a cluster cannot be used, as `LinkFailed`."""
    try:
        yield
    except DaskMissing:
        raise LinkFailed("--scheduler needs the package distributed: pip install distributed.") from None
    except SchedulerUnreachable as error:
        raise LinkFailed(f"No Dask scheduler with a worker answers at {error.address}.") from None
    except WorkersDiffer as error:
        raise LinkFailed(f"The workers at {error.address} need the same release of the product as here.") from None


def read_file(what: str, path: Path) -> LinkFile:
    """Reads a file of records and tells what was taken; `LinkFailed` where it cannot be read."""
    try:
        read = read_link_file(path)
    except LinkFileRefused as error:
        detail = f": {error.detail}" if error.detail else ""
        hint = f" The columns {' and '.join(REQUIRED_COLUMNS)} must be there." if "column" in error.code else ""
        raise LinkFailed(f"{path}: {_FAULTS.get(error.code, error.code)}{detail}.{hint}") from None
    click.echo(f"{path}: {len(read.records)} {what} rows taken, {read.refused_count} refused.", err=True)
    if read.missing_columns:
        click.echo(f"  Without {', '.join(read.missing_columns)}: nothing is compared by them.", err=True)
    _tell_problems(read)
    return read


def _tell_problems(read: LinkFile) -> None:
    for problem in read.problems[:_SHOWN_PROBLEMS]:
        outcome = "row refused" if problem.is_refused else "cell left blank"
        if problem.code in ("doubled_ref", "too_long"):
            outcome = "row taken"
        where = f", {problem.column}" if problem.column else ""
        click.echo(f"  row {problem.row}{where}: {problem.code} ({outcome})", err=True)
    if len(read.problems) > _SHOWN_PROBLEMS:
        counts = Counter(problem.code for problem in read.problems)
        told = ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))
        click.echo(f"  in all {len(read.problems)} problems: {told}", err=True)


def _tell_progress(done: int, total: int) -> None:
    click.echo(f"  {done} of {total} goods compared", err=True)
