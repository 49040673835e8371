"""From the rows of a visit to the frozen document that is printed: words for codes, local times, masked names."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from inspect_app.models import Agency, Alert, Area, GoodsLine, Photo, Visit
from inspect_app.models.types import JsonDict
from inspect_app.pdf import documents as pdf
from inspect_app.reference.checklists import ChecklistItem, Citation, basis_on, printable_basis_on
from inspect_app.reference.vocabulary import label, labels
from inspect_app.services.audit import audited_values
from inspect_app.services.goods import read_unparsed
from inspect_app.services.inspections import checklist_of
from inspect_app.services.masking import mask_name
from inspect_app.services.photos import photo_file

# Comparisons whose two values say more than their name alone.
_TELLING = ("identifier", "make", "model", "colour")


@dataclass(frozen=True, slots=True)
class VisitRows:
    """Everything of one visit that is printed. `alerts` is empty on a copy that must not have them."""

    visit: Visit
    areas: tuple[Area, ...]
    alerts: tuple[Alert, ...]
    photos: tuple[Photo, ...]
    upload_dir: Path
    zone: ZoneInfo


def to_document(rows: VisitRows, language: pdf.Language) -> pdf.VisitRecordDocument:
    """The visit as it is printed in that language."""
    visit = rows.visit
    goods = [line for line in visit.goods if line.removed_at is None]
    numbers = {line.id: number for number, line in enumerate(goods, start=1)}
    alerts = [alert for alert in rows.alerts if _is_printed(alert)]
    sections, item_numbers = _checklist(rows, language)
    return pdf.VisitRecordDocument(
        language=language,
        number=visit.number,
        is_draft=visit.state == "draft",
        agencies=tuple(_named(agency, language) for agency in _agencies(visit)),
        kind=label("visit_kind", visit.kind, language),
        venue=_venue(rows, language),
        started_at=visit.started_at.astimezone(rows.zone),
        ended_at=_local(visit.ended_at, rows.zone),
        data_at=_last_change(rows).astimezone(rows.zone),
        data_version=str(visit.revision),
        data_hash=hash_of_source(rows),
        officers=_officers(visit, language),
        checklist=sections,
        findings=(pdf.Finding(visit.findings),) if visit.findings.strip() else (),
        venue_statement=visit.venue_statement,
        outcome=label("visit_outcome", visit.outcome, language) if visit.outcome else "",
        goods=tuple(_goods_line(line, numbers[line.id], alerts, language) for line in goods),
        alerts=tuple(_alert_line(alert, numbers[alert.goods_line_id], language) for alert in alerts),
        photos=tuple(_photo(photo, numbers, item_numbers, rows) for photo in rows.photos),
        signatures=_signatures(visit, language),
        unread_count=sum(len(read_unparsed(kept)) for kept in [visit.unparsed, *(line.unparsed for line in goods)]),
    )


def hash_of_source(rows: VisitRows) -> str:
    """SHA-256 (hex) of what the visit says, the same whoever prints it in whichever language.

    Personal data goes in as keyed hashes, so the printed number gives nothing away.
    """
    visit = rows.visit
    source = {
        "visit": audited_values(visit),
        "venue": audited_values(visit.venue),
        "officers": [audited_values(officer) for officer in visit.officers],
        "answers": sorted([answer.item_key, answer.answer, answer.note] for answer in visit.answers),
        "goods": [_goods_source(line) for line in visit.goods],
        "photos": [audited_values(photo) for photo in rows.photos],
    }
    return sha256(json.dumps(source, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _goods_source(line: GoodsLine) -> JsonDict:
    seller = audited_values(line.seller) if line.seller else {}
    return {**audited_values(line), "seller": seller, "identifiers": [audited_values(i) for i in line.identifiers]}


def _last_change(rows: VisitRows) -> datetime:
    times = [rows.visit.updated_at, *(line.updated_at for line in rows.visit.goods)]
    times += [alert.updated_at for alert in rows.alerts] + [photo.uploaded_at for photo in rows.photos]
    return max(times)


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone)


def _named(row: Agency | Area, language: pdf.Language) -> str:
    return row.name_en if language == "en" else row.name_zh


def _agencies(visit: Visit) -> list[Agency]:
    """The agencies that acted, in the order of their officers."""
    units = [officer.user.unit for officer in visit.officers] or [visit.unit]
    return list({unit.agency.id: unit.agency for unit in units if unit}.values())


def _venue(rows: VisitRows, language: pdf.Language) -> pdf.VenueDetails:
    venue = rows.visit.venue
    names = [_named(area, language) for area in rows.areas]
    return pdf.VenueDetails(
        name=venue.name,
        kind=label("venue_kind", rows.visit.venue_kind, language),
        credit_code=venue.credit_code or "",
        address=venue.address,
        responsible_person=mask_name(venue.responsible_name),
        area=", ".join(reversed(names)) if language == "en" else "".join(names),
    )


def _officers(visit: Visit, language: pdf.Language) -> tuple[pdf.Officer, ...]:
    officers = []
    for row in visit.officers:
        unit = row.user.unit
        officers.append(
            pdf.Officer(
                name=row.user.full_name,
                agency=_named(unit.agency, language) if unit else "",
                unit=(unit.name_en if language == "en" else unit.name_zh) if unit else "",
                badge_number=row.user.badge_number,
                credential=row.credential_shown,
            )
        )
    return tuple(officers)


def _checklist(rows: VisitRows, language: pdf.Language) -> tuple[tuple[pdf.ChecklistSection, ...], dict[str, int]]:
    """The checklist by agency, and under which number each item's key is printed."""
    visit = rows.visit
    items = checklist_of(visit).items
    agencies = list(dict.fromkeys(item.agency for item in items))
    ordered = [item for agency in agencies for item in items if item.agency == agency]
    sections = tuple(
        pdf.ChecklistSection(
            label("agency_kind", agency, language),
            tuple(_checklist_item(item, rows, language) for item in ordered if item.agency == agency),
        )
        for agency in agencies
    )
    return sections, {item.key: number for number, item in enumerate(ordered, start=1)}


def _checklist_item(item: ChecklistItem, rows: VisitRows, language: pdf.Language) -> pdf.ChecklistItem:
    day = rows.visit.started_at.astimezone(rows.zone).date()
    answer = next((answer for answer in rows.visit.answers if answer.item_key == item.key), None)
    basis = _cite(printable_basis_on(item, day), language)
    # What nobody checked against the statute is not even handed on: only that there is something to check.
    unverified = "unverified" if basis_on(item, day) else None
    return pdf.ChecklistItem(
        text=item.question.in_language(language),
        answer=answer.answer if answer else "not_checked",  # type: ignore[arg-type]
        note=answer.note if answer else "",
        legal_basis=basis or unverified,
        is_basis_verified=bool(basis),
        severity=item.severity,  # type: ignore[arg-type]
        photo_count=sum(photo.item_key == item.key for photo in rows.photos),
    )


def _cite(citations: tuple[Citation, ...], language: pdf.Language) -> str:
    """Each instrument once with its articles: 《…法》第七十一条第一款第三项、第七十二条; empty for no citations."""
    articles: dict[str, list[str]] = {}
    for citation in citations:
        instrument = citation.instrument.in_language(language)
        articles.setdefault(instrument, []).append(citation.article.in_language(language))
    if language == "zh":
        return "；".join(f"《{instrument}》{'、'.join(cited)}" for instrument, cited in articles.items())
    return "; ".join(f"{instrument}, {', '.join(cited)}" for instrument, cited in articles.items())


def _goods_line(line: GoodsLine, number: int, alerts: list[Alert], language: pdf.Language) -> pdf.GoodsLine:
    return pdf.GoodsLine(
        number=number,
        category=label("category", line.category, language),
        description=line.description,
        brand=line.brand,
        model=line.model,
        specification=line.specification,
        colour=line.colour,
        marks=line.marks,
        quantity=None if line.quantity is None else Decimal(str(line.quantity)),
        unit=line.unit,
        weight_g=None if line.weight_g is None else Decimal(str(line.weight_g)),
        price_fen=line.price_fen,
        identifiers=tuple(
            pdf.Identifier(label("identifier_kind", i.kind, language), i.value, i.check_result == "doubtful")
            for i in line.identifiers
        ),
        seller=mask_name(line.seller.name) if line.seller else "",
        is_in_register=line.is_in_register,
        disposition=label("disposition", line.disposition, language),
        has_alert=any(alert.goods_line_id == line.id for alert in alerts),
    )


def _is_printed(alert: Alert) -> bool:
    """Whether the alert belongs on paper: a person must look at it, and nobody has found that it was none."""
    if alert.state == "closed":
        return not alert.judgements or alert.judgements[-1].verdict != "dismissed"
    if alert.state in {"dismissed", "superseded"}:
        return False
    return alert.band == "alert" or alert.state in {"confirmed", "unsure"}


def _alert_line(alert: Alert, number: int, language: pdf.Language) -> pdf.AlertLine:
    strongest_first = sorted(alert.components, key=lambda c: -abs(float(c["weight_bits"])))

    def named(outcome: str) -> tuple[str, ...]:
        return tuple(_evidence(c, language) for c in strongest_first if c["outcome"] == outcome)

    return pdf.AlertLine(
        goods_number=number,
        report_number=alert.stolen_item.report.number,
        agreeing=named("agree"),
        contradicting=named("contradict"),
        probability=alert.probability,
        band=label("alert_band", alert.band, language),
        state=label("alert_state", alert.state, language),
        matcher_version=alert.matcher_version,
    )


def _evidence(component: JsonDict, language: pdf.Language) -> str:
    """One comparison in words: 识别码 IMEI（860… / 860…）, the goods' value first."""
    comparison, _, kind = str(component["comparison"]).partition(":")
    known = labels("identifier_kind" if kind else "comparison")
    code = kind or comparison
    # An old alert may hold a comparison that the matcher no longer makes.
    word = known[code].in_language(language) if code in known else code
    values = [str(component.get(key) or "") for key in ("goods_value", "stolen_value")]
    told = " / ".join(dict.fromkeys(value for value in values if value)) if comparison in _TELLING else ""
    if not told:
        return word
    return f"{word}（{told}）" if language == "zh" else f"{word} ({told})"


def _photo(photo: Photo, numbers: dict[int, int], item_numbers: dict[str, int], rows: VisitRows) -> pdf.Photo:
    return pdf.Photo(
        content=photo_file(rows.upload_dir, photo, "full"),
        sha256=photo.sha256,
        original_sha256=photo.original_sha256,
        caption=photo.caption,
        goods_number=numbers.get(photo.goods_line_id) if photo.goods_line_id else None,
        item_number=item_numbers.get(photo.item_key),
        taken_at=_local(photo.taken_at, rows.zone),
    )


def _signatures(visit: Visit, language: pdf.Language) -> tuple[pdf.Signature, ...]:
    """A line for each officer, for the venue and for a witness; all are signed by hand on the paper."""
    officers = tuple(pdf.Signature("officer", o.name, o.agency) for o in _officers(visit, language))
    venue = pdf.Signature("venue", mask_name(visit.venue_representative), visit.venue.name)
    return (*officers, venue, pdf.Signature("witness"))
