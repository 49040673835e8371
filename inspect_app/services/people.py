"""Owners and sellers: saved encrypted, found by keyed hash, shown masked, revealed only to who gives a reason."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import func, select
from stdnum import numdb
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as StdnumError

from inspect_app.extensions import db
from inspect_app.models import GoodsLine, Person, StolenReport
from inspect_app.rules import DOCUMENT_KINDS
from inspect_app.services.actors import Actor
from inspect_app.services.audit import audited_values, changed_values
from inspect_app.services.masking import mask_document, mask_name, mask_phone
from inspect_app.services.transaction import Transaction, transaction

SHORTEST_REASON: Final = 5
LONGEST_REASON: Final = 200
_PHONE_SEPARATORS: Final = re.compile(r"[\s\-()./\u00b7\u2010-\u2015]")


class PersonNotFound(Exception):
    """There is no person with this id."""


class ReasonTooShort(Exception):
    """Personal data is shown only for a reason of at least ``SHORTEST_REASON`` characters."""


class NothingToSearchFor(Exception):
    """A search for people needs a name, a document number or a phone number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedPerson:
    """A person as everyone may see them: enough to tell two apart. A field that was never given is "".

    ``document_doubt`` is a code of ``check_document``.
    """

    id: int
    name: str
    document_kind: str
    document: str
    phone: str
    document_doubt: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RevealedPerson:
    """A person in full: for the page that was asked for it, never for a log, an address or a session."""

    id: int
    name: str
    document_kind: str
    document: str
    phone: str
    document_doubt: str = ""


def normalise_document(number: str) -> str:
    """The number in NFKC and capitals without blanks, so that the same document gives the same lookup hash."""
    return "".join(unicodedata.normalize("NFKC", number).upper().split())


def normalise_phone(number: str) -> str:
    """The digits of a phone number without separators and China's country code; a note beside it stays as typed."""
    folded = unicodedata.normalize("NFKC", number).strip()
    bare = _PHONE_SEPARATORS.sub("", folded)
    if not re.fullmatch(r"\+?\d+", bare):
        return folded
    match = re.fullmatch(r"(?:\+|00)?86(1\d{10})", bare) or re.fullmatch(r"(?:\+|00)86(\d{7,12})", bare)
    return match.group(1) if match else bare


def check_document(kind: str, number: str) -> str:
    """Why a document number is doubtful, as a code, or "" where it is not or cannot be checked.

    Only a resident identity card can be checked (GB 11643: 18 characters, a date, a check character). The codes are
    ``resident_id_length``, ``resident_id_characters``, ``resident_id_check_character``, ``resident_id_birth_date``
    and ``resident_id_area``. The last is the weakest: districts are founded and dissolved, so any code that ever
    existed passes whatever the year of birth.
    """
    number = normalise_document(number)
    if kind != "resident_id" or not number:
        return ""
    if len(number) != 18:
        return "resident_id_length"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "resident_id_characters"
    if ric.calc_check_digit(number) != number[-1]:
        return "resident_id_check_character"
    try:
        born_on: date = ric.get_birth_date(number)
    except StdnumError:
        return "resident_id_birth_date"
    if not date(1870, 1, 1) <= born_on <= date.today():  # noqa: DTZ011 - a day either way decides nothing here
        return "resident_id_birth_date"
    is_area_known = any(properties for _part, properties in numdb.get("cn/loc").info(number[:6]))
    return "" if is_area_known else "resident_id_area"


def save_person(
    tx: Transaction,
    existing: Person | None,
    *,
    name: str,
    document_kind: str,
    document: str,
    phone: str,
    is_removed: bool = False,
) -> Person | None:
    """Saves an owner or a seller and returns the row for the record that names them; None when there is nobody.

    A blank field keeps what is there, and so does one that still holds its masked form: a form shows only that.
    ``is_removed`` takes the person off the record (and out of the database, unless another record names them).
    The row is flushed.
    """
    if is_removed:
        _remove_person(tx, existing)
        return None
    typed = {
        "name": name.strip(),
        "document": normalise_document(document),
        "phone": normalise_phone(phone),
    }
    if existing is None:
        if not any(typed.values()):
            return None
        person = Person(**typed, document_kind=_known_kind(document_kind))
        db.session.add(person)
        db.session.flush()
        tx.record("people:person:recorded", person, after=audited_values(person))
        return person
    before, masked = audited_values(existing), mask(existing)
    for field, value in typed.items():
        if value and value != getattr(masked, field):
            setattr(existing, field, value)
    if typed["document"]:
        existing.document_kind = _known_kind(document_kind)
    old, new = changed_values(before, audited_values(existing))
    if new:
        db.session.flush()
        tx.record("people:person:changed", existing, before=old, after=new)
    return existing


def mask(person: Person) -> MaskedPerson:
    """The person as everyone may see them."""
    return MaskedPerson(
        id=person.id,
        name=mask_name(person.name),
        document_kind=person.document_kind,
        document=mask_document(person.document),
        phone=mask_phone(person.phone),
        document_doubt=check_document(person.document_kind, person.document),
    )


def find_people(
    actor: Actor, *, name: str = "", document: str = "", phone: str = "", limit: int = 200
) -> list[MaskedPerson]:
    """The people who have all the given values, newest first: whole values only, for they are found by keyed hash.

    The search itself goes into the audit trail, with short keyed hashes of what was searched for.

    Raises:
        NotAllowed: the actor may not see personal data.
        NothingToSearchFor: no value was given.
    """
    actor.require("people.reveal")
    probe = Person(name=name.strip(), document=normalise_document(document), phone=normalise_phone(phone))
    keys = {"name": probe.name_key, "document": probe.document_key, "phone": probe.phone_key}
    searched = {field: key for field, key in keys.items() if key}
    if not searched:
        raise NothingToSearchFor
    conditions = [getattr(Person, f"{field}_key") == key for field, key in searched.items()]
    with transaction(actor) as tx:
        query = select(Person).where(*conditions).order_by(Person.id.desc()).limit(limit)
        found = [mask(person) for person in db.session.scalars(query)]
        hidden = {field: f"hidden:{key[:12]}" for field, key in searched.items()}
        tx.record("people:person:searched", probe, after={**hidden, "found": len(found)})
    return found


def reveal_person(actor: Actor, person_id: int, reason: str) -> RevealedPerson:
    """The person in full; who asked, and why, goes into the audit trail before anything is shown.

    Raises:
        NotAllowed: the actor may not see personal data.
        ReasonTooShort: the reason has fewer than ``SHORTEST_REASON`` characters that count.
        PersonNotFound: there is none with this id.
    """
    actor.require("people.reveal")
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise ReasonTooShort
    with transaction(actor) as tx:
        person = db.session.get(Person, person_id)
        if person is None:
            raise PersonNotFound
        tx.record("people:person:revealed", person, after={"reason": reason})
        return RevealedPerson(
            id=person.id,
            name=person.name,
            document_kind=person.document_kind,
            document=person.document,
            phone=person.phone,
            document_doubt=check_document(person.document_kind, person.document),
        )


def load_masked(person_id: int) -> MaskedPerson:
    """One person, masked.

    Raises:
        PersonNotFound: there is none with this id.
    """
    person = db.session.get(Person, person_id)
    if person is None:
        raise PersonNotFound
    return mask(person)


def _known_kind(kind: str) -> str:
    return kind if kind in DOCUMENT_KINDS else "other"


def _remove_person(tx: Transaction, person: Person | None) -> None:
    """Takes the row away with the record's link to it; stays where another record names the same person."""
    if person is None:
        return
    named_by = [(GoodsLine, GoodsLine.seller_id), (StolenReport, StolenReport.owner_id)]
    links = sum(
        db.session.scalar(select(func.count()).select_from(table).where(column == person.id)) or 0
        for table, column in named_by
    )
    tx.record("people:person:removed", person, before=audited_values(person))
    if links <= 1:
        db.session.delete(person)
