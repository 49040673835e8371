"""Whole files into the register: each row taken, refused with a reason, or known already; nothing lost or doubled."""

import io
import json
import uuid
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.models import (
    Alert,
    AuditEvent,
    ImportBatch,
    ImportRefusal,
    Person,
    StolenIdentifier,
    StolenItem,
    StolenReport,
)
from inspect_app.reference.mappings import Mapping, mapping_from_dict, mapping_to_dict, preset
from inspect_app.services import imports as service
from inspect_app.services.actors import Actor, NotAllowed
from inspect_app.services.import_files import StoredFileDamaged, open_file
from inspect_app.services.import_job import CHUNK_ROWS
from inspect_app.services.imports import ImportAlreadyStarted, ImportOver, TargetsMissing
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import claim_next, work
from inspect_app.services.sheet_reading import SheetRefused
from tests.factories.accounts import actor_for, create_user
from tests.factories.records import create_report
from tests.factories.sheets import CHINESE_HEADER, HEADER, csv_file, row, xlsx_file


@pytest.fixture
def settings(app: Flask) -> Settings:
    return app.config["INSPECT"]


@pytest.fixture
def desk(app: Flask) -> Actor:
    return actor_for(create_user(role="desk"))


def _upload(desk: Actor, settings: Settings, content: bytes, name: str = "被盗.csv") -> int:
    return service.upload_import(desk, settings, str(uuid.uuid4()), name, io.BytesIO(content))


def _import(desk: Actor, settings: Settings, content: bytes, mapping: Mapping | None = None) -> ImportBatch:
    import_id = _upload(desk, settings, content)
    service.start_import(desk, settings, import_id, mapping or preset("common"))
    run = claim_next("test", JOB_KINDS, settings)
    assert run is not None
    work(run, JOB_KINDS[run.kind])
    return service.find_import(desk, import_id)


def _counts(batch: ImportBatch) -> tuple[int, int, int]:
    return batch.accepted_rows, batch.refused_rows, batch.repeated_rows


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_file_becomes_reports_items_and_identifiers(desk: Actor, settings: Settings) -> None:
    batch = _import(desk, settings, csv_file([row(1), row(2, identifiers="imei=860123456789014;serial=ab-12")]))
    assert (batch.state, _counts(batch), batch.total_rows) == ("done", (2, 0, 0), 2)
    report = db.session.scalars(select(StolenReport).where(StolenReport.number == "T-000002")).one()
    assert (report.import_id, report.channel, report.created_by_id) == (batch.id, "transfer", desk.user_id)
    assert report.occurred_from == datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
    item = report.items[0]
    assert (item.category, item.brand, item.model, item.quantity) == ("phone", "华为", "Mate 2", 1.0)
    assert [(found.kind, found.normalised) for found in item.identifiers] == [
        ("imei", "860123456789014"),
        ("serial", "AB12"),
    ]


def test_the_same_file_twice_adds_nothing(desk: Actor, settings: Settings) -> None:
    rows = [row(number) for number in range(20)]
    _import(desk, settings, csv_file(rows))
    again = _import(desk, settings, csv_file(rows))
    assert _counts(again) == (0, 0, 20)
    as_workbook = _import(desk, settings, xlsx_file(rows))
    assert _counts(as_workbook) == (0, 0, 20)
    more = _import(desk, settings, csv_file([*reversed(rows), row(21)], encoding="gb18030"))
    assert _counts(more) == (1, 0, 20)
    assert (_count(StolenItem), _count(StolenReport), _count(StolenIdentifier)) == (21, 21, 21)


def test_equal_rows_of_one_file_are_several_things(desk: Actor, settings: Settings) -> None:
    same = row(1, ref="T-1", identifiers="")
    assert _counts(_import(desk, settings, csv_file([same, same, same]))) == (3, 0, 0)
    assert _counts(_import(desk, settings, csv_file([same] * 4))) == (1, 0, 3)
    report = db.session.scalars(select(StolenReport)).one()
    assert len(report.items) == 4


def test_rows_of_one_report_over_two_chunks_are_one_report(desk: Actor, settings: Settings) -> None:
    rows = [row(number, ref="T-ONE") for number in range(CHUNK_ROWS + 10)]
    batch = _import(desk, settings, csv_file(rows))
    assert _counts(batch) == (CHUNK_ROWS + 10, 0, 0)
    assert _count(StolenReport) == 1


def test_refused_rows_keep_their_reason_and_are_encrypted(desk: Actor, settings: Settings) -> None:
    rows = [
        row(1),
        row(2, ref=""),
        row(3, occurred_at="2999-01-01"),
        row(4, description='=HYPERLINK("http://x")'),
        row(5, model="x\x00y"),
        row(6, description="长" * 2001),
        [*row(7), "one cell too many"],
        row(8, quantity="many"),
    ]
    batch = _import(desk, settings, csv_file(rows))
    assert _counts(batch) == (1, 7, 0)
    refusals = db.session.scalars(select(ImportRefusal).order_by(ImportRefusal.row_number)).all()
    assert [(found.row_number, found.code, found.column) for found in refusals] == [
        (3, "required_missing", "ref"),
        (4, "future_date", "occurred_at"),
        (5, "formula", "description"),
        (6, "null_byte", "model"),
        (7, "too_long", "description"),
        (8, "ragged_row", ""),
        (9, "not_a_number", "quantity"),
    ]
    assert json.loads(refusals[5].row)[-1] == "one cell too many"
    stored = db.session.execute(text("SELECT row FROM import_refusal")).scalars().all()
    assert not any("华为" in cell for cell in stored)


def test_a_gb18030_file_from_a_chinese_office_with_owners(desk: Actor, settings: Settings) -> None:
    rows = [
        ["A1", "手机", "华为", "８６０１２３４５６７８９０１４", "2026年3月5日", "王试", "138 0000 0000"],
        ["A1", "平板电脑", "华为", "", "2026年3月5日", "王试", "13800000000"],
        ["A1", "耳机", "华为", "", "2026年3月6日", "李试", "13900000000"],
    ]
    batch = _import(desk, settings, csv_file(rows, CHINESE_HEADER, encoding="gb18030"), preset("police_export"))
    assert _counts(batch) == (3, 0, 0)
    report = db.session.scalars(select(StolenReport)).one()
    assert (report.owner.name, report.owner.phone) == ("王试", "13800000000")
    assert report.items[0].identifiers[0].normalised == "860123456789014"
    differing = json.loads(report.unparsed)
    assert list(differing) == ["row 4"]
    assert differing["row 4"]["owner"] == ["李试", "13900000000", ""]
    assert _count(Person) == 1
    for table, column in (("person", "name"), ("stolen_report", "unparsed")):
        assert "试" not in "".join(db.session.execute(text(f"SELECT {column} FROM {table}")).scalars())  # noqa: S608


def test_a_report_from_elsewhere_is_not_joined(desk: Actor, settings: Settings) -> None:
    create_report(number="T-000001")
    batch = _import(desk, settings, csv_file([row(1), row(2)]))
    assert _counts(batch) == (1, 1, 0)
    assert db.session.scalars(select(ImportRefusal.code)).all() == ["report_elsewhere"]
    other = mapping_from_dict({**mapping_to_dict(preset("common")), "name": "another-sender"})
    assert _counts(_import(desk, settings, csv_file([row(2)]), other)) == (0, 1, 0)


def test_another_set_of_columns_under_the_same_name_doubles_nothing(desk: Actor, settings: Settings) -> None:
    _import(desk, settings, csv_file([row(1)]))
    columns = {
        target: column for target, column in mapping_to_dict(preset("common"))["columns"].items() if target != "colour"
    }
    fewer = mapping_from_dict({**mapping_to_dict(preset("common")), "columns": columns})
    assert _counts(_import(desk, settings, csv_file([row(1)]), fewer)) == (0, 1, 0)
    assert _count(StolenItem) == 1


def test_a_thing_found_again_is_withdrawn_by_the_next_export(desk: Actor, settings: Settings) -> None:
    data = mapping_to_dict(preset("common"))
    mapping = mapping_from_dict({**data, "columns": {**data["columns"], "status": {"parts": [{"from": "status"}]}}})
    header = (*HEADER, "status")
    _import(desk, settings, csv_file([[*row(1), "stolen"], [*row(2), "stolen"]], header), mapping)
    batch = _import(desk, settings, csv_file([[*row(1), "recovered"], [*row(2), "stolen"]], header), mapping)
    assert _counts(batch) == (0, 0, 2)
    found, open_one = db.session.scalars(select(StolenItem).order_by(StolenItem.id)).all()
    assert found.withdrawn_at is not None
    assert "已追回" in found.withdrawn_reason
    assert open_one.withdrawn_at is None


def test_imported_items_are_screened_in_the_same_transaction(desk: Actor, settings: Settings) -> None:
    from inspect_app.services.screening import screen_goods_line
    from inspect_app.services.transaction import transaction
    from tests.factories.records import create_goods_line

    line = create_goods_line(brand="华为", model="Mate 1", identifiers={"imei": "860123456789014"})
    with transaction(desk) as tx:
        screen_goods_line(tx, line)
    batch = _import(desk, settings, csv_file([row(1, identifiers="imei=860123456789014"), row(2)]))
    assert batch.alerts_raised >= 1
    assert db.session.scalars(select(Alert)).first().goods_line_id == line.id


def test_what_happened_stands_in_the_audit_trail(desk: Actor, settings: Settings) -> None:
    _import(desk, settings, csv_file([row(1), row(2, ref="")]))
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action.startswith("imports:")).order_by(AuditEvent.seq)
    ).all()
    assert [event.action.split(":")[2] for event in events] == ["uploaded", "started", "finished"]
    assert events[-1].after == {"total": 2, "accepted": 1, "refused": 1, "repeated": 0, "alerts": 0}
    assert {event.actor_id for event in events} == {desk.user_id}


def test_the_same_form_twice_makes_one_import(desk: Actor, settings: Settings) -> None:
    uid, content = str(uuid.uuid4()), csv_file([row(1)])
    first = service.upload_import(desk, settings, uid, "a.csv", io.BytesIO(content))
    assert service.upload_import(desk, settings, uid, "a.csv", io.BytesIO(content)) == first
    service.start_import(desk, settings, first, preset("common"))
    with pytest.raises(ImportAlreadyStarted):
        service.start_import(desk, settings, first, preset("common"))


def test_a_file_that_is_no_table_is_not_kept(desk: Actor, settings: Settings) -> None:
    with pytest.raises(SheetRefused, match="not_a_table"):
        _upload(desk, settings, b"%PDF-1.7")
    assert list((settings.upload_dir / "imports").iterdir()) == []
    assert _count(ImportBatch) == 0


def test_a_mapping_that_does_not_fit_is_refused_before_it_starts(desk: Actor, settings: Settings) -> None:
    import_id = _upload(desk, settings, csv_file([row(1)]))
    with pytest.raises(TargetsMissing) as missing:
        service.start_import(desk, settings, import_id, preset("toronto_bikes"))
    assert missing.value.targets == ("report_number", "occurred_from")
    assert service.find_import(desk, import_id).state == "uploaded"


def test_cancelling_keeps_what_was_taken_and_a_second_import_takes_the_rest(desk: Actor, settings: Settings) -> None:
    rows = [row(number) for number in range(CHUNK_ROWS + 50)]
    import_id = _upload(desk, settings, csv_file(rows))
    service.start_import(desk, settings, import_id, preset("common"))
    run = claim_next("test", JOB_KINDS, settings)
    assert run is not None
    run.on_progress = lambda done, _total: service.cancel_import(desk, import_id) if done == CHUNK_ROWS else None
    work(run, JOB_KINDS[run.kind])
    batch = service.find_import(desk, import_id)
    assert (batch.state, _counts(batch)) == ("cancelled", (CHUNK_ROWS, 0, 0))
    with pytest.raises(ImportOver):
        service.cancel_import(desk, import_id)
    assert _counts(_import(desk, settings, csv_file(rows))) == (50, 0, CHUNK_ROWS)


def test_an_import_that_was_only_uploaded_can_be_cancelled(desk: Actor, settings: Settings) -> None:
    import_id = _upload(desk, settings, csv_file([row(1)]))
    service.cancel_import(desk, import_id)
    assert service.find_import(desk, import_id).state == "cancelled"


def test_a_stored_file_that_was_changed_fails_the_import(desk: Actor, settings: Settings) -> None:
    import_id = _upload(desk, settings, csv_file([row(1)]))
    path = settings.upload_dir / "imports" / service.find_import(desk, import_id).file_sha256
    content = bytearray(path.read_bytes())
    assert "华为".encode() not in content
    content[40] ^= 1
    path.write_bytes(content)
    service.start_import(desk, settings, import_id, preset("common"))
    run = claim_next("test", JOB_KINDS, settings)
    assert run is not None
    work(run, JOB_KINDS[run.kind])
    batch = service.find_import(desk, import_id)
    assert (batch.state, batch.error) == ("failed", "stored_file_damaged")
    with pytest.raises(StoredFileDamaged):
        open_file(settings, "0" * 64)


def test_only_who_may_import_does(settings: Settings) -> None:
    inspector = actor_for(create_user(role="inspector"))
    with pytest.raises(NotAllowed):
        _upload(inspector, settings, csv_file([row(1)]))
