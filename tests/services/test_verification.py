"""The check without the index: it passes when all is well, sees a broken index, and rescreening mends it."""

import pytest
from flask import Flask
from sqlalchemy import delete, select

from inspect_app.extensions import db
from inspect_app.models import Alert, Job, MatchKey
from inspect_app.services.actors import Actor, NotAllowed, system_actor
from inspect_app.services.job_kinds import JOB_KINDS
from inspect_app.services.jobs import work
from inspect_app.services.rescreening import start_rescreening
from inspect_app.services.verification import (
    LARGEST_SAMPLE,
    SampleRefused,
    Verification,
    start_verification,
    verification_of,
)
from tests.factories.records import create_goods_line, create_report, create_stolen_item, create_visit

SYSTEM = system_actor("cli")


@pytest.fixture
def register(app: Flask) -> None:
    """Six true pairs among other phones, all screened."""
    visit, report = create_visit(), create_report()
    for number in range(12):
        imei = f"8601{number:02d}456789{number:02d}4"
        create_stolen_item(report, identifiers={"imei": imei}, model=f"Mate {number}0")
        create_goods_line(visit, identifiers={"imei": imei} if number < 6 else {}, model=f"Mate {number}0")
    rescreen(app)


def rescreen(app: Flask) -> None:
    run = start_rescreening(SYSTEM, app.config["INSPECT"], held_by="test")
    assert run is not None
    work(run, JOB_KINDS[run.kind])


def verified(app: Flask, sample: int = 200, seed: int = 0) -> Verification:
    run = start_verification(SYSTEM, app.config["INSPECT"], sample=sample, seed=seed, held_by="test")
    assert run is not None
    work(run, JOB_KINDS[run.kind])
    job = db.session.get_one(Job, run.job_id)
    assert (job.state, job.done_units) == ("done", job.total_units)
    found = verification_of(job)
    assert found is not None
    return found


@pytest.mark.usefixtures("register")
def test_a_whole_index_passes(app: Flask) -> None:
    checked = verified(app)
    assert checked.is_passed
    assert (checked.line_count, checked.item_count) == (12, 12)
    assert checked.alert_pairs >= 6


@pytest.mark.usefixtures("register")
def test_a_broken_index_is_seen_and_mended(app: Flask) -> None:
    db.session.execute(delete(MatchKey).where(MatchKey.side == 1, MatchKey.record_id == 3))
    db.session.commit()
    checked = verified(app)
    assert {(found.kind, found.stolen_item_id) for found in checked.differences} == {("missed", 3)}
    assert (3, 3) in {(found.goods_line_id, found.stolen_item_id) for found in checked.differences}
    rescreen(app)
    assert verified(app).is_passed


@pytest.mark.usefixtures("register")
def test_an_alert_that_was_never_raised_is_seen_and_mended(app: Flask) -> None:
    db.session.execute(delete(Alert).where(Alert.goods_line_id == 2, Alert.stolen_item_id == 2))
    db.session.commit()
    found = verified(app).differences
    assert [(one.kind, one.goods_line_id, one.stolen_item_id) for one in found] == [("not_raised", 2, 2)]
    rescreen(app)
    assert verified(app).is_passed


@pytest.mark.usefixtures("register")
def test_the_same_seed_draws_the_same_lines(app: Flask) -> None:
    for seed in (5, 5, 6):
        verified(app, sample=4, seed=seed)
    drawn = [
        job.cursor["lines"] for job in db.session.scalars(select(Job).where(Job.kind == "verify").order_by(Job.id))
    ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(drawn[0]) == 4


def test_nothing_to_compare_passes(app: Flask) -> None:
    assert verified(app).is_passed


def test_who_may_not_see_the_matcher_and_a_senseless_sample_are_refused(app: Flask, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        start_verification(actor, app.config["INSPECT"])
    for sample in (0, LARGEST_SAMPLE + 1):
        with pytest.raises(SampleRefused):
            start_verification(SYSTEM, app.config["INSPECT"], sample=sample)
