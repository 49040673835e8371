"""Words, releases, rehearsal: from a changed spelling to a matcher that is in force."""

import uuid
from dataclasses import replace

import pytest
from flask import Flask

from inspect_app.extensions import db
from inspect_app.matching.matcher import BUILT_IN
from inspect_app.matching.weights import WeightsRefused
from inspect_app.models import AuditEvent, Job, Judgement, MatcherRelease
from inspect_app.services import aliases, releases
from inspect_app.services.actors import Actor, NotAllowed
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import claim_next, work
from inspect_app.services.matcher import current_matcher
from tests.factories import accounts as people
from tests.factories import records


@pytest.fixture
def admin(app: Flask) -> Actor:
    return people.actor_for(people.create_user(role="admin"))


@pytest.fixture
def supervisor(app: Flask) -> Actor:
    return people.actor_for(people.create_user(role="supervisor"))


def rehearse(app: Flask) -> None:
    run = claim_next("tester", {releases.REHEARSE: JOB_KINDS[releases.REHEARSE]}, app.config["INSPECT"])
    assert run is not None
    work(run, JOB_KINDS[releases.REHEARSE])


def judged_pair(verdict: str, brand: str, stolen_brand: str) -> None:
    line = records.create_goods_line(brand=brand, model="ZX900", colour="蓝")
    item = records.create_stolen_item(brand=stolen_brand, model="ZX900", colour="蓝")
    alert = records.create_alert(line, item, state=verdict)
    db.session.add(Judgement(submission_id=str(uuid.uuid4()), alert=alert, verdict=verdict))
    db.session.commit()


def test_a_changed_word_changes_the_draft_and_nothing_in_force(admin: Actor) -> None:
    aliases.add_alias(admin, "make", "yadea", "小亚")
    assert aliases.draft_book().make_of("小亚") == "yadea"
    assert aliases.draft_book().version != BUILT_IN.book.version
    assert current_matcher() is BUILT_IN
    aliases.remove_alias(admin, "make", "小亚")
    assert aliases.draft_book() is aliases.BUILT_IN_BOOK


def test_a_shipped_word_is_removed_restored_and_moved(admin: Actor) -> None:
    aliases.remove_alias(admin, "make", "雅迪")
    assert "雅迪" in [alias.spelling for alias in aliases.find_aliases(admin, origin="removed").rows]
    aliases.restore_alias(admin, "make", "雅迪")
    with pytest.raises(aliases.AliasMeansAnother) as told:
        aliases.add_alias(admin, "make", "aima", "雅迪")
    assert told.value.canonical == "yadea"
    aliases.add_alias(admin, "make", "aima", "雅迪", may_move=True)
    assert aliases.draft_book().make_of("雅迪") == "aima"


@pytest.mark.parametrize(
    ("kind", "canonical", "spelling", "field", "code"),
    [
        ("make", "yadea", "  ", "spelling", "empty"),
        ("make", "", "小亚", "canonical", "empty"),
        ("make", "yadea", "x" * 61, "spelling", "too_long"),
        ("make", "yadea", "a\u202eb", "spelling", "control_characters"),
        ("colour", "sparkling", "闪闪", "canonical", "unknown_family"),
        ("category", "boat", "小船", "canonical", "unknown_category"),
        ("song", "x", "y", "kind", "unknown_kind"),
        ("make", "yadea", "雅迪", "spelling", "not_needed"),
    ],
)
def test_a_spelling_that_cannot_be_taken_is_refused(
    admin: Actor, kind: str, canonical: str, spelling: str, field: str, code: str
) -> None:
    with pytest.raises(aliases.AliasRefused) as told:
        aliases.add_alias(admin, kind, canonical, spelling)
    assert (told.value.field, told.value.code) == (field, code)


def test_an_import_takes_all_rows_or_none(admin: Actor) -> None:
    rows = [("make", "yadea", "小亚"), ("colour", "sparkling", "闪闪"), ("make", "yadea", "雅迪")]
    assert aliases.import_aliases(admin, rows) == (0, [(2, "canonical", "unknown_family")])
    assert aliases.draft_book().make_of("小亚") is None
    assert aliases.import_aliases(admin, rows[::2]) == (1, [])


def test_the_rehearsal_tells_what_is_gained_and_going_live_takes_a_second_person(
    app: Flask, admin: Actor, supervisor: Actor
) -> None:
    judged_pair("confirmed", "雅迪", "小亚蒂")
    judged_pair("dismissed", "雅迪", "小亚蒂")
    aliases.add_alias(admin, "make", "yadea", "小亚蒂")
    release_id = releases.draft_release(admin, str(uuid.uuid4()))
    with pytest.raises(releases.ReleaseMoved):
        releases.propose_release(admin, release_id, "too early")
    rehearse(app)
    release = releases.find_release(admin, release_id)
    assert release.state == "rehearsed"
    assert sum(release.rehearsal["confirmed"].values()) == 1
    assert release.rehearsal["confirmed"] == release.rehearsal["dismissed"]
    assert release.rehearsal["new_version"] == release.version
    releases.propose_release(admin, release_id, "shop slang")
    with pytest.raises(NotAllowed):
        releases.approve_release(admin, release_id)
    releases.approve_release(supervisor, release_id)
    assert current_matcher().version == release.version
    assert current_matcher().book.make_of("小亚蒂") == "yadea"
    assert db.session.query(Job).filter_by(kind="rescreen", state="queued").count() == 1
    assert "matching:release:approved" in db.session.scalars(db.select(AuditEvent.action)).all()


def test_who_drafted_a_release_cannot_approve_it(app: Flask, admin: Actor) -> None:
    both = people.actor_for(people.create_user(role="supervisor"))
    aliases.add_alias(admin, "make", "yadea", "小亚蒂")
    release_id = releases.draft_release(admin, str(uuid.uuid4()))
    rehearse(app)
    releases.propose_release(admin, release_id, "")
    release = db.session.get_one(MatcherRelease, release_id)
    release.created_by_id = both.user_id
    db.session.commit()
    with pytest.raises(releases.SecondPersonNeeded):
        releases.approve_release(both, release_id)
    assert current_matcher() is BUILT_IN


def test_a_rehearsal_against_a_matcher_that_is_gone_does_not_count(app: Flask, admin: Actor, supervisor: Actor) -> None:
    ids = []
    for word in ("小亚蒂", "大亚蒂"):
        aliases.add_alias(admin, "make", "yadea", word)
        ids.append(releases.draft_release(admin, str(uuid.uuid4())))
        rehearse(app)
        releases.propose_release(admin, ids[-1], "")
    releases.approve_release(supervisor, ids[0])
    with pytest.raises(releases.RehearsalOutdated):
        releases.approve_release(supervisor, ids[1])
    releases.reject_release(supervisor, ids[1], "rehearse again")
    assert current_matcher().book.make_of("小亚蒂") == "yadea"


def test_weights_come_from_a_file_and_a_version_names_one_table(admin: Actor) -> None:
    submission_id = str(uuid.uuid4())
    with pytest.raises(releases.NothingChanged):
        releases.draft_release(admin, submission_id)
    table = BUILT_IN.weights.to_toml()
    with pytest.raises(WeightsRefused) as told:
        releases.draft_release(admin, submission_id, table.replace("smallest_register = ", "smallest_register = 1"))
    assert told.value.code == "version_taken"
    named = table.replace(f'version = "{BUILT_IN.weights.version}"', 'version = "9.9-test"')
    release_id = releases.draft_release(admin, submission_id, named)
    assert releases.draft_release(admin, submission_id, named) == release_id
    assert releases.find_release(admin, release_id).weights_version == "9.9-test"


def test_others_neither_see_nor_change_the_words(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        aliases.find_aliases(actor)
    with pytest.raises(NotAllowed):
        aliases.add_alias(actor, "make", "yadea", "小亚")
    with pytest.raises(NotAllowed):
        releases.draft_release(actor, str(uuid.uuid4()))


def test_confirmed_pairs_that_would_be_lost_are_red(app: Flask, admin: Actor) -> None:
    line = records.create_goods_line(identifiers={"imei": "860123456789015"})
    item = records.create_stolen_item(identifiers={"imei": "860123456789015"})
    alert = records.create_alert(line, item, state="confirmed")
    db.session.add(Judgement(submission_id=str(uuid.uuid4()), alert=alert, verdict="confirmed"))
    db.session.commit()
    blind = replace(BUILT_IN.weights, version="blind", alert_evidence_bits=59.0)
    release_id = releases.draft_release(admin, str(uuid.uuid4()), blind.to_toml())
    rehearse(app)
    result = releases.find_release(admin, release_id).rehearsal
    assert result["confirmed"] == {"kept": 0, "lost": 1, "gained": 0, "neither": 0}
    assert result["categories"]["phone"]["lost"] == 1
    assert [(pair["outcome"], pair["is_red"], pair["alert_id"]) for pair in result["pairs"]] == [
        ("lost", True, alert.id)
    ]
