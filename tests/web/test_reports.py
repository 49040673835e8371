"""The printed visit in the browser and from the shell."""

from pathlib import Path

from flask import Flask
from pypdf import PdfReader

from inspect_app.models import User
from tests.factories import accounts, records
from tests.pages import Pages


def test_the_record_opens_in_the_browser_in_the_language_of_the_page(pages: Pages, inspector: User) -> None:
    visit = records.create_visit(officers=(inspector,))
    pages.sign_in(inspector).speak("en")
    response = pages.client.get(f"/inspections/{visit.id}/record.pdf")
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    assert response.headers["Content-Disposition"] == f"inline; filename={visit.number}-en.pdf"
    assert response.data.startswith(b"%PDF-")
    assert b"/Lang (en)" in response.data
    chinese = pages.client.get(f"/inspections/{visit.id}/record.pdf?language=zh")
    assert b"/Lang (zh-CN)" in chinese.data


def test_the_record_can_be_saved(pages: Pages, inspector: User) -> None:
    visit = records.create_visit(officers=(inspector,))
    response = pages.sign_in(inspector).client.get(f"/inspections/{visit.id}/record.pdf?download=1")
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_who_may_not_print_gets_the_page_that_says_so(pages: Pages) -> None:
    visit = records.create_visit()
    path = f"/inspections/{visit.id}/record.pdf"
    assert pages.client.get(path).status_code == 302
    pages.sign_in(accounts.create_user(role="auditor")).get(path, status=403)
    elsewhere = accounts.create_user(unit=accounts.create_unit(area_code="420703"))
    pages.sign_in(elsewhere).get(path, status=404)
    pages.sign_in(accounts.create_user(role="supervisor")).get("/inspections/999999/record.pdf", status=404)


def test_the_shell_prints_to_a_file(web_app: Flask, tmp_path: Path) -> None:
    visit = records.create_visit(findings="𠮷")
    out = tmp_path / "record.pdf"
    run = web_app.test_cli_runner().invoke
    result = run(args=["report", "visit", visit.number, "--out", str(out), "--language", "en"])
    assert result.exit_code == 0, result.output
    assert len(PdfReader(out).pages) >= 2
    assert "SHA-256" in result.stdout
    assert "[U+20BB7]" in result.stderr


def test_the_shell_says_what_is_wrong(web_app: Flask, tmp_path: Path) -> None:
    run = web_app.test_cli_runner().invoke
    unknown = run(args=["report", "visit", "LJ-0", "--out", str(tmp_path / "a.pdf")])
    assert unknown.exit_code == 1
    assert "There is no visit LJ-0" in unknown.output
    visit = records.create_visit()
    unwritable = run(args=["report", "visit", visit.number, "--out", str(tmp_path / "none" / "a.pdf")])
    assert unwritable.exit_code == 1
    assert "cannot be written" in unwritable.output
