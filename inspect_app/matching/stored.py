"""A prepared record as a line of text, so that a candidate is read back instead of being read anew from its words."""

from __future__ import annotations

import json
from dataclasses import astuple, fields
from typing import Any, Final

from inspect_app.matching.prepare import ModelText, Prepared
from inspect_app.matching.spotting import PreparedIdentifier
from inspect_app.matching.text import stable_hash

_SHAPES: Final = (Prepared, ModelText, PreparedIdentifier)
# Changes when a field is added or moved: what was stored before is then read anew from its words.
LAYOUT: Final = f"{stable_hash(*(field.name for shape in _SHAPES for field in fields(shape))) & 0xFFFFFFFF:08x}"
_NAMES: Final = [field.name for field in fields(Prepared)]
_COLOURS, _IDENTIFIERS = _NAMES.index("colours"), _NAMES.index("identifiers")
_TEXTS: Final = (_NAMES.index("model"), _NAMES.index("described"))


def to_stored(record: Prepared) -> str:
    """The record as JSON: the values of its fields in their order."""
    values: list[Any] = [getattr(record, name) for name in _NAMES]
    values[_COLOURS] = sorted(record.colours)
    values[_IDENTIFIERS] = [astuple(identifier) for identifier in record.identifiers]
    for place in _TEXTS:
        values[place] = values[place] and astuple(values[place])
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def from_stored(stored: str) -> Prepared:
    """The record that `to_stored` wrote; equal to it in every field."""
    values: list[Any] = [tuple(value) if isinstance(value, list) else value for value in json.loads(stored)]
    values[_COLOURS] = frozenset(values[_COLOURS])
    values[_IDENTIFIERS] = tuple(PreparedIdentifier(*identifier) for identifier in values[_IDENTIFIERS])
    for place in _TEXTS:
        if values[place] is not None:
            parts: list[Any] = [tuple(part) if isinstance(part, list) else part for part in values[place]]
            values[place] = ModelText(*parts)
    return Prepared(*values)
