"""Stolen property, imports and the jobs that do long work."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def _create_job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("cursor", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("done_units", sa.Integer(), nullable=False),
        sa.Column("total_units", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("run_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_by", sa.String(length=80), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name=op.f("ck_job_state_known")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_job_created_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_next", ["state", "run_after"], unique=False)


def _create_saved_mapping() -> None:
    op.create_table(
        "saved_mapping",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_saved_mapping_created_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_mapping")),
        sa.UniqueConstraint("name", name=op.f("uq_saved_mapping_name")),
    )


def _create_import_batch() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("sheet", sa.JSON(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("total_rows", sa.Integer(), nullable=False),
        sa.Column("accepted_rows", sa.Integer(), nullable=False),
        sa.Column("refused_rows", sa.Integer(), nullable=False),
        sa.Column("repeated_rows", sa.Integer(), nullable=False),
        sa.Column("alerts_raised", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("job_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('uploaded', 'queued', 'running', 'done', 'failed', 'cancelled')",
            name=op.f("ck_import_batch_state_known"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_import_batch_created_by_id_user")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_import_batch_job_id_job")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_import_batch_submission_id")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_file_sha256"), ["file_sha256"], unique=False)


def _create_import_refusal() -> None:
    op.create_table(
        "import_refusal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("column", sa.String(length=120), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_batch.id"], name=op.f("fk_import_refusal_import_id_import_batch")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_refusal")),
        sa.UniqueConstraint("import_id", "row_number", name=op.f("uq_import_refusal_import_id_row_number")),
    )
    with op.batch_alter_table("import_refusal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_refusal_import_id"), ["import_id"], unique=False)


def _create_stolen_report() -> None:
    op.create_table(
        "stolen_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("occurred_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("occurred_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("unparsed", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('call_110', 'counter', 'hotline', 'online', 'transfer')",
            name=op.f("ck_stolen_report_channel_known"),
        ),
        sa.CheckConstraint(
            "occurred_from IS NULL OR occurred_to IS NULL OR occurred_to >= occurred_from",
            name=op.f("ck_stolen_report_range_in_order"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_stolen_report_created_by_id_user")),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_batch.id"], name=op.f("fk_stolen_report_import_id_import_batch")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_stolen_report_owner_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_stolen_report_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stolen_report")),
        sa.UniqueConstraint("number", name=op.f("uq_stolen_report_number")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_stolen_report_submission_id")),
    )
    with op.batch_alter_table("stolen_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stolen_report_area_code"), ["area_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_stolen_report_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stolen_report_occurred_from"), ["occurred_from"], unique=False)
        batch_op.create_index(batch_op.f("ix_stolen_report_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stolen_report_reported_at"), ["reported_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stolen_report_unit_id"), ["unit_id"], unique=False)


def _create_stolen_item() -> None:
    op.create_table(
        "stolen_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_uid", sa.String(length=36), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("value_fen", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=False),
        sa.Column("import_key", sa.String(length=64), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("brand", sa.String(length=120), nullable=False),
        sa.Column("model", sa.String(length=120), nullable=False),
        sa.Column("specification", sa.String(length=200), nullable=False),
        sa.Column("colour", sa.String(length=60), nullable=False),
        sa.Column("marks", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Float(), nullable=True),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("weight_g", sa.Float(), nullable=True),
        sa.ForeignKeyConstraint(
            ["report_id"], ["stolen_report.id"], name=op.f("fk_stolen_item_report_id_stolen_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stolen_item")),
        sa.UniqueConstraint("import_key", name=op.f("uq_stolen_item_import_key")),
        sa.UniqueConstraint("item_uid", name=op.f("uq_stolen_item_item_uid")),
    )
    with op.batch_alter_table("stolen_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stolen_item_report_id"), ["report_id"], unique=False)


def _create_stolen_identifier() -> None:
    op.create_table(
        "stolen_identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stolen_item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("normalised", sa.String(length=120), nullable=False),
        sa.Column("check_result", sa.String(length=12), nullable=False),
        sa.Column("check_reason", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "check_result IN ('ok', 'doubtful', 'unchecked')", name=op.f("ck_stolen_identifier_check_result_known")
        ),
        sa.CheckConstraint(
            "kind IN ('imei', 'vin', 'plate', 'vehicle_code', 'frame', 'motor', 'serial', 'certificate', 'lasercode', 'batch', 'other')",
            name=op.f("ck_stolen_identifier_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["stolen_item_id"], ["stolen_item.id"], name=op.f("fk_stolen_identifier_stolen_item_id_stolen_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stolen_identifier")),
    )
    with op.batch_alter_table("stolen_identifier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stolen_identifier_normalised"), ["normalised"], unique=False)
        batch_op.create_index(batch_op.f("ix_stolen_identifier_stolen_item_id"), ["stolen_item_id"], unique=False)


def upgrade() -> None:
    _create_job()
    _create_saved_mapping()
    _create_import_batch()
    _create_import_refusal()
    _create_stolen_report()
    _create_stolen_item()
    _create_stolen_identifier()


def downgrade() -> None:
    op.drop_table("stolen_identifier")
    op.drop_table("stolen_item")
    op.drop_table("stolen_report")
    op.drop_table("import_refusal")
    op.drop_table("import_batch")
    op.drop_table("saved_mapping")
    op.drop_table("job")
