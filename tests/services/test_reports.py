"""The printed visit: from rows to paper, for whom, in which language, and with its trace in the audit trail."""

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import select

from inspect_app.config import Settings
from inspect_app.extensions import db
from inspect_app.models import Alert, AuditEvent, ChecklistAnswer, GoodsLine, Judgement, Visit
from inspect_app.services.actors import Actor, NotAllowed, system_actor
from inspect_app.services.audit import verify_chain
from inspect_app.services.photos import photo_file, save_photo
from inspect_app.services.reports import PrintedVisit, VisitNotFound, find_visit_id, print_visit
from inspect_app.services.scope import OutOfArea
from inspect_app.services.transaction import transaction
from tests.factories import accounts, records

CONTRADICTION = {"comparison": "colour", "level": "differ", "outcome": "contradict", "weight_bits": -4.0}
EVIDENCE = [
    {"comparison": "identifier:imei", "level": "exact", "outcome": "agree", "weight_bits": 22.0,
     "goods_value": "860123456789014", "stolen_value": "860123456789014"},
    {"comparison": "time", "level": "same_days", "outcome": "agree", "weight_bits": 5.5},
    {**CONTRADICTION, "goods_value": "银色", "stolen_value": "黑色"},
]  # fmt: skip


@pytest.fixture
def settings(app: Flask) -> Settings:
    return app.config["INSPECT"]


@pytest.fixture
def visit(app: Flask) -> Visit:
    """A submitted visit of a police officer and a market regulator, with two phones, one of them reported stolen."""
    officers = (
        accounts.create_user(full_name="王建国"),
        accounts.create_user(kind="market_regulation", full_name="刘芳"),
    )
    venue = records.create_venue(name="凤凰旧货商行", responsible_name="李晓明", area_code="420704001")
    visit = records.create_visit(
        venue,
        officers,
        state="submitted",
        ended_at=records.NOON + timedelta(hours=1),
        findings="3 号柜台有来源不明的手机。",
        outcome="goods_held",
        venue_representative="赵立新",
    )
    first = records.create_goods_line(visit, {"imei": "860123456789014"}, position=1, price_fen=123456)
    records.create_goods_line(visit, position=2, marks="背面划痕", seller=records.create_person(name="梁试"))
    item = records.create_stolen_item(records.create_report(number="R-被盗-1"))
    alert(first, item)
    return visit


def alert(line: GoodsLine, item: object, **values: object) -> Alert:
    row = Alert(
        **{
            "goods_line": line, "stolen_item": item, "band": "alert", "probability": 0.9999, "weight_bits": 14.0,
            "evidence_bits": 22.0, "components": EVIDENCE, "matcher_version": "1.0", **values,
        }
    )  # fmt: skip
    db.session.add(row)
    db.session.commit()
    return row


def police_actor() -> Actor:
    return accounts.actor_for(accounts.create_user())


def text_of(printed: PrintedVisit) -> str:
    return "".join("".join(page.extract_text() for page in PdfReader(BytesIO(printed.content)).pages).split())


def test_the_paper_says_what_the_rows_say(visit: Visit, settings: Settings) -> None:
    text = text_of(print_visit(police_actor(), visit.id, "zh", settings))
    for expected in (
        visit.number, "凤凰旧货商行", "李**", "鄂城区", "王建国", "刘芳",
        "公安局市场监管局", "2026年11月2日12:00至13:00",
        "3号柜台有来源不明的手机", "涉嫌物品先行登记保存", "IMEI860123456789014", "¥1,234.56", "背面划痕", "梁*",
        "赵**",
        "R-被盗-1", "颜色（银色/黑色）", ">99.9%", "待法制核对",
    ):  # fmt: skip
        assert expected in text, expected
    assert "草稿" not in text
    for hidden in ("李晓明", "赵立新", "梁试"):
        assert hidden not in text


def test_english_paper_has_no_chinese_of_its_own(visit: Visit, settings: Settings) -> None:
    text = text_of(print_visit(police_actor(), visit.id, "en", settings))
    for expected in ("JointInspectionRecord", "Routine", "Second-handshop", "Goodsheld", "Phone", "Colour"):
        assert expected in text, expected
    assert "联合检查记录" not in text


def test_answers_stand_beside_their_items(visit: Visit, settings: Settings) -> None:
    from inspect_app.reference.checklists import checklist_version

    item = checklist_version(visit.checklist_version, visit.venue_kind).items[0]
    visit.answers.append(ChecklistAnswer(item_key=item.key, answer="no", note="执照已过期"))
    db.session.commit()
    text = text_of(print_visit(police_actor(), visit.id, "zh", settings))
    assert "执照已过期" in text
    assert "不符合1" in text


def test_alerts_are_on_the_copy_of_the_police_alone(visit: Visit, settings: Settings) -> None:
    regulator = accounts.actor_for(accounts.create_user(kind="market_regulation"))
    assert "涉盗嫌疑物品比对提示" in text_of(print_visit(police_actor(), visit.id, "zh", settings))
    copy = text_of(print_visit(regulator, visit.id, "zh", settings))
    assert "R-被盗-1" not in copy
    assert "涉盗嫌疑物品" not in copy


@pytest.mark.parametrize("state", ["dismissed", "superseded", "closed"])
def test_an_alert_that_was_ruled_out_is_not_printed(visit: Visit, settings: Settings, state: str) -> None:
    row = db.session.scalar(select(Alert))
    row.state = state
    row.judgements.append(Judgement(submission_id="one", verdict="dismissed", reason="different_item"))
    db.session.commit()
    assert "R-被盗-1" not in text_of(print_visit(police_actor(), visit.id, "zh", settings))


@pytest.mark.parametrize(("state", "is_printed"), [("new", False), ("confirmed", True)])
def test_a_possible_match_is_printed_once_a_person_confirmed_it(
    visit: Visit, settings: Settings, state: str, is_printed: bool
) -> None:
    row = db.session.scalar(select(Alert))
    row.band, row.state = "possible", state
    db.session.commit()
    assert ("R-被盗-1" in text_of(print_visit(police_actor(), visit.id, "zh", settings))) is is_printed


def test_lines_taken_off_the_log_are_not_printed(visit: Visit, settings: Settings) -> None:
    visit.goods[0].removed_at = records.NOON
    db.session.commit()
    text = text_of(print_visit(police_actor(), visit.id, "zh", settings))
    assert "860123456789014" not in text
    assert "R-被盗-1" not in text


def test_the_same_visit_gives_the_same_bytes_until_it_changes(visit: Visit, settings: Settings) -> None:
    first = print_visit(police_actor(), visit.id, "zh", settings).content
    assert print_visit(police_actor(), visit.id, "zh", settings).content == first
    db.session.get(Visit, visit.id).findings = "另有发现。"
    db.session.commit()
    assert print_visit(police_actor(), visit.id, "zh", settings).content != first


def test_the_hash_of_the_data_is_the_same_in_both_languages_and_for_both_agencies(
    visit: Visit, settings: Settings
) -> None:
    regulator = accounts.actor_for(accounts.create_user(kind="market_regulation"))
    print_visit(police_actor(), visit.id, "zh", settings)
    print_visit(police_actor(), visit.id, "en", settings)
    print_visit(regulator, visit.id, "zh", settings)
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "reports:visit:printed")).all()
    assert len({event.after["data_hash"] for event in events}) == 1
    assert len({event.after["file_sha256"] for event in events}) == 3


def change_findings(visit: Visit) -> None:
    visit.findings = "另有发现。"


def change_answer(visit: Visit) -> None:
    visit.answers.append(ChecklistAnswer(item_key="any", answer="no"))


def change_goods(visit: Visit) -> None:
    visit.goods[0].colour = "金色"


def change_identifier(visit: Visit) -> None:
    visit.goods[0].identifiers[0].value = "860123456789022"


def change_seller(visit: Visit) -> None:
    visit.goods[1].seller.name = "梁改"


@pytest.mark.parametrize("change", [change_findings, change_answer, change_goods, change_identifier, change_seller])
def test_the_hash_of_the_data_follows_every_part_of_it(
    visit: Visit, settings: Settings, change: Callable[[Visit], None]
) -> None:
    def printed_hash() -> str:
        print_visit(system_actor("test"), visit.id, "zh", settings)
        latest = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)
        return db.session.scalars(latest).one().after["data_hash"]

    before = printed_hash()
    change(db.session.get(Visit, visit.id))
    db.session.commit()
    assert printed_hash() != before


def test_printing_is_written_down_without_personal_data(visit: Visit, settings: Settings) -> None:
    actor = police_actor()
    print_visit(actor, visit.id, "zh", settings)
    event = db.session.scalar(select(AuditEvent).where(AuditEvent.action == "reports:visit:printed"))
    assert (event.actor_id, event.subject_type, event.subject_id) == (actor.user_id, "visit", str(visit.id))
    assert event.after["number"] == visit.number
    assert "李晓明" not in str(event.after)
    assert list(verify_chain()) == []


def test_a_draft_is_marked(visit: Visit, settings: Settings) -> None:
    visit.state = "draft"
    db.session.commit()
    assert "草稿" in text_of(print_visit(system_actor("test"), visit.id, "zh", settings))


def test_what_could_not_be_read_is_counted_on_the_paper(visit: Visit, settings: Settings) -> None:
    visit.state = "draft"
    visit.goods[0].unparsed = '{"price": "一百二"}'
    db.session.commit()
    assert "另有1处填写内容未能识别" in text_of(print_visit(system_actor("test"), visit.id, "zh", settings))


def test_nobody_prints_beyond_their_area_or_role(visit: Visit, settings: Settings) -> None:
    elsewhere = accounts.actor_for(accounts.create_user(unit=accounts.create_unit(area_code="420703")))
    with pytest.raises(OutOfArea):
        print_visit(elsewhere, visit.id, "zh", settings)
    with pytest.raises(NotAllowed):
        print_visit(accounts.actor_for(accounts.create_user(role="auditor")), visit.id, "zh", settings)
    with pytest.raises(OutOfArea):
        print_visit(police_actor(), 999_999, "zh", settings)
    assert db.session.scalar(select(AuditEvent).where(AuditEvent.action == "reports:visit:printed")) is None


def test_an_officer_prints_the_own_visit_wherever_it_was(visit: Visit, settings: Settings) -> None:
    officer = accounts.create_user(unit=accounts.create_unit(area_code="420703"))
    elsewhere = records.create_visit(records.create_venue(area_code="420704001"), (officer,))
    assert print_visit(accounts.actor_for(officer), elsewhere.id, "zh", settings).number == elsewhere.number


def test_a_visit_is_found_by_its_number(visit: Visit) -> None:
    records.create_visit()
    assert find_visit_id(police_actor(), f" {visit.number} ") == visit.id
    with pytest.raises(VisitNotFound):
        find_visit_id(police_actor(), "LJ-0000-000000")


def test_photos_are_printed_and_a_changed_file_is_reported(visit: Visit, settings: Settings) -> None:
    buffer = BytesIO()
    Image.new("RGB", (800, 600), (10, 90, 160)).save(buffer, "JPEG")
    recorder = police_actor()
    with transaction(recorder) as tx:
        row = db.session.get(Visit, visit.id)
        photo = save_photo(
            tx, settings.upload_dir, row, subject="goods:x", content=buffer.getvalue(),
            goods_line=row.goods[1], caption="背面", max_bytes=1_000_000,
        )  # fmt: skip
    printed = print_visit(recorder, visit.id, "zh", settings)
    assert printed.faulty_photos == ()
    assert "照片1货品2背面" in text_of(printed)
    path: Path = photo_file(settings.upload_dir, photo, "full")
    path.write_bytes(path.read_bytes() + b"x")
    assert [fault.fault for fault in print_visit(recorder, visit.id, "zh", settings).faulty_photos] == ["altered"]
    path.unlink()
    assert [fault.fault for fault in print_visit(recorder, visit.id, "zh", settings).faulty_photos] == ["unreadable"]
