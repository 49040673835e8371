"""Lines stay inside their width, lose nothing, and begin and end where Chinese typesetting allows."""

from hypothesis import given
from hypothesis import strategies as st

from inspect_app.pdf.linebreaks import break_lines
from tests.unit.pdf import samples

WIDTHS = samples.fonts().regular.widths


def broken(text: str, width: float, size: float = 10) -> list[str]:
    return break_lines(text, width, size, WIDTHS)


def test_full_width_comma_does_not_begin_a_line() -> None:
    assert broken("检查人员到场，出示证件", 60) == ["检查人员到", "场，出示证件"]


def test_opening_bracket_does_not_end_a_line() -> None:
    assert broken("检查人员到（两名）", 60) == ["检查人员到", "（两名）"]


def test_latin_word_is_kept_whole_beside_chinese() -> None:
    assert broken("品牌为Samsung手机", 50) == ["品牌为", "Samsung", "手机"]


def test_word_wider_than_the_line_is_cut_between_characters() -> None:
    lines = broken(samples.LONG_SERIAL, 100)
    assert "".join(lines) == samples.LONG_SERIAL
    assert len(lines) > 5


def test_date_is_not_broken_at_its_hyphens() -> None:
    assert broken("on 2026-11-20 or so", 60) == ["on", "2026-11-20", "or so"]


def test_number_wider_than_the_line_is_cut_at_a_hyphen_if_it_has_one() -> None:
    assert broken("E420704-2026-11-0031", 90) == ["E420704-2026-11-", "0031"]
    assert broken("E420704-2026-11-0031", 45) == ["E420704-", "2026-11-", "0031"]


def test_line_feeds_and_empty_lines_are_kept() -> None:
    assert broken("甲\n\n乙", 100) == ["甲", "", "乙"]


@given(st.text(alphabet="检查，。（）《》“”abc XYZ019-/.\u3000\n", max_size=120), st.floats(15, 200))
def test_no_line_leaves_its_width_and_nothing_is_lost(text: str, width: float) -> None:
    lines = broken(text, width)
    font = samples.fonts().regular
    assert all(font.width_of(line, 10) <= width + 0.05 or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
