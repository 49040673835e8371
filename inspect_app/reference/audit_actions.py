"""The words for what the audit trail records: actions, the records they are about, and the fields that changed."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from inspect_app.reference.bilingual import Bilingual


def action_label(action: str, language: str) -> str:
    """What happened, for an action such as "inspections:visit:submitted"; the action itself where it has no words."""
    return _word("action", action, language)


def subject_label(subject_type: str, language: str) -> str:
    """The kind of record, for a table's name such as "goods_line"; the name itself where it has no words."""
    return _word("subject", subject_type, language)


def field_label(field: str, language: str) -> str:
    """A field of a record, for a column's name; the name itself where it has no words."""
    return _word("field", field, language)


def labelled_actions() -> frozenset[str]:
    """Every action that has words."""
    return frozenset(_words()["action"])


def _word(table: str, code: str, language: str) -> str:
    found = _words()[table].get(code)
    return found.in_language(language) if found else code


@cache
def _words() -> Mapping[str, Mapping[str, Bilingual]]:
    data = tomllib.loads((files(__package__) / "audit_actions.toml").read_text(encoding="utf-8"))
    return {name: {code: Bilingual(*words) for code, words in table.items()} for name, table in data.items()}
