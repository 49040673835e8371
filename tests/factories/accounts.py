"""Agencies, units, people."""

import itertools
import uuid

from flask_security import hash_password

from inspect_app import rules
from inspect_app.extensions import db
from inspect_app.models import Agency, Area, Role, Unit, User
from inspect_app.services.actors import Actor

PASSWORD = "correct-horse-battery-staple"
_numbers = itertools.count(100_001)


def create_roles() -> None:
    """The roles of the product, as set-up makes them."""
    db.session.add_all(Role(name=name) for name in rules.ROLES)
    db.session.commit()


def create_area(code: str = "420704", name: str = "鄂城区") -> Area:
    """An area, unless it is there already."""
    area = db.session.get(Area, code) or Area(code=code, name_zh=name, name_en=code)
    db.session.add(area)
    db.session.commit()
    return area


def create_unit(kind: str = "police", area_code: str = "420704", **values: object) -> Unit:
    """A unit of an agency of the kind, which is made when it is missing."""
    create_area(area_code)
    agency = db.session.query(Agency).filter_by(kind=kind).first()
    if agency is None:
        agency = Agency(code=kind, kind=kind, name_zh={"police": "公安局"}.get(kind, "市场监管局"), name_en=kind)
        db.session.add(agency)
    number = next(_numbers)
    unit = Unit(
        **{
            "agency": agency,
            "code": f"unit-{number}",
            "name_zh": f"第{number}所",
            "name_en": f"Station {number}",
            "area_code": area_code,
            **values,
        }
    )
    db.session.add(unit)
    db.session.commit()
    return unit


def create_user(
    role: str = "inspector",
    kind: str = "police",
    unit: Unit | None = None,
    *,
    can_sign_in: bool = False,
    **values: object,
) -> User:
    """A person of the role. Only who ``can_sign_in`` gets the hash of ``PASSWORD``, for hashing takes its time."""
    number = next(_numbers)
    user = User(
        **{
            "email": f"{number}@example.org",
            "username": str(number),
            "badge_number": str(number),
            "full_name": f"测试员{number}",
            "password": hash_password(PASSWORD) if can_sign_in else "no sign-in by password",
            "active": True,
            "fs_uniquifier": uuid.uuid4().hex,
            "unit": unit or create_unit(kind),
            "roles": [db.session.query(Role).filter_by(name=role).one()],
            **values,
        }
    )
    db.session.add(user)
    db.session.commit()
    return user


def actor_for(user: User) -> Actor:
    """The user as the services know them."""
    roles = frozenset(role.name for role in user.roles)
    return Actor(
        user_id=user.id,
        label=user.badge_number,
        origin="test",
        roles=roles,
        unit_id=user.unit_id,
        agency_kind=user.unit.agency.kind,
        area_prefix="" if roles & rules.CITYWIDE_ROLES else user.unit.area_code,
    )
