"""Characters without a glyph are shown by number and counted."""

from inspect_app.pdf.documents import MissingCharacter
from inspect_app.pdf.glyphs import GlyphLedger
from tests.unit.pdf import samples


def ledger() -> GlyphLedger:
    return GlyphLedger(samples.fonts().glyphs)


def test_ordinary_text_is_unchanged_and_nothing_is_missing() -> None:
    book = ledger()
    text = "鄂州市公安局 No. 128，《治安管理处罚法》第七十一条（三）：¥1,200.00"
    assert book.printable(text) == text
    assert book.missing() == ()


def test_rare_ideograph_and_emoji_are_shown_and_counted() -> None:
    book = ledger()
    assert book.printable("𠮷田🙂𠮷") == "[U+20BB7]田[U+1F642][U+20BB7]"
    assert book.missing() == (MissingCharacter("🙂", 1), MissingCharacter("𠮷", 2))


def test_invisible_characters_in_a_serial_are_shown() -> None:
    assert ledger().printable("86\u200b01\u202e\x00") == "86[U+200B]01[U+202E][U+0000]"


def test_line_ends_and_tabs_are_not_missing() -> None:
    book = ledger()
    assert book.printable("甲\r\n乙\r丙\u2028丁\t戊") == "甲\n乙\n丙\n丁 戊"
    assert book.missing() == ()


def test_decomposed_letters_are_composed() -> None:
    book = ledger()
    assert book.printable("Jose\u0301") == "José"
    assert book.missing() == ()
