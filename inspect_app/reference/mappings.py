"""Column mappings: how the columns of a stolen-property file become the fields of a stolen item.

A mapping is plain data. The known ones are TOML files in ``mapping_presets``; a person may write one in the same shape,
or make one on a page, which keeps it as a dictionary of the same shape. ``mapping_rows.apply_mapping`` uses it.
"""

import json
import re
import tomllib
import unicodedata
from collections import abc
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from inspect_app.reference.bilingual import Bilingual
from inspect_app.reference.categories import identifier_kinds

TEXT_LIMITS: abc.Mapping[str, int] = {
    "report_number": 60,
    "description": 2000,
    "brand": 120,
    "model": 120,
    "specification": 200,
    "colour": 60,
    "marks": 500,
    "unit": 20,
    "place": 200,
    "method": 500,
    "owner_name": 60,
    "owner_phone": 40,
    "owner_document": 40,
}
NUMBER_TARGETS = ("quantity", "weight_g", "value", "lat", "lng")
DATE_TARGETS = ("occurred_from", "occurred_to")
IDENTIFIER_TARGETS = tuple(f"identifier.{kind.code}" for kind in identifier_kinds())
TARGETS = (*TEXT_LIMITS, *NUMBER_TARGETS, *DATE_TARGETS, "category", "status", "identifiers", *IDENTIFIER_TARGETS)

_MAX_FILE_BYTES = 200_000
_MAPPING_KEYS = {"name", "title_zh", "title_en", "timezone", "required", "blanks", "columns"}
_PART_KEYS = {"from", "lookup", "code_length", "prefix", "suffix", "blanks"}
_COLUMN_KEYS = _PART_KEYS | {"parts", "join", "constant", "default", "date_formats", "scale"}


MAPPING_FAULTS = (
    "unreadable", "too_large", "not_toml", "unknown_key", "wrong_type", "no_name", "no_columns", "unknown_target",
    "no_source", "unknown_timezone", "unknown_preset", "required_not_mapped",
)  # fmt: skip


class MappingError(ValueError):
    """A mapping that cannot be used. ``code`` (of MAPPING_FAULTS) names the fault, ``detail`` the place or the word."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Part:
    """One source column: ``lookup`` turns codes into words (a value it does not have stays as it is).

    With ``code_length`` the value is a run of codes of that length, looked up one by one. ``prefix`` and ``suffix`` are
    put around a value that is not blank; ``blanks`` are values that mean nothing was stated.
    """

    source: str
    lookup: abc.Mapping[str, str] = field(default_factory=dict)
    code_length: int = 0
    prefix: str = ""
    suffix: str = ""
    blanks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """One target field and where it comes from: the first part that is not blank, or with ``join`` all of them.

    ``constant`` stands for every row; ``default`` for rows where the parts are blank. ``date_formats`` holds strptime
    formats, ``iso`` or ``excel`` (a serial day number). A number is multiplied by ``scale``.
    """

    target: str
    parts: tuple[Part, ...] = ()
    join: str | None = None
    constant: str = ""
    default: str = ""
    date_formats: tuple[str, ...] = ("iso",)
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Mapping:
    """A column mapping for one kind of file.

    Times without a zone are read in ``timezone``; a row without a ``required`` target is refused; ``blanks`` are values
    that mean nothing was stated, in any column.
    """

    name: str
    title: Bilingual
    columns: abc.Mapping[str, Column]
    timezone: str = "Asia/Shanghai"
    required: tuple[str, ...] = ("report_number",)
    blanks: tuple[str, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Every column name that the mapping reads, each once."""
        return tuple(dict.fromkeys(part.source for column in self.columns.values() for part in column.parts))


@lru_cache(maxsize=2_000)
def fold_header(name: str) -> str:
    """Return a column name in the form in which names are compared: half-width, lower case, without spaces."""
    return re.sub(r"[\s\ufeff\"']+", "", unicodedata.normalize("NFKC", name)).casefold()


def preset_names() -> tuple[str, ...]:
    """Return the names of the mappings that come with the product."""
    folder = files(__package__) / "mapping_presets"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


@cache
def preset(name: str) -> Mapping:
    """Return one mapping that comes with the product; MappingError ``unknown_preset`` when there is none."""
    if name not in preset_names():
        raise MappingError("unknown_preset", name)
    return parse_mapping((files(__package__) / "mapping_presets" / f"{name}.toml").read_text(encoding="utf-8"))


def presets() -> tuple[Mapping, ...]:
    """Return every mapping that comes with the product."""
    return tuple(preset(name) for name in preset_names())


def preset_for(header: abc.Iterable[str]) -> Mapping | None:
    """Return the preset that reads most of the columns of a file and misses no required target; None when none fits."""
    names = list(header)
    known = {fold_header(name) for name in names}
    fitting = [mapping for mapping in presets() if not missing_targets(mapping, names)]
    scored = [(len(known & {fold_header(source) for source in mapping.sources}), mapping) for mapping in fitting]
    best = max(scored, key=lambda pair: pair[0], default=(0, None))
    return best[1] if best[0] >= 2 else None


def missing_targets(mapping: Mapping, header: abc.Iterable[str]) -> tuple[str, ...]:
    """Return the required targets that no column of the file feeds."""
    known = {fold_header(name) for name in header}
    return tuple(
        target
        for target in mapping.required
        if not mapping.columns[target].constant
        and not any(fold_header(part.source) in known for part in mapping.columns[target].parts)
    )


def load_mapping(path: Path) -> Mapping:
    """Read a mapping that somebody wrote as a TOML file. Raises MappingError."""
    try:
        if path.stat().st_size > _MAX_FILE_BYTES:
            raise MappingError("too_large", path.name)
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError("unreadable", path.name) from error
    return parse_mapping(text)


def parse_mapping(text: str) -> Mapping:
    """Read a mapping from TOML text. Raises MappingError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingError("not_toml", str(error)) from error
    return mapping_from_dict(data)


def mapping_from_dict(data: abc.Mapping[str, Any]) -> Mapping:
    """Read a mapping from plain data, as TOML or JSON gives it. Raises MappingError."""
    _only_keys(data, _MAPPING_KEYS, "")
    name = _text(data, "name", "").strip()
    if not name:
        raise MappingError("no_name")
    raw = _table(data, "columns", "")
    if not raw:
        raise MappingError("no_columns")
    columns = {target: _read_column(target, _table(raw, target, "columns.")) for target in raw}
    timezone = _text(data, "timezone", "") or "Asia/Shanghai"
    try:
        ZoneInfo(timezone)
    except (KeyError, OSError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise MappingError("unknown_timezone", timezone) from error
    required = _texts(data, "required", "") if "required" in data else ("report_number",)
    for target in required:
        if target not in columns:
            raise MappingError("required_not_mapped", target)
    title = Bilingual(_text(data, "title_zh", "") or name, _text(data, "title_en", "") or name)
    blanks = tuple(blank.casefold() for blank in _texts(data, "blanks", ""))
    return Mapping(name, title, columns, timezone, required, blanks)


def mapping_to_dict(mapping: Mapping) -> dict[str, Any]:
    """Return the mapping as plain data that JSON and TOML can hold; ``mapping_from_dict`` reads it back."""
    return {
        "name": mapping.name,
        "title_zh": mapping.title.zh,
        "title_en": mapping.title.en,
        "timezone": mapping.timezone,
        "required": list(mapping.required),
        "blanks": list(mapping.blanks),
        "columns": {target: _column_to_dict(column) for target, column in mapping.columns.items()},
    }


def to_toml(mapping: Mapping) -> str:
    """Return the mapping as TOML text that ``parse_mapping`` reads back."""
    data = mapping_to_dict(mapping)
    columns = data.pop("columns")
    lines = [f"{key} = {_toml(value)}" for key, value in data.items()]
    for target, column in columns.items():
        lines += [
            "",
            f"[columns.{_toml(target)}]",
            *(f"{_toml(key)} = {_toml(value)}" for key, value in column.items()),
        ]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_toml(key)} = {_toml(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(entry) for entry in value) + "]"
    # A JSON string, number or boolean is the same in TOML, but for the delete character, which JSON leaves bare.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _read_column(target: str, data: abc.Mapping[str, Any]) -> Column:
    where = f"columns.{target}."
    if target not in TARGETS:
        raise MappingError("unknown_target", target)
    _only_keys(data, _COLUMN_KEYS, where)
    parts = _read_parts(data, where)
    constant = _text(data, "constant", where)
    if not parts and not constant:
        raise MappingError("no_source", target)
    scale = data.get("scale", 1.0)
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0 < scale < 1e9:
        raise MappingError("wrong_type", f"{where}scale")
    return Column(
        target=target,
        parts=parts,
        join=_text(data, "join", where) if "join" in data else None,
        constant=constant,
        default=_text(data, "default", where),
        date_formats=_texts(data, "date_formats", where) or ("iso",),
        scale=float(scale),
    )


def _read_parts(data: abc.Mapping[str, Any], where: str) -> tuple[Part, ...]:
    if "parts" not in data:
        sources = data.get("from", ())
        names = (sources,) if isinstance(sources, str) else _texts(data, "from", where)
        return tuple(_read_part(name, data, where) for name in names)
    if not isinstance(data["parts"], list) or "from" in data:
        raise MappingError("wrong_type", f"{where}parts")
    parts = []
    for number, entry in enumerate(data["parts"], start=1):
        if not isinstance(entry, abc.Mapping):
            raise MappingError("wrong_type", f"{where}parts")
        _only_keys(entry, _PART_KEYS, f"{where}parts {number}: ")
        parts.append(_read_part(_text(entry, "from", where), entry, where))
    return tuple(parts)


def _read_part(source: str, data: abc.Mapping[str, Any], where: str) -> Part:
    if not source.strip():
        raise MappingError("no_source", where.removesuffix("."))
    lookup = _table(data, "lookup", where)
    code_length = data.get("code_length", 0)
    if not isinstance(code_length, int) or not 0 <= code_length <= 20:
        raise MappingError("wrong_type", f"{where}code_length")
    return Part(
        source=source,
        lookup={key.casefold(): _text(lookup, key, f"{where}lookup.") for key in lookup},
        code_length=code_length,
        prefix=_text(data, "prefix", where),
        suffix=_text(data, "suffix", where),
        blanks=tuple(blank.casefold() for blank in _texts(data, "blanks", where)),
    )


def _column_to_dict(column: Column) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if column.parts:
        data["parts"] = [_part_to_dict(part) for part in column.parts]
    if column.join is not None:
        data["join"] = column.join
    if column.date_formats != ("iso",):
        data["date_formats"] = list(column.date_formats)
    if column.scale != 1.0:
        data["scale"] = column.scale
    return data | {key: value for key in ("constant", "default") if (value := getattr(column, key))}


def _part_to_dict(part: Part) -> dict[str, Any]:
    data: dict[str, Any] = {"from": part.source}
    if part.lookup:
        data["lookup"] = dict(part.lookup)
    if part.blanks:
        data["blanks"] = list(part.blanks)
    return data | {key: value for key in ("code_length", "prefix", "suffix") if (value := getattr(part, key))}


def _only_keys(data: abc.Mapping[str, Any], allowed: set[str], where: str) -> None:
    for key in data:
        if key not in allowed:
            raise MappingError("unknown_key", f"{where}{key}")


def _text(data: abc.Mapping[str, Any], key: str, where: str) -> str:
    value = data.get(key, "")
    if not isinstance(value, str):
        raise MappingError("wrong_type", f"{where}{key}")
    return value


def _texts(data: abc.Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise MappingError("wrong_type", f"{where}{key}")
    return tuple(value)


def _table(data: abc.Mapping[str, Any], key: str, where: str) -> abc.Mapping[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, abc.Mapping):
        raise MappingError("wrong_type", f"{where}{key}")
    return value
