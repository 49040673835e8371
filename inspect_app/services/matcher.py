"""The matcher in force: what the last approved release holds, or the shipped one where none was ever approved."""

from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.matching.aliases import AliasBook, AliasEntry
from inspect_app.matching.matcher import BUILT_IN, Matcher
from inspect_app.matching.weights import Weights
from inspect_app.models import MatcherRelease

# The one in force, and those that a rehearsal beside it compares.
_KEPT: Final = 4


def current_matcher() -> Matcher:
    """The matcher in force now.

    One short query; words and tables are read anew only when another release went into force. To be sure that nobody
    puts another one in force meanwhile, call it behind ``match_index.lock_index``.
    """
    query = select(MatcherRelease.id, MatcherRelease.created_at).where(MatcherRelease.state == "in_force")
    row = db.session.execute(query).one_or_none()
    return BUILT_IN if row is None else _load(str(db.engine.url), *row)


def matcher_of(release: MatcherRelease) -> Matcher:
    """The matcher that a release holds, whatever its state."""
    return _load(str(db.engine.url), release.id, release.created_at)


@lru_cache(maxsize=_KEPT)
def _load(_database: str, release_id: int, _created_at: datetime) -> Matcher:
    """What a release holds never changes, so it is read once; database and time tell it from one with the same id."""
    weights, book = db.session.execute(
        select(MatcherRelease.weights, MatcherRelease.book).where(MatcherRelease.id == release_id)
    ).one()
    entries = tuple(AliasEntry(kind, canonical, tuple(spellings)) for kind, canonical, spellings in book)
    return Matcher(AliasBook(entries), Weights.from_toml(weights))
