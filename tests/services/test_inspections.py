"""Starting visits, who sees them, and what a draft keeps."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from inspect_app.extensions import db
from inspect_app.models import AuditEvent, GoodsLine, Visit
from inspect_app.models.types import utc_now
from inspect_app.services.actors import Actor, NotAllowed
from inspect_app.services.goods import LineChange
from inspect_app.services.inspection_drafts import DraftChange, EndsBeforeStart, NoSuchOfficer, save_draft
from inspect_app.services.inspection_submission import VisitNotReady, find_problems, submit_visit
from inspect_app.services.inspections import (
    NotAnOfficerOfTheVisit,
    VisitLocked,
    VisitQuery,
    VisitStart,
    get_visit,
    list_visits,
    start_visit,
)
from inspect_app.services.scope import OutOfArea
from tests.factories import accounts, records


def begin(actor: Actor, **values: object) -> Visit:
    """A draft that the actor begins."""
    venue_id = values.pop("venue_id", None) or records.create_venue().id
    defaults = {
        "submission_id": str(uuid.uuid4()),
        "kind": "routine",
        "started_at": utc_now() - timedelta(hours=1),
        "number_prefix": "QC",
    }
    return start_visit(actor, VisitStart(venue_id=venue_id, **{**defaults, **values}))[0]


def actions() -> list[str]:
    """Every action of the audit trail so far."""
    return [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.seq)]


def test_a_visit_begins_with_number_checklist_and_officer(actor: Actor) -> None:
    visit = begin(actor)
    year = datetime.now(UTC).astimezone().year
    assert visit.number in {f"QC-{year}-000001", f"QC-{year + 1}-000001"}
    assert begin(actor).number.endswith("-000002")
    assert visit.checklist_version == "2026-01"
    assert [officer.user_id for officer in visit.officers] == [actor.user_id]
    assert visit.officers[0].credential_shown == actor.label
    assert actions()[0] == "inspections:visit:started"


def test_the_same_form_makes_one_visit(actor: Actor) -> None:
    start = VisitStart(
        submission_id=str(uuid.uuid4()), venue_id=records.create_venue().id, kind="random", started_at=utc_now()
    )
    first, is_new = start_visit(actor, start)
    second, is_new_again = start_visit(actor, start)
    assert (is_new, is_new_again, first.id) == (True, False, second.id)
    assert db.session.query(Visit).count() == 1


def test_the_same_form_from_two_sides_at_once(app: Flask, actor: Actor) -> None:
    venue_id = records.create_venue().id
    uids = [str(uuid.uuid4()) for _ in range(4)]
    starts = [
        VisitStart(submission_id=uid, venue_id=venue_id, kind="routine", started_at=utc_now())
        for uid in uids
        for _ in "ab"
    ]

    def send(start: VisitStart) -> int:
        with app.app_context():
            visit_id = start_visit(actor, start)[0].id
            db.session.remove()
            return visit_id

    db.session.rollback()
    with ThreadPoolExecutor(4) as threads:
        ids = list(threads.map(send, starts))
    assert ids[::2] == ids[1::2]
    numbers = sorted(number for (number,) in db.session.query(Visit.number))
    assert [number[-6:] for number in numbers] == ["000001", "000002", "000003", "000004"]


def test_a_venue_elsewhere_cannot_be_visited(actor: Actor) -> None:
    elsewhere = records.create_venue(area_code="420703001")
    with pytest.raises(OutOfArea):
        begin(actor, venue_id=elsewhere.id)
    assert db.session.query(Visit).count() == 0


def test_who_sees_and_who_writes(actor: Actor) -> None:
    visit = begin(actor)
    colleague = accounts.actor_for(accounts.create_user())
    stranger = accounts.actor_for(accounts.create_user(unit=accounts.create_unit(area_code="420703")))
    desk = accounts.actor_for(accounts.create_user("desk"))
    assert get_visit(colleague, visit.id).id == visit.id
    assert get_visit(desk, visit.id).id == visit.id
    with pytest.raises(OutOfArea):
        get_visit(stranger, visit.id)
    with pytest.raises(NotAnOfficerOfTheVisit):
        save_draft(colleague, visit.id, DraftChange(values={"findings": "x"}))
    with pytest.raises(NotAllowed):
        save_draft(desk, visit.id, DraftChange(values={"findings": "x"}))
    save_draft(actor, visit.id, DraftChange(added_officers=(stranger.user_id or 0,)))
    # An officer of the visit writes in it wherever the own unit is.
    assert save_draft(stranger, visit.id, DraftChange(values={"findings": "y"})).findings == "y"


def test_the_list_shows_own_drafts_first(actor: Actor) -> None:
    older = begin(actor, started_at=utc_now() - timedelta(days=9))
    records.create_visit(started_at=utc_now() - timedelta(days=1))
    records.create_visit(records.create_venue(area_code="420703001"))
    found = list_visits(actor, VisitQuery())
    assert found.page.rows[0].id == older.id
    assert found.page.total == 2
    assert list_visits(actor, VisitQuery(text=older.number)).page.total == 1
    assert list_visits(actor, VisitQuery(text="旧货店")).page.total == 2
    assert list_visits(actor, VisitQuery(state="submitted")).page.total == 0
    assert list_visits(actor, VisitQuery(from_at=utc_now() - timedelta(days=2))).page.total == 1


def test_absent_values_stay_and_nothing_is_told_twice(actor: Actor) -> None:
    visit = begin(actor)
    change = DraftChange(
        values={"findings": "未悬挂执照"},
        answers={"general.display": {"answer": "no", "note": "在抽屉里"}, "nonsense": {"answer": "yes"}},
        sent=frozenset({"ended_at"}),
        unparsed={"ended_at": "下午三点"},
    )
    save_draft(actor, visit.id, change)
    before = actions()
    save_draft(actor, visit.id, change)
    assert actions() == before, "the same form again changes nothing"
    save_draft(actor, visit.id, DraftChange(answers={"general.display": {"note": "已改正"}}))
    visit = get_visit(actor, visit.id)
    assert [(a.item_key, a.answer, a.note) for a in visit.answers] == [("general.display", "no", "已改正")]
    assert visit.findings == "未悬挂执照"
    assert "下午三点" in visit.unparsed.encode().decode("unicode_escape")
    save_draft(actor, visit.id, DraftChange(sent=frozenset({"ended_at"})))
    assert get_visit(actor, visit.id).unparsed == "{}"


def test_personal_data_stays_out_of_the_trail(actor: Actor) -> None:
    visit = begin(actor)
    save_draft(actor, visit.id, DraftChange(values={"venue_representative": "梁试甲"}))
    event = db.session.query(AuditEvent).filter_by(action="inspections:visit:saved").one()
    assert "梁试甲" not in str(event.before) + str(event.after)
    assert event.after["venue_representative"].startswith("hidden:")


def test_times_must_be_in_order(actor: Actor) -> None:
    visit = begin(actor)
    with pytest.raises(EndsBeforeStart):
        save_draft(actor, visit.id, DraftChange(values={"ended_at": visit.started_at - timedelta(minutes=1)}))
    assert get_visit(actor, visit.id).ended_at is None


def test_only_inspectors_take_part(actor: Actor) -> None:
    visit = begin(actor)
    with pytest.raises(NoSuchOfficer):
        save_draft(actor, visit.id, DraftChange(added_officers=(accounts.create_user("desk").id,)))
    other = accounts.create_user()
    save_draft(actor, visit.id, DraftChange(added_officers=(other.id,)))
    save_draft(actor, visit.id, DraftChange(credentials={other.id: "警字007"}))
    officers = {officer.user_id: officer.credential_shown for officer in get_visit(actor, visit.id).officers}
    assert officers == {actor.user_id: actor.label, other.id: "警字007"}
    visit = save_draft(actor, visit.id, DraftChange(removed_officers=(other.id,)))
    assert [officer.user_id for officer in visit.officers] == [actor.user_id]


def complete(actor: Actor, visit: Visit) -> DraftChange:
    """All that a visit needs to be submitted."""
    from inspect_app.services.inspections import checklist_of

    return DraftChange(
        values={"ended_at": utc_now(), "outcome": "no_problem"},
        answers={item.key: {"answer": "not_checked"} for item in checklist_of(visit).items},
        added_officers=(accounts.create_user().id,),
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda visit: DraftChange(values={"ended_at": None}), "ended_missing"),
        (lambda visit: DraftChange(values={"ended_at": utc_now() + timedelta(hours=2)}), "in_future"),
        (lambda visit: DraftChange(values={"outcome": None}), "outcome_missing"),
        (lambda visit: DraftChange(values={"outcome": "goods_held"}), "outcome_without_held_goods"),
        (lambda visit: DraftChange(answers={"general.display": {"answer": "no", "note": ""}}), "no_note"),
        (
            lambda visit: DraftChange(answers={"general.display": {"answer": "no", "note": "x"}}),
            "outcome_contradicts_checklist",
        ),
        (lambda visit: DraftChange(removed_officers=(visit.officers[-1].user_id,)), "too_few_officers"),
        (lambda visit: DraftChange(credentials={visit.officers[0].user_id: " "}), "no_credential"),
        (lambda visit: DraftChange(sent=frozenset({"findings"}), unparsed={"findings": "\x00"}), "not_read"),
        (
            lambda visit: DraftChange(
                lines=(LineChange(line_uid=str(uuid.uuid4()), values={"category": "phone"}, is_kept_blank=True),)
            ),
            "line_says_nothing",
        ),
    ],
)
def test_what_stands_in_the_way_of_submission(actor: Actor, change: Callable[[Visit], DraftChange], code: str) -> None:
    visit = begin(actor)
    save_draft(actor, visit.id, complete(actor, visit))
    assert find_problems(get_visit(actor, visit.id)) == ()
    visit = save_draft(actor, visit.id, change(get_visit(actor, visit.id)))
    with pytest.raises(VisitNotReady) as refused:
        submit_visit(actor, visit.id)
    assert code in {problem.code for problem in refused.value.problems}
    assert get_visit(actor, visit.id).state == "draft"


def test_a_submitted_visit_is_locked(actor: Actor) -> None:
    visit = begin(actor)
    with pytest.raises(VisitNotReady):
        submit_visit(actor, visit.id)
    save_draft(actor, visit.id, complete(actor, visit))
    visit = submit_visit(actor, visit.id)
    assert visit.state == "submitted"
    assert visit.submitted_at is not None
    assert actions()[-1] == "inspections:visit:submitted"
    for again in (lambda: save_draft(actor, visit.id, DraftChange()), lambda: submit_visit(actor, visit.id)):
        with pytest.raises(VisitLocked):
            again()


def test_lines_are_saved_with_the_draft(app: Flask, actor: Actor) -> None:
    visit = begin(actor)
    line = LineChange(line_uid=str(uuid.uuid4()), values={"category": "phone", "brand": "华为"})
    for _ in range(2):
        save_draft(actor, visit.id, DraftChange(lines=(line,)))
    assert db.session.query(GoodsLine).count() == 1
