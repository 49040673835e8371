"""Submission: what a visit still lacks, and the move that turns the draft into a record."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from inspect_app import rules
from inspect_app.extensions import db
from inspect_app.models import GoodsLine, Visit
from inspect_app.models.types import utc_now
from inspect_app.services.actors import Actor
from inspect_app.services.goods import read_unparsed
from inspect_app.services.inspections import checklist_of, lock_draft
from inspect_app.services.transaction import transaction

# Each agency that acts sends at least two officers (治安管理处罚法 108, 行政处罚法 42).
FEWEST_OFFICERS: Final = 2
_CLOCK_TOLERANCE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why a visit cannot be submitted yet.

    ``code`` says what is wrong, ``place`` where: "field", "officers", "outcome-field", "item" or "line"; ``key`` is the
    form field's name, the item's key, the line's uid or the agency's kind.
    """

    code: str
    place: str
    key: str = ""


class VisitNotReady(Exception):
    """The visit lacks something: ``problems`` in the order of the page."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def submit_visit(actor: Actor, visit_id: int) -> Visit:
    """Turns the draft into a record that nobody changes any more.

    Raises:
        NotAllowed, OutOfArea, VisitLocked, NotAnOfficerOfTheVisit: see ``lock_draft``.
        VisitNotReady: something is missing or wrong; the draft stays as it is.
    """
    with transaction(actor) as tx:
        visit = lock_draft(actor, visit_id)
        problems = find_problems(visit)
        if problems:
            raise VisitNotReady(problems)
        assert rules.is_move_allowed(rules.VISIT_MOVES, visit.state, "submitted")
        visit.state = "submitted"
        visit.submitted_at = utc_now()
        db.session.flush()
        tx.record("inspections:visit:submitted", visit, before={"state": "draft"}, after={"state": "submitted"})
        return visit


def find_problems(visit: Visit) -> tuple[Problem, ...]:
    """Everything that stands in the way of submission, in the order of the page."""
    unread = [Problem(code="not_read", place="field", key=name) for name in read_unparsed(visit.unparsed)]
    return (
        *unread,
        *_time_problems(visit),
        *_officer_problems(visit),
        *_checklist_problems(visit),
        *(problem for line in lines_on_log(visit) for problem in _line_problems(line)),
        *_outcome_problems(visit),
    )


def lines_on_log(visit: Visit) -> list[GoodsLine]:
    """The lines that were not taken off, in their order."""
    return [line for line in visit.goods if line.removed_at is None]


def _time_problems(visit: Visit) -> list[Problem]:
    latest = utc_now() + _CLOCK_TOLERANCE
    problems = []
    if visit.started_at > latest:
        problems.append(Problem(code="in_future", place="field", key="started_at"))
    if visit.ended_at is None:
        if "ended_at" not in read_unparsed(visit.unparsed):
            problems.append(Problem(code="ended_missing", place="field", key="ended_at"))
    elif visit.ended_at > latest:
        problems.append(Problem(code="in_future", place="field", key="ended_at"))
    return problems


def _officer_problems(visit: Visit) -> list[Problem]:
    if not visit.officers:
        return [Problem(code="no_officers", place="officers")]
    agencies = Counter(officer.user.unit.agency.kind if officer.user.unit else "" for officer in visit.officers)
    problems = [
        Problem(code="too_few_officers", place="officers", key=kind)
        for kind, count in agencies.items()
        if count < FEWEST_OFFICERS
    ]
    without = [officer for officer in visit.officers if not officer.credential_shown.strip()]
    return problems + [Problem(code="no_credential", place="officers", key=str(officer.user_id)) for officer in without]


def _checklist_problems(visit: Visit) -> list[Problem]:
    answers = {answer.item_key: answer for answer in visit.answers}
    problems = []
    for item in checklist_of(visit).items:
        answer = answers.get(item.key)
        if answer is None:
            problems.append(Problem(code="not_answered", place="item", key=item.key))
        elif answer.answer == "no" and not answer.note.strip():
            problems.append(Problem(code="no_note", place="item", key=item.key))
    return problems


def _line_problems(line: GoodsLine) -> list[Problem]:
    problems = []
    if read_unparsed(line.unparsed):
        problems.append(Problem(code="line_not_read", place="line", key=line.line_uid))
    says = (line.description, line.brand, line.model, line.specification, line.marks, line.weight_g, line.identifiers)
    if not any(says):
        problems.append(Problem(code="line_says_nothing", place="line", key=line.line_uid))
    return problems


def _outcome_problems(visit: Visit) -> list[Problem]:
    if not visit.outcome:
        return [Problem(code="outcome_missing", place="outcome-field")]
    if visit.outcome == "no_problem" and any(answer.answer == "no" for answer in visit.answers):
        return [Problem(code="outcome_contradicts_checklist", place="outcome-field")]
    if visit.outcome == "goods_held" and not any(line.disposition == "held" for line in lines_on_log(visit)):
        return [Problem(code="outcome_without_held_goods", place="outcome-field")]
    return []
