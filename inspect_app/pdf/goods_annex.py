"""Annex: the goods list, on lying pages so that every column has room."""

from decimal import Decimal

from reportlab.platypus import Flowable, Spacer

from inspect_app.pdf.composer import BLANK, Composer
from inspect_app.pdf.documents import GoodsLine, VisitRecordDocument
from inspect_app.pdf.marks import MarkedText
from inspect_app.pdf.pages import LANDSCAPE_WIDTH
from inspect_app.pdf.signatures import list_confirmation
from inspect_app.pdf.tables import list_table, scaled

_COLUMNS = {
    "goods_number": 27,
    "goods_category": 58,
    "goods_description": 172,
    "goods_quantity": 46,
    "goods_weight": 52,
    "goods_price": 60,
    "goods_identifiers": 140,
    "goods_seller": 56,
    "goods_register": 45,
    "goods_disposition": 60,
    "goods_alert": 62,
}
_FEATURES = ("brand", "model", "specification", "colour", "marks")


def goods_annex(
    document: VisitRecordDocument, composer: Composer, number: int, alerts_number: int | None
) -> list[Flowable]:
    """The whole annex; `alerts_number` is the annex with the alerts, None where this copy has none."""
    head = [composer.label(key, composer.styles.list_head) for key in _COLUMNS]
    rows = [_goods_row(line, composer, alerts_number) for line in document.goods]
    table = list_table(head, rows, scaled(list(_COLUMNS.values()), LANDSCAPE_WIDTH), composer.font)
    heading = composer.annex_heading(number, "goods_annex", document.venue.name, document.number, len(document.goods))
    closing: list[Flowable] = [Spacer(0, 4)]
    if any(identifier.is_doubtful for line in document.goods for identifier in line.identifiers):
        closing.append(composer.label("doubtful_legend", composer.styles.note))
    return [*heading, table, *closing, *list_confirmation(composer)]


def _goods_row(line: GoodsLine, composer: Composer, alerts_number: int | None) -> list[Flowable]:
    styles = composer.styles
    cell, center, figure = styles.list_cell, styles.list_center, styles.list_figure
    identifiers = "\n".join(
        composer.say("identifier_doubtful" if i.is_doubtful else "identifier", kind=i.kind, value=i.value)
        for i in line.identifiers
    )
    return [
        composer.block(str(line.number), center),
        composer.value(line.category, cell),
        composer.value(_describe(line, composer), cell),
        composer.value(format_quantity(line.quantity, line.unit), center),
        composer.value(format_weight(line.weight_g), figure),
        composer.value(format_price(line.price_fen), figure),
        composer.value(identifiers, cell),
        composer.value(line.seller, cell),
        _register_mark(line.is_in_register, composer),
        composer.value(line.disposition, center),
        _alert_mark(composer, alerts_number) if line.has_alert else composer.block(BLANK, center),
    ]


def _describe(line: GoodsLine, composer: Composer) -> str:
    features = composer.labels["feature_separator"].join(
        composer.say("feature", label=composer.labels[key], value=value)
        for key in _FEATURES
        if (value := str(getattr(line, key)).strip())
    )
    return "\n".join(part for part in (line.description.strip(), features) if part)


def _register_mark(is_in_register: bool | None, composer: Composer) -> Flowable:
    if is_in_register is None:
        return composer.block(BLANK, composer.styles.list_center)
    word = composer.labels["yes" if is_in_register else "no"]
    return MarkedText("yes" if is_in_register else "no", composer.ledger.printable(word), composer.styles.list_cell)


def _alert_mark(composer: Composer, alerts_number: int | None) -> Flowable:
    word = composer.say("alert_see", number=alerts_number) if alerts_number else composer.labels["alert_yes"]
    return MarkedText("alert", composer.ledger.printable(word), composer.styles.list_strong)


def format_quantity(quantity: Decimal | None, unit: str) -> str:
    """A quantity with its unit and without idle zeros: 3 台, 1.5 米."""
    if quantity is None:
        return ""
    return f"{_plain(quantity)} {unit}".strip()


def format_weight(weight_g: Decimal | None) -> str:
    """Grams below one kilogram, kilograms from there on."""
    if weight_g is None:
        return ""
    return f"{_plain(weight_g)} g" if weight_g < 1000 else f"{_plain(weight_g / 1000)} kg"


def format_price(price_fen: int | None) -> str:
    """Fen as yuan with thousands set apart: ¥1,234.50."""
    return "" if price_fen is None else f"¥{Decimal(price_fen) / 100:,.2f}"


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
