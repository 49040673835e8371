"""Books of words: what they know by rule, that two never mix, and that known words are found whole."""

import pickle
import tomllib
from importlib.resources import files

import pytest

from inspect_app.matching import Record
from inspect_app.matching.aliases import BUILT_IN_BOOK, AliasBook, AliasEntry
from inspect_app.matching.matcher import BUILT_IN, Matcher
from inspect_app.matching.prepare import prepare
from inspect_app.matching.text import normalise
from inspect_app.matching.vocabulary import shipped_lines
from inspect_app.matching.word_finder import WordFinder
from inspect_app.reference.vocabulary import labels


@pytest.mark.parametrize(
    ("spelling", "make"),
    [
        ("雅迪", "yadea"),
        ("亚迪", "yadea"),
        ("蘋果", "apple"),
        ("茅子", "moutai"),
        ("小牛", "niu"),
        ("周大福牌", "chowtaifook"),
    ],
)
def test_a_make_is_known_by_spelling_sound_and_script(spelling: str, make: str) -> None:
    assert BUILT_IN_BOOK.make_of(normalise(spelling)) == make


def test_slang_of_models_and_colours() -> None:
    assert BUILT_IN_BOOK.canonical_model("15pm").split() == ["15", "pro", "max"]
    assert BUILT_IN_BOOK.colour_of("土豪金") == {"gold"}
    assert prepare(Record("1", description="大哥大一部")).category == "phone"


def test_two_books_never_mix() -> None:
    book = AliasBook((AliasEntry("make", "wonder", ("雅迪",)),))
    record = Record("1", brand="雅迪")
    assert prepare(record, book).makes == ("wonder",)
    assert prepare(record).makes == ("yadea",)
    assert prepare(record, book).makes == ("wonder",)


def test_a_book_without_words_reads_everything_as_unknown() -> None:
    read = prepare(Record("1", description="雅迪电动车 红色 E8", brand="雅迪"), AliasBook(()))
    assert (read.makes, read.unknown_make, read.colours) == ((), "雅迪", frozenset())


def test_the_version_follows_the_words_and_a_book_travels() -> None:
    other = AliasBook(BUILT_IN_BOOK.entries[:-1])
    assert other.version != BUILT_IN_BOOK.version
    sent = pickle.loads(pickle.dumps(Matcher(other, BUILT_IN.weights)))  # noqa: S301
    assert sent.version == f"{BUILT_IN.weights.version}+{other.version}"
    assert sent.book.make_of("雅迪") == "yadea"


def test_each_shipped_spelling_has_one_meaning_of_its_kind() -> None:
    for kind, lines in shipped_lines().items():
        seen: dict[str, str] = {}
        for canonical, spellings in lines:
            for spelling in map(normalise, spellings):
                assert spelling
                assert seen.setdefault(spelling, canonical) == canonical, f"{kind}: {spelling}"
    assert {canonical for canonical, _ in shipped_lines()["category"]} <= set(labels("category"))


def test_the_tables_are_of_this_package() -> None:
    for table in (files("inspect_app.matching") / "words").iterdir():
        assert tomllib.loads(table.read_text(encoding="utf-8")), table.name


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a dell g15", ["dell"]),
        ("dellg15", ["dell"]),
        ("della", []),
        ("adell", []),
        ("mi 14 mix", ["mi"]),
        ("小牛电动车", ["小牛电动"]),
        ("我的小牛", ["小牛"]),
        ("", []),
    ],
)
def test_known_words_are_found_whole_and_longest_first(text: str, found: list[str]) -> None:
    finder = WordFinder(["dell", "mi", "小牛", "小牛电动"], open_ended=["dell"])
    assert [text[start:end] for start, end in finder.find(text)] == found
