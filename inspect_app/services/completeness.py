"""Says what was compared with what, so that "no hit" means something, and lists what was not.

It rests on the marks alone: two records marked with one version have been compared with it (``rescreening`` proves it).
What follows from that is that every marked stolen item was compared with every marked goods line; whatever stands
without a mark of the version in force is a gap.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, select

from inspect_app.extensions import db
from inspect_app.models import GoodsLine, Job, Screened, StolenItem, StolenReport
from inspect_app.models.types import utc_now
from inspect_app.services.actors import Actor
from inspect_app.services.imports import IMPORT_STOLEN
from inspect_app.services.match_index import GOODS, STOLEN
from inspect_app.services.matcher import current_matcher
from inspect_app.services.rescreening import RESCREEN
from inspect_app.services.verification import VERIFY

_LISTED: Final = 20
_LATEST: Final = 8
NEVER: Final = ""


@dataclass(frozen=True, slots=True)
class SideState:
    """What stands on one side of the comparison, and how much of it is compared.

    ``left_out``: withdrawn items or removed lines, which are not compared any more. ``last_id`` and ``last_at``: up to
    which record, and when it came in, there is no gap. ``gaps``: how many records by the version that they were last
    compared with ("" is never, or taken out to be compared anew); ``listed``: the ids of the first of them.
    """

    total: int
    left_out: int
    compared: int
    last_id: int
    last_at: datetime | None
    gaps: Mapping[str, int]
    listed: Sequence[int]

    @property
    def gap_count(self) -> int:
        """How many records are not compared with the version in force."""
        return self.total - self.compared


@dataclass(frozen=True, slots=True)
class Completeness:
    """With ``version``, at ``stated_at``: every compared item was compared with every compared line.

    ``jobs``: the imports and rescreenings that wait or run; their records may be among the gaps, or not be in yet.
    """

    version: str
    stated_at: datetime
    items: SideState
    lines: SideState
    jobs: Sequence[Job]

    @property
    def is_complete(self) -> bool:
        """Whether everything that stands was compared with everything."""
        return not self.items.gap_count and not self.lines.gap_count


def state_completeness(actor: Actor) -> Completeness:
    """The statement, as the database has it now.

    Raises:
        NotAllowed: the actor may not see what the matcher does.
    """
    actor.require("matching.view")
    version = current_matcher().version
    jobs = select(Job).where(Job.kind.in_((RESCREEN, IMPORT_STOLEN)), Job.state.in_(("queued", "running")))
    return Completeness(
        version=version,
        stated_at=utc_now(),
        items=_side(STOLEN, version),
        lines=_side(GOODS, version),
        jobs=db.session.scalars(jobs.order_by(Job.id)).all(),
    )


def recent_work(actor: Actor) -> Sequence[Job]:
    """The latest rescreenings and checks, the newest first.

    Raises:
        NotAllowed: the actor may not see what the matcher does.
    """
    actor.require("matching.view")
    query = select(Job).where(Job.kind.in_((RESCREEN, VERIFY))).order_by(Job.id.desc()).limit(_LATEST)
    return db.session.scalars(query).all()


def _side(side: int, version: str) -> SideState:
    record_id: Any = GoodsLine.id if side == GOODS else StolenItem.id
    stands: ColumnElement[bool] = GoodsLine.removed_at.is_(None) if side == GOODS else StolenItem.withdrawn_at.is_(None)
    marked = and_(Screened.side == side, Screened.record_id == record_id)
    by_version = (
        select(Screened.matcher_version, func.count())
        .select_from(record_id.class_)
        .outerjoin(Screened, marked)
        .where(stands)
        .group_by(Screened.matcher_version)
    )
    counts = {mark or NEVER: count for mark, count in db.session.execute(by_version)}
    everything = db.session.scalar(select(func.count(record_id))) or 0
    total, compared = sum(counts.values()), counts.pop(version, 0)
    without = select(record_id).outerjoin(Screened, and_(marked, Screened.matcher_version == version))
    without = without.where(stands, Screened.record_id.is_(None)).order_by(record_id).limit(_LISTED)
    listed = db.session.scalars(without).all() if counts else []
    last_id, last_at = _last_before(side, record_id, listed[0] if listed else None)
    return SideState(total, everything - total, compared, last_id, last_at, counts, listed)


def _last_before(side: int, record_id: Any, first_gap: int | None) -> tuple[int, datetime | None]:
    """The last record before the first gap, and when it came in."""
    came_in = GoodsLine.logged_at if side == GOODS else StolenReport.reported_at
    query = select(record_id, came_in).order_by(record_id.desc()).limit(1)
    if side == STOLEN:
        query = query.join(StolenItem.report)
    if first_gap is not None:
        query = query.where(record_id < first_gap)
    row = db.session.execute(query).one_or_none()
    return (row[0], row[1]) if row is not None else (0, None)
