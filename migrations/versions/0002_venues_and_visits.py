"""Venues, visits, their goods logs and photos."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def _create_number_series() -> None:
    op.create_table(
        "number_series",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("last_value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_series")),
    )


def _create_person() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.String(length=64), nullable=False),
        sa.Column("document_kind", sa.String(length=20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("document_key", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("phone_key", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "document_kind IN ('resident_id', 'passport', 'permit', 'other')",
            name=op.f("ck_person_document_kind_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_document_key"), ["document_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_name_key"), ["name_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_phone_key"), ["phone_key"], unique=False)


def _create_venue() -> None:
    op.create_table(
        "venue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_pinyin", sa.String(length=600), nullable=False),
        sa.Column("name_initials", sa.String(length=120), nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=True),
        sa.Column("is_credit_code_doubtful", sa.Boolean(), nullable=False),
        sa.Column("filing_number", sa.String(length=60), nullable=False),
        sa.Column("licences", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("area_code", sa.String(length=12), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("responsible_name", sa.Text(), nullable=False),
        sa.Column("responsible_phone", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("market_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("risk", sa.String(length=10), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('second_hand', 'pawn', 'scrap', 'market')", name=op.f("ck_venue_kind_known")),
        sa.CheckConstraint("risk IN ('low', 'medium', 'high')", name=op.f("ck_venue_risk_known")),
        sa.CheckConstraint("state IN ('active', 'suspended', 'closed')", name=op.f("ck_venue_state_known")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_venue_created_by_id_user")),
        sa.ForeignKeyConstraint(["market_id"], ["venue.id"], name=op.f("fk_venue_market_id_venue")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_venue_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_venue_credit_code")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_venue_submission_id")),
    )
    with op.batch_alter_table("venue", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_venue_area_code"), ["area_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_venue_kind"), ["kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_venue_market_id"), ["market_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_venue_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_venue_name_initials"), ["name_initials"], unique=False)
        batch_op.create_index(batch_op.f("ix_venue_unit_id"), ["unit_id"], unique=False)


def _create_visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("submission_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("venue_kind", sa.String(length=20), nullable=False),
        sa.Column("checklist_version", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("venue_statement", sa.Text(), nullable=False),
        sa.Column("venue_representative", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("unparsed", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('routine', 'random', 'campaign', 'directed', 'follow_up')", name=op.f("ck_visit_kind_known")
        ),
        sa.CheckConstraint(
            "outcome IN ('no_problem', 'corrected_on_site', 'rectification_ordered', 'goods_held', 'case_opened') OR outcome IS NULL",
            name=op.f("ck_visit_outcome_known"),
        ),
        sa.CheckConstraint("state IN ('draft', 'submitted', 'amended')", name=op.f("ck_visit_state_known")),
        sa.CheckConstraint(
            "venue_kind IN ('second_hand', 'pawn', 'scrap', 'market')", name=op.f("ck_visit_venue_kind_known")
        ),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name=op.f("ck_visit_ends_after_start")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_visit_created_by_id_user")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_visit_unit_id_unit")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_visit_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("number", name=op.f("uq_visit_number")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_visit_submission_id")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_started_at"), ["started_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_venue_id"), ["venue_id"], unique=False)


def _create_checklist_answer() -> None:
    op.create_table(
        "checklist_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('yes', 'no', 'not_applicable', 'not_checked')", name=op.f("ck_checklist_answer_answer_known")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_checklist_answer_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_answer")),
        sa.UniqueConstraint("visit_id", "item_key", name=op.f("uq_checklist_answer_visit_id_item_key")),
    )
    with op.batch_alter_table("checklist_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_answer_visit_id"), ["visit_id"], unique=False)


def _create_goods_line() -> None:
    op.create_table(
        "goods_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_uid", sa.String(length=36), nullable=False),
        sa.Column("venue_id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("logged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seller_id", sa.Integer(), nullable=True),
        sa.Column("is_in_register", sa.Boolean(), nullable=True),
        sa.Column("disposition", sa.String(length=20), nullable=False),
        sa.Column("unparsed", sa.Text(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
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
        sa.CheckConstraint(
            "disposition IN ('on_shelf', 'held', 'released', 'seized', 'returned', 'forfeited', 'sold')",
            name=op.f("ck_goods_line_disposition_known"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_goods_line_created_by_id_user")),
        sa.ForeignKeyConstraint(["seller_id"], ["person.id"], name=op.f("fk_goods_line_seller_id_person")),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_goods_line_venue_id_venue")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_goods_line_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_line")),
        sa.UniqueConstraint("line_uid", name=op.f("uq_goods_line_line_uid")),
    )
    with op.batch_alter_table("goods_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goods_line_logged_at"), ["logged_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_goods_line_seller_id"), ["seller_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goods_line_venue_id"), ["venue_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goods_line_visit_id"), ["visit_id"], unique=False)


def _create_visit_officer() -> None:
    op.create_table(
        "visit_officer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_shown", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_visit_officer_user_id_user")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_officer_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_officer")),
        sa.UniqueConstraint("visit_id", "user_id", name=op.f("uq_visit_officer_visit_id_user_id")),
    )
    with op.batch_alter_table("visit_officer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_officer_user_id"), ["user_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_officer_visit_id"), ["visit_id"], unique=False)


def _create_goods_identifier() -> None:
    op.create_table(
        "goods_identifier",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("goods_line_id", sa.Integer(), nullable=False),
        sa.Column("read_by", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("value", sa.String(length=120), nullable=False),
        sa.Column("normalised", sa.String(length=120), nullable=False),
        sa.Column("check_result", sa.String(length=12), nullable=False),
        sa.Column("check_reason", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "check_result IN ('ok', 'doubtful', 'unchecked')", name=op.f("ck_goods_identifier_check_result_known")
        ),
        sa.CheckConstraint(
            "kind IN ('imei', 'vin', 'plate', 'vehicle_code', 'frame', 'motor', 'serial', 'certificate', 'lasercode', 'batch', 'other')",
            name=op.f("ck_goods_identifier_kind_known"),
        ),
        sa.CheckConstraint("read_by IN ('hand', 'scan', 'photo')", name=op.f("ck_goods_identifier_read_by_known")),
        sa.ForeignKeyConstraint(
            ["goods_line_id"], ["goods_line.id"], name=op.f("fk_goods_identifier_goods_line_id_goods_line")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_identifier")),
    )
    with op.batch_alter_table("goods_identifier", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_goods_identifier_goods_line_id"), ["goods_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_goods_identifier_normalised"), ["normalised"], unique=False)


def _create_photo() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("goods_line_id", sa.Integer(), nullable=True),
        sa.Column("item_key", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("original_sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["goods_line_id"], ["goods_line.id"], name=op.f("fk_photo_goods_line_id_goods_line")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["user.id"], name=op.f("fk_photo_uploaded_by_id_user")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_photo_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint(
            "visit_id", "subject", "original_sha256", name=op.f("uq_photo_visit_id_subject_original_sha256")
        ),
    )
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_photo_goods_line_id"), ["goods_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_photo_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_photo_visit_id"), ["visit_id"], unique=False)


def upgrade() -> None:
    _create_number_series()
    _create_person()
    _create_venue()
    _create_visit()
    _create_checklist_answer()
    _create_goods_line()
    _create_visit_officer()
    _create_goods_identifier()
    _create_photo()


def downgrade() -> None:
    op.drop_table("photo")
    op.drop_table("goods_identifier")
    op.drop_table("visit_officer")
    op.drop_table("goods_line")
    op.drop_table("checklist_answer")
    op.drop_table("visit")
    op.drop_table("venue")
    op.drop_table("person")
    op.drop_table("number_series")
