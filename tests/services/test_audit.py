"""The chain of the audit trail: what it holds, and that every way of tampering with it is found."""

from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import text

from inspect_app.extensions import db
from inspect_app.models import Area, Person
from inspect_app.services import audit_trail
from inspect_app.services.actors import Actor, NotAllowed, system_actor
from inspect_app.services.audit import ChainBreak, audited_values, changed_values, verify_chain
from inspect_app.services.audit_trail import EventFilter
from inspect_app.services.transaction import transaction
from tests.factories import accounts as account_factory

AUDITOR = system_actor("test")


@pytest.fixture
def trail(app: Flask, actor: Actor) -> Flask:
    """Ten events, and the triggers that protect them taken away, as someone with the database's password can do."""
    for number in range(10):
        with transaction(actor) as tx:
            area = Area(code=f"43{number:02}", name_zh="x", name_en="x")
            db.session.add(area)
            tx.record("accounts:area:created", area, after={"code": area.code, "名称": "区"})
    if db.engine.dialect.name == "postgresql":
        tamper("DROP TRIGGER audit_event_append_only ON audit_event")
    else:
        tamper("DROP TRIGGER audit_event_no_update", "DROP TRIGGER audit_event_no_delete")
    return app


def tamper(*statements: str) -> None:
    """Changes the database behind the product's back."""
    for statement in statements:
        db.session.execute(text(statement))
    db.session.commit()


def breaks(after_seq: int = 0) -> Sequence[tuple[int, str, int]]:
    """What verification finds."""
    return [(found.seq, found.reason, found.last_seq) for found in verify_chain(after_seq)]


def test_whole_trail(trail: Flask) -> None:
    assert breaks() == []
    part = audit_trail.verify_part(AUDITOR)
    assert (part.last_seq, part.total, part.is_finished, part.breaks) == (10, 10, True, ())
    assert audit_trail.has_event(10, part.last_hash)


@pytest.mark.parametrize(
    "column_and_value",
    [
        "actor_label = 'someone'",
        "action = 'accounts:area:edited'",
        "subject_id = '9'",
        "origin = 'elsewhere'",
        "actor_id = NULL",
        'after = \'{"code": "4399"}\'',
        "occurred_at = '2020-01-01 00:00:00+00:00'",
    ],
)
def test_changed_content_is_found(trail: Flask, column_and_value: str) -> None:
    tamper(f"UPDATE audit_event SET {column_and_value} WHERE seq = 5")  # noqa: S608
    assert (5, "changed", 5) in breaks()


def test_missing_events_are_found(trail: Flask) -> None:
    tamper("DELETE FROM audit_event WHERE seq BETWEEN 4 AND 6")
    assert breaks() == [(4, "missing", 6), (7, "unlinked", 7)]


def test_missing_beginning_is_found(trail: Flask) -> None:
    tamper("DELETE FROM audit_event WHERE seq <= 2")
    assert breaks()[0] == (1, "missing", 2)


def test_event_moved_into_a_gap_is_found(trail: Flask) -> None:
    tamper("DELETE FROM audit_event WHERE seq = 5", "UPDATE audit_event SET seq = seq - 1 WHERE seq > 5")
    assert (5, "unlinked", 5) in breaks()


def test_end_that_was_cut_off_is_found_by_what_was_written_down(trail: Flask) -> None:
    written_down = audit_trail.verify_part(AUDITOR).last_hash
    tamper("DELETE FROM audit_event WHERE seq > 8")
    assert breaks() == [], "this is why the count and hash must be kept elsewhere"
    assert not audit_trail.has_event(10, written_down)


@pytest.mark.parametrize("size", [1, 3, 4, 100])
@pytest.mark.parametrize("gap", ["seq = 4", "seq BETWEEN 3 AND 8", "seq BETWEEN 1 AND 9"])
def test_parts_find_what_the_whole_finds(trail: Flask, size: int, gap: str) -> None:
    tamper(f"DELETE FROM audit_event WHERE {gap}")  # noqa: S608
    found: list[ChainBreak] = []
    after_seq = 0
    for _part in range(20):
        part = audit_trail.verify_part(AUDITOR, after_seq, size)
        found += part.breaks
        after_seq = part.last_seq
        if part.is_finished:
            break
    assert found == list(verify_chain())
    assert len(found) == 2


def test_only_the_auditor_reads(app: Flask, actor: Actor) -> None:
    for ask in (audit_trail.known_actions, audit_trail.known_subject_types, audit_trail.verify_part):
        with pytest.raises(NotAllowed):
            ask(actor)
    with pytest.raises(NotAllowed):
        audit_trail.find_events(actor, EventFilter())


def test_personal_data_is_a_keyed_hash(app: Flask) -> None:
    before = audited_values(Person(name="王小明", document="420704199001011234", phone="13800000000"))
    assert "王小明" not in str(before)
    assert "13800000000" not in str(before)
    after = audited_values(Person(name="王小明", document="420704199001011235", phone="13800000000"))
    was, now = changed_values(before, after)
    assert set(now) == {"document"}
    assert was["document"] != now["document"]


def test_filters(app: Flask) -> None:
    one, two = (account_factory.actor_for(account_factory.create_user(full_name=name)) for name in ("赵一", "钱二"))
    for actor, code in ((one, "4301"), (two, "4302"), (two, "4303")):
        with transaction(actor) as tx:
            tx.record("accounts:area:created", Area(code=code))
    with transaction(two) as tx:
        tx.record("accounts:area:edited", Area(code="4303"))

    def seqs(**wanted: str) -> list[int]:
        return [event.seq for event in audit_trail.find_events(AUDITOR, EventFilter(**wanted)).rows]

    assert seqs() == [4, 3, 2, 1]
    assert seqs(who="赵一") == [1]
    assert seqs(who=two.label) == [4, 3, 2]
    assert seqs(who="%") == []
    assert seqs(action="accounts:area:edited") == [4]
    assert seqs(subject_type="area", subject_id="4303") == [4, 3]
