"""How a venue's name is spelled for finding it: whole pinyin and initials, as an officer types them in a hurry."""

from dataclasses import dataclass
from typing import Final

from pypinyin import Style, lazy_pinyin
from sqlalchemy import ColumnElement, or_

from inspect_app.matching.text import has_cjk, normalise
from inspect_app.models import Venue

LONGEST_QUERY: Final = 100
_PINYIN_LENGTH: Final = 600
_INITIALS_LENGTH: Final = 120
# In the name of a shop 行 is háng (a trade), but a dictionary of words often reads it as xíng (to go).
_TRADE: Final = "行"
# Written in full width on the sign and in half width on the keyboard: a search does without them.
_PUNCTUATION: Final = str.maketrans(dict.fromkeys("()[]{}<>《》【】「」“”\"'‘’·・,，、;；", " "))


@dataclass(frozen=True, slots=True)
class Spelling:
    """Both spellings of a name, lower case, without blanks inside a reading; a second reading follows after a blank."""

    pinyin: str
    initials: str


def spell_name(name: str) -> Spelling:
    """Spells a name: "古城路旧货行" gives "guchenglujiuhuohang guchenglujiuhuoxing" and "gcljhh gcljhx"."""
    folded = normalise(name)
    syllables = [(character, _clean(reading)) for character, reading in _readings(folded)]
    usual = [reading for _character, reading in syllables]
    trade = ["hang" if character == _TRADE else reading for character, reading in syllables]
    variants = [trade] if trade == usual else [trade, usual]
    return Spelling(
        pinyin=" ".join("".join(variant) for variant in variants)[:_PINYIN_LENGTH],
        initials=" ".join(_initials(folded, variant) for variant in variants)[:_INITIALS_LENGTH],
    )


def matches_text(typed: str) -> ColumnElement[bool] | None:
    """A condition on ``Venue`` for what was typed to find it; None when that says nothing.

    Every word must be found: in the name or address (traditional characters also find simplified ones), in the pinyin
    or initials of the name, in the credit code or the filing number. The signs % and _ mean themselves.
    """
    words = search_words(typed)
    if not words:
        return None
    condition = _matches_word(words[0])
    for word in words[1:]:
        condition = condition & _matches_word(word)
    return condition


def search_words(typed: str) -> list[str]:
    """The words of a search text, folded in width, case and characters; at most ``LONGEST_QUERY`` characters."""
    printable = "".join(character for character in typed if character.isprintable() or character.isspace())
    return normalise(printable[:LONGEST_QUERY]).translate(_PUNCTUATION).split()


def _matches_word(word: str) -> ColumnElement[bool]:
    conditions = [
        Venue.name.icontains(word, autoescape=True),
        Venue.address.icontains(word, autoescape=True),
        Venue.filing_number.icontains(word, autoescape=True),
    ]
    if word.isascii():
        conditions.append(Venue.credit_code.icontains(word.replace("-", ""), autoescape=True))
        conditions.append(Venue.name_initials.contains(word, autoescape=True))
        # One letter stands in nearly every name; as an initial it says something.
        if len(word) > 1:
            conditions.append(Venue.name_pinyin.contains(word, autoescape=True))
    return or_(*conditions)


def _readings(folded: str) -> list[tuple[str, str]]:
    """Each Chinese character with its reading, every other character with itself."""
    # The annotation of ``errors`` leaves out the lists that the library's documentation allows.
    readings = lazy_pinyin(folded, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]
    return list(zip(folded, readings, strict=True))


def _clean(reading: str) -> str:
    return "".join(character for character in reading if character.isalnum())


def _initials(folded: str, variant: list[str]) -> str:
    """The first letter of each Chinese character; Latin letters and digits stay whole."""
    return "".join(
        reading[:1] if has_cjk(character) else reading for character, reading in zip(folded, variant, strict=True)
    )
