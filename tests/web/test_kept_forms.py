"""A form that arrives after the sign-in has expired is kept for its sender and sent on after the next sign-in."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text, update

from inspect_app.extensions import db
from inspect_app.models import KeptForm, User
from inspect_app.models.types import utc_now
from inspect_app.services import kept_forms
from inspect_app.web.access import requires
from tests.conftest import PASSWORD
from tests.factories import accounts as account_factory
from tests.pages import Page, Pages

FORM = """{% extends 'base.html' %}{% block heading %}Sample{% endblock %}{% block content %}
<form method="post" enctype="multipart/form-data"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input name="goods" aria-label="goods"><button>Save</button></form>{% endblock %}"""


@pytest.fixture
def received(web_app: Flask) -> list[dict[str, Any]]:
    """Adds a page with a form, ``/sample``; the list holds what it received."""
    taken: list[dict[str, Any]] = []

    @requires("overview.view")
    def sample() -> ResponseReturnValue:
        if request.method == "GET":
            return render_template_string(FORM)
        files = {name: (file.filename, file.mimetype, file.read()) for name, file in request.files.items(multi=True)}
        taken.append({"goods": request.form.getlist("goods"), "files": files, "query": request.args.to_dict()})
        return ("refused", 422) if "refuse" in request.form.getlist("goods") else redirect("/")

    web_app.add_url_rule("/sample", "sample", sample, methods=["GET", "POST"])
    return taken


@pytest.fixture
def officer(web_app: Flask) -> User:
    """Someone who can sign in."""
    return account_factory.create_user(can_sign_in=True)


def sign_in(pages: Pages, user: User, page: Page | None = None) -> Page:
    """Signs in on the given sign-in page, or on a new one."""
    return pages.send(page or pages.get("/sign-in"), {"identity": user.badge_number, "password": PASSWORD})


def send_expired(pages: Pages, page: Page, values: dict[str, Any], **headers: str) -> Page:
    """Sends the form of a page whose session has expired meanwhile."""
    pages.client.delete_cookie("inspect_session")
    response = pages.client.post(page.path, data={**page.values_of(), **values}, headers=headers, follow_redirects=True)
    return Page(response, response.request.full_path.rstrip("?"))


def kept_rows() -> list[KeptForm]:
    """Every kept form."""
    return list(db.session.scalars(select(KeptForm)))


def test_nothing_is_lost(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    page = pages.get("/sample?visit=7")
    photo = (BytesIO(b"\x89PNG\x00\xff"), "车架.png", "image/png")
    asked = send_expired(pages, page, {"goods": ["山地车", "phone"], "photo": photo})
    assert received == []
    assert asked.path.startswith("/sign-in?next=")
    assert "已为您保留" in asked.text
    offered = sign_in(pages, officer, asked)
    assert offered.path == "/kept-forms/"
    assert "山地车" in offered.text
    assert "车架.png" in offered.text
    done = pages.send(offered, form="form:has([name=kept_form])")
    assert done.path == "/"
    assert received == [
        {
            "goods": ["山地车", "phone"],
            "files": {"photo": ("车架.png", "image/png", b"\x89PNG\x00\xff")},
            "query": {"visit": "7"},
        }
    ]
    assert kept_rows() == [], "what was sent on is still kept"


def test_offered_whichever_way_the_person_comes_back(
    web_app: Flask, pages: Pages, officer: User, received: list[dict[str, Any]]
) -> None:
    sign_in(pages, officer)
    send_expired(pages, pages.get("/sample"), {"goods": "山地车"})
    elsewhere = Pages(web_app)
    page = sign_in(elsewhere, officer, elsewhere.get("/sign-in?next=/sample"))
    assert page.path == "/kept-forms/"
    assert sign_in(pages, officer, pages.get("/sign-in?next=/signed-in")).path == "/signed-in"


def test_kept_is_encrypted(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    send_expired(pages, pages.get("/sample"), {"goods": "王小明 13800000000"})
    (stored,) = db.session.execute(text("SELECT body FROM kept_form")).scalars()
    assert "13800000000" not in stored
    everything = str(db.session.execute(text("SELECT before, after, subject_id FROM audit_event")).all())
    assert "13800000000" not in everything


def test_strangers_keep_nothing(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    page = pages.get("/sign-in")
    response = pages.client.post("/sample", data={**page.values_of(), "goods": "x"})
    assert response.location.startswith("/sign-in")
    pages.client.set_cookie("inspect_last_user", str(officer.id))
    pages.client.post("/sample", data={"goods": "x"})
    assert kept_rows() == []


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_other_sites_keep_nothing(
    pages: Pages, officer: User, received: list[dict[str, Any]], headers: dict[str, str]
) -> None:
    sign_in(pages, officer)
    pages.client.delete_cookie("inspect_session")
    pages.client.post("/sample", data={"goods": "x"}, headers=headers)
    assert kept_rows() == []


def test_another_person_never_sees_it(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    asked = send_expired(pages, pages.get("/sample"), {"goods": "山地车"})
    other = account_factory.create_user(can_sign_in=True)
    assert sign_in(pages, other, asked).path == "/", "another person was led to the kept form"
    (kept,) = kept_rows()
    page = pages.send(pages.get("/sample"), {"kept_form": str(kept.id)})
    assert "保留" in page.text
    assert received == []
    pages.send(pages.get("/sample"), {}, path=f"/kept-forms/{kept.id}/discard")
    assert len(kept_rows()) == 1


def test_it_goes_only_where_it_was_meant_for(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    asked = send_expired(pages, pages.get("/sample?visit=7"), {"goods": "x"})
    sign_in(pages, officer, asked)
    (kept,) = kept_rows()
    pages.send(pages.get("/sample?visit=8"), {"kept_form": str(kept.id)}, status=400)
    assert received == []


def test_sending_on_needs_a_token(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    sign_in(pages, officer, send_expired(pages, pages.get("/sample"), {"goods": "x"}))
    (kept,) = kept_rows()
    pages.client.post("/sample", data={"kept_form": str(kept.id)}, headers={"Origin": "https://evil.example"})
    assert received == []


def test_refused_stays_kept_and_can_be_discarded(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    offered = sign_in(pages, officer, send_expired(pages, pages.get("/sample"), {"goods": "refuse"}))
    pages.send(offered, form="form:has([name=kept_form])", status=422)
    assert len(received) == 1
    assert len(kept_rows()) == 1
    after = pages.send(pages.get("/kept-forms/"), form="form[action$='/discard']")
    assert after.path == "/"
    assert kept_rows() == []


def test_kept_for_a_day(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    send_expired(pages, pages.get("/sample"), {"goods": "x"})
    db.session.execute(update(KeptForm).values(expires_at=utc_now() - timedelta(seconds=1)))
    db.session.commit()
    assert sign_in(pages, officer).path == "/"
    assert pages.get("/kept-forms/").path == "/"


def test_same_form_twice_is_kept_once(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    page = pages.get("/sample")
    for _time in range(2):
        send_expired(pages, page, {"goods": "x"})
    send_expired(pages, page, {"goods": "X"})
    assert len(kept_rows()) == 2


def test_too_large_or_too_many_is_said(
    pages: Pages, officer: User, received: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(pages, officer)
    page = pages.get("/sample")
    monkeypatch.setattr(kept_forms, "LARGEST_BYTES", 1000)
    asked = send_expired(pages, page, {"goods": "x" * 2000})
    assert "未能保留" in asked.text
    monkeypatch.setattr(kept_forms, "MOST_KEPT", 2)
    for number in range(3):
        asked = send_expired(pages, page, {"goods": str(number)})
    assert "未能保留" in asked.text
    assert len(kept_rows()) == 2
    monkeypatch.setattr(kept_forms, "MOST_KEPT", 20)
    monkeypatch.setattr(kept_forms, "LARGEST_TOTAL_BYTES", 3)
    assert "未能保留" in send_expired(pages, page, {"goods": "9"}).text


def test_page_of_the_session_before(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    page = pages.get("/sample")
    pages.client.delete_cookie("inspect_session")
    sign_in(pages, officer)
    offered = pages.send(page, {"goods": "山地车"})
    assert offered.path == "/kept-forms/"
    assert received == []
    pages.send(offered, form="form:has([name=kept_form])")
    assert received[0]["goods"] == ["山地车"]


def test_passwords_are_never_kept(pages: Pages, officer: User) -> None:
    sign_in(pages, officer)
    page = pages.get("/password")
    send_expired(pages, page, {"password": PASSWORD, "new_password": "a-new-password"})
    assert kept_rows() == []


def test_sign_in_for_an_htmx_request(pages: Pages, officer: User, received: list[dict[str, Any]]) -> None:
    sign_in(pages, officer)
    pages.client.delete_cookie("inspect_session")
    response = pages.client.post("/sample", data={"goods": "x"}, headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response.headers["X-Sign-In"].startswith("/sign-in")
    assert kept_rows() == [], "the page still has it"
    sign_in(pages, officer)
    fresh = pages.client.get("/csrf-token").get_json()
    assert fresh["person"] == str(officer.id)
    answer = pages.client.post("/sample", data={"goods": "x"}, headers={"X-CSRFToken": fresh["token"]})
    assert answer.status_code == 302
    assert len(received) == 1
