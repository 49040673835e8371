"""Which mapping reads a file: those that come with the product, those that people saved, and a look at the outcome."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.models import ImportBatch, SavedMapping
from inspect_app.reference.bilingual import Bilingual
from inspect_app.reference.mapping_rows import MappedItem, RowRefusal
from inspect_app.reference.mappings import (
    Mapping,
    MappingError,
    fold_header,
    load_mapping,
    mapping_from_dict,
    mapping_to_dict,
    missing_targets,
    preset,
    preset_names,
    presets,
)
from inspect_app.services.actors import Actor
from inspect_app.services.import_choices import guess_mapping
from inspect_app.services.import_job import read_row
from inspect_app.services.imports import sheet_of, source_of
from inspect_app.services.sheet_reading import SheetRow, read_rows
from inspect_app.services.transaction import transaction

SHOWN_ROWS: Final = 20
SAMPLE_ROWS: Final = 200


class MappingNameTaken(Exception):
    """A mapping that comes with the product, or that someone else saved, has this name."""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row of the file and what would become of it."""

    row: SheetRow
    result: MappedItem | RowRefusal

    @property
    def is_refused(self) -> bool:
        """Whether the row would not be taken."""
        return isinstance(self.result, RowRefusal)


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows through a mapping, and how many of the first ``sample_size`` would be refused, by reason."""

    rows: tuple[PreviewRow, ...]
    sample_size: int
    refused: int
    reasons: tuple[tuple[str, int], ...]


def preview_import(settings: Settings, batch: ImportBatch, mapping: Mapping) -> Preview:
    """Looks at the first rows of the file through the mapping; nothing is saved.

    Raises:
        SheetRefused, StoredFileDamaged: the file cannot be read.
    """
    facts = sheet_of(batch)
    rows = islice(read_rows(source_of(settings, batch), facts), SAMPLE_ROWS)
    read = [PreviewRow(row, read_row(mapping, facts.header, row)) for row in rows]
    reasons = Counter(row.result.code for row in read if isinstance(row.result, RowRefusal))
    shown = read[:SHOWN_ROWS]
    if not any(row.is_refused for row in shown):
        # A refused row further down is worth more than one more good one.
        later = [row for row in read[SHOWN_ROWS:] if row.is_refused][:3]
        shown = [*shown[: SHOWN_ROWS - len(later)], *later]
    return Preview(tuple(shown), len(read), reasons.total(), tuple(reasons.most_common()))


def known_mappings() -> list[Mapping]:
    """Every mapping that a person may choose: the saved ones, then those that come with the product."""
    saved = db.session.scalars(select(SavedMapping).order_by(SavedMapping.name))
    return [*(mapping_from_dict(row.mapping) for row in saved), *presets()]


def suggest_mapping(header: Sequence[str], mappings: Sequence[Mapping]) -> Mapping | None:
    """The mapping that reads most of the file's columns and lacks none that it requires, else one by similar names.

    None when no column is known at all.
    """
    known = {fold_header(name) for name in header}

    def read_columns(mapping: Mapping) -> int:
        return len(known & {fold_header(source) for source in mapping.sources})

    fitting = [mapping for mapping in mappings if not missing_targets(mapping, header)]
    best = max(fitting, key=read_columns, default=None)
    return best if best is not None and read_columns(best) >= 2 else guess_mapping(header)


def named_mapping(name: str) -> Mapping:
    """A mapping by the name of a preset, the name under which it was saved, or the path of a TOML file.

    Raises:
        MappingError: there is none, or it cannot be used.
    """
    if name in preset_names():
        return preset(name)
    saved = db.session.scalar(select(SavedMapping).where(SavedMapping.name == name))
    if saved is not None:
        return mapping_from_dict(saved.mapping)
    path = Path(name)
    if path.suffix == ".toml" or path.exists():
        return load_mapping(path)
    raise MappingError("unknown_preset", name)


def save_mapping(actor: Actor, name: str, mapping: Mapping) -> Mapping:
    """Keeps a mapping under a name for the next file of the same sender; one's own earlier one is replaced.

    Raises:
        NotAllowed: the actor may not import.
        MappingNameTaken: the name is a preset's, or somebody else's mapping has it.
    """
    actor.require("imports.run")
    if name in preset_names():
        raise MappingNameTaken
    named = replace(mapping, name=name, title=Bilingual(name, name))
    try:
        with transaction(actor) as tx:
            row = db.session.scalar(select(SavedMapping).where(SavedMapping.name == name))
            if row is not None and row.created_by_id != actor.user_id:
                raise MappingNameTaken
            if row is None:
                row = SavedMapping(name=name, created_by_id=actor.user_id)
                db.session.add(row)
            row.mapping = mapping_to_dict(named)
            db.session.flush()
            tx.record("imports:mapping:saved", row, after={"name": name})
    except IntegrityError:
        raise MappingNameTaken from None
    return named
