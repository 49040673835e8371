"""The joint inspection record 联合检查记录 of one routine visit, with its annexes.

A routine inspection is supervision, not a case: this is not the 检查笔录 of a case, which has other rules of
approval, witness and refusal.
"""

from reportlab.platypus import Flowable, KeepTogether, Spacer

from inspect_app.pdf import record_body
from inspect_app.pdf.alerts_annex import alerts_annex
from inspect_app.pdf.composer import Composer
from inspect_app.pdf.documents import FaultyPhoto, MissingCharacter, RenderedDocument, VisitRecordDocument
from inspect_app.pdf.fonts import FontPair
from inspect_app.pdf.goods_annex import goods_annex
from inspect_app.pdf.pages import LANDSCAPE, PORTRAIT, PageFurniture, build_pages, turn_page
from inspect_app.pdf.photos_annex import photos_annex
from inspect_app.pdf.signatures import signature_section

_SHOWN_HASH_LENGTH = 16


def render_visit_record(document: VisitRecordDocument, fonts: FontPair) -> RenderedDocument:
    """Print one visit on A4. The same document and fonts give the same bytes, in every process.

    Characters that the fonts cannot draw and photos that cannot be shown are visible in the pages and listed in the
    result; they do not stop the printing.
    """
    composer = Composer(fonts, document.language)
    furniture = _furniture(document, composer, fonts)
    annexes, annex_lines, faults = _annexes(document, composer)
    signatures = signature_section(document.signatures, composer)
    body: list[Flowable] = [
        *record_body.heading(document, composer),
        *record_body.visit_grid(document, composer),
        *record_body.officers_table(document.officers, composer),
        *record_body.checklist(document.checklist, composer),
        *record_body.findings(document, composer),
        *record_body.statement(document, composer),
        *record_body.outcome(document, composer),
        Spacer(0, 8),
        *annex_lines,
    ]
    # Last, when every text of the document has been set and the ledger is complete.
    missing = composer.ledger.missing()
    notice = _missing_notice(missing, composer)
    content, page_count = build_pages([*body, *notice, *signatures, *annexes], furniture)
    return RenderedDocument(content, page_count, missing, faults)


def _missing_notice(missing: tuple[MissingCharacter, ...], composer: Composer) -> list[Flowable]:
    """The readers of the paper learn of characters that it could not show."""
    if not missing:
        return []
    listed = composer.labels["list_separator"].join(
        composer.say("missing_glyph", notation=m.notation, count=m.count) for m in missing
    )
    return [KeepTogether([composer.block(composer.say("missing_glyphs", list=listed), composer.styles.note)])]


def _annexes(
    document: VisitRecordDocument, composer: Composer
) -> tuple[list[Flowable], list[Flowable], tuple[FaultyPhoto, ...]]:
    """The annexes' pages, the lines that name them in the record, and the photos that cannot be shown."""
    kinds = [kind for kind in ("goods", "alerts", "photos") if getattr(document, kind)]
    numbers = {kind: number for number, kind in enumerate(kinds, start=1)}
    pages: list[Flowable] = []
    faults: tuple[FaultyPhoto, ...] = ()
    if document.goods:
        pages += turn_page(LANDSCAPE)
        pages += goods_annex(document, composer, numbers["goods"], numbers.get("alerts"))
    if document.alerts:
        pages += turn_page(PORTRAIT)
        pages += alerts_annex(document, composer, numbers["alerts"])
    if document.photos:
        photo_pages, faults = photos_annex(document, composer, numbers["photos"])
        pages += [*turn_page(PORTRAIT), *photo_pages]
    return pages, _annex_lines(document, composer, numbers), faults


def _annex_lines(document: VisitRecordDocument, composer: Composer, numbers: dict[str, int]) -> list[Flowable]:
    style = composer.styles.cell
    lines: list[Flowable] = []
    if not document.goods:
        lines.append(composer.label("goods_none", style))
    if numbers:
        named = [
            composer.say(
                "annex_with_count",
                number=number,
                title=composer.labels[f"{kind}_annex"],
                count=len(getattr(document, kind)),
            )
            for kind, number in numbers.items()
        ]
        gap = "　" if composer.language == "zh" else "  "
        lines.append(composer.block(composer.labels["annexes"] + gap.join(named), style))
    return lines


def _furniture(document: VisitRecordDocument, composer: Composer, fonts: FontPair) -> PageFurniture:
    printable, labels = composer.ledger.printable, composer.labels
    colon = "：" if composer.language == "zh" else " "
    footer = "　".join(
        (
            f"{labels['number']}{colon}{document.number}",
            composer.say("data_version", version=document.data_version),
            composer.say("data_hash", hash=document.data_hash[:_SHOWN_HASH_LENGTH]),
        )
    )
    return PageFurniture(
        fonts=fonts,
        title=labels["title"],
        number=printable(f"{labels['number']}{colon}{document.number}"),
        footer=printable(footer),
        page_of=labels["page"],
        watermark=labels["draft"] if document.is_draft else "",
        subject=f"{document.data_version} {document.data_hash}",
        author=", ".join(document.agencies),
        language="zh-CN" if document.language == "zh" else "en",
        created_at=document.data_at,
    )
