"""The words for every code, in both languages: what a page, a form or a document shows instead of the code."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from inspect_app.reference.bilingual import Bilingual
from inspect_app.reference.categories import categories, identifier_kinds


def label(vocabulary: str, code: str, language: str) -> str:
    """Return the word for a code in a locale such as ``zh_Hans_CN`` or ``en``.

    Raises KeyError for an unknown vocabulary or code.
    """
    return labels(vocabulary)[code].in_language(language)


def labels(vocabulary: str) -> Mapping[str, Bilingual]:
    """Return all codes of a vocabulary with their words, in the order in which a list shows them. Raises KeyError."""
    return _vocabularies()[vocabulary]


def choices(vocabulary: str, language: str) -> list[tuple[str, str]]:
    """Return pairs of code and word, as a select field wants them. Raises KeyError."""
    return [(code, word.in_language(language)) for code, word in labels(vocabulary).items()]


def vocabulary_names() -> tuple[str, ...]:
    """Return the name of every vocabulary."""
    return tuple(_vocabularies())


@cache
def _vocabularies() -> Mapping[str, Mapping[str, Bilingual]]:
    data = tomllib.loads((files(__package__) / "vocabulary.toml").read_text(encoding="utf-8"))
    tables = {name: {code: Bilingual(*words) for code, words in table.items()} for name, table in data.items()}
    return tables | {
        "category": {found.code: found.label for found in categories()},
        "identifier_kind": {kind.code: kind.label for kind in identifier_kinds()},
    }
