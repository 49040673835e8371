"""The words of the matcher as an administrator changes them: a draft on top of the shipped ones.

Nothing here touches the matcher in force; ``services/releases.py`` puts the draft in force after a rehearsal.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from inspect_app.extensions import db
from inspect_app.matching.aliases import BUILT_IN_BOOK, AliasBook, AliasEntry
from inspect_app.matching.text import normalise
from inspect_app.matching.vocabulary import ENTRY_KINDS, NAMELESS_KINDS, EntryKind
from inspect_app.models import AliasChange
from inspect_app.services.actors import Actor
from inspect_app.services.paging import ListPage
from inspect_app.services.transaction import Transaction, transaction

LONGEST: Final = 60
PAGE_SIZE: Final = 50
COLOUR_FAMILIES: Final = tuple(
    sorted({family for entry in BUILT_IN_BOOK.entries if entry.kind == "colour" for family in entry.canonical.split()})
)
CATEGORIES: Final = tuple(dict.fromkeys(entry.canonical for entry in BUILT_IN_BOOK.entries if entry.kind == "category"))


class AliasRefused(Exception):
    """A spelling that cannot be taken. ``field`` is kind, canonical or spelling; ``code`` says why.

    Codes: empty, too_long, control_characters, unknown_kind, unknown_family, unknown_category, not_needed.
    """

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field = field
        self.code = code


class AliasMeansAnother(Exception):
    """The spelling stands for ``canonical`` already; say so again to move it."""

    def __init__(self, canonical: str) -> None:
        super().__init__(canonical)
        self.canonical = canonical


@dataclass(frozen=True, slots=True)
class Alias:
    """One spelling of the draft. ``origin``: shipped, added (new or moved here), or removed (shipped, taken away)."""

    kind: EntryKind
    canonical: str
    spelling: str
    folded: str
    origin: str


def find_aliases(actor: Actor, text: str = "", kind: str = "", origin: str = "", page: int = 1) -> ListPage[Alias]:
    """The spellings of the draft, changed ones first, whose name or spelling has the text (in any script).

    Raises:
        NotAllowed: the actor may not see the words.
    """
    actor.require("matching.view")
    wanted = normalise(text)
    rows = [
        alias
        for alias in draft_aliases()
        if (not kind or alias.kind == kind)
        and (not origin or alias.origin == origin)
        and (wanted in alias.folded or wanted in normalise(alias.canonical))
    ]
    rows.sort(key=lambda alias: alias.origin == "shipped")
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    number = min(max(page, 1), pages)
    return ListPage(rows[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], number, pages, len(rows))


def draft_aliases() -> list[Alias]:
    """Every spelling: the shipped ones as they now stand, then those that were added."""
    changes = {(change.kind, change.folded): change for change in db.session.scalars(select(AliasChange))}
    found, seen = [], set()
    for kind, canonical, folded, spelling in _shipped():
        change = changes.get((kind, folded))
        seen.add((kind, folded))
        if change is None:
            found.append(Alias(kind, canonical, spelling, folded, "shipped"))
        elif change.is_removed:
            found.append(Alias(kind, canonical, spelling, folded, "removed"))
        else:
            found.append(Alias(kind, change.canonical, change.spelling, folded, "added"))
    new = (change for key, change in sorted(changes.items()) if key not in seen and not change.is_removed)
    found += [Alias(_kind(c.kind), c.canonical, c.spelling, c.folded, "added") for c in new]
    return found


def draft_book() -> AliasBook:
    """The book that the draft makes; the shipped one, with its version, where nothing was changed."""
    if db.session.scalar(select(AliasChange.id).limit(1)) is None:
        return BUILT_IN_BOOK
    spellings: dict[tuple[EntryKind, str], list[str]] = {
        (entry.kind, entry.canonical): [] for entry in BUILT_IN_BOOK.entries
    }
    for alias in draft_aliases():
        if alias.origin != "removed":
            spellings.setdefault((alias.kind, alias.canonical), []).append(alias.spelling)
    return AliasBook(tuple(AliasEntry(kind, name, tuple(words)) for (kind, name), words in spellings.items()))


def add_alias(actor: Actor, kind: str, canonical: str, spelling: str, *, may_move: bool = False) -> Alias:
    """Teaches the draft a spelling, or gives one it knows another name where ``may_move`` says that this is meant.

    Raises:
        NotAllowed: the actor may not change the words.
        AliasRefused: a field is empty, too long, unreadable or unknown; or it stands so already (not_needed).
        AliasMeansAnother: the spelling has another meaning of this kind, and ``may_move`` is not set.
    """
    actor.require("matching.manage")
    with transaction(actor) as tx:
        return _add(tx, kind, canonical, spelling, may_move)


def remove_alias(actor: Actor, kind: str, folded: str) -> None:
    """Takes a spelling out of the draft. A shipped one can be restored; an added one is gone.

    Raises:
        NotAllowed: the actor may not change the words.
        AliasRefused: there is no such spelling (not_needed).
    """
    actor.require("matching.manage")
    with transaction(actor) as tx:
        shipped = {(k, f): (c, s) for k, c, f, s in _shipped()}
        change, known = _change(kind, folded), shipped.get((_kind(kind), folded))
        if change is None and known is None:
            raise AliasRefused("spelling", "not_needed")
        before = {"kind": kind, "canonical": change.canonical if change else known[0] if known else "", "name": folded}
        if change is None:
            change = AliasChange(kind=kind, folded=folded, spelling=folded)
            db.session.add(change)
        if known is None:
            db.session.delete(change)
        else:
            change.canonical, change.spelling, change.is_removed = known[0], known[1], True
            change.changed_by_id = actor.user_id
        db.session.flush()
        tx.record("matching:alias:removed", change, before=before)


def restore_alias(actor: Actor, kind: str, folded: str) -> None:
    """Brings a shipped spelling back to what it was.

    Raises:
        NotAllowed: the actor may not change the words.
        AliasRefused: it was not changed (not_needed).
    """
    actor.require("matching.manage")
    with transaction(actor) as tx:
        change = _change(kind, folded)
        if change is None:
            raise AliasRefused("spelling", "not_needed")
        tx.record("matching:alias:restored", change, after={"kind": kind, "name": folded})
        db.session.delete(change)


def import_aliases(actor: Actor, rows: Iterable[tuple[str, str, str]]) -> tuple[int, list[tuple[int, str, str]]]:
    """Adds (kind, canonical, spelling) rows, moving spellings as they say; all or nothing.

    Returns how many were new, and the refused rows as (number from 1, field, code): where there are any, nothing was
    taken.

    Raises:
        NotAllowed: the actor may not change the words.
    """
    actor.require("matching.manage")
    added, refused = 0, []
    try:
        with transaction(actor) as tx:
            for number, row in enumerate(rows, 1):
                try:
                    _add(tx, *row, may_move=True)
                    added += 1
                except AliasRefused as error:
                    if error.code != "not_needed":
                        refused.append((number, error.field, error.code))
            if refused:
                raise AliasRefused("spelling", "refused_rows")
    except AliasRefused:
        return 0, refused
    return added, []


def _add(tx: Transaction, kind: str, canonical: str, spelling: str, may_move: bool) -> Alias:
    known_kind, canonical, spelling = _checked(kind, canonical, spelling)
    folded = normalise(spelling)
    shipped = {(k, f): c for k, c, f, _ in _shipped()}.get((known_kind, folded))
    change = _change(kind, folded)
    meant = (None if change.is_removed else change.canonical) if change else shipped
    if meant == canonical:
        raise AliasRefused("spelling", "not_needed")
    if meant is not None and not may_move:
        raise AliasMeansAnother(meant)
    if shipped == canonical and change is not None:
        db.session.delete(change)
        tx.record("matching:alias:restored", change, after={"kind": kind, "name": folded})
        return Alias(known_kind, canonical, spelling, folded, "shipped")
    if change is None:
        change = AliasChange(kind=kind, folded=folded)
        db.session.add(change)
    change.canonical, change.spelling, change.is_removed = canonical, spelling, False
    change.changed_by_id = tx.actor.user_id
    db.session.flush()
    after = {"kind": kind, "canonical": canonical, "name": spelling}
    tx.record("matching:alias:added", change, before={"canonical": meant} if meant else None, after=after)
    return Alias(known_kind, canonical, spelling, folded, "added")


def _checked(kind: str, canonical: str, spelling: str) -> tuple[EntryKind, str, str]:
    if kind not in ENTRY_KINDS:
        raise AliasRefused("kind", "unknown_kind")
    known_kind = _kind(kind)
    spelling = _clean("spelling", spelling)
    if known_kind in NAMELESS_KINDS:
        return known_kind, "", spelling
    canonical = normalise(_clean("canonical", canonical))
    if known_kind == "colour" and not set(canonical.split()) <= set(COLOUR_FAMILIES):
        raise AliasRefused("canonical", "unknown_family")
    if known_kind == "category" and canonical not in CATEGORIES:
        raise AliasRefused("canonical", "unknown_category")
    return known_kind, canonical, spelling


def _clean(field: str, text: str) -> str:
    clean = " ".join(text.split())
    if not clean or not normalise(clean):
        raise AliasRefused(field, "empty")
    if len(clean) > LONGEST:
        raise AliasRefused(field, "too_long")
    if any(unicodedata.category(character)[0] == "C" for character in clean):
        raise AliasRefused(field, "control_characters")
    return clean


def _shipped() -> list[tuple[EntryKind, str, str, str]]:
    """(kind, canonical, folded, spelling), each spelling once, under the name that counts."""
    found: dict[tuple[EntryKind, str], tuple[str, str]] = {}
    for entry in BUILT_IN_BOOK.entries:
        for spelling in entry.spellings:
            found.setdefault((entry.kind, normalise(spelling)), (entry.canonical, spelling))
    return [(kind, canonical, folded, spelling) for (kind, folded), (canonical, spelling) in found.items()]


def _change(kind: str, folded: str) -> AliasChange | None:
    return db.session.scalar(select(AliasChange).where(AliasChange.kind == kind, AliasChange.folded == folded))


def _kind(kind: str) -> EntryKind:
    for known in ENTRY_KINDS:
        if known == kind:
            return known
    raise AliasRefused("kind", "unknown_kind")
