"""The planned city as rows: each function adds one kind of record to the session and returns what it added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from inspect_app.extensions import db
from inspect_app.models import (
    Agency,
    Area,
    ChecklistAnswer,
    GoodsIdentifier,
    GoodsLine,
    NumberSeries,
    Person,
    Role,
    StolenIdentifier,
    StolenItem,
    StolenReport,
    Unit,
    User,
    Venue,
    Visit,
    VisitOfficer,
)
from inspect_app.services.demo.dice import LAST_DAY, local_time, uid_of
from inspect_app.services.demo.places import AREAS
from inspect_app.services.demo.plans import City, PlannedGoods, PlannedReport, PlannedThing, PlannedVisit
from inspect_app.services.identifiers import TypedIdentifier, apply_identifiers
from inspect_app.services.inspections import day_of
from inspect_app.services.venue_names import spell_name

_AGENCY_NAMES: Final = {
    "police": ("市公安局", "City Public Security Bureau"),
    "market_regulation": ("市市场监督管理局", "City Market Regulation Bureau"),
}
_FOUNDED_AT: Final = local_time(LAST_DAY.replace(year=LAST_DAY.year - 2), 9)


@dataclass(slots=True)
class CityRows:
    """The rows of the city, in the order of the plan."""

    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    venues: list[Venue] = field(default_factory=list)
    reports: list[StolenReport] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)


def add_units(city: City) -> dict[str, Unit]:
    """The areas, both agencies and their units, by the unit's code."""
    db.session.add_all(Area(code=code, name_zh=zh, name_en=en) for code, zh, en, _lat, _lng in AREAS)
    agencies = {kind: Agency(code=kind, kind=kind, name_zh=zh, name_en=en) for kind, (zh, en) in _AGENCY_NAMES.items()}
    units = {
        planned.code: Unit(
            agency=agencies[planned.agency],
            code=planned.code,
            name_zh=planned.name_zh,
            name_en=planned.name_en,
            area_code=planned.area_code,
            lat=planned.lat,
            lng=planned.lng,
        )
        for planned in city.units
    }
    db.session.add_all(units.values())
    return units


def add_users(city: City, units: Mapping[str, Unit], roles: Mapping[str, Role], password_hash: str) -> dict[str, User]:
    """Everyone who works in the city, by badge number; all have the same password."""
    founded_at = _FOUNDED_AT.replace(tzinfo=None)
    users = {
        planned.badge_number: User(
            email=f"{planned.badge_number}@demo.example.org",
            username=planned.badge_number,
            badge_number=planned.badge_number,
            full_name=planned.full_name,
            password=password_hash,
            active=True,
            fs_uniquifier=uid_of(f"user {planned.badge_number}").replace("-", ""),
            create_datetime=founded_at,
            update_datetime=founded_at,
            unit=units[planned.unit_code],
            roles=[roles[planned.role]],
        )
        for planned in city.officers
    }
    db.session.add_all(users.values())
    return users


def add_people(city: City) -> list[Person]:
    """Owners and sellers."""
    people = [
        Person(name=planned.name, document=planned.document, phone=planned.phone, created_at=_FOUNDED_AT)
        for planned in city.people
    ]
    db.session.add_all(people)
    return people


def add_venues(city: City, units: Mapping[str, Unit]) -> list[Venue]:
    """The venues, each under the police unit with the narrowest area that covers it."""
    venues: list[Venue] = []
    for planned in city.venues:
        spelling = spell_name(planned.name)
        venue = Venue(
            submission_id=planned.uid,
            name_pinyin=spelling.pinyin,
            name_initials=spelling.initials,
            unit=_unit_in_charge(units.values(), planned.area_code),
            market=None if planned.market is None else venues[planned.market],
            updated_at=planned.created_at,
            **_same(planned, _VENUE_COLUMNS),
        )
        venues.append(venue)
    db.session.add_all(venues)
    return venues


def add_reports(city: City, rows: CityRows) -> list[StolenReport]:
    """The reports with their items, and the number series that gave them theirs."""
    reports = [_report(planned, rows) for planned in city.reports]
    db.session.add_all(reports)
    _count_series([f"stolen-{planned.number.split('-')[1]}" for planned in city.reports])
    return reports


def _report(planned: PlannedReport, rows: CityRows) -> StolenReport:
    report = StolenReport(
        submission_id=planned.uid,
        owner=rows.people[planned.owner],
        unit=_unit_in_charge(rows.units.values(), planned.area_code),
        created_by_id=rows.users["120001"].id,
        updated_at=planned.reported_at,
        **_same(planned, _REPORT_COLUMNS),
    )
    for position, thing in enumerate(planned.items):
        item = StolenItem(
            item_uid=uid_of(f"{planned.number} item {position}"),
            position=position,
            value_fen=thing.value_fen,
            **_same(thing, _THING_COLUMNS),
        )
        apply_identifiers(item, _typed(thing), StolenIdentifier)
        report.items.append(item)
    return report


def add_visits(city: City, rows: CityRows, number_prefix: str) -> list[Visit]:
    """The visits with officers, answers and goods, numbered in the order in which they began."""
    visits: list[Visit] = []
    series: list[str] = []
    for planned in city.visits:
        series.append(f"visit-{number_prefix}-{day_of(planned.started_at).year}")
        number = f"{number_prefix}-{day_of(planned.started_at).year}-{series.count(series[-1]):06d}"
        visits.append(_visit(planned, rows, number))
    db.session.add_all(visits)
    _count_series(series)
    return visits


def _visit(planned: PlannedVisit, rows: CityRows, number: str) -> Visit:
    venue, officers = rows.venues[planned.venue], [rows.users[badge] for badge in planned.officers]
    visit = Visit(
        number=number,
        submission_id=planned.uid,
        venue=venue,
        venue_kind=venue.kind,
        unit=officers[0].unit,
        created_by_id=officers[0].id,
        created_at=planned.started_at,
        updated_at=planned.submitted_at or planned.started_at,
        **_same(planned, _VISIT_COLUMNS),
    )
    visit.officers = [
        VisitOfficer(user=officer, credential_shown=officer.badge_number, position=position)
        for position, officer in enumerate(officers)
    ]
    visit.answers = [ChecklistAnswer(item_key=a.item_key, answer=a.answer, note=a.note) for a in planned.answers]
    visit.goods = [_line(line, position, visit, rows) for position, line in enumerate(planned.goods)]
    return visit


def _line(planned: PlannedGoods, position: int, visit: Visit, rows: CityRows) -> GoodsLine:
    line = GoodsLine(
        line_uid=planned.uid,
        venue=visit.venue,
        position=position,
        seller=None if planned.seller is None else rows.people[planned.seller],
        created_by_id=visit.created_by_id,
        updated_at=planned.logged_at,
        **_same(planned, _LINE_COLUMNS),
        **_same(planned.thing, _THING_COLUMNS),
    )
    apply_identifiers(line, _typed(planned.thing), GoodsIdentifier)
    return line


_VENUE_COLUMNS: Final = (
    "kind", "name", "credit_code", "filing_number", "licences", "address", "area_code", "lat", "lng",
    "responsible_name", "responsible_phone", "state", "risk", "notes", "created_at",
)  # fmt: skip
_REPORT_COLUMNS: Final = (
    "number", "channel", "occurred_from", "occurred_to", "place", "area_code", "lat", "lng", "method", "reported_at",
)  # fmt: skip
_VISIT_COLUMNS: Final = (
    "kind", "state", "started_at", "ended_at", "submitted_at", "checklist_version", "findings", "venue_statement",
    "venue_representative", "outcome",
)  # fmt: skip
_LINE_COLUMNS: Final = ("price_fen", "received_on", "logged_at", "is_in_register", "disposition")
_THING_COLUMNS: Final = (
    "category", "description", "brand", "model", "specification", "colour", "marks", "quantity", "unit", "weight_g",
)  # fmt: skip


def _same(planned: Any, names: Sequence[str]) -> dict[str, Any]:
    """The values that a plan and its row call by the same name."""
    return {name: getattr(planned, name) for name in names}


def _typed(thing: PlannedThing) -> list[TypedIdentifier]:
    return [TypedIdentifier(number.kind, number.value, number.read_by) for number in thing.numbers]


def _unit_in_charge(units: Any, area_code: str) -> Unit:
    covering = [unit for unit in units if unit.agency.kind == "police" and area_code.startswith(unit.area_code)]
    narrowest: Unit = max(covering, key=lambda unit: len(unit.area_code))
    return narrowest


def _count_series(names: Sequence[str]) -> None:
    """Leaves every series where it stands after so many numbers, so that the next one is free."""
    db.session.add_all(NumberSeries(name=name, last_value=names.count(name)) for name in sorted(set(names)))
