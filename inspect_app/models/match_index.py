"""The candidate index: a record's keys, how many share each, its traits, and the record as it was read."""

from sqlalchemy import BigInteger, LargeBinary, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from inspect_app.extensions import Model


class MatchKey(Model):
    """One key of one record: ``side`` 0 is a goods line, 1 a stolen item."""

    __tablename__ = "match_key"
    __table_args__ = ({"sqlite_with_rowid": False},)

    side: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    key_hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class MatchKeyCount(Model):
    """How many goods lines and stolen items are filed under a key that many may share."""

    __tablename__ = "match_key_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    key_hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    goods: Mapped[int] = mapped_column(default=0)
    stolen: Mapped[int] = mapped_column(default=0)


class MatchTraits(Model):
    """What a record is weighed by before it is compared, as ``matching.traits`` packs it.

    They stand apart from ``match_record``: a search reads a thousand of them, and in narrow rows they lie close together.
    """

    __tablename__ = "match_traits"
    __table_args__ = ({"sqlite_with_rowid": False},)

    side: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    packed: Mapped[bytes] = mapped_column(LargeBinary)


class MatchRecord(Model):
    """A record as the matcher of ``matcher_version`` read it, so that a candidate need not be read anew.

    ``search_keys`` and ``counted_keys`` are the keys that it is filed under, eight bytes each.
    """

    __tablename__ = "match_record"
    __table_args__ = ({"sqlite_with_rowid": False},)

    side: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    record_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    matcher_version: Mapped[str] = mapped_column(String(100))
    prepared: Mapped[str] = mapped_column(Text)
    search_keys: Mapped[bytes] = mapped_column(LargeBinary)
    counted_keys: Mapped[bytes] = mapped_column(LargeBinary)
