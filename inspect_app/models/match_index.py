"""The candidate index: a record's keys, how many share each, its traits, and the record as it was read."""

from sqlalchemy import BigInteger, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.extensions import Model


class MatchKey(Model):
    """One key of one record: ``side`` 0 is a goods line, 1 a stolen item.

    ``hint`` is when and where the record happened, its value and its colours, as ``matching.traits`` packs them: so a
    search can weigh all that share a key without reading anything else of them.
    """

    __tablename__ = "match_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    side: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    key_hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hint: Mapped[int] = mapped_column(BigInteger, server_default="0")


class MatchKeyCount(Model):
    """How many goods lines and stolen items are filed under a key that many may share."""

    __tablename__ = "match_key_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key_hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    goods: Mapped[int] = mapped_column(default=0)
    stolen: Mapped[int] = mapped_column(default=0)


class MatchTraits(Model):
    """What a record is weighed by before it is compared, as ``matching.traits`` packs it.

    They stand apart: a search reads hundreds of them, and in narrow rows they lie close together.
    """

    __tablename__ = "match_traits"
    __table_args__ = ({"sqlite_with_rowid": False},)

    side: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class MatchFiling(Model):
    """The keys that a record is filed under in ``match_key``, eight bytes each; read when it is filed anew."""

    __tablename__ = "match_filing"
    __table_args__ = ({"sqlite_with_rowid": False},)

    side: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    search_keys: Mapped[bytes] = mapped_column(LargeBinary)


class MatchRecord(Model):
    """A record as the matcher of ``matcher_version`` read it, so that a candidate need not be read anew.

    ``counted_keys`` are its keys whose counts are kept, eight bytes each. A row must stay well under a thousand bytes:
    SQLite puts what is longer on a page of its own, and a search reads some eighty of these rows.
    """

    __tablename__ = "match_record"
    __table_args__ = ({"sqlite_with_rowid": False},)

    side: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    matcher_version: Mapped[str] = mapped_column(String(100))
    prepared: Mapped[str] = mapped_column(Text)
    counted_keys: Mapped[bytes] = mapped_column(LargeBinary)
