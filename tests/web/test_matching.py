"""The pages of the matcher's words and releases, as people use them."""

from flask import Flask

from inspect_app.extensions import db
from inspect_app.models import AliasChange, MatcherRelease
from inspect_app.services import releases
from inspect_app.services.alias_files import read_alias_file, write_alias_file
from inspect_app.services.aliases import Alias
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import claim_next, work
from tests.factories.accounts import create_user
from tests.pages import Page, Pages

ADD = "#add-alias"


def add(pages: Pages, page: Page, **values: str) -> Page:
    return pages.send(page, {"kind": "make", "canonical": "yadea", "spelling": "小亚", **values}, form=ADD)


def test_a_word_is_found_changed_and_restored(pages: Pages) -> None:
    pages.sign_in(create_user(role="admin")).speak("en")
    page = pages.get("/matching/words?q=雅迪&kind=make")
    assert "yadea" in page.find("table").text
    page = pages.send(page, form='form[action="/matching/words/remove"]')
    assert "Taken out of the draft" in page.text
    assert "not in force" in page.text
    page = pages.get("/matching/words?origin=removed")
    page = pages.send(page, form='form[action="/matching/words/restore"]')
    assert "As shipped again" in page.text
    assert db.session.query(AliasChange).count() == 0


def test_a_spelling_with_two_meanings_asks_and_keeps_what_was_typed(pages: Pages) -> None:
    page = pages.sign_in(create_user(role="admin")).speak("en").get("/matching/words")
    page = add(pages, page, canonical="aima", spelling="雅迪")
    assert "stands for yadea already" in page.text
    assert page.find(f"{ADD} [name=spelling]")["value"] == "雅迪"
    page = pages.send(page, {"may_move": "y"}, form=ADD)
    assert "Saved in the draft: 雅迪" in page.text


def test_words_that_cannot_be_taken_say_why_in_chinese(pages: Pages) -> None:
    page = pages.sign_in(create_user(role="admin")).speak("zh_Hans_CN").get("/matching/words")
    page = add(pages, page, kind="colour", canonical="sparkling", spelling="闪闪")
    assert "black" in page.find("#canonical-error").text
    assert page.find(f"{ADD} [name=spelling]")["value"] == "闪闪"


def test_a_file_of_words_goes_out_and_comes_back_without_formulas() -> None:
    sent = [Alias("make", "yadea", "=小亚", "=小亚", "added"), Alias("make", "aima", "爱码", "爱码", "removed")]
    data = write_alias_file(sent)
    assert b"'=" in data
    assert read_alias_file(data) == [("make", "yadea", "=小亚")]


def test_from_a_word_to_a_release_in_force(pages: Pages, web_app: Flask) -> None:
    admin, supervisor = create_user(role="admin"), create_user(role="supervisor")
    pages.speak("en").sign_in(admin)
    add(pages, pages.get("/matching/words"))
    page = pages.send(pages.get("/matching/releases"))
    assert "Rehearsal" in page.text
    kind = JOB_KINDS[releases.REHEARSE]
    work(claim_next("tester", {releases.REHEARSE: kind}, web_app.config["INSPECT"]), kind)
    release = db.session.query(MatcherRelease).one()
    path = f"/matching/releases/{release.id}"
    page = pages.get(path)
    page = pages.send(page, {"note": "shop slang"}, path=f"{path}/proposal")
    assert "Put in force" not in page.text
    page = pages.sign_in(supervisor).get(path)
    page = pages.send(page, {"note": "seen"}, path=f"{path}/approval")
    assert "In force" in page.text
    db.session.refresh(release)
    assert release.state == "in_force"


def test_weights_that_cannot_be_used_are_refused_with_the_reason(pages: Pages) -> None:
    page = pages.sign_in(create_user(role="admin")).speak("en").get("/matching/releases")
    page = pages.send(page)
    assert "those in force" in page.text
    assert db.session.query(MatcherRelease).count() == 0


def test_others_have_no_part_in_it(pages: Pages) -> None:
    pages.sign_in(create_user(role="inspector")).get("/matching/words", status=403)
    pages.get("/matching/releases", status=403)
    supervisor = pages.sign_in(create_user(role="supervisor")).get("/matching/words")
    assert not supervisor.html.select(ADD)
