"""The traits of a record move out of its reading into narrow rows of their own, where a search reads them faster."""

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
    op.drop_column("match_record", "traits")


def downgrade() -> None:
    # What is filed is made anew by `match rescreen`; an empty reading is never read, for its version is nobody's.
    op.add_column("match_record", sa.Column("traits", sa.LargeBinary(), nullable=False, server_default=""))
    op.execute(
        "UPDATE match_record SET traits = (SELECT t.packed FROM match_traits t"
        " WHERE t.side = match_record.side AND t.record_id = match_record.record_id)"
    )
    op.drop_table("match_traits")
