"""Alerts, what was decided of them, and the candidate index."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def _create_match_key() -> None:
    op.create_table(
        "match_key",
        sa.Column("side", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key_hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("side", "key_hash", "record_id", name=op.f("pk_match_key")),
        sqlite_with_rowid=False,
    )


def _create_match_key_count() -> None:
    op.create_table(
        "match_key_count",
        sa.Column("key_hash", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("goods", sa.Integer(), nullable=False),
        sa.Column("stolen", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_match_key_count")),
        sqlite_with_rowid=False,
    )


def _create_match_record() -> None:
    op.create_table(
        "match_record",
        sa.Column("side", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("traits", sa.LargeBinary(), nullable=False),
        sa.Column("matcher_version", sa.String(length=100), nullable=False),
        sa.Column("prepared", sa.Text(), nullable=False),
        sa.Column("search_keys", sa.LargeBinary(), nullable=False),
        sa.Column("counted_keys", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("side", "record_id", name=op.f("pk_match_record")),
        sqlite_with_rowid=False,
    )


def _create_screened() -> None:
    op.create_table(
        "screened",
        sa.Column("side", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("matcher_version", sa.String(length=80), nullable=False),
        sa.Column("screened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("side", "record_id", name=op.f("pk_screened")),
        sqlite_with_rowid=False,
    )


def _create_alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goods_line_id", sa.Integer(), nullable=False),
        sa.Column("stolen_item_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("probability", sa.Float(), nullable=False),
        sa.Column("weight_bits", sa.Float(), nullable=False),
        sa.Column("evidence_bits", sa.Float(), nullable=False),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("evidence_key", sa.String(length=64), nullable=False),
        sa.Column("matcher_version", sa.String(length=80), nullable=False),
        sa.Column("quiet_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("band IN ('alert', 'possible')", name=op.f("ck_alert_band_known")),
        sa.CheckConstraint(
            "state IN ('new', 'triaged', 'pushed', 'acknowledged', 'on_site', 'escalated', 'unsure', 'confirmed', 'dismissed', 'superseded', 'closed')",
            name=op.f("ck_alert_state_known"),
        ),
        sa.ForeignKeyConstraint(["goods_line_id"], ["goods_line.id"], name=op.f("fk_alert_goods_line_id_goods_line")),
        sa.ForeignKeyConstraint(
            ["stolen_item_id"], ["stolen_item.id"], name=op.f("fk_alert_stolen_item_id_stolen_item")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_alert_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("goods_line_id", "stolen_item_id", name=op.f("uq_alert_goods_line_id_stolen_item_id")),
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_goods_line_id"), ["goods_line_id"], unique=False)
        batch_op.create_index("ix_alert_queue", ["band", "state", "raised_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_raised_at"), ["raised_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_stolen_item_id"), ["stolen_item_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_alert_unit_id"), ["unit_id"], unique=False)


def _create_alert_move() -> None:
    op.create_table(
        "alert_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=False),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_move_alert_id_alert")),
        sa.ForeignKeyConstraint(["moved_by_id"], ["user.id"], name=op.f("fk_alert_move_moved_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_move")),
    )
    with op.batch_alter_table("alert_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_move_alert_id"), ["alert_id"], unique=False)


def _create_judgement() -> None:
    op.create_table(
        "judgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("alert_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_key", sa.String(length=64), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "reason IN ('different_item', 'owner_proved', 'report_wrong', 'identifier_misread', 'other') OR reason IS NULL",
            name=op.f("ck_judgement_reason_known"),
        ),
        sa.CheckConstraint("verdict IN ('confirmed', 'dismissed', 'unsure')", name=op.f("ck_judgement_verdict_known")),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_judgement_alert_id_alert")),
        sa.ForeignKeyConstraint(["judged_by_id"], ["user.id"], name=op.f("fk_judgement_judged_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_judgement_submission_id")),
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_judgement_alert_id"), ["alert_id"], unique=False)


def upgrade() -> None:
    _create_match_key()
    _create_match_key_count()
    _create_match_record()
    _create_screened()
    _create_alert()
    _create_alert_move()
    _create_judgement()


def downgrade() -> None:
    op.drop_table("judgement")
    op.drop_table("alert_move")
    op.drop_table("alert")
    op.drop_table("screened")
    op.drop_table("match_record")
    op.drop_table("match_key_count")
    op.drop_table("match_key")
