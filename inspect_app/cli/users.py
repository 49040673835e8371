"""``flask --app wsgi users``: the first administrator, and help when nobody can sign in."""

import re

import click
from flask.cli import AppGroup

from inspect_app.rules import ROLES
from inspect_app.services import accounts, agencies
from inspect_app.services.accounts import AccountNotFound, AccountTaken, UnitMissing, UserDraft
from inspect_app.services.actors import system_actor

commands = AppGroup("users", help="The people who sign in.")

_BADGE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}")


@commands.command()
@click.option("--badge", required=True, help="Badge number: the person signs in with it.")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--unit", "unit_code", default="", help="Code of the unit; only roles for the whole city do without.")
@click.option("--email", default="", help="E-mail address; signs in as well.")
def create(badge: str, name: str, role: str, unit_code: str, email: str) -> None:
    """Create a user and print the password, which is good for one sign-in."""
    actor = system_actor("cli")
    if not _BADGE.fullmatch(badge):
        raise click.ClickException("a badge number has letters, digits, points and hyphens, at most 40")
    unit_id = None
    if unit_code:
        units = {unit.code: unit.id for unit, _people in agencies.list_all_units(actor)}
        if unit_code not in units:
            raise click.ClickException(f"no unit has the code {unit_code!r}; there are: {', '.join(units) or 'none'}")
        unit_id = units[unit_code]
    draft = UserDraft(badge_number=badge, full_name=name, role=role, unit_id=unit_id, email=email)
    try:
        made = accounts.create_user(actor, draft)
    except AccountTaken as taken:
        raise click.ClickException(f"another user has this {taken.field.replace('_', ' ')}") from None
    except UnitMissing:
        raise click.ClickException(f"a user with the role {role} needs --unit") from None
    click.echo(f"Created {made.user.badge_number}. Password for the first sign-in:")
    click.echo(made.password)


@commands.command("list")
@click.option("--role", default="", type=click.Choice(["", *ROLES]), help="Only users of this role.")
def list_users(role: str) -> None:
    """List users: badge number, role, unit, state, name."""
    actor, number = system_actor("cli"), 1
    while True:
        page = accounts.find_users(actor, role=role, page=number)
        for user in page.rows:
            unit = user.unit.code if user.unit else "-"
            state = "active" if user.active else "off"
            click.echo(f"{user.badge_number}\t{accounts.role_of(user)}\t{unit}\t{state}\t{user.full_name}")
        if number >= page.pages:
            return
        number += 1


@commands.command("reset-password")
@click.argument("badge")
def reset_password(badge: str) -> None:
    """Make a new password for one sign-in, print it, and end the user's sessions."""
    actor = system_actor("cli")
    try:
        user = accounts.find_user_by_badge(actor, badge)
    except AccountNotFound:
        raise click.ClickException(f"no user has the badge number {badge!r}") from None
    click.echo(accounts.reset_password(actor, user.id).password)
