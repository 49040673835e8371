"""The words of the matcher, and the versions that were in force."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def _create_alias_change() -> None:
    op.create_table(
        "alias_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("canonical", sa.String(length=60), nullable=False),
        sa.Column("spelling", sa.String(length=60), nullable=False),
        sa.Column("folded", sa.String(length=120), nullable=False),
        sa.Column("is_removed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('make', 'model', 'colour', 'material', 'category', 'mark_cue', 'stop_phrase')",
            name=op.f("ck_alias_change_kind_known"),
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["user.id"], name=op.f("fk_alias_change_changed_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alias_change")),
        sa.UniqueConstraint("kind", "folded", name=op.f("uq_alias_change_kind_folded")),
    )


def _create_matcher_release() -> None:
    op.create_table(
        "matcher_release",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("weights_version", sa.String(length=30), nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("book_version", sa.String(length=8), nullable=False),
        sa.Column("book", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.Column("rehearsal", sa.JSON(), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'rehearsed', 'proposed', 'in_force', 'retired', 'rejected')",
            name=op.f("ck_matcher_release_state_known"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_matcher_release_created_by_id_user")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_matcher_release_decided_by_id_user")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_matcher_release_job_id_job")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["user.id"], name=op.f("fk_matcher_release_proposed_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matcher_release")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_matcher_release_submission_id")),
    )
    with op.batch_alter_table("matcher_release", schema=None) as batch_op:
        batch_op.create_index(
            "ix_matcher_release_one_in_force",
            ["state"],
            unique=True,
            sqlite_where=sa.text("state = 'in_force'"),
            postgresql_where=sa.text("state = 'in_force'"),
        )


def upgrade() -> None:
    _create_alias_change()
    _create_matcher_release()


def downgrade() -> None:
    op.drop_table("matcher_release")
    op.drop_table("alias_change")
