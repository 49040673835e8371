"""Owners and sellers: what is kept, what is shown, and who may see more."""

import pytest
from flask import Flask

from inspect_app.extensions import db
from inspect_app.models import AuditEvent, Person
from inspect_app.services import people
from inspect_app.services.actors import Actor, NotAllowed
from inspect_app.services.transaction import transaction
from tests.factories import accounts, records


@pytest.fixture
def desk(app: Flask) -> Actor:
    """A registrar of the desk, who may see personal data."""
    return accounts.actor_for(accounts.create_user(role="desk"))


def save(actor: Actor, existing_id: int | None = None, **values: object) -> Person | None:
    typed = {"name": "", "document_kind": "resident_id", "document": "", "phone": "", **values}
    with transaction(actor) as tx:
        existing = db.session.get(Person, existing_id) if existing_id else None
        return people.save_person(tx, existing, **typed)


def actions() -> list[str]:
    return [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.seq)]


def test_nobody_is_saved_where_nothing_was_given(actor: Actor) -> None:
    assert save(actor, name="  ") is None
    assert actions() == []


def test_numbers_are_saved_in_one_form(actor: Actor) -> None:
    person = save(actor, name=" 梁试 ", document="４２０７０４１９０００１０１００６ｘ", phone="+86 138-0000 5678")
    assert (person.name, person.document, person.phone) == ("梁试", "42070419000101006X", "13800005678")


def test_blank_and_masked_fields_keep_what_is_there(actor: Actor) -> None:
    person = save(actor, name="梁试", document="420704190001010019", phone="13800005678")
    masked = people.mask(person)
    again = save(actor, person.id, name=masked.name, document=masked.document, phone="")
    assert (again.name, again.document, again.phone) == ("梁试", "420704190001010019", "13800005678")
    assert actions() == ["people:person:recorded"]


def test_a_change_is_in_the_audit_trail_without_the_value(actor: Actor) -> None:
    person = save(actor, name="梁试", phone="13800005678")
    save(actor, person.id, phone="13900001234")
    event = db.session.query(AuditEvent).order_by(AuditEvent.seq.desc()).first()
    assert event.action == "people:person:changed"
    assert set(event.after) == {"phone"}
    assert "13900001234" not in str(event.after) + str(event.before)


def test_a_person_taken_off_the_only_record_is_gone(actor: Actor) -> None:
    person = records.create_person()
    report = records.create_report(owner=person)
    with transaction(actor) as tx:
        report.owner = people.save_person(
            tx, report.owner, name="", document_kind="", document="", phone="", is_removed=True
        )
    assert report.owner is None
    assert db.session.query(Person).count() == 0


def test_a_person_whom_another_record_names_stays(actor: Actor) -> None:
    person = records.create_person()
    report, other = records.create_report(owner=person), records.create_report(owner=person)
    with transaction(actor) as tx:
        report.owner = people.save_person(
            tx, report.owner, name="", document_kind="", document="", phone="", is_removed=True
        )
    assert report.owner is None
    assert other.owner.name == person.name


def test_people_are_found_by_whole_values_and_shown_masked(desk: Actor) -> None:
    records.create_person(name="王小明", document="E12345678", phone="13800005678")
    records.create_person(name="王小明", document="E99999999", phone="13900001234")
    found = people.find_people(desk, name="王小明", phone="138 0000 5678")
    assert [(person.name, person.document, person.phone) for person in found] == [("王**", "E12****78", "138****5678")]
    assert people.find_people(desk, phone="1380000567") == []
    with pytest.raises(people.NothingToSearchFor):
        people.find_people(desk, name="  ")


def test_revealing_needs_the_permission_and_a_reason(desk: Actor, actor: Actor) -> None:
    person = records.create_person()
    with pytest.raises(NotAllowed):
        people.reveal_person(actor, person.id, "call the owner back")
    with pytest.raises(NotAllowed):
        people.find_people(actor, phone=person.phone)
    with pytest.raises(people.ReasonTooShort):
        people.reveal_person(desk, person.id, " a   b ")
    with pytest.raises(people.PersonNotFound):
        people.reveal_person(desk, person.id + 1, "call the owner back")
    assert actions() == []


def test_revealing_is_recorded_with_its_reason(desk: Actor) -> None:
    person = records.create_person()
    revealed = people.reveal_person(desk, person.id, "联系失主认领物品")
    assert (revealed.name, revealed.document, revealed.phone) == (person.name, person.document, person.phone)
    event = db.session.query(AuditEvent).one()
    assert (event.action, event.subject_id, event.after) == (
        "people:person:revealed",
        str(person.id),
        {"reason": "联系失主认领物品"},
    )


@pytest.mark.parametrize(
    ("number", "doubt"),
    [
        ("420704190001010019", ""),
        ("42070419000101006x", ""),
        ("４２０７０４１９０００１０１００１９", ""),
        ("420704190001010018", "resident_id_check_character"),
        ("42070319000229001X", "resident_id_birth_date"),
        ("42070419000101001", "resident_id_length"),
        ("42070419000101O019", "resident_id_characters"),
        ("²20704190001010019", "resident_id_check_character"),
        ("99070419000101001X", "resident_id_area"),
        ("", ""),
    ],
)
def test_resident_identity_cards_are_checked(number: str, doubt: str) -> None:
    assert people.check_document("resident_id", number) == doubt


def test_other_documents_are_not_checked() -> None:
    assert people.check_document("passport", "E1") == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138 0000 5678", "13800005678"),
        ("＋８６ １３８００００５６７８", "13800005678"),
        ("008613800005678", "13800005678"),
        ("8613800005678", "13800005678"),
        ("027-8765 4321", "02787654321"),
        ("(+86) 27-87654321", "2787654321"),
        ("+44 20 7946 0000", "+442079460000"),
        ("13800005678 (wife)", "13800005678 (wife)"),
    ],
)
def test_phone_numbers_have_one_form(typed: str, kept: str) -> None:
    assert people.normalise_phone(typed) == kept


def test_a_search_is_recorded_without_what_was_searched_for(app: Flask) -> None:
    records.create_person(phone="13800005678")
    desk = accounts.actor_for(accounts.create_user(role="desk"))
    people.find_people(desk, phone="138 0000 5678")
    event = db.session.query(AuditEvent).order_by(AuditEvent.seq.desc()).first()
    assert event is not None
    assert (event.action, event.actor_id, event.subject_id, event.after["found"]) == (
        "people:person:searched",
        desk.user_id,
        "",
        1,
    )
    assert event.after["phone"].startswith("hidden:")
    assert "13800005678" not in str(event.after)
