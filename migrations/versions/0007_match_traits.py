"""The traits and the filed keys of a record move out of its reading to rows of their own: a search reads faster.

The traits also stand beside each key, coarsened, as a hint. A hint of 0 says nothing; what was filed before gets its
hint when it is filed anew (`flask --app wsgi match rescreen`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "match_traits",
        sa.Column("side", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("side", "record_id", name=op.f("pk_match_traits")),
        sqlite_with_rowid=False,
    )
    op.execute("INSERT INTO match_traits (side, record_id, packed) SELECT side, record_id, traits FROM match_record")
    op.create_table(
        "match_filing",
        sa.Column("side", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("search_keys", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("side", "record_id", name=op.f("pk_match_filing")),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO match_filing (side, record_id, search_keys) SELECT side, record_id, search_keys FROM match_record"
    )
    op.drop_column("match_record", "traits")
    op.drop_column("match_record", "search_keys")
    op.add_column("match_key", sa.Column("hint", sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("match_key", "hint")
    for column, table, kept in (("traits", "match_traits", "packed"), ("search_keys", "match_filing", "search_keys")):
        op.add_column("match_record", sa.Column(column, sa.LargeBinary(), nullable=False, server_default=""))
        op.execute(
            f"UPDATE match_record SET {column} = (SELECT t.{kept} FROM {table} t"  # noqa: S608 - names of our own
            " WHERE t.side = match_record.side AND t.record_id = match_record.record_id)"
        )
        op.drop_table(table)
