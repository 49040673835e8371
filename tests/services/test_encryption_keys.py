"""Keys rotate while everything stays readable, and afterwards the old one can be thrown away."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import select, text

from inspect_app.extensions import UnreadableSecret, db, vault
from inspect_app.models import AuditEvent, KeptForm, Person
from inspect_app.services import encryption_keys
from inspect_app.services.actors import Actor, NotAllowed, system_actor
from inspect_app.services.encryption_keys import encrypted_columns, rotate_keys
from inspect_app.services.kept_forms import SentForm, keep_form

OLD, NEW, LOST = (Fernet.generate_key().decode() for _key in range(3))
LOOKUP = "lookup-key"
ADMIN = system_actor("test")


@pytest.fixture
def old_key(app: Flask) -> Iterator[None]:
    """The product as it ran with the old key; the keys of the application come back at the end."""
    settings = app.config["INSPECT"]
    vault.init_keys(OLD, LOOKUP)
    yield
    vault.init_keys(settings.encryption_keys, settings.lookup_key)


def add_people(count: int) -> None:
    """So many people, as the present key encrypts them."""
    for number in range(count):
        db.session.add(Person(name=f"王小明{number}", phone="13800000000"))
    db.session.commit()


def names() -> list[str]:
    """The names as the present keys read them."""
    db.session.rollback()
    return list(db.session.scalars(select(Person.name).order_by(Person.id)))


def test_old_key_can_be_dropped(old_key: None, actor: Actor) -> None:
    add_people(7)
    keep_form(actor.user_id, SentForm("/x", (("goods", "山地车"),)), "test")
    expected, key_hash = names(), vault.lookup_hash("王小明0")
    vault.init_keys(f"{NEW},{OLD}", LOOKUP)
    done = {found.table: found for found in rotate_keys(ADMIN)}
    assert done["kept_form"].rotated == 1
    assert (done["person"].rotated, done["person"].already) == (21, 0), "name, document and phone of seven people"
    vault.init_keys(NEW, LOOKUP)
    assert names() == expected
    assert db.session.scalars(select(KeptForm)).one().body
    assert db.session.scalars(select(Person).where(Person.name_key == key_hash)).one(), "still found by its hash"
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "accounts:keys:rotated")).one()
    assert event.after["person"] == 21


def test_goes_on_where_it_was_stopped(old_key: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encryption_keys, "CHUNK_ROWS", 2)
    add_people(7)
    vault.init_keys(f"{NEW},{OLD}", LOOKUP)
    rotated_before, original = 0, vault.rotate

    def fail_at_the_fifth(token: str) -> str:
        nonlocal rotated_before
        rotated_before += 1
        if rotated_before == 5 * 3:
            raise KeyboardInterrupt
        return original(token)

    monkeypatch.setattr(vault, "rotate", fail_at_the_fifth)
    with pytest.raises(KeyboardInterrupt):
        rotate_keys(ADMIN)
    monkeypatch.setattr(vault, "rotate", original)
    done = {found.table: found for found in rotate_keys(ADMIN)}
    assert (done["person"].rotated, done["person"].already) == (9, 12), "two chunks of two people were done"
    assert {found.table: found.rotated for found in rotate_keys(ADMIN)}["person"] == 0


def test_value_of_a_lost_key_is_said(old_key: None) -> None:
    add_people(1)
    vault.init_keys(f"{NEW},{LOST}", LOOKUP)
    with pytest.raises(UnreadableSecret):
        rotate_keys(ADMIN)
    vault.init_keys(OLD, LOOKUP)
    assert names() == ["王小明0"]


def test_every_encrypted_column_is_rotated(app: Flask) -> None:
    tables = {table.name for table, _columns in encrypted_columns()}
    assert {"person", "kept_form", "import_refusal"} <= tables


def test_only_the_administrator(app: Flask, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        rotate_keys(actor)


def test_command(app: Flask, old_key: None) -> None:
    add_people(2)
    vault.init_keys(f"{NEW},{OLD}", LOOKUP)
    told = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert told.exit_code == 0, told.output
    assert "person: 6 rotated" in told.output
    vault.init_keys(LOST, LOOKUP)
    told = app.test_cli_runner().invoke(args=["keys", "rotate"])
    assert told.exit_code == 1
    assert "a key that is not given" in told.output
    stored = db.session.execute(text("SELECT name FROM person")).scalars().all()
    assert len(stored) == 2
