"""One transaction for one thing that is done: joined by what it calls, all or nothing, the audit event inside."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from inspect_app.extensions import db
from inspect_app.models import Area, AuditEvent
from inspect_app.services.actors import Actor, system_actor
from inspect_app.services.audit import verify_chain
from inspect_app.services.transaction import transaction


def add_area(actor: Actor, code: str) -> None:
    """A service that writes one row and records it."""
    with transaction(actor) as tx:
        area = Area(code=code, name_zh=code, name_en=code)
        db.session.add(area)
        tx.record("accounts:area:created", area, after={"code": code})


def stored() -> tuple[list[str], list[str]]:
    """Area codes and the subjects of the audit trail, as another connection sees them: only what was committed."""
    with db.engine.connect() as connection:
        codes = connection.execute(select(Area.code).order_by(Area.code)).scalars().all()
        subjects = connection.execute(select(AuditEvent.subject_id).order_by(AuditEvent.seq)).scalars().all()
    return list(codes), list(subjects)


def test_commits_row_and_event_together(app: Flask, actor: Actor) -> None:
    before, _events = stored()
    add_area(actor, "4301")
    codes, events = stored()
    assert set(codes) - set(before) == {"4301"}
    assert events == ["4301"]


def test_inner_service_joins(app: Flask, actor: Actor) -> None:
    before = stored()
    with transaction(actor) as tx:
        add_area(actor, "4301")
        add_area(actor, "4302")
        assert stored() == before, "the inner one committed"
        with transaction(system_actor("test")) as inner:
            assert inner is tx
    codes, events = stored()
    assert {"4301", "4302"} <= set(codes)
    assert events == ["4301", "4302"]
    actors = db.session.scalars(select(AuditEvent.actor_id)).all()
    assert set(actors) == {actor.user_id}, "who began the transaction is who acted"


def test_failure_undoes_everything(app: Flask, actor: Actor) -> None:
    before = stored()

    def fail() -> None:
        with transaction(actor):
            add_area(actor, "4301")
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert stored() == before
    add_area(actor, "4302")
    codes, events = stored()
    assert "4301" not in codes
    assert events == ["4302"], "the failed transaction's event came along"


def test_inner_failure_undoes_the_outer(app: Flask, actor: Actor) -> None:
    before = stored()

    def fail() -> None:
        with transaction(actor):
            add_area(actor, "4301")
            with transaction(actor):
                raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert stored() == before


def test_no_commit_without_its_event(app: Flask, actor: Actor) -> None:
    before = stored()

    def record_wrongly() -> None:
        with transaction(actor) as tx:
            db.session.add(Area(code="4301", name_zh="x", name_en="x"))
            tx.record("nonsense", tx)

    with pytest.raises(ValueError, match="feature:subject:verb"):
        record_wrongly()
    assert stored() == before


def in_threads(app: Flask, work: Callable[[int], None], count: int) -> None:
    """Runs ``work`` in so many threads that begin at once; an error in one fails the test."""
    barrier, errors = threading.Barrier(count), []

    def run(number: int) -> None:
        with app.app_context():
            try:
                barrier.wait(timeout=20)
                work(number)
            except BaseException as error:
                errors.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert errors == []


def test_writers_at_once_extend_one_chain(app: Flask, actor: Actor) -> None:
    writers, each = 4, 8
    db.session.rollback()

    def write(number: int) -> None:
        for turn in range(each):
            add_area(actor, f"{50 + number}{turn:02}")

    in_threads(app, write, writers)
    assert db.session.scalar(select(func.count()).select_from(AuditEvent)) == writers * each
    assert list(verify_chain()) == []


def test_what_is_read_cannot_change_before_the_commit(app: Flask, actor: Actor) -> None:
    """Read, check, write: each of several writers must see what the one before it wrote."""
    add_area(actor, "4300")
    db.session.rollback()

    def count_up(_number: int) -> None:
        for _turn in range(5):
            with transaction(actor) as tx:
                area = db.session.scalars(select(Area).where(Area.code == "4300").with_for_update()).one()
                area.name_en = str(int(area.name_en) + 1)
                tx.record("accounts:area:edited", area)

    in_threads(app, count_up, 4)
    assert db.session.get_one(Area, "4300").name_en == str(4300 + 20)
