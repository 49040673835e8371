"""The demo city from the shell: ``flask --app wsgi demo load``."""

import gc
import time

import click
from flask import current_app

from inspect_app.services.demo.city import plan_city
from inspect_app.services.demo.load import has_users, load_demo_city
from inspect_app.services.demo_accounts import demo_accounts


@click.group("demo")
def commands() -> None:
    """An invented city to look around in."""


@commands.command()
@click.option("--if-empty", is_flag=True, help="Do nothing where somebody can sign in already.")
@click.option("--scale", type=click.FloatRange(0.02, 1), default=1, show_default=True, help="A smaller city.")
def load(if_empty: bool, scale: float) -> None:
    """Load the demo city into an empty database; the last line names a visit that has alerts."""
    settings = current_app.config["INSPECT"]
    if has_users():
        if if_empty:
            click.echo("There are users already: no demo data was loaded.")
            return
        raise click.ClickException("There are users already; the demo city is only for an empty database.")
    if settings.environment == "production":
        raise click.ClickException("The demo accounts share a password that everybody may know: not in production.")
    began = time.monotonic()
    # Tens of thousands of rows in one transaction: the collector would walk them again and again for nothing, which
    # takes a third of the time. The command ends right after.
    gc.disable()
    loaded = load_demo_city(
        plan_city(scale),
        number_prefix=settings.visit_number_prefix,
        photo_store=settings.upload_dir,
        tell=lambda text: click.echo(f"  demo data: {text}", err=True),
    )
    click.echo(f"  demo data: loaded in {time.monotonic() - began:.0f} s", err=True)
    click.echo(", ".join(f"{count} {name}" for name, count in loaded.counts.items()))
    first = demo_accounts()[0]
    click.echo(f"Sign in as {first.badge_number} with the password {first.password}; the start names the others.")
    click.echo(f"Visit with alerts: {loaded.visit_number}")
