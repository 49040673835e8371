"""Venues, visits, goods lines, stolen items: one function a model, each with values that any test may replace."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from inspect_app.extensions import db
from inspect_app.models import (
    Alert,
    GoodsIdentifier,
    GoodsLine,
    Person,
    StolenIdentifier,
    StolenItem,
    StolenReport,
    Venue,
    Visit,
    VisitOfficer,
)
from inspect_app.services.numbering import next_number

NOON = datetime(2026, 11, 2, 4, 0, tzinfo=UTC)


def _save(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


def create_venue(**values: Any) -> Venue:
    """A second-hand shop."""
    uid = str(uuid.uuid4())
    defaults = {"submission_id": uid, "kind": "second_hand", "name": f"旧货店{uid[:6]}", "area_code": "420704001"}
    return _save(Venue(**{**defaults, "address": "古城路1号", **values}))


def create_visit(venue: Venue | None = None, officers: tuple[Any, ...] = (), **values: Any) -> Visit:
    """A draft of a routine visit."""
    venue = venue or create_venue()
    visit = Visit(
        **{
            "number": f"LJ-2026-{next_number('test-visit'):06d}",
            "submission_id": str(uuid.uuid4()),
            "venue": venue,
            "venue_kind": venue.kind,
            "checklist_version": "2026-01",
            "started_at": NOON,
            **values,
        }
    )
    visit.officers = [VisitOfficer(user=user, position=number) for number, user in enumerate(officers)]
    return _save(visit)


def create_goods_line(
    visit: Visit | None = None, identifiers: dict[str, str] | None = None, **values: Any
) -> GoodsLine:
    """A phone on the shelf; it is not screened, since no service made it."""
    visit = visit or create_visit()
    line = GoodsLine(
        **{
            "line_uid": str(uuid.uuid4()),
            "visit": visit,
            "venue": visit.venue,
            "category": "phone",
            "brand": "华为",
            "model": "Mate 60",
            "logged_at": NOON,
            **values,
        }
    )
    line.identifiers = [
        GoodsIdentifier(kind=kind, value=value, normalised=value) for kind, value in (identifiers or {}).items()
    ]
    return _save(line)


def create_person(**values: Any) -> Person:
    """A person with an invented name and documents."""
    defaults = {"name": "梁试", "document": "420704190001010019", "phone": "13800005678"}
    return _save(Person(**{**defaults, **values}))


def create_report(**values: Any) -> StolenReport:
    """A theft reported at the counter, without items."""
    uid = str(uuid.uuid4())
    defaults = {
        "submission_id": uid,
        "number": f"R-{uid[:8]}",
        "occurred_from": NOON - timedelta(days=3),
        "occurred_to": NOON - timedelta(days=2),
        "place": "滨湖小区",
        "area_code": "420704001",
    }
    return _save(StolenReport(**{**defaults, **values}))


def create_stolen_item(
    report: StolenReport | None = None, identifiers: dict[str, str] | None = None, **values: Any
) -> StolenItem:
    """A stolen phone; it is not screened, since no service made it."""
    item = StolenItem(
        **{
            "item_uid": str(uuid.uuid4()),
            "report": report or create_report(),
            "category": "phone",
            "brand": "华为",
            "model": "Mate 60",
            **values,
        }
    )
    item.identifiers = [
        StolenIdentifier(kind=kind, value=value, normalised=value) for kind, value in (identifiers or {}).items()
    ]
    return _save(item)


COMPONENTS = [
    {
        "comparison": "prior",
        "level": "register_size",
        "outcome": "neutral",
        "weight_bits": -13.6,
        "goods_value": "",
        "stolen_value": "1000",
    },
    {
        "comparison": "identifier:imei",
        "level": "exact",
        "outcome": "agree",
        "weight_bits": 22.0,
        "goods_value": "860123456789014",
        "stolen_value": "860123456789014",
    },
    {
        "comparison": "colour",
        "level": "differ",
        "outcome": "contradict",
        "weight_bits": -4.0,
        "goods_value": "红",
        "stolen_value": "黑",
    },
    {
        "comparison": "marks",
        "level": "blank",
        "outcome": "neutral",
        "weight_bits": 0.0,
        "goods_value": "",
        "stolen_value": "",
    },
]


def create_alert(line: GoodsLine | None = None, item: StolenItem | None = None, **values: Any) -> Alert:
    """A new alert of a phone whose IMEI agrees and whose colour contradicts."""
    return _save(
        Alert(
            **{
                "goods_line": line or create_goods_line(),
                "stolen_item": item or create_stolen_item(),
                "band": "alert",
                "probability": 0.953,
                "weight_bits": 4.4,
                "evidence_bits": 22.0,
                "components": COMPONENTS,
                "evidence_key": "first",
                "matcher_version": "test",
                "raised_at": NOON,
                **values,
            }
        )
    )
