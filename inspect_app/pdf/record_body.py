"""The body of the inspection record: heading, venue, officers, checklist, findings, statement, outcome."""

from collections import Counter

from reportlab.platypus import Flowable, Spacer

from inspect_app.pdf.composer import BLANK, Composer
from inspect_app.pdf.documents import ChecklistItem, ChecklistSection, Officer, VenueDetails, VisitRecordDocument
from inspect_app.pdf.labels import format_time_range
from inspect_app.pdf.marks import MarkedText
from inspect_app.pdf.pages import PORTRAIT_WIDTH
from inspect_app.pdf.tables import form_grid, list_table, scaled, three_columns
from inspect_app.pdf.verification import VerificationCode, verification_text

_BOX_HEIGHT = 54.0


def heading(document: VisitRecordDocument, composer: Composer) -> list[Flowable]:
    """Agencies, title and number, with the verification code beside them; a notice when it is a draft."""
    styles = composer.styles
    separator = "　" if composer.language == "zh" else ", "
    colon = "：" if composer.language == "zh" else " "
    lines: list[Flowable] = [
        composer.block(separator.join(document.agencies), styles.agency),
        composer.label("title", styles.title),
        composer.block(f"{composer.labels['number']}{colon}{document.number}", styles.cell_center),
    ]
    if document.is_draft:
        lines.append(composer.label("draft_notice", styles.cell_center))
    if document.unread_count:
        lines.append(composer.block(composer.say("unread_notice", count=document.unread_count), styles.label))
    code = VerificationCode(verification_text(document))
    return [three_columns(lines, code, code.width, PORTRAIT_WIDTH, composer.font), Spacer(0, 4)]


def visit_grid(document: VisitRecordDocument, composer: Composer) -> list[Flowable]:
    """Where, when and what kind, as a form."""
    venue: VenueDetails = document.venue
    when = format_time_range(document.started_at, document.ended_at, composer.language)
    label, cell = composer.styles.label, composer.styles.cell

    def wide(key: str, text: str) -> list[Flowable]:
        return [composer.label(key, label), composer.value(text, cell)]

    def pair(left_key: str, left: str, right_key: str, right: str) -> list[Flowable]:
        return [
            composer.label(left_key, label),
            composer.value(left, cell),
            composer.label(right_key, label),
            composer.value(right, cell),
        ]

    rows = [
        wide("venue_name", venue.name),
        pair("venue_kind", venue.kind, "credit_code", venue.credit_code),
        wide("address", venue.address),
        pair("responsible_person", venue.responsible_person, "area", venue.area),
        pair("visit_kind", document.kind, "visit_time", when),
    ]
    widths = scaled((76, 150, 92, 164), PORTRAIT_WIDTH)
    return [*composer.heading("visit_section", 1), form_grid(rows, widths, composer.font)]


def officers_table(officers: tuple[Officer, ...], composer: Composer) -> list[Flowable]:
    """Who inspected, and what each showed."""
    keys = ("officer_name", "officer_agency", "officer_unit", "badge_number", "credential")
    head = [composer.label(key, composer.styles.head) for key in keys]
    cell = composer.styles.cell_center
    rows = [
        [composer.value(text, cell) for text in (o.name, o.agency, o.unit, o.badge_number, o.credential)]
        for o in officers
    ]
    if not officers:
        rows = [[composer.label("not_filled", composer.styles.cell)]]
    widths = scaled((62, 116, 116, 86, 102), PORTRAIT_WIDTH)
    return [*composer.heading("officers_section", 2), list_table(head, rows, widths, composer.font)]


def checklist(sections: tuple[ChecklistSection, ...], composer: Composer) -> list[Flowable]:
    """One table of all sections with a summary of the answers above it."""
    title = composer.heading("checklist_section", 3)
    items = [item for section in sections for item in section.items]
    if not items:
        return [*title, composer.label("checklist_empty", composer.styles.body)]
    counts = Counter(item.answer for item in items)
    answers = ("yes", "no", "not_applicable", "not_checked")
    summary = composer.say("checklist_summary", total=len(items), **{a: counts[a] for a in answers})  # type: ignore[index]
    keys = ("item_number", "item_text", "severity", "item_answer", "item_note", "item_basis")
    head = [composer.label(key, composer.styles.list_head) for key in keys]
    rows: list[list[Flowable]] = []
    number = 0
    for section in sections:
        if section.title:
            rows.append([composer.block(section.title, composer.styles.list_strong)])
        for item in section.items:
            number += 1
            rows.append(_checklist_row(number, item, composer))
    english = composer.language == "en"
    widths = scaled((26, 132, 44, 60, 84, 136) if english else (28, 150, 30, 56, 88, 130), PORTRAIT_WIDTH)
    return [*title, composer.block(summary, composer.styles.note), list_table(head, rows, widths, composer.font)]


def _checklist_row(number: int, item: ChecklistItem, composer: Composer) -> list[Flowable]:
    styles, labels = composer.styles, composer.labels
    is_failed = item.answer == "no"
    photos = composer.say("item_photos", count=item.photo_count) if item.photo_count else ""
    note = "\n".join(part for part in (item.note.strip(), photos) if part)
    severity = labels[f"severity_{item.severity}"] if item.severity else ""
    answer_style = styles.list_strong if is_failed else styles.list_cell
    return [
        composer.block(str(number), styles.list_center),
        composer.block(item.text, styles.list_cell),
        composer.value(severity, styles.list_center),
        MarkedText(item.answer, composer.ledger.printable(labels[f"answer_{item.answer}"]), answer_style),
        composer.value(note, styles.list_cell),
        composer.value(composer.basis(item.legal_basis, item.is_basis_verified), styles.list_cell),
    ]


def findings(document: VisitRecordDocument, composer: Composer) -> list[Flowable]:
    """What was found, each finding with the basis that may be cited."""
    paragraphs = []
    for number, finding in enumerate(document.findings, start=1):
        ordinal = f"{number}. " if len(document.findings) > 1 else ""
        source = f"【{finding.agency}】" if finding.agency else ""
        paragraphs.append(ordinal + source + finding.text.strip())
        basis = composer.basis(finding.legal_basis, finding.is_basis_verified)
        if basis:
            paragraphs.append(composer.say("finding_basis", basis=basis))
    return _boxed("findings_section", 4, "\n".join(paragraphs) or composer.labels["nothing"], composer)


def statement(document: VisitRecordDocument, composer: Composer) -> list[Flowable]:
    """What the venue says."""
    return _boxed("statement_section", 5, document.venue_statement or composer.labels["nothing"], composer)


def outcome(document: VisitRecordDocument, composer: Composer) -> list[Flowable]:
    """What comes of the visit."""
    return _boxed("outcome_section", 6, document.outcome or composer.labels["not_filled"], composer)


def _boxed(key: str, ordinal: int, text: str, composer: Composer) -> list[Flowable]:
    return [
        *composer.heading(key, ordinal),
        composer.box(text.strip() or BLANK, _BOX_HEIGHT),
    ]
