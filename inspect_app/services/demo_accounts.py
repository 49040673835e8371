"""The accounts of the demo city that a newcomer signs in with. They exist only where the demo data was loaded."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.models import User
from inspect_app.services.demo.people import plan_officers
from inspect_app.services.demo.places import plan_units

# Everybody in the demo city has it, and everybody may know it: such an account has no place in a real city.
DEMO_PASSWORD: Final = "joint-inspection"  # noqa: S105 - printed at every start with demo data
_SHOWN: Final = ("110001", "110002", "320001", "320002", "120001", "130001", "140001", "150001", "160001")


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """Someone to sign in as: by ``badge_number`` with ``password``."""

    badge_number: str
    full_name: str
    role: str
    unit_zh: str
    unit_en: str
    password: str


def demo_accounts() -> list[DemoAccount]:
    """Two inspectors of each agency who work in the same district, and one person of every other role."""
    units = {unit.code: unit for unit in plan_units()}
    officers = {officer.badge_number: officer for officer in plan_officers()}
    return [
        DemoAccount(
            badge_number=badge,
            full_name=officers[badge].full_name,
            role=officers[badge].role,
            unit_zh=units[officers[badge].unit_code].name_zh,
            unit_en=units[officers[badge].unit_code].name_en,
            password=DEMO_PASSWORD,
        )
        for badge in _SHOWN
    ]


def has_demo_accounts() -> bool:
    """Whether this database holds the demo city, which its first inspector tells."""
    first = plan_officers()[0]
    query = select(User.id).where(User.badge_number == first.badge_number, User.full_name == first.full_name)
    return db.session.scalar(query) is not None
