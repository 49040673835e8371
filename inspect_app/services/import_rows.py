"""Rows of a file become reports, items and owners, or refusals with a reason: one chunk, inside one transaction."""

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from inspect_app.extensions import db, vault
from inspect_app.models import ImportBatch, ImportRefusal, Person, StolenIdentifier, StolenItem, StolenReport
from inspect_app.models.types import utc_now
from inspect_app.reference.mapping_rows import MappedItem, RowRefusal
from inspect_app.reference.mappings import Mapping as ColumnMapping
from inspect_app.reference.mappings import fold_header, mapping_from_dict
from inspect_app.reference.vocabulary import labels
from inspect_app.services import screening
from inspect_app.services.identifiers import TypedIdentifier, apply_identifiers
from inspect_app.services.people import normalise_document, normalise_phone
from inspect_app.services.sheet_reading import SheetRow
from inspect_app.services.transaction import Transaction

REPORT_ELSEWHERE: Final = "report_elsewhere"


@dataclass(frozen=True, slots=True)
class ReadRow:
    """One row of the file: where it stood, its cells, its key among all rows ever imported, and what it says."""

    row: SheetRow
    key: str
    result: MappedItem | RowRefusal


@dataclass(slots=True)
class ChunkCount:
    """What became of the rows of a chunk, and how many alerts they raised."""

    accepted: int = 0
    refused: int = 0
    repeated: int = 0
    alerts: int = 0


@dataclass(slots=True)
class RowKeys:
    """Gives each row its key: the same row of the same kind of file has the same key whenever it is imported.

    The key is a keyed hash over the source (see ``source_name``) and the cells that its mapping reads. Rows that are
    equal within one file are told apart by their count.
    """

    mapping: ColumnMapping
    header: Sequence[str]
    _seen: dict[int, int] = field(default_factory=dict)
    _places: list[int] = field(init=False)
    _source: str = field(init=False)

    def __post_init__(self) -> None:
        read = _key_columns(self.mapping, self.header)
        self._source = source_name(self.mapping, self.header)
        self._places = [place for place, name in enumerate(self.header) if fold_header(name) in read]

    def key(self, row: SheetRow) -> str:
        """The key of the file's next row: every row has to be asked for, in the file's order."""
        content = json.dumps([row.cells[place].strip() for place in self._places], ensure_ascii=False)
        plain = vault.lookup_hash(f"{self._source}\n{content}")
        short = int(plain[:16], 16)
        count = self._seen[short] = self._seen.get(short, 0) + 1
        return plain if count == 1 else vault.lookup_hash(f"{plain}\n{count}")


def source_name(mapping: ColumnMapping, header: Sequence[str]) -> str:
    """Who sends such files, as far as it can be told: the mapping's name and the columns of the file that it reads.

    Only rows of one source can be known again. Where other columns are read it is another source, even under the same
    name: else each row would come in a second time.
    """
    return " ".join([mapping.name, *sorted(_key_columns(mapping, header))])


def _key_columns(mapping: ColumnMapping, header: Sequence[str]) -> set[str]:
    """The columns (folded names) that make a row what it is: all that are read, save the state of the item.

    The state changes from one export to the next: a thing that was found is still the same thing.
    """
    columns = mapping.columns.items()
    read = {fold_header(part.source) for target, column in columns if target != "status" for part in column.parts}
    return read & {fold_header(name) for name in header}


def save_rows(tx: Transaction, batch: ImportBatch, rows: Sequence[ReadRow]) -> ChunkCount:
    """Saves a chunk of rows and screens the new items; the caller's transaction holds it all or nothing."""
    count = ChunkCount()
    source = _source_of(batch)
    mapped = [row for row in rows if isinstance(row.result, MappedItem)]
    present = _items_with_keys(row.key for row in mapped)
    reports = _reports_with_numbers({_report_number(batch, row) for row in mapped})
    fresh: list[StolenItem] = []
    changed: list[StolenItem] = []
    for row in rows:
        if isinstance(row.result, RowRefusal):
            count.refused += _refuse(batch, row, row.result.code, row.result.column)
        elif row.key in present:
            count.repeated += 1
            if _withdraw_if_found(present[row.key], row.result):
                changed.append(present[row.key])
        elif (report := _report_of(tx, batch, source, row, row.result, reports)) is None:
            count.refused += _refuse(batch, row, REPORT_ELSEWHERE, "")
        else:
            count.accepted += 1
            fresh.append(_add_item(report, row, row.result))
    db.session.add_all(fresh)
    db.session.flush()
    if fresh or changed:
        wanted = [item for item in fresh if item.withdrawn_at is None]
        count.alerts = len(screening.screen_stolen_items(tx, wanted + changed))
    return count


def _items_with_keys(keys: Iterable[str]) -> dict[str, StolenItem]:
    query = select(StolenItem).where(StolenItem.import_key.in_(list(keys)))
    return {item.import_key: item for item in db.session.scalars(query) if item.import_key}


def _reports_with_numbers(numbers: set[str]) -> dict[str, tuple[StolenReport, str]]:
    """The reports that exist under these numbers, each with the source that it came from ("" for by hand)."""
    query = select(StolenReport).where(StolenReport.number.in_(numbers)).options(joinedload(StolenReport.owner))
    reports = db.session.scalars(query).all()
    imports = select(ImportBatch).where(ImportBatch.id.in_({report.import_id for report in reports}))
    sources: dict[int | None, str] = {batch.id: _source_of(batch) for batch in db.session.scalars(imports)}
    return {report.number: (report, sources.get(report.import_id, "")) for report in reports}


def _source_of(batch: ImportBatch) -> str:
    return source_name(mapping_from_dict(batch.mapping), batch.sheet["header"])


def _report_number(batch: ImportBatch, row: ReadRow) -> str:
    """The number that the row states; a file without numbers gets one a row, for nothing says what belongs together."""
    stated = row.result.report_number if isinstance(row.result, MappedItem) else ""
    return stated or f"IMP-{batch.id}-{row.row.number}"


def _report_of(
    tx: Transaction,
    batch: ImportBatch,
    source: str,
    row: ReadRow,
    item: MappedItem,
    reports: dict[str, tuple[StolenReport, str]],
) -> StolenReport | None:
    """The report that the row belongs to, made when it is the first; None when another source has its number."""
    number = _report_number(batch, row)
    if number in reports:
        report, its_source = reports[number]
        if its_source != source:
            return None
        _keep_what_differs(report, row, item)
        return report
    report = StolenReport(
        submission_id=str(uuid.uuid4()),
        number=number,
        channel="transfer",
        occurred_from=item.occurred_from,
        occurred_to=item.occurred_to,
        place=item.place,
        lat=item.lat,
        lng=item.lng,
        method=item.method,
        owner=_owner(item),
        import_id=batch.id,
        created_by_id=tx.actor.user_id,
    )
    db.session.add(report)
    reports[number] = (report, source)
    return report


def _owner(item: MappedItem) -> Person | None:
    if not (item.owner_name or item.owner_phone or item.owner_document):
        return None
    return Person(
        name=item.owner_name,
        document=normalise_document(item.owner_document),
        phone=normalise_phone(item.owner_phone),
    )


def _keep_what_differs(report: StolenReport, row: ReadRow, item: MappedItem) -> None:
    """A later row may tell more of the theft than the first: blanks are filled, a contradiction is kept beside it."""
    differing: dict[str, object] = {}
    for name in ("occurred_from", "occurred_to", "place", "lat", "lng", "method"):
        told, known = getattr(item, name), getattr(report, name)
        if known in (None, "") and not name.startswith("occurred"):
            setattr(report, name, told)
        elif told not in (None, "", known):
            differing[name] = str(told)
    owner = _owner(item)
    if owner and report.owner is None:
        report.owner = owner
    elif (
        owner and report.owner and (owner.name_key, owner.phone_key) != (report.owner.name_key, report.owner.phone_key)
    ):
        differing["owner"] = [item.owner_name, item.owner_phone, item.owner_document]
    if differing:
        kept = json.loads(report.unparsed or "{}")
        kept[f"row {row.row.number}"] = differing
        report.unparsed = json.dumps(kept, ensure_ascii=False)


def _add_item(report: StolenReport, row: ReadRow, item: MappedItem) -> StolenItem:
    stolen = StolenItem(
        item_uid=str(uuid.uuid4()),
        report=report,
        position=row.row.number,
        import_key=row.key,
        category=item.category,
        description=item.description,
        brand=item.brand,
        model=item.model,
        specification=item.specification,
        colour=item.colour,
        marks=item.marks,
        quantity=item.quantity,
        unit=item.unit,
        weight_g=item.weight_g,
        value_fen=item.value_fen,
    )
    apply_identifiers(stolen, [TypedIdentifier(kind, value) for kind, value in item.identifiers], StolenIdentifier)
    _withdraw_if_found(stolen, item)
    return stolen


def _withdraw_if_found(stolen: StolenItem, item: MappedItem) -> bool:
    if item.status != "recovered" or stolen.withdrawn_at is not None:
        return False
    # The reason is a text that people read, in either language, and not a code.
    word = labels("item_status")[item.status]
    stolen.withdrawn_at, stolen.withdrawn_reason = utc_now(), f"{word.zh} / {word.en}"
    return True


def _refuse(batch: ImportBatch, row: ReadRow, code: str, column: str) -> int:
    db.session.add(
        ImportRefusal(
            import_id=batch.id,
            row_number=row.row.number,
            code=code,
            column=column[:120],
            row=json.dumps(row.row.cells, ensure_ascii=False),
        )
    )
    return 1
