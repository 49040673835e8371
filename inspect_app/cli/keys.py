"""``flask --app wsgi keys``: the keys that encrypt personal data."""

import click
from flask.cli import AppGroup

from inspect_app.extensions import UnreadableSecret
from inspect_app.services.actors import system_actor
from inspect_app.services.encryption_keys import RotatedTable, rotate_keys

commands = AppGroup("keys", help="The keys that encrypt personal data.")


@commands.command()
def rotate() -> None:
    """Encrypt everything with the newest key, the first of INSPECT_ENCRYPTION_KEYS. May be stopped and run again."""
    try:
        done = rotate_keys(system_actor("cli"), tell=_tell)
    except UnreadableSecret:
        raise click.ClickException(
            "a value was made with a key that is not given: add that key and run again"
        ) from None
    click.echo(f"{sum(table.rotated for table in done)} values rotated; the older keys are not needed any more")


def _tell(table: RotatedTable) -> None:
    click.echo(f"{table.table}: {table.rotated} rotated, {table.already} had the newest key")
