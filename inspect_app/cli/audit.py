"""``flask --app wsgi audit``: is the trail whole?"""

import click
from flask.cli import AppGroup

from inspect_app.services import audit_trail
from inspect_app.services.actors import system_actor
from inspect_app.services.audit import ChainBreak

commands = AppGroup("audit", help="The audit trail.")


@commands.command()
@click.option("--count", type=int, help="A count that was written down earlier: that event must still be there ...")
@click.option("--hash", "event_hash", default="", help="... with this hash, which was written down with it.")
def verify(count: int | None, event_hash: str) -> None:
    """Verify the whole trail; print the count, the last hash and each break. Exit code 1 on a break."""
    actor, after_seq, breaks = system_actor("cli"), 0, 0
    while True:
        part = audit_trail.verify_part(actor, after_seq)
        for found in part.breaks:
            click.echo(_told(found))
        breaks += len(part.breaks)
        after_seq = part.last_seq
        if part.is_finished:
            break
    if count is not None and not audit_trail.has_event(count, event_hash):
        click.echo(f"event {count} is not the one that was written down")
        breaks += 1
    click.echo(f"count {part.last_seq}")
    click.echo(f"last hash {part.last_hash}")
    if breaks:
        click.echo(f"{breaks} breaks: the trail is NOT whole", err=True)
        raise SystemExit(1)
    click.echo("whole")


def _told(found: ChainBreak) -> str:
    if found.reason == "missing":
        return f"events {found.seq} to {found.last_seq} are missing"
    if found.reason == "unlinked":
        return f"event {found.seq} does not follow from the event before it"
    return f"the content of event {found.seq} was changed"
