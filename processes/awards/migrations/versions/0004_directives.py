"""Directives, their tasks and targets, reports, extensions and recipients."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from engine import models

revision: str = "awards_0004"
down_revision: str | Sequence[str] | None = "awards_0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "directive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_en", sa.Text(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("signer", sa.Text(), nullable=False),
        sa.Column("signer_title", sa.Text(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "awaiting_approval",
                "in_force",
                "closed",
                name="directivestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("upload_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("distributed_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["person.id"], name=op.f("fk_directive_entered_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instance.id"], name=op.f("fk_directive_instance_id_process_instance")
        ),
        sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], name=op.f("fk_directive_upload_id_upload")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_directive_instance_id")),
        sa.UniqueConstraint("number", name=op.f("uq_directive_number")),
    )
    op.create_table(
        "directive_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directive_id"], ["directive.id"], name=op.f("fk_directive_item_directive_id_directive")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_item")),
        sa.UniqueConstraint("directive_id", "position", name=op.f("uq_directive_item_directive_id_position")),
    )
    op.create_table(
        "directive_recipient",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("group", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directive_id"], ["directive.id"], name=op.f("fk_directive_recipient_directive_id_directive")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_recipient")),
    )
    with op.batch_alter_table("directive_recipient", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_directive_recipient_directive_id"), ["directive_id"], unique=False
        )
    op.create_table(
        "directive_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("period_name", sa.Text(), nullable=False),
        sa.Column("period_ends_on", sa.Date(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("assessment", sa.Text(), nullable=False),
        sa.Column("proposals", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "awaiting_signature",
                "sent",
                name="directivereportstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("drafted_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("signed_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("sent_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("pdf_upload_id", sa.Integer(), nullable=True),
        sa.Column("word_upload_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directive_id"], ["directive.id"], name=op.f("fk_directive_report_directive_id_directive")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_directive_report_instance_id_process_instance"),
        ),
        sa.ForeignKeyConstraint(
            ["pdf_upload_id"], ["upload.id"], name=op.f("fk_directive_report_pdf_upload_id_upload")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["person.id"], name=op.f("fk_directive_report_signed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["word_upload_id"], ["upload.id"], name=op.f("fk_directive_report_word_upload_id_upload")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_report")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_directive_report_instance_id")),
    )
    with op.batch_alter_table("directive_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directive_report_directive_id"), ["directive_id"], unique=False)
    op.create_table(
        "directive_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("read_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outbox_mail.id"], name=op.f("fk_directive_delivery_mail_id_outbox_mail")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_directive_delivery_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"],
            ["directive_recipient.id"],
            name=op.f("fk_directive_delivery_recipient_id_directive_recipient"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_delivery")),
        sa.UniqueConstraint("mail_id", name=op.f("uq_directive_delivery_mail_id")),
        sa.UniqueConstraint(
            "recipient_id",
            "person_id",
            "address",
            name=op.f("uq_directive_delivery_recipient_id_person_id_address"),
        ),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_directive_delivery_token_sha256")),
    )
    with op.batch_alter_table("directive_delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directive_delivery_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_directive_delivery_recipient_id"), ["recipient_id"], unique=False
        )
    op.create_table(
        "directive_task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("directive_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("lead_unit_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("next_report_on", sa.Date(), nullable=True),
        sa.Column("progress_percent", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "done",
                "cancelled",
                name="directivetaskstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("escalated_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directive_id"], ["directive.id"], name=op.f("fk_directive_task_directive_id_directive")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_directive_task_instance_id_process_instance"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["directive_item.id"], name=op.f("fk_directive_task_item_id_directive_item")
        ),
        sa.ForeignKeyConstraint(
            ["lead_unit_id"], ["unit.id"], name=op.f("fk_directive_task_lead_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_task")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_directive_task_instance_id")),
    )
    with op.batch_alter_table("directive_task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directive_task_directive_id"), ["directive_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_directive_task_lead_unit_id"), ["lead_unit_id"], unique=False)
    op.create_table(
        "directive_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("measure_en", sa.Text(), nullable=False),
        sa.Column("lowest", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("highest", sa.Numeric(precision=24, scale=6), nullable=True),
        sa.ForeignKeyConstraint(
            ["task_id"], ["directive_task.id"], name=op.f("fk_directive_target_task_id_directive_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directive_target")),
    )
    with op.batch_alter_table("directive_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_directive_target_task_id"), ["task_id"], unique=False)
    op.create_table(
        "directive_task_partner",
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["task_id"], ["directive_task.id"], name=op.f("fk_directive_task_partner_task_id_directive_task")
        ),
        sa.ForeignKeyConstraint(
            ["unit_id"], ["unit.id"], name=op.f("fk_directive_task_partner_unit_id_unit")
        ),
        sa.PrimaryKeyConstraint("task_id", "unit_id", name=op.f("pk_directive_task_partner")),
    )
    op.create_table(
        "task_extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_on_before", sa.Date(), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "granted",
                "refused",
                name="extensionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("granted_on", sa.Date(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_task_extension_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_task_extension_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["directive_task.id"], name=op.f("fk_task_extension_task_id_directive_task")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_extension")),
    )
    with op.batch_alter_table("task_extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_extension_task_id"), ["task_id"], unique=False)
    op.create_table(
        "task_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("period_ends_on", sa.Date(), nullable=False),
        sa.Column("progress_percent", sa.Integer(), nullable=False),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("difficulties", sa.Text(), nullable=False),
        sa.Column("lower_because", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "written",
                "submitted",
                "accepted",
                "sent_back",
                name="reportstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("judged_by_id", sa.Integer(), nullable=True),
        sa.Column("judged_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("judgement", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["judged_by_id"], ["person.id"], name=op.f("fk_task_report_judged_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["directive_task.id"], name=op.f("fk_task_report_task_id_directive_task")
        ),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["person.id"], name=op.f("fk_task_report_written_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_report")),
    )
    with op.batch_alter_table("task_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_report_task_id"), ["task_id"], unique=False)
    op.create_table(
        "report_evidence",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["task_report.id"], name=op.f("fk_report_evidence_report_id_task_report")
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_report_evidence_upload_id_upload")
        ),
        sa.PrimaryKeyConstraint("report_id", "upload_id", name=op.f("pk_report_evidence")),
    )
    op.create_table(
        "reported_figure",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["task_report.id"], name=op.f("fk_reported_figure_report_id_task_report")
        ),
        sa.ForeignKeyConstraint(
            ["target_id"], ["directive_target.id"], name=op.f("fk_reported_figure_target_id_directive_target")
        ),
        sa.PrimaryKeyConstraint("report_id", "target_id", name=op.f("pk_reported_figure")),
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("reported_figure")
    op.drop_table("report_evidence")
    with op.batch_alter_table("task_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_report_task_id"))
    op.drop_table("task_report")
    with op.batch_alter_table("task_extension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_extension_task_id"))
    op.drop_table("task_extension")
    op.drop_table("directive_task_partner")
    with op.batch_alter_table("directive_target", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directive_target_task_id"))
    op.drop_table("directive_target")
    with op.batch_alter_table("directive_task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directive_task_lead_unit_id"))
        batch_op.drop_index(batch_op.f("ix_directive_task_directive_id"))
    op.drop_table("directive_task")
    with op.batch_alter_table("directive_delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directive_delivery_recipient_id"))
        batch_op.drop_index(batch_op.f("ix_directive_delivery_person_id"))
    op.drop_table("directive_delivery")
    with op.batch_alter_table("directive_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directive_report_directive_id"))
    op.drop_table("directive_report")
    with op.batch_alter_table("directive_recipient", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_directive_recipient_directive_id"))
    op.drop_table("directive_recipient")
    op.drop_table("directive_item")
    op.drop_table("directive")
