"""Saves the demo city in one transaction: all of it stands afterwards, or nothing."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flask_security import hash_password
from sqlalchemy import func, select

from inspect_app.extensions import db
from inspect_app.models import Alert, Photo, StolenItem, User, Visit
from inspect_app.rules import OPEN_ALERT_STATES
from inspect_app.services.accounts_setup import ensure_roles
from inspect_app.services.actors import system_actor
from inspect_app.services.audit import audited_values
from inspect_app.services.demo import pictures, rows
from inspect_app.services.demo.alert_histories import HistoryWriter
from inspect_app.services.demo.dice import stream
from inspect_app.services.demo.plans import City
from inspect_app.services.demo_accounts import DEMO_PASSWORD
from inspect_app.services.photos import save_photo
from inspect_app.services.screening import screen_goods_lines, screen_stolen_items
from inspect_app.services.transaction import Transaction, transaction

_CHUNK: Final = 500
# One visit in so many has photos.
_VISITS_A_PHOTOGRAPHER: Final = 25
_LARGEST_PHOTO: Final = 20 * 1024 * 1024

Tell = Callable[[str], None]


class NotEmpty(Exception):
    """There are users already: the demo city would mix with what they work with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedCity:
    """What was loaded: how many rows of each kind, alerts by state, and a visit that has alerts to look at."""

    counts: dict[str, int]
    alerts_by_state: dict[str, int]
    visit_number: str


def has_users() -> bool:
    """Whether anybody can sign in here already."""
    return db.session.scalar(select(User.id).limit(1)) is not None


def load_demo_city(city: City, *, number_prefix: str, photo_store: Path, tell: Tell = lambda _text: None) -> LoadedCity:
    """Saves the city, screens its goods against its stolen items, and leads the alerts to their states.

    ``tell`` is called with a line of progress at each step. It is all one transaction: a load that is stopped midway
    leaves nothing but photo files that no row names.

    Raises:
        NotEmpty: the database has users.
    """
    with transaction(system_actor("demo")) as tx:
        if has_users():
            raise NotEmpty
        saved = _save_records(tx, city, number_prefix, tell)
        alerts = _screen(tx, saved, tell)
        true_lines = _true_lines(city, saved)
        tell(f"{len(alerts)} alerts and possible matches go their ways")
        HistoryWriter(tx, saved.users).write(alerts, true_lines)
        tell("photos")
        photo_count = _add_photos(tx, saved, alerts, photo_store)
        db.session.flush()
        return _summary(city, alerts, photo_count, _visit_to_show(alerts, true_lines))


def _save_records(tx: Transaction, city: City, number_prefix: str, tell: Tell) -> rows.CityRows:
    saved = rows.CityRows()
    tell(f"{len(city.units)} units, {len(city.officers)} people who work in them, {len(city.venues)} venues")
    saved.units = rows.add_units(city)
    saved.users = rows.add_users(city, saved.units, ensure_roles(), hash_password(DEMO_PASSWORD))
    saved.people = rows.add_people(city)
    saved.venues = rows.add_venues(city, saved.units)
    db.session.flush()
    tell(f"{len(city.reports)} reports of theft")
    saved.reports = rows.add_reports(city, saved)
    db.session.flush()
    tell(f"{len(city.visits)} visits with their goods")
    saved.visits = rows.add_visits(city, saved, number_prefix)
    db.session.flush()
    for user in saved.users.values():
        tx.record("accounts:user:created", user, after={"badge_number": user.badge_number})
    for venue in saved.venues:
        tx.record("venues:venue:registered", venue, after=audited_values(venue))
    for report in saved.reports:
        tx.record("stolen:report:registered", report, after=audited_values(report))
    for visit in saved.visits:
        tx.record("inspections:visit:started", visit, after=audited_values(visit))
    return saved


def _screen(tx: Transaction, saved: rows.CityRows, tell: Tell) -> list[Alert]:
    """Files the stolen items first and then looks each goods line up among them: each pair is compared once."""
    items = [item for report in saved.reports for item in report.items]
    lines = [line for visit in saved.visits for line in visit.goods]
    for start in range(0, len(items), _CHUNK):
        screen_stolen_items(tx, items[start : start + _CHUNK])
    for start in range(0, len(lines), _CHUNK):
        tell(f"goods {start} to {min(start + _CHUNK, len(lines))} of {len(lines)} compared with all stolen items")
        screen_goods_lines(tx, lines[start : start + _CHUNK])
    db.session.flush()
    return list(db.session.scalars(select(Alert).order_by(Alert.id)))


def _true_lines(city: City, saved: rows.CityRows) -> frozenset[int]:
    """The ids of the goods lines that really are a stolen thing."""
    planned = [line for visit in city.visits for line in visit.goods]
    lines = [line for visit in saved.visits for line in visit.goods]
    return frozenset(line.id for line, plan in zip(lines, planned, strict=True) if plan.truth and plan.truth != "twin")


def _add_photos(tx: Transaction, saved: rows.CityRows, alerts: list[Alert], store: Path) -> int:
    """Pictures of the shelves of the latest visits, and of the plates of goods that raised an alert there."""
    dice = stream("photos")
    alerted = {alert.goods_line_id for alert in alerts if alert.band == "alert"}
    with_alerts = [visit for visit in saved.visits if any(line.id in alerted for line in visit.goods)]
    photos: list[Photo] = []
    for visit in with_alerts[-max(1, len(saved.visits) // _VISITS_A_PHOTOGRAPHER) :]:
        photos.append(_photo(tx, store, visit, "visit", pictures.draw_shelf(dice), "货架"))
        numbered = [line for line in visit.goods if line.id in alerted and line.identifiers]
        for line in numbered[:2]:
            found = line.identifiers[0]
            content = pictures.draw_plate(dice, found.kind, found.value)
            photo = _photo(tx, store, visit, f"goods:{line.line_uid}", content, "铭牌")
            photo.goods_line_id = line.id
            photos.append(photo)
    return len(photos)


def _photo(tx: Transaction, store: Path, visit: Visit, subject: str, content: bytes, caption: str) -> Photo:
    photo = save_photo(
        tx,
        store,
        visit,
        subject=subject,
        content=content,
        taken_at=visit.started_at,
        caption=caption,
        max_bytes=_LARGEST_PHOTO,
    )
    photo.uploaded_at = visit.started_at
    photo.uploaded_by_id = visit.created_by_id
    return photo


def _summary(city: City, alerts: list[Alert], photo_count: int, visit_number: str) -> LoadedCity:
    counts = {
        "units": len(city.units),
        "users": len(city.officers),
        "venues": len(city.venues),
        "stolen items": db.session.scalar(select(func.count()).select_from(StolenItem)) or 0,
        "visits": len(city.visits),
        "goods lines": sum(len(visit.goods) for visit in city.visits),
        "alerts": len(alerts),
        "photos": photo_count,
    }
    return LoadedCity(
        counts=counts,
        alerts_by_state=dict(Counter(alert.state for alert in alerts)),
        visit_number=visit_number,
    )


def _visit_to_show(alerts: list[Alert], true_lines: frozenset[int]) -> str:
    """A submitted visit with much to see: a stolen thing that waits, photos, in the area of the shown accounts."""
    waiting: dict[int, list[Alert]] = {}
    for alert in alerts:
        visit = alert.goods_line.visit
        if visit is not None and visit.state == "submitted" and alert.band == "alert":
            waiting.setdefault(visit.id, []).append(alert)
    photographed = set(db.session.scalars(select(Photo.visit_id)))

    def worth(visit_id: int) -> tuple[bool, bool, bool, int, int]:
        found = waiting[visit_id]
        still_open = [alert for alert in found if alert.state in OPEN_ALERT_STATES]
        is_near = found[0].goods_line.venue.area_code.startswith("420704")
        is_real = any(alert.goods_line_id in true_lines for alert in still_open)
        return is_real, is_near, visit_id in photographed, len(still_open), visit_id

    return db.session.get_one(Visit, max(waiting, key=worth)).number
