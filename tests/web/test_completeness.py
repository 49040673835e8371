"""The page that states what was compared with what."""

from flask import Flask
from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.models import Job
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import claim_next, work
from tests.factories.accounts import create_user
from tests.factories.records import create_goods_line, create_stolen_item
from tests.pages import Pages

PAGE = "/matching/completeness"


def work_off(app: Flask) -> None:
    while run := claim_next("test", JOB_KINDS, app.config["INSPECT"]):
        work(run, JOB_KINDS[run.kind])


def test_gaps_are_told_and_closed_and_checked(web_app: Flask, pages: Pages) -> None:
    create_goods_line(identifiers={"imei": "860123456789014"})
    create_stolen_item(identifiers={"imei": "860123456789014"})
    page = pages.sign_in(create_user(role="supervisor")).get(PAGE)
    assert "1 件尚未比对" in page.text
    page = pages.send(page, form="form[action$=rescreenings]")
    assert page.html.select("progress")
    assert page.html.select_one("[hx-get$=state]")
    work_off(web_app)
    page = pages.get(PAGE)
    assert "1 件被盗物品已全部与 1 件货品逐一比对" in page.text
    pages.send(page, form="form[action$=verifications]")
    work_off(web_app)
    assert "通过" in pages.get(PAGE).text
    assert [job.state for job in db.session.scalars(select(Job))] == ["done", "done"]
    english = pages.speak("en").get(PAGE).text
    assert "Every one of the 1 stolen items was compared with every one of the 1 goods lines" in english
    assert "1 goods lines against all 1 stolen items: 1 alerts" in english


def test_an_auditor_looks_and_checks_but_does_not_start_a_rescreening(pages: Pages, web_app: Flask) -> None:
    page = pages.sign_in(create_user(role="auditor")).get(PAGE)
    assert not page.html.select("form[action$=rescreenings]")
    assert page.html.select("form[action$=verifications]")
    assert pages.get(f"{PAGE}/state").status == 200


def test_an_inspector_sees_none_of_it(pages: Pages, web_app: Flask) -> None:
    pages.sign_in(create_user(role="inspector")).get(PAGE, status=403)
