"""The roles as rows: the sign-in library wants them in a table, though what they may do stands in ``rules``."""

from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.models import Role
from inspect_app.rules import ROLES


def ensure_roles() -> dict[str, Role]:
    """Every role of ``rules.ROLES`` as a row, made where it is missing, by name. Call it inside a transaction."""
    roles = {role.name: role for role in db.session.scalars(select(Role))}
    for name in ROLES:
        if name not in roles:
            roles[name] = Role(name=name)
            db.session.add(roles[name])
    db.session.flush()
    return roles
