"""The pages of an import, as a person without scripts goes through them."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from inspect_app.extensions import db
from inspect_app.models import AuditEvent, ImportBatch, SavedMapping, StolenItem
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import claim_next, work
from tests.factories.accounts import create_user
from tests.factories.records import create_stolen_item
from tests.factories.sheets import CHINESE_HEADER, csv_file, row, xlsx_file
from tests.pages import Page, Pages


@pytest.fixture
def desk(web_app: Flask, pages: Pages) -> Pages:
    return pages.sign_in(create_user(role="desk")).speak("en")


def _file(content: bytes, name: str = "a.csv") -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def _upload(desk: Pages, content: bytes, name: str = "a.csv", status: int = 200) -> Page:
    return desk.send(desk.get("/imports/new"), {"file": _file(content, name)}, status=status)


def _start(desk: Pages, page: Page, **values: Any) -> Page:
    batch = db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
    return desk.send(page, values, form="#mapping-form", path=f"/imports/{batch.id}/start")


def _work(app: Flask) -> None:
    run = claim_next("test", JOB_KINDS, app.config["INSPECT"])
    assert run is not None
    work(run, JOB_KINDS[run.kind])


def test_from_the_file_to_the_refused_rows(web_app: Flask, desk: Pages) -> None:
    create_stolen_item()
    page = _upload(desk, csv_file([row(1), row(2, ref="", brand="=1+1"), row(3)]), "被盗 清单.csv")
    assert page.path.endswith("/mapping")
    assert "被盗 清单.csv · 3 rows" in page.text
    assert page.find("#base-choice option[selected]")["value"] == "common"
    assert "Of the first 3 rows 1 would be refused." in page.text
    assert "Refused: The cell is a formula" in page.text
    progress = _start(desk, page)
    assert "0 of 3 rows" in progress.text
    assert progress.find("progress")["max"] == "3"
    assert "Cancel the import" in progress.text
    _work(web_app)
    done = desk.get(progress.path)
    assert [value.text for value in done.html.select(".counts dd")] == ["2", "1", "0", "0"]
    assert "1 The cell is a formula" in done.text
    came_in = desk.get(done.html.select_one("a[href*='import=']")["href"])
    assert "Reports: 2" in came_in.text
    link = done.html.select_one("a[href$='refused.csv']")["href"]
    lines = list(csv.reader(io.StringIO(desk.client.get(link).data.decode("utf-8-sig"))))
    assert lines[1][3] == "'=1+1"
    assert lines[1][-3:] == ["3", "The cell is a formula; turn it into a value and import again", "brand"]
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(desk.client.get(link.replace("csv", "xlsx")).data))
    assert workbook.get_sheet_by_index(0).to_python()[1][3] == "=1+1", "text, not a formula"
    exported = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "imports:refusals:exported")).all()
    assert [event.after for event in exported] == [{"rows": 1, "kind": "csv"}, {"rows": 1, "kind": "xlsx"}]
    assert "2 taken, 1 refused, 0 known already" in desk.get("/imports").text


def test_an_owner_is_masked_in_the_preview(desk: Pages) -> None:
    cells = ["A1", "手机", "华为", "", "2026-03-05", "王小试", "13800005678"]
    page = _upload(desk, csv_file([cells], CHINESE_HEADER, encoding="gb18030"))
    assert "GB18030" in page.text
    assert "王**" in page.text
    assert "王小试" not in page.response.get_data(as_text=True)
    assert "13800005678" not in page.response.get_data(as_text=True)


def test_columns_by_hand_with_a_preview_while_picking(web_app: Flask, desk: Pages) -> None:
    page = _upload(desk, csv_file([["7", "copper", "5/3/2026"]], ("eins", "zwei", "drei")))
    assert "Pick a column for at least one field" in page.text
    refused = desk.send(page, {}, form="#mapping-form", path="/imports/1/start", status=422)
    assert "Pick a column for at least one field first." in refused.text
    picked = {"target_report_number": "0", "target_description": "1", "target_occurred_from": "2"}
    wrong = desk.send(page, picked, form="#mapping-form", path="/imports/1/preview")
    assert "The date cannot be read (drei)" in wrong.text
    right = desk.send(page, {**picked, "date_order": "day_first"}, form="#mapping-form", path="/imports/1/preview")
    assert "2026-03-05 00:00" in right.text
    whole = desk.send(page, {**picked, "date_order": "day_first"}, form="#mapping-form")
    assert whole.find("[name=target_description] option[selected]").text == "zwei"
    saved = desk.send(whole, {"save_as": "街道办 导出"}, form="#mapping-form", path="/imports/1/saved-mapping")
    assert saved.find("#base-choice option[selected]")["value"] == "街道办 导出"
    _start(desk, saved)
    _work(web_app)
    assert db.session.scalars(select(StolenItem.description)).all() == ["copper"]
    again = _upload(desk, csv_file([["8", "iron", "6/3/2026"]], ("eins", "zwei", "drei")))
    assert again.find("#base-choice option[selected]")["value"] == "街道办 导出"


@pytest.mark.parametrize(("name", "message"), [("", "Type a name"), ("common", "taken"), ("x" * 81, "at most 80 fit")])
def test_a_name_that_cannot_be_used_keeps_what_was_picked(desk: Pages, name: str, message: str) -> None:
    page = _upload(desk, csv_file([row(1)]))
    values = {"save_as": name, "target_brand": "4"}
    back = desk.send(page, values, form="#mapping-form", path="/imports/1/saved-mapping", status=422)
    assert message in back.text
    assert back.find("[name=target_brand] option[selected]").text == "model"
    assert back.find("[name=save_as]")["value"] == name
    assert db.session.query(SavedMapping).count() == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The file is empty"),
        (b"%PDF-1.7 x", "Not a table"),
        (b"<html><table>", "This is a web page"),
        (b'a,b\n1,"x\n2,3\n', "A quote is never closed; nothing can be read from this row on (row 2)"),
        (b"ref,brand\n", "There is a header but no rows"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_on_the_page(desk: Pages, content: bytes, message: str) -> None:
    page = _upload(desk, content, status=422)
    assert message in page.find("#file-error").text
    assert db.session.query(ImportBatch).count() == 0
    assert desk.speak("zh_Hans_CN").get("/imports/new").html.select_one("html")["lang"] == "zh-CN"


def test_no_file_at_all(desk: Pages) -> None:
    page = desk.send(desk.get("/imports/new"), status=422)
    assert "Choose a file." in page.text


def test_a_file_over_the_size_limit_is_explained(web_app: Flask, desk: Pages) -> None:
    page = desk.get("/imports/new")
    web_app.config["MAX_CONTENT_LENGTH"] = 50_000
    answer = desk.send(page, {"file": _file(b"x" * 60_000)}, status=413)
    assert "long lists in several files" in answer.text


def test_the_same_upload_twice_is_one_import(desk: Pages) -> None:
    page = desk.get("/imports/new")
    first = desk.send(page, {"file": _file(csv_file([row(1)]))})
    second = desk.send(page, {"file": _file(csv_file([row(1)]))})
    assert first.path == second.path
    assert db.session.query(ImportBatch).count() == 1
    _start(desk, first)
    again = _start(desk, second)
    assert "has been started already" in again.text


def test_cancel(web_app: Flask, desk: Pages) -> None:
    page = _start(desk, _upload(desk, csv_file([row(1)])))
    cancelled = desk.send(page, form="main form")
    assert "The import was cancelled" in cancelled.text
    assert claim_next("test", JOB_KINDS, web_app.config["INSPECT"]) is None


def test_the_progress_asks_for_itself_until_the_end(web_app: Flask, desk: Pages) -> None:
    page = _start(desk, _upload(desk, csv_file([row(1)])))
    part = desk.get(f"{page.path}/progress")
    assert part.find("#progress")["hx-trigger"] == "every 1s"
    assert "HX-Refresh" not in part.response.headers
    _work(web_app)
    assert desk.get(f"{page.path}/progress").response.headers["HX-Refresh"] == "true"


def test_the_same_file_is_known_again(web_app: Flask, desk: Pages) -> None:
    content = xlsx_file([row(1), row(2)])
    _start(desk, _upload(desk, content, "a.xlsx"))
    _work(web_app)
    page = _upload(desk, content, "b.xlsx")
    assert "This very file was imported on" in page.text
    done = _start(desk, page)
    _work(web_app)
    assert [value.text for value in desk.get(done.path).html.select(".counts dd")] == ["0", "0", "2", "0"]


def test_an_import_that_does_not_exist(desk: Pages) -> None:
    for path in ("/imports/99", "/imports/99/mapping", "/imports/99/progress", "/imports/99/refused.csv"):
        desk.get(path, status=404)


def test_who_may_not_import_sees_nothing(web_app: Flask, pages: Pages) -> None:
    pages.sign_in(create_user(role="inspector"))
    for path in ("/imports", "/imports/new"):
        pages.get(path, status=403)
