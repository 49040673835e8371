"""Prints a visit: finds its rows, has them converted and set, and writes down who printed what."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.models import Alert, Area, GoodsLine, Photo, StolenItem, Visit
from inspect_app.pdf.documents import FaultyPhoto, Language, MissingCharacter
from inspect_app.pdf.fonts import FontPair, load_fonts
from inspect_app.pdf.visit_record import render_visit_record
from inspect_app.services.actors import Actor
from inspect_app.services.inspections import get_visit
from inspect_app.services.transaction import transaction
from inspect_app.services.visit_documents import VisitRows, to_document

_FONT_DIR = Path("@expo-google-fonts/noto-sans-sc")
_REGULAR = _FONT_DIR / "400Regular" / "NotoSansSC_400Regular.ttf"
_BOLD = _FONT_DIR / "700Bold" / "NotoSansSC_700Bold.ttf"


class VisitNotFound(Exception):
    """There is no visit with this ``number``."""

    def __init__(self, number: str) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class PrintedVisit:
    """The PDF of a visit, and what in it a person should be told about."""

    number: str
    language: Language
    content: bytes
    page_count: int
    missing_characters: tuple[MissingCharacter, ...]
    faulty_photos: tuple[FaultyPhoto, ...]


def find_visit_id(actor: Actor, number: str) -> int:
    """The id of the visit with that number.

    Raises:
        NotAllowed, OutOfArea: see ``get_visit``.
        VisitNotFound: there is none.
    """
    visit_id = db.session.scalar(select(Visit.id).where(Visit.number == number.strip()))
    if visit_id is None:
        raise VisitNotFound(number)
    return get_visit(actor, visit_id).id


def print_visit(actor: Actor, visit_id: int, language: Language, settings: Settings) -> PrintedVisit:
    """The joint inspection record of a visit as PDF; that it was printed is written to the audit trail.

    The police's copy has the alerts as an annex, the other agencies' copies have not: alerts are the police's.

    Raises:
        NotAllowed: the actor may not print, or may not see visits.
        OutOfArea: there is no visit with this id, or not for this person.
        FontNotUsable: the fonts that set-up installs are missing.
    """
    actor.require("reports.print")
    document = to_document(_load_rows(actor, visit_id, settings), language)
    rendered = render_visit_record(document, _fonts(settings))
    with transaction(actor) as tx:
        tx.record(
            "reports:visit:printed",
            db.session.get(Visit, visit_id),
            after={
                "number": document.number,
                "language": language,
                "data_version": document.data_version,
                "data_hash": document.data_hash,
                "is_draft": document.is_draft,
                "has_alerts": bool(document.alerts),
                "file_sha256": sha256(rendered.content).hexdigest(),
            },
        )
    return PrintedVisit(
        document.number,
        language,
        rendered.content,
        rendered.page_count,
        rendered.missing_characters,
        rendered.faulty_photos,
    )


def _fonts(settings: Settings) -> FontPair:
    return load_fonts(settings.assets_dir / _REGULAR, settings.assets_dir / _BOLD)


def _load_rows(actor: Actor, visit_id: int, settings: Settings) -> VisitRows:
    visit = get_visit(actor, visit_id)
    code = visit.venue.area_code
    areas = select(Area).where(Area.code.in_([code[:length] for length in (4, 6, 9, 12)])).order_by(Area.code)
    photos = select(Photo).where(Photo.visit_id == visit_id, Photo.removed_at.is_(None)).order_by(Photo.id)
    return VisitRows(
        visit=visit,
        areas=tuple(db.session.scalars(areas)),
        alerts=_load_alerts(visit_id) if actor.is_system or actor.agency_kind == "police" else (),
        photos=tuple(db.session.scalars(photos)),
        upload_dir=settings.upload_dir,
        zone=ZoneInfo(settings.timezone),
    )


def _load_alerts(visit_id: int) -> tuple[Alert, ...]:
    query = (
        select(Alert)
        .join(GoodsLine, Alert.goods_line_id == GoodsLine.id)
        .where(GoodsLine.visit_id == visit_id, GoodsLine.removed_at.is_(None))
        .options(joinedload(Alert.stolen_item).joinedload(StolenItem.report), selectinload(Alert.judgements))
        .order_by(Alert.probability.desc(), Alert.id)
    )
    return tuple(db.session.scalars(query))
