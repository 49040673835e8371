"""Proposing a table of weights from the shell; it joins the commands of ``match``."""

import uuid
from pathlib import Path

import click

from inspect_app.cli.match import LinkFailed
from inspect_app.cli.match import commands as match
from inspect_app.matching.weights import WeightsRefused
from inspect_app.services.actors import system_actor
from inspect_app.services.releases import NothingChanged, draft_release


@match.command("propose")
@click.option("--weights", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A table of weights.")
def propose_weights(weights: Path) -> None:
    """Draft a release with these weights and the words as they stand; the worker rehearses it.

    It goes live on the page of the releases: an administrator proposes it, a supervisor puts it in force.
    """
    try:
        text = weights.read_text(encoding="utf-8-sig")
        release_id = draft_release(system_actor("cli"), str(uuid.uuid4()), text)
    except (OSError, UnicodeDecodeError):
        raise LinkFailed(f"{weights} cannot be read.") from None
    except WeightsRefused as refused:
        raise LinkFailed(f"{weights} cannot be used: {refused}.") from None
    except NothingChanged:
        raise LinkFailed("These weights and words are in force already.") from None
    click.echo(f"Release {release_id} is drafted. The worker rehearses it; see /matching/releases/{release_id}.")
