"""The end of the record: annexes named, the venue's reading, lines to sign, and room for a refusal."""

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Spacer

from inspect_app.pdf.composer import Composer
from inspect_app.pdf.documents import Signature
from inspect_app.pdf.labels import format_time
from inspect_app.pdf.pages import LANDSCAPE_WIDTH, PORTRAIT_WIDTH
from inspect_app.pdf.tables import form_grid, list_table, scaled

_SIGNING_HEIGHT = 30.0
_READING_HEIGHT = 54.0
# A visit that names nobody yet still prints lines for the fewest who must sign.
_BLANK_LINES = (Signature("officer"), Signature("officer"), Signature("venue"), Signature("witness"))


def signature_section(signatures: tuple[Signature, ...], composer: Composer) -> list[Flowable]:
    """Reading, signature lines and the refusal note; kept on one page when they fit."""
    notes = [
        f"{composer.labels[f'sign_{s.role}']} {s.name}".strip()
        + f"{'：' if composer.language == 'zh' else ': '}{s.refusal_note}"
        for s in signatures
        if s.refusal_note
    ]
    refusal = "\n".join(notes) if notes else composer.labels["refusal_blank"]
    return [
        KeepTogether(
            [
                composer.title("signatures_section", 7),
                composer.box(composer.labels["reading"], _READING_HEIGHT),
                Spacer(0, 6),
                _signing_table(signatures, composer),
                Spacer(0, 6),
                _refusal_box(refusal, composer),
            ]
        )
    ]


def _signing_table(signatures: tuple[Signature, ...], composer: Composer) -> Flowable:
    head = [composer.label(k, composer.styles.head) for k in ("sign_who", "sign_name", "sign_here", "sign_date")]
    center = composer.styles.cell_center
    rows = []
    for signature in signatures or _BLANK_LINES:
        who = "\n".join(part for part in (signature.name, signature.affiliation) if part)
        signed_at = signature.signed_at
        date = format_time(signed_at, composer.language) if signed_at else composer.labels["sign_blank_date"]
        rows.append(
            [
                composer.label(f"sign_{signature.role}", center),
                composer.block(who, center),
                Spacer(0, _SIGNING_HEIGHT),
                composer.block(date, center),
            ]
        )
    return list_table(head, rows, scaled((102, 142, 138, 100), PORTRAIT_WIDTH), composer.font, align="MIDDLE")


def _refusal_box(text: str, composer: Composer) -> Flowable:
    label = composer.label("refusal", composer.styles.label)
    value = composer.block(text + "\n\n", composer.styles.cell)
    return form_grid([[label, value]], scaled((102, 380), PORTRAIT_WIDTH), composer.font)


def list_confirmation(composer: Composer) -> list[Flowable]:
    """The line under a goods list where both sides sign for it."""
    text = composer.label("goods_confirm", composer.styles.cell)
    blank = composer.block("\n", composer.styles.cell)
    fields: list[Flowable] = []
    for key in ("confirm_officers", "confirm_venue", "confirm_date"):
        fields += [composer.label(key, composer.styles.label), blank]
    grid = form_grid([fields], scaled((80, 210, 100, 150, 50, 100), LANDSCAPE_WIDTH), composer.font)
    return [CondPageBreak(80), Spacer(0, 6), text, Spacer(0, 4), grid]
