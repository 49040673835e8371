"""Goods categories: which fields and identifiers a form asks for, and which word means which category.

The data is in ``categories.toml``. Codes are stored in the database and in files, so a code is never renamed.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from inspect_app.reference.bilingual import Bilingual, read_bilingual

FIELD_NAMES = (
    "brand", "model", "specification", "colour", "marks", "quantity", "unit", "weight_g", "price",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IdentifierKind:
    """A kind of number on goods; ``input_mode`` is numeric or text, ``example`` an invented value."""

    code: str
    label: Bilingual
    input_mode: str
    example: str


@dataclass(frozen=True, slots=True)
class CategoryField:
    """One field of a category's form, with the label that fits the category and an invented example (may be empty)."""

    name: str
    label: Bilingual
    example: Bilingual


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of goods: fields in the order asked, identifier kinds most telling first, the unit it is counted in.

    ``weighed_in`` is "kg", or "g" for things so small that people weigh them in grams.
    """

    code: str
    label: Bilingual
    fields: tuple[CategoryField, ...]
    identifiers: tuple[IdentifierKind, ...]
    unit: str
    weighed_in: str
    words: tuple[str, ...]

    def asks(self, field_name: str) -> bool:
        """Tell whether the form of this category asks for that field."""
        return any(field.name == field_name for field in self.fields)


def categories() -> tuple[Category, ...]:
    """Return every category in the order in which forms list them."""
    return tuple(_catalogue().categories.values())


def category(code: str) -> Category:
    """Return one category; KeyError when there is none."""
    return _catalogue().categories[code]


def identifier_kinds() -> tuple[IdentifierKind, ...]:
    """Return every kind of identifier."""
    return tuple(_catalogue().identifiers.values())


def identifier_kind(code: str) -> IdentifierKind:
    """Return one kind of identifier; KeyError when there is none."""
    return _catalogue().identifiers[code]


def category_code(text: str) -> str | None:
    """Return the code that a Chinese or English word stands for, in any case or width; None when it is not known."""
    return _catalogue().codes_by_word.get(_fold(text))


def category_code_within(text: str) -> str | None:
    """Return the code of the longest Chinese word known inside a description, the later one of two as long, or None.

    The thing itself stands last in a Chinese noun phrase: a 手机电池 is a battery. English is not searched: in
    "stainless steel oven" or "car radio" the known word is not the thing.
    """
    folded = _fold(text)
    words = _catalogue().codes_by_word
    best, best_rank = None, (0, 0)
    for word in words:
        place = folded.rfind(word) if len(word) >= 2 and not word.isascii() else -1
        if place >= 0 and (len(word), place) > best_rank:
            best, best_rank = words[word], (len(word), place)
    return best


@dataclass(frozen=True, slots=True)
class _Catalogue:
    categories: Mapping[str, Category]
    identifiers: Mapping[str, IdentifierKind]
    codes_by_word: Mapping[str, str]


@cache
def _catalogue() -> _Catalogue:
    data = tomllib.loads((files(__package__) / "categories.toml").read_text(encoding="utf-8"))
    identifiers = {
        code: IdentifierKind(code, read_bilingual(entry, "label"), entry["input_mode"], entry.get("example", ""))
        for code, entry in data["identifiers"].items()
    }
    by_code = {code: _read_category(code, entry, data, identifiers) for code, entry in data["categories"].items()}
    codes_by_word: dict[str, str] = {}
    for found in by_code.values():
        for word in (found.code, found.label.zh, found.label.en, *found.words):
            if codes_by_word.setdefault(_fold(word), found.code) != found.code:
                raise ValueError(f"{word!r} stands for {codes_by_word[_fold(word)]} and for {found.code}")
    return _Catalogue(by_code, identifiers, codes_by_word)


def _read_category(
    code: str, entry: Mapping[str, Any], data: Mapping[str, Any], identifiers: Mapping[str, IdentifierKind]
) -> Category:
    own = entry.get("own", {})
    fields = tuple(
        CategoryField(
            name,
            read_bilingual({**data["fields"][name], **own.get(name, {})}, "label"),
            read_bilingual({**data["fields"][name], **own.get(name, {})}, "example"),
        )
        for name in entry["fields"]
    )
    return Category(
        code=code,
        label=read_bilingual(entry, "label"),
        fields=fields,
        identifiers=tuple(identifiers[kind] for kind in entry["identifiers"]),
        unit=entry["unit"],
        weighed_in=entry.get("weighed_in", "kg"),
        words=tuple(entry.get("words", ())),
    )


def _fold(text: str) -> str:
    return re.sub(r"[\s_\-–·]+", "", unicodedata.normalize("NFKC", text).casefold())
