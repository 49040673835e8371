"""The one who acts: a frozen value that web and commands hand to every service."""

from dataclasses import dataclass

from inspect_app import rules


class NotAllowed(Exception):
    """The actor lacks the permission; ``permission`` names it."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts, with what rights, from where. ``area_prefix`` is the area code that the person may see; "" is all."""

    user_id: int | None
    label: str
    origin: str
    roles: frozenset[str] = frozenset()
    unit_id: int | None = None
    agency_kind: str = ""
    area_prefix: str = ""
    is_system: bool = False

    def may(self, permission: str) -> bool:
        """Whether the actor has the permission."""
        return self.is_system or rules.may(self.roles, permission)

    def require(self, permission: str) -> None:
        """Passes if the actor has the permission.

        Raises:
            NotAllowed: it does not.
        """
        if not self.may(permission):
            raise NotAllowed(permission)

    def sees_area(self, area_code: str) -> bool:
        """Whether a record in this area is within what the actor may see."""
        return self.is_system or area_code.startswith(self.area_prefix)


def system_actor(origin: str) -> Actor:
    """The product itself, acting for a command or a job (``origin``, for example "cli" or "worker")."""
    return Actor(user_id=None, label="system", origin=origin, is_system=True)
