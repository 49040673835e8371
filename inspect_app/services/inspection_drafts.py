"""A draft is saved as it stands, whatever is still missing: what was sent is changed, the rest stays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from inspect_app.extensions import db
from inspect_app.models import ChecklistAnswer, User, Visit, VisitOfficer
from inspect_app.services.actors import Actor
from inspect_app.services.audit import audited_values, changed_values
from inspect_app.services.goods import LineChange, merge_unparsed, save_line
from inspect_app.services.inspections import checklist_of, lock_draft
from inspect_app.services.transaction import Transaction, transaction

_DRAFT_COLUMNS: Final = frozenset(
    {"kind", "started_at", "ended_at", "findings", "venue_statement", "venue_representative", "outcome"}
)


class EndsBeforeStart(Exception):
    """The visit would end before it began."""


class NoSuchOfficer(Exception):
    """The person is no active inspector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChange:
    """What of a visit was sent; a name that is missing from a mapping stays as it is.

    ``values`` has columns of the visit, ``answers`` maps a checklist item's key to its "answer" and "note",
    ``credentials`` an officer's user id to the credential shown. ``sent`` names every form field that was sent, and
    ``unparsed`` those of them that could not be read, with the text that was typed.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    credentials: Mapping[int, str] = field(default_factory=dict)
    added_officers: tuple[int, ...] = ()
    removed_officers: tuple[int, ...] = ()
    lines: tuple[LineChange, ...] = ()
    sent: frozenset[str] = frozenset()
    unparsed: Mapping[str, str] = field(default_factory=dict)


def save_draft(actor: Actor, visit_id: int, change: DraftChange) -> Visit:
    """Changes the draft by what was sent; its lines are screened. Sent again, it changes nothing.

    Raises:
        NotAllowed, OutOfArea, VisitLocked, NotAnOfficerOfTheVisit: see ``lock_draft``.
        EndsBeforeStart: the times would be out of order; the form keeps such an end in ``unparsed``.
        NoSuchOfficer: someone to be added is no active inspector.
        LineOfAnotherVisit: a line belongs elsewhere.
        MoveNotAllowed: a line cannot go to that disposition.
    """
    with transaction(actor) as tx:
        visit = lock_draft(actor, visit_id)
        before = _picture(visit)
        for name, value in change.values.items():
            if name not in _DRAFT_COLUMNS:
                raise ValueError(f"{name} is no column of a draft")
            if getattr(visit, name) != value:
                setattr(visit, name, value)
        if visit.ended_at and visit.ended_at < visit.started_at:
            raise EndsBeforeStart
        _change_officers(visit, change)
        _change_answers(visit, change)
        visit.unparsed = merge_unparsed(visit.unparsed, change.sent, change.unparsed)
        db.session.flush()
        _record_change(tx, visit, before)
        for line in change.lines:
            save_line(tx, visit, line)
        return visit


def _change_officers(visit: Visit, change: DraftChange) -> None:
    present = {officer.user_id: officer for officer in visit.officers}
    for user_id, credential in change.credentials.items():
        if user_id in present:
            present[user_id].credential_shown = credential
    for user_id in change.removed_officers:
        if user_id in present:
            visit.officers.remove(present.pop(user_id))
    for user_id in change.added_officers:
        if user_id not in present:
            user = db.session.get(User, user_id)
            if user is None or not user.active or "inspector" not in {role.name for role in user.roles}:
                raise NoSuchOfficer
            position = max((officer.position for officer in visit.officers), default=0) + 1
            officer = VisitOfficer(user=user, user_id=user.id, credential_shown=user.badge_number, position=position)
            visit.officers.append(officer)


def _change_answers(visit: Visit, change: DraftChange) -> None:
    asked = {item.key for item in checklist_of(visit).items}
    present = {answer.item_key: answer for answer in visit.answers}
    for key, sent in change.answers.items():
        if key not in asked:
            continue
        answer = present.get(key)
        if answer is None:
            # A note may come before the answer; the item counts as answered only with one of the four.
            if not any(sent.values()):
                continue
            answer = ChecklistAnswer(item_key=key, answer="not_checked", note="")
            visit.answers.append(answer)
        answer.answer = sent.get("answer") or answer.answer
        answer.note = sent.get("note", answer.note)


def _picture(visit: Visit) -> dict[str, Any]:
    """All that the audit trail compares of a visit: its columns, officers and answers."""
    values = audited_values(visit)
    for officer in visit.officers:
        values[f"officer {officer.user_id}"] = officer.credential_shown
    for answer in visit.answers:
        values[f"answer {answer.item_key}"] = [answer.answer, answer.note]
    return values


def _record_change(tx: Transaction, visit: Visit, before: dict[str, Any]) -> None:
    after = _picture(visit)
    gone = {name: None for name in before if name not in after}
    old, new = changed_values(before, {**gone, **after})
    if old or new:
        tx.record("inspections:visit:saved", visit, before=old, after=new)
