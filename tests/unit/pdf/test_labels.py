"""Both languages say everything, and say it with the same values."""

from datetime import UTC, datetime
from string import Formatter

from inspect_app.pdf.glyphs import GlyphLedger
from inspect_app.pdf.labels import LABELS, format_time, format_time_range
from tests.unit.pdf import samples


def test_both_tables_have_the_same_keys_and_placeholders() -> None:
    def placeholders(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert LABELS["zh"].keys() == LABELS["en"].keys()
    for key, text in LABELS["zh"].items():
        assert placeholders(text) == placeholders(LABELS["en"][key]), key


def test_every_label_can_be_drawn() -> None:
    ledger = GlyphLedger(samples.fonts().glyphs)
    for table in LABELS.values():
        for text in table.values():
            ledger.printable(text)
    assert ledger.missing() == ()


def test_times_are_written_as_each_language_writes_them() -> None:
    moment = datetime(2026, 1, 5, 9, 7, tzinfo=UTC)
    assert format_time(moment, "zh") == "2026年1月5日 09:07"
    assert format_time(moment, "en") == "5 Jan 2026, 09:07"


def test_day_is_repeated_only_when_it_differs() -> None:
    start = datetime(2026, 1, 5, 23, 0, tzinfo=UTC)
    assert format_time_range(start, start.replace(minute=30), "zh") == "2026年1月5日 23:00 至 23:30"
    next_day = datetime(2026, 1, 6, 0, 30, tzinfo=UTC)
    assert format_time_range(start, next_day, "zh") == "2026年1月5日 23:00 至 2026年1月6日 00:30"
    assert format_time_range(start, None, "en") == "from 5 Jan 2026, 23:00, not yet ended"
