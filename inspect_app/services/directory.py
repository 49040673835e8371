"""Who and where: the agencies' units, officers and areas, as forms offer them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from inspect_app.extensions import db
from inspect_app.models import Agency, Area, Role, Unit, User


def list_areas() -> Sequence[Area]:
    """Every area, the whole before its parts."""
    return db.session.scalars(select(Area).order_by(Area.code)).all()


def find_area(code: str) -> Area | None:
    """The area of the code, or the narrowest one that covers it; None when none does."""
    covering = [area for area in list_areas() if code.startswith(area.code)]
    return covering[-1] if covering else None


def list_units() -> Sequence[Unit]:
    """Every unit that is active, by agency and code, with its agency."""
    query = select(Unit).join(Agency).options(joinedload(Unit.agency)).where(Unit.is_active)
    return db.session.scalars(query.order_by(Agency.kind, Unit.code)).all()


def list_officers() -> Sequence[User]:
    """Every active inspector with the unit and agency, by agency, unit and badge number."""
    query = (
        select(User)
        .join(User.unit)
        .join(Unit.agency)
        .where(User.active, User.roles.any(Role.name == "inspector"))
        .options(joinedload(User.unit).joinedload(Unit.agency))
    )
    return db.session.scalars(query.order_by(Agency.kind, Unit.code, User.badge_number)).unique().all()


def unit_in_charge(area_code: str, agency_kind: str = "police") -> Unit | None:
    """The active unit of the agency with the narrowest area that covers ``area_code``; None when none does."""
    query = select(Unit).join(Agency).where(Unit.is_active, Agency.kind == agency_kind)
    covering = [unit for unit in db.session.scalars(query) if area_code.startswith(unit.area_code)]
    return max(covering, key=lambda unit: len(unit.area_code), default=None)
