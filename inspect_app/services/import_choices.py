"""What a person picks on the mapping page, as a mapping, and a mapping as what the page shows as picked."""

import hashlib
import json
from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from rapidfuzz import fuzz, process

from inspect_app.reference.bilingual import Bilingual
from inspect_app.reference.mappings import (
    DATE_TARGETS,
    IDENTIFIER_TARGETS,
    TARGETS,
    Column,
    Mapping,
    Part,
    fold_header,
    mapping_to_dict,
    preset,
    presets,
)
from inspect_app.reference.vocabulary import labels

# A target that stays as the mapping has it, for it does more than take one column.
KEEP: Final = "keep"
DATE_FORMATS: Final[Dictionary[str, tuple[str, ...]]] = {
    "year_first": preset("police_export").columns["occurred_from"].date_formats,
    "month_first": ("%m/%d/%Y %H:%M", "%m/%d/%Y", "%m/%d/%y %H:%M", "%m/%d/%y", "iso", "excel"),
    "day_first": ("%d/%m/%Y %H:%M", "%d/%m/%Y", "%d/%m/%y", "%d.%m.%Y %H:%M", "%d.%m.%Y", "iso", "excel"),
}
WEIGHT_SCALES: Final[Dictionary[str, float]] = {"g": 1.0, "kg": 1_000.0, "jin": 500.0, "t": 1_000_000.0}
VALUE_SCALES: Final[Dictionary[str, float]] = {"yuan": 1.0, "wan": 10_000.0, "fen": 0.01}
_LIKELY: Final = 86


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """For each target the place of a column (from 0), KEEP, or "" for none; how dates and numbers are read.

    ``date_order`` is of DATE_FORMATS, the units are of WEIGHT_SCALES and VALUE_SCALES; KEEP leaves each as the mapping
    has it. ``category`` stands for every row when no column tells it.
    """

    columns: Dictionary[str, str] = field(default_factory=dict)
    date_order: str = KEEP
    weight_unit: str = KEEP
    value_unit: str = KEEP
    category: str = ""
    timezone: str = "Asia/Shanghai"


def guess_mapping(header: Sequence[str]) -> Mapping | None:
    """A mapping for a file that no known one fits, from column names that are spelt like known ones; None for none."""
    names = {fold_header(name): name for name in reversed(header)}
    columns: dict[str, Column] = {}
    taken: set[str] = set()
    for cutoff in (100, _LIKELY):
        for target, spellings in _spellings().items():
            if target in columns:
                continue
            free = [name for name in names if name not in taken]
            found = [process.extractOne(word, free, scorer=fuzz.ratio, score_cutoff=cutoff) for word in spellings]
            best = max((hit for hit in found if hit), key=lambda hit: hit[1], default=None)
            if best is not None:
                taken.add(best[0])
                columns[target] = _column(target, names[best[0]])
    return _named("hand", Mapping("hand", Bilingual("", ""), columns, required=())) if columns else None


def choices_of(mapping: Mapping | None, header: Sequence[str]) -> Choices:
    """What the page shows as picked for a mapping: a column where the target simply takes one, else KEEP."""
    if mapping is None:
        return Choices(date_order="year_first", weight_unit="g", value_unit="yuan")
    places = {fold_header(name): str(place) for place, name in reversed(list(enumerate(header)))}
    category = mapping.columns.get("category")
    return Choices(
        columns={target: _choice(column, places) for target, column in mapping.columns.items()},
        category=category.constant if category else "",
        timezone=mapping.timezone,
    )


def build_mapping(base: Mapping | None, header: Sequence[str], choices: Choices) -> Mapping | None:
    """The mapping that the choices make of ``base``; None when nothing at all is picked.

    What was not changed stays as it is in ``base``, and so does its name when nothing was. A changed one gets a name of
    its own, which the same choices always give: its rows are not mixed up with those that came in otherwise.
    """
    shown = choices_of(base, header)
    columns: dict[str, Column] = {}
    for target in TARGETS:
        picked = choices.columns.get(target, "")
        present = base.columns.get(target) if base else None
        if present is not None and picked in (KEEP, shown.columns.get(target, "")):
            columns[target] = present
        elif picked.isdigit() and int(picked) < len(header):
            source = header[int(picked)]
            columns[target] = replace(present, parts=(Part(source),), join=None) if present else _column(target, source)
    columns = _with_category(columns, choices)
    columns = {target: _with_options(column, choices) for target, column in columns.items()}
    if not any(column.parts for column in columns.values()):
        return None
    if base is not None and columns == base.columns and choices.timezone == base.timezone:
        return base
    required = tuple(target for target in (base.required if base else ()) if target in columns)
    blanks = base.blanks if base else ()
    changed = Mapping("hand", Bilingual("", ""), columns, choices.timezone, required, blanks)
    return _named(base.name if base else "hand", changed)


def _choice(column: Column, places: Dictionary[str, str]) -> str:
    present = [part for part in column.parts if fold_header(part.source) in places]
    if column.constant or (column.join is not None and len(present) > 1):
        return KEEP if not (column.target == "category" and column.constant) else ""
    if not present:
        return KEEP if column.default else ""
    part = present[0]
    is_plain = part == Part(part.source) and len(present) == 1 and not column.default
    return places[fold_header(part.source)] if is_plain else KEEP


def _with_category(columns: dict[str, Column], choices: Choices) -> dict[str, Column]:
    if not choices.category or choices.columns.get("category"):
        return columns
    return columns | {"category": Column("category", constant=choices.category)}


def _with_options(column: Column, choices: Choices) -> Column:
    if column.target in DATE_TARGETS and choices.date_order in DATE_FORMATS:
        return replace(column, date_formats=DATE_FORMATS[choices.date_order])
    if column.target == "weight_g" and choices.weight_unit in WEIGHT_SCALES:
        return replace(column, scale=WEIGHT_SCALES[choices.weight_unit])
    if column.target == "value" and choices.value_unit in VALUE_SCALES:
        return replace(column, scale=VALUE_SCALES[choices.value_unit])
    return column


def _column(target: str, source: str) -> Column:
    formats = DATE_FORMATS["year_first"] if target in DATE_TARGETS else ("iso",)
    return Column(target, (Part(source),), date_formats=formats)


def _named(stem: str, mapping: Mapping) -> Mapping:
    content = json.dumps({**mapping_to_dict(mapping), "name": ""}, sort_keys=True)
    name = f"{stem[:60]}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
    return replace(mapping, name=name, title=Bilingual(name, name))


def _spellings() -> dict[str, list[str]]:
    """For each target the column names that known mappings read for it, and its own name in both languages."""
    words: dict[str, dict[str, None]] = {target: {} for target in TARGETS}
    for target in TARGETS:
        is_identifier = target in IDENTIFIER_TARGETS
        code = target.removeprefix("identifier.")
        word = labels("identifier_kind" if is_identifier else "import_target")[code]
        words[target] |= dict.fromkeys(fold_header(text) for text in (code, word.zh, word.en))
    for mapping in presets():
        for target, column in mapping.columns.items():
            words[target] |= dict.fromkeys(fold_header(part.source) for part in column.parts if column.join is None)
    return {target: list(found) for target, found in words.items()}
