"""The things that the whole application shares: made here, attached to one application in ``application``."""

import hashlib
import hmac
import sqlite3
import unicodedata
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask_babel import Babel
from flask_migrate import Migrate
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Connection, Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase


class UnreadableSecret(Exception):
    """A stored value was encrypted with a key that is not among the encryption keys any more."""


class Base(DeclarativeBase):
    """Names every constraint, so that migrations can change it on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Vault:
    """Encrypts personal data and makes the keyed hashes by which it is found again.

    Fernet (AES-128-CBC with HMAC-SHA256) in ``MultiFernet``: the first key encrypts, all decrypt, so keys can rotate.
    """

    def __init__(self) -> None:
        self._fernet: MultiFernet | None = None
        self._newest: Fernet | None = None
        self._lookup_key = b""

    def init_keys(self, encryption_keys: str, lookup_key: str) -> None:
        """Takes the comma-separated Fernet keys (newest first) and the key of the lookup hashes."""
        fernets = [Fernet(key.strip()) for key in encryption_keys.split(",")]
        self._newest, self._fernet = fernets[0], MultiFernet(fernets)
        self._lookup_key = lookup_key.encode()

    @property
    def fernet(self) -> MultiFernet:
        """The cipher; present once ``init_keys`` has run."""
        assert self._fernet is not None, "the vault has no keys yet"
        return self._fernet

    def encrypt(self, text: str) -> str:
        """The text as an URL-safe token."""
        return self.fernet.encrypt(text.encode()).decode()

    def decrypt(self, token: str) -> str:
        """The text of a token.

        Raises:
            UnreadableSecret: no present key made it.
        """
        try:
            return self.fernet.decrypt(token.encode()).decode()
        except InvalidToken:
            raise UnreadableSecret("a stored value cannot be read with the present encryption keys") from None

    def is_newest(self, token: str) -> bool:
        """Whether the first key made the token."""
        assert self._newest is not None, "the vault has no keys yet"
        try:
            self._newest.decrypt(token.encode())
        except InvalidToken:
            return False
        return True

    def rotate(self, token: str) -> str:
        """The same text encrypted anew with the first key.

        Raises:
            UnreadableSecret: no present key made it.
        """
        try:
            return self.fernet.rotate(token.encode()).decode()
        except InvalidToken:
            raise UnreadableSecret("a stored value cannot be read with the present encryption keys") from None

    def lookup_hash(self, text: str) -> str:
        """A keyed hash (64 hex digits) of the text, equal for equal text whatever its width, case and spacing."""
        folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
        return hmac.new(self._lookup_key, folded.encode(), hashlib.sha256).hexdigest()


@event.listens_for(Engine, "connect")
def _configure_sqlite(dbapi_connection: Any, _record: Any) -> None:
    """WAL, a patient lock and enforced foreign keys; the driver must not open transactions behind our back."""
    if not isinstance(dbapi_connection, sqlite3.Connection):
        return
    dbapi_connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "busy_timeout=30000", "synchronous=NORMAL", "foreign_keys=ON"):
        dbapi_connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    """Opens the transaction ourselves, IMMEDIATE where it will write: a deferred one fails when two writers meet."""
    if connection.dialect.name == "sqlite":
        mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")


db = SQLAlchemy(model_class=Base)
csrf = CSRFProtect()
babel = Babel()
migrate = Migrate()
security = Security()
vault = Vault()

# The base class of the tables. Flask-SQLAlchemy builds it at run time, so the type checker is told what it comes from.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model
