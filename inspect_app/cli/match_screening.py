"""``flask --app wsgi match rescreen|completeness|verify``: that everything was compared with everything."""

import sys
from contextlib import nullcontext
from functools import partial

import click
from flask import current_app

from inspect_app.cli.match import cluster_told
from inspect_app.cli.match import commands as match
from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.matching.comparing import COMPARED_HERE
from inspect_app.models import Job
from inspect_app.services.actors import system_actor
from inspect_app.services.completeness import Completeness, SideState, state_completeness
from inspect_app.services.distributed import compared_over
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import JobKind, JobRun, work, worker_name
from inspect_app.services.rescreening import give_up_rescreening, run_rescreening, start_rescreening
from inspect_app.services.verification import LARGEST_SAMPLE, USUAL_SAMPLE, start_verification, verification_of


@match.command("rescreen")
@click.option("--wait", is_flag=True, help="Do it here and now instead of leaving it to the worker.")
@click.option("--scheduler", default="", help="As --wait, but compare on this Dask cluster: tcp://10.0.0.5:8786.")
def rescreen(wait: bool, scheduler: str) -> None:
    """Compare every goods line with every stolen item anew, with the matcher in force.

    Killed on the way, it goes on where it was: the worker takes it over. Exit code 1: it failed; 2: the cluster cannot
    be used, and nothing was begun.
    """
    settings: Settings = current_app.config["INSPECT"]
    if not wait and not scheduler:
        start_rescreening(system_actor("cli"), settings)
        click.echo("It waits for the worker (flask --app wsgi worker).")
        return
    with cluster_told(), compared_over(scheduler) if scheduler else nullcontext(COMPARED_HERE) as comparing:
        run = start_rescreening(system_actor("cli"), settings, held_by=worker_name())
        assert run is not None, "the run is ours, for it is held by our name"
        job = _worked(run, JobKind(partial(run_rescreening, comparing=comparing), give_up_rescreening))
    click.echo(f"{job.done_units:,} records compared with matcher {job.cursor['version']}.")


@match.command("completeness")
def tell_completeness() -> None:
    """State what was compared with what, and list the gaps. Exit code 1: there are gaps."""
    stated = state_completeness(system_actor("cli"))
    click.echo(_statement(stated))
    for name, side in (("stolen item", stated.items), ("goods line", stated.lines)):
        for version, count in sorted(side.gaps.items()):
            why = f"last compared with matcher {version}" if version else "not compared"
            click.echo(f"gap: {count:,} {name}s {why}")
        if side.listed:
            click.echo(f"     the first: {', '.join(str(number) for number in side.listed)}")
    for job in stated.jobs:
        click.echo(f"under way: {job.kind} no. {job.id}, {job.state}, {job.done_units:,} of {job.total_units:,}")
    if not stated.is_complete:
        click.echo("To close the gaps: flask --app wsgi match rescreen")
        sys.exit(1)


@match.command("verify")
@click.option("--sample", default=USUAL_SAMPLE, show_default=True, type=click.IntRange(1, LARGEST_SAMPLE))
@click.option("--seed", default=0, show_default=True, help="The same seed draws the same goods lines.")
def verify(sample: int, seed: int) -> None:
    """Compare goods lines drawn by lot with EVERY stolen item, without the index. Exit code 1: something was missed."""
    settings: Settings = current_app.config["INSPECT"]
    run = start_verification(system_actor("cli"), settings, sample=sample, seed=seed, held_by=worker_name())
    assert run is not None, "the run is ours, for it is held by our name"
    checked = verification_of(_worked(run, JOB_KINDS[run.kind]))
    assert checked is not None, "a job that is done has its result"
    click.echo(
        f"{checked.line_count:,} goods lines (seed {seed}) compared with all {checked.item_count:,} stolen items by "
        f"matcher {checked.version}: {checked.alert_pairs:,} alerts, {len(checked.differences):,} differences."
    )
    for found in checked.differences:
        what = "not found through the index" if found.kind == "missed" else "found, but no alert stands"
        click.echo(
            f"goods line {found.goods_line_id} x stolen item {found.stolen_item_id}: {what} "
            f"({found.weight_bits:+.1f} bits, probability {found.probability:.3f})"
        )
    if not checked.is_passed:
        click.echo("To mend it: flask --app wsgi match rescreen --wait")
        sys.exit(1)


def _statement(stated: Completeness) -> str:
    return (
        f"{_compared('stolen items', stated.items)} were compared with {_compared('goods lines', stated.lines)} "
        f"with matcher version {stated.version}, as of {stated.stated_at:%Y-%m-%d %H:%M:%S} UTC."
    )


def _compared(name: str, side: SideState) -> str:
    share = f"all {side.total:,}" if not side.gap_count else f"{side.compared:,} of {side.total:,}"
    came_in = f", in by {side.last_at:%Y-%m-%d %H:%M} UTC" if side.last_at else ""
    return f"{share} {name} (without a gap up to no. {side.last_id}{came_in})"


def _worked(run: JobRun, kind: JobKind) -> Job:
    run.on_progress = _show_progress
    work(run, kind)
    click.echo(err=True)
    job = db.session.get_one(Job, run.job_id, populate_existing=True)
    if job.state != "done":
        raise click.ClickException(f"It stopped: {job.error or job.state}. The worker goes on with it.")
    return job


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty() or done >= total:
        click.echo(f"\r{done:,} of {total:,} records", err=True, nl=False)
