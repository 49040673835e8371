"""Sets texts of one document: labels of its language, its styles, and the ledger of characters without a glyph."""

from collections.abc import Mapping

from reportlab.platypus import CondPageBreak, Flowable

from inspect_app.pdf.documents import Language
from inspect_app.pdf.fonts import FontPair
from inspect_app.pdf.glyphs import GlyphLedger
from inspect_app.pdf.labels import LABELS
from inspect_app.pdf.text import BoxedText, Styles, TextBlock, TextStyle, make_styles

# Stands in a cell that has nothing to say, so that nobody can write into it later.
BLANK = "—"
_ROOM_UNDER_HEADING = 100.0


class Composer:
    """Everything that the parts of a document need to set their texts."""

    def __init__(self, fonts: FontPair, language: Language) -> None:
        self.language = language
        self.labels: Mapping[str, str] = LABELS[language]
        self.font = fonts.regular
        self.styles: Styles = make_styles(fonts)
        self.ledger = GlyphLedger(fonts.glyphs)

    def say(self, key: str, **values: object) -> str:
        """A label with its values filled in, not yet printable."""
        return self.labels[key].format(**values)

    def block(self, text: str, style: TextStyle) -> TextBlock:
        """Text as it came from a person, set so that every character shows."""
        return TextBlock(self.ledger.printable(text), style)

    def value(self, text: str, style: TextStyle) -> TextBlock:
        """As block; a dash where there is nothing."""
        return self.block(text.strip() or BLANK, style)

    def label(self, key: str, style: TextStyle) -> TextBlock:
        """A label alone."""
        return self.block(self.labels[key], style)

    def title(self, key: str, ordinal: int) -> TextBlock:
        """The title of a numbered section: 一、检查人员, or 2. Officers."""
        mark = f"{_CHINESE_ORDINALS[ordinal - 1]}、" if self.language == "zh" else f"{ordinal}. "
        return self.block(mark + self.labels[key], self.styles.section)

    def heading(self, key: str, ordinal: int) -> list[Flowable]:
        """As title, but never alone at the foot of a page."""
        return [CondPageBreak(_ROOM_UNDER_HEADING), self.title(key, ordinal)]

    def box(self, text: str, minimum: float) -> BoxedText:
        """Running text in a ruled box."""
        return BoxedText(self.ledger.printable(text), self.styles.body, minimum)

    def basis(self, legal_basis: str | None, is_verified: bool) -> str:
        """A legal basis as it may be printed: one not verified in the statute's text is never cited."""
        if not legal_basis:
            return ""
        return legal_basis if is_verified else self.labels["basis_unverified"]

    def annex_heading(self, number: int, key: str, venue: str, visit_number: str, count: int) -> list[Flowable]:
        """The top of an annex: its number, its title, and which visit it belongs to."""
        subject = "　　".join(
            (
                self.say("annex_subject", venue=venue),
                f"{self.labels['number']}{'：' if self.language == 'zh' else ' '}{visit_number}",
                self.say("goods_count", count=count),
            )
        )
        return [
            self.block(self.say("annex", number=number), self.styles.strong_note),
            self.label(key, self.styles.annex_title),
            self.block(subject, self.styles.note),
        ]


_CHINESE_ORDINALS = "一二三四五六七八九十"
