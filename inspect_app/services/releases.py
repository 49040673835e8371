"""Releases of the matcher: words and weights are drafted, rehearsed, proposed, and put in force by a second person.

A release holds its words and weights whole and is never changed, only moved on. The one in force before is retired and
stays, so that what was scored with it can be explained.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import defer, joinedload

from inspect_app.extensions import db
from inspect_app.matching.matcher import BUILT_IN
from inspect_app.matching.weights import Weights, WeightsRefused, known_versions, load_weights
from inspect_app.models import Alert, AliasChange, MatcherRelease
from inspect_app.models.types import utc_now
from inspect_app.rules import RELEASE_MOVES, is_move_allowed
from inspect_app.services import jobs
from inspect_app.services.actors import Actor
from inspect_app.services.aliases import draft_book
from inspect_app.services.match_index import lock_index
from inspect_app.services.matcher import current_matcher, matcher_of
from inspect_app.services.rescreening import enqueue_rescreening
from inspect_app.services.transaction import transaction

REHEARSE: Final = "rehearse_matcher"
_LONGEST_VERSION: Final = 30
_SHOWN: Final = 50


class ReleaseNotFound(Exception):
    """There is no release with this id."""


class ReleaseMoved(Exception):
    """The release is not in a state from which this can be done; ``state`` is the one it is in."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class NothingChanged(Exception):
    """Words and weights are those in force already."""


class SecondPersonNeeded(Exception):
    """Who drafted or proposed a release cannot put it in force."""


class RehearsalOutdated(Exception):
    """Another release went into force since: the rehearsal compared with one that is gone."""


def draft_release(actor: Actor, submission_id: str, weights_toml: str = "") -> int:
    """Takes the words as they stand now and the weights (those in force, or a table) and queues their rehearsal.

    Returns the release's id. The same ``submission_id`` makes one release.

    Raises:
        NotAllowed: the actor may not change the matcher.
        WeightsRefused: the table cannot be used; code "version_taken" where another table has its version.
        NothingChanged: this is what is in force.
    """
    actor.require("matching.manage")
    present = select(MatcherRelease.id).where(MatcherRelease.submission_id == submission_id)
    if (found := db.session.scalar(present)) is not None:
        return found
    try:
        with transaction(actor) as tx:
            old = current_matcher()
            weights = _checked_weights(weights_toml) if weights_toml else old.weights
            book = draft_book()
            if f"{weights.version}+{book.version}" == old.version:
                raise NothingChanged
            release = MatcherRelease(
                submission_id=submission_id,
                weights_version=weights.version,
                weights=weights.to_toml(),
                book_version=book.version,
                book=[list(entry) for entry in book.entries],
                rehearsal={"old_version": old.version},
                created_by_id=actor.user_id,
            )
            db.session.add(release)
            db.session.flush()
            judged = select(func.count()).select_from(Alert).where(Alert.judgements.any())
            total = db.session.scalar(judged) or 0
            job = jobs.enqueue(tx, REHEARSE, {"release_id": release.id}, total_units=total)
            release.job_id = job.id
            tx.record("matching:release:drafted", release, after=_told(release))
            return release.id
    except IntegrityError:
        if (found := db.session.scalar(present)) is None:
            raise
        return found


def propose_release(actor: Actor, release_id: int, note: str) -> None:
    """Asks for a rehearsed release to be put in force, with the reason for it.

    Raises:
        NotAllowed, ReleaseNotFound, ReleaseMoved.
    """
    actor.require("matching.manage")
    with transaction(actor) as tx:
        release = _moved(release_id, "proposed")
        release.note, release.proposed_at, release.proposed_by_id = note, utc_now(), actor.user_id
        tx.record("matching:release:proposed", release, after={**_told(release), "note": note})


def approve_release(actor: Actor, release_id: int, note: str = "") -> None:
    """Puts a proposed release in force, retires the one before it, and queues a rescreening of everything.

    Raises:
        NotAllowed, ReleaseNotFound, ReleaseMoved.
        SecondPersonNeeded: the actor drafted or proposed it.
        RehearsalOutdated: another release went into force since the rehearsal.
    """
    actor.require("matching.approve")
    with transaction(actor) as tx:
        # Screenings ask for the matcher behind this lock: each is done with the old one before, or the new one after.
        lock_index()
        old = current_matcher()
        release = _moved(release_id, "in_force", is_applied=False)
        if actor.user_id in (None, release.created_by_id, release.proposed_by_id):
            raise SecondPersonNeeded
        if release.rehearsal.get("old_version") != old.version:
            raise RehearsalOutdated
        now = utc_now()
        before = db.session.scalar(select(MatcherRelease).where(MatcherRelease.state == "in_force"))
        if before is not None:
            before.state, before.retired_at = "retired", now
            db.session.flush()
            tx.record("matching:release:retired", before, after=_told(before))
        release.state, release.decided_at, release.decided_by_id = "in_force", now, actor.user_id
        release.decision_note = note
        db.session.flush()
        tx.record("matching:release:approved", release, before={"name": old.version}, after=_told(release))
        enqueue_rescreening(tx)


def reject_release(actor: Actor, release_id: int, note: str = "") -> None:
    """Ends a release that is not in force: withdrawn by who manages the words, or refused by who approves.

    Raises:
        NotAllowed, ReleaseNotFound, ReleaseMoved.
    """
    if not actor.may("matching.approve"):
        actor.require("matching.manage")
    with transaction(actor) as tx:
        release = _moved(release_id, "rejected")
        release.decision_note, release.decided_at, release.decided_by_id = note, utc_now(), actor.user_id
        if release.job_id is not None:
            jobs.cancel_job(release.job_id)
        tx.record("matching:release:rejected", release, after={**_told(release), "note": note})


def find_release(actor: Actor, release_id: int) -> MatcherRelease:
    """One release with those who moved it.

    Raises:
        NotAllowed, ReleaseNotFound.
    """
    actor.require("matching.view")
    release = db.session.get(MatcherRelease, release_id)
    if release is None:
        raise ReleaseNotFound(release_id)
    return release


def list_releases(actor: Actor) -> Sequence[MatcherRelease]:
    """The last fifty releases, newest first, without their words.

    Raises:
        NotAllowed: the actor may not see the matcher.
    """
    actor.require("matching.view")
    query = select(MatcherRelease).options(
        defer(MatcherRelease.book), defer(MatcherRelease.weights), joinedload(MatcherRelease.created_by)
    )
    return db.session.scalars(query.order_by(MatcherRelease.id.desc()).limit(_SHOWN)).all()


def is_draft_open(actor: Actor) -> bool:
    """Whether the words of the draft differ from those in force."""
    actor.require("matching.view")
    return draft_book().version != current_matcher().book.version


def count_changes(actor: Actor) -> int:
    """How many spellings differ from the shipped ones."""
    actor.require("matching.view")
    return db.session.scalar(select(func.count()).select_from(AliasChange)) or 0


def _moved(release_id: int, state: str, *, is_applied: bool = True) -> MatcherRelease:
    release = db.session.scalar(select(MatcherRelease).where(MatcherRelease.id == release_id).with_for_update())
    if release is None:
        raise ReleaseNotFound(release_id)
    if not is_move_allowed(RELEASE_MOVES, release.state, state):
        raise ReleaseMoved(release.state)
    if is_applied:
        release.state = state
    return release


def _checked_weights(text: str) -> Weights:
    weights = Weights.from_toml(text)
    if len(weights.version) > _LONGEST_VERSION:
        raise WeightsRefused("bad_version", weights.version)
    if set(weights.levels) < set(BUILT_IN.weights.levels):
        missing = sorted(set(BUILT_IN.weights.levels) - set(weights.levels))
        raise WeightsRefused("missing", f"levels.{missing[0]}")
    query = select(MatcherRelease).where(MatcherRelease.weights_version == weights.version).limit(1)
    earlier = db.session.scalar(query)
    known = matcher_of(earlier).weights if earlier else None
    if known is None and weights.version in known_versions():
        known = load_weights(weights.version)
    if known is not None and known.to_toml() != weights.to_toml():
        raise WeightsRefused("version_taken", weights.version)
    return weights


def _told(release: MatcherRelease) -> dict[str, str]:
    return {"name": release.version, "state": release.state}
