"""The auditor's page and command."""

import pytest
from flask import Flask
from sqlalchemy import text

from inspect_app.extensions import db
from inspect_app.models import User
from inspect_app.services import accounts, audit_trail
from inspect_app.services.accounts import UserDraft
from tests.factories import accounts as account_factory
from tests.pages import Pages


@pytest.fixture
def auditor(web_app: Flask) -> User:
    """An auditor, and a trail of three events: a user added, changed, switched off."""
    admin = account_factory.actor_for(account_factory.create_user(role="admin", badge_number="A1", full_name="孙管理"))
    draft = UserDraft(badge_number="P7", full_name="王小明", role="desk")
    user = accounts.create_user(admin, draft).user
    accounts.edit_user(admin, user.id, UserDraft(badge_number="P7", full_name="王大明", role="desk"))
    accounts.set_user_active(admin, user.id, is_active=False)
    return account_factory.create_user(role="auditor")


def test_events_newest_first_and_readable(pages: Pages, auditor: User) -> None:
    page = pages.sign_in(auditor).get("/audit/")
    heads = [strong.text for strong in page.html.select(".audit-event strong")]
    assert heads == ["停用用户", "修改用户", "新建用户"]
    changed = page.html.select(".audit-event")[1].select_one("table")
    assert "王小明" in changed.text
    assert "王大明" in changed.text
    assert "孙管理" in page.text
    assert "Switched a user off" in pages.speak("en").get("/audit/").text


def test_filter(pages: Pages, auditor: User) -> None:
    pages.sign_in(auditor)
    assert len(pages.get("/audit/?action=accounts:user:edited").html.select(".audit-event")) == 1
    assert len(pages.get("/audit/?who=孙").html.select(".audit-event")) == 3
    assert len(pages.get("/audit/?since_on=2020-01-01&until_on=2020-01-02").html.select(".audit-event")) == 0
    page = pages.get("/audit/?since_on=2020-01-02&until_on=2020-01-01")
    assert page.find("#until_on-error")
    page = pages.get("/audit/?since_on=yesterday")
    assert page.find("#since_on-error")


def test_verification(pages: Pages, auditor: User, monkeypatch: pytest.MonkeyPatch) -> None:
    page = pages.sign_in(auditor).get("/audit/")
    whole = pages.send(page, form=".page-actions form")
    assert "审计记录完整" in whole.text
    db.session.execute(text("DROP TRIGGER audit_event_no_update"))
    db.session.execute(text("UPDATE audit_event SET actor_label = 'x' WHERE seq = 1"))
    db.session.commit()
    original = audit_trail.verify_part
    monkeypatch.setattr(audit_trail, "verify_part", lambda actor, after_seq: original(actor, after_seq, 2))
    part = pages.send(page, form=".page-actions form")
    assert "2" in part.find("progress").text
    done = pages.send(part)
    assert done.find(".alert-danger li").text.strip().startswith("第 1 条")


def test_forged_progress_is_refused(pages: Pages, auditor: User) -> None:
    page = pages.sign_in(auditor).get("/audit/")
    pages.send(page, {"found": "<script>"}, form=".page-actions form", status=400)


def test_only_auditors(pages: Pages, inspector: User) -> None:
    pages.sign_in(inspector).get("/audit/", status=403)


def test_command(web_app: Flask, auditor: User) -> None:
    runner = web_app.test_cli_runner()
    told = runner.invoke(args=["audit", "verify"])
    assert told.exit_code == 0, told.output
    assert "count 3" in told.output
    event_hash = told.output.split("last hash ")[1].split()[0]
    kept = ["audit", "verify", "--count", "3", "--hash"]
    assert runner.invoke(args=[*kept, event_hash]).exit_code == 0
    assert runner.invoke(args=[*kept, "0" * 64]).exit_code == 1
    db.session.execute(text("DROP TRIGGER audit_event_no_delete"))
    db.session.execute(text("DELETE FROM audit_event WHERE seq = 2"))
    db.session.commit()
    told = runner.invoke(args=["audit", "verify"])
    assert told.exit_code == 1
    assert "events 2 to 2 are missing" in told.output
