"""Annex for the police alone: which goods resemble reported stolen property, and why."""

from reportlab.platypus import Flowable

from inspect_app.pdf.composer import Composer
from inspect_app.pdf.documents import AlertLine, VisitRecordDocument
from inspect_app.pdf.pages import PORTRAIT_WIDTH
from inspect_app.pdf.tables import list_table, scaled

_COLUMNS = {
    "alert_goods": 46,
    "alert_report": 100,
    "alert_agreeing": 114,
    "alert_contradicting": 82,
    "alert_probability": 50,
    "alert_state": 48,
    "alert_matcher": 46,
}


def alerts_annex(document: VisitRecordDocument, composer: Composer, number: int) -> list[Flowable]:
    """The whole annex, strongest suggestion as the caller ordered it."""
    head = [composer.label(key, composer.styles.list_head) for key in _COLUMNS]
    rows = [_alert_row(alert, composer) for alert in document.alerts]
    heading = composer.annex_heading(number, "alerts_annex", document.venue.name, document.number, len(document.alerts))
    notice = composer.label("alerts_notice", composer.styles.strong_note)
    return [*heading, notice, list_table(head, rows, scaled(list(_COLUMNS.values()), PORTRAIT_WIDTH), composer.font)]


def _alert_row(alert: AlertLine, composer: Composer) -> list[Flowable]:
    cell, center = composer.styles.list_cell, composer.styles.list_center
    likelihood = "\n".join(part for part in (format_probability(alert.probability), alert.band) if part)
    return [
        composer.block(str(alert.goods_number), center),
        composer.value(alert.report_number, cell),
        composer.value("\n".join(alert.agreeing), cell),
        composer.value("\n".join(alert.contradicting), cell),
        composer.value(likelihood, center),
        composer.value(alert.state, center),
        composer.value(alert.matcher_version, center),
    ]


def format_probability(probability: float | None) -> str:
    """A percentage that never claims certainty: 99.97 % prints as >99.9%."""
    if probability is None:
        return ""
    if probability > 0.999:
        return ">99.9%"
    if probability < 0.001:
        return "<0.1%"
    return f"{probability * 100:.1f}%"
