"""Ladders of reminders, reminders of dated things, and calendar entries; what the mail server answered."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from engine import models

revision: str = "engine_0005"
down_revision: str | Sequence[str] | None = "engine_0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A rung that was planned before deadlines were kept belongs to the deadline its task has now.
_FILL_DEADLINES = """
    UPDATE reminder SET deadline_at = COALESCE(
        (SELECT task.due_at FROM task WHERE task.id = reminder.task_id), due_at, sent_at,
        (SELECT task.created_at FROM task WHERE task.id = reminder.task_id))
"""
# Without deadlines a task has each rung once: the one of the latest deadline stays.
_KEEP_LATEST = """
    DELETE FROM reminder WHERE entry_id IS NOT NULL OR EXISTS (
        SELECT 1 FROM reminder AS later WHERE later.task_id = reminder.task_id
        AND later.kind = reminder.kind AND later.occurrence = reminder.occurrence
        AND (later.deadline_at > reminder.deadline_at))
"""


def upgrade() -> None:
    """Bring the tables forward."""
    _create_entries()
    op.create_table(
        "process_ladder",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.Column("changed_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["person.id"], name=op.f("fk_process_ladder_changed_by_id_person")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_process_ladder")),
    )
    _extend_mails()
    with op.batch_alter_table("reminder") as batch_op:
        batch_op.add_column(sa.Column("deadline_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("entry_id", sa.Integer(), nullable=True))
    op.execute(_FILL_DEADLINES)
    with op.batch_alter_table("reminder") as batch_op:
        batch_op.alter_column("deadline_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_reminder_task_id_kind_occurrence"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_reminder_task_id_deadline_at_kind_occurrence"),
            ["task_id", "deadline_at", "kind", "occurrence"],
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_reminder_entry_id_deadline_at_kind_occurrence"),
            ["entry_id", "deadline_at", "kind", "occurrence"],
        )
        _let_either_be_named(batch_op, "reminder")
    with op.batch_alter_table("digest_item") as batch_op:
        batch_op.add_column(sa.Column("entry_id", sa.Integer(), nullable=True))
        _let_either_be_named(batch_op, "digest_item")


def _create_entries() -> None:
    op.create_table(
        "calendar_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("starts_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("moved_from_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column("ladder", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_calendar_entry_ends_after_start")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_calendar_entry_instance_id_process_instance"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_calendar_entry_key")),
    )
    op.create_index(op.f("ix_calendar_entry_instance_id"), "calendar_entry", ["instance_id"])
    op.create_index(op.f("ix_calendar_entry_starts_at"), "calendar_entry", ["starts_at"])
    op.create_table(
        "calendar_entry_audience",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("unit_code", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(role = '') = (person_id IS NOT NULL)", name=op.f("ck_calendar_entry_audience_role_or_person")
        ),
        sa.ForeignKeyConstraint(
            ["entry_id"],
            ["calendar_entry.id"],
            name=op.f("fk_calendar_entry_audience_entry_id_calendar_entry"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_calendar_entry_audience_person_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_entry_audience")),
    )
    table = "calendar_entry_audience"
    op.create_index(op.f("ix_calendar_entry_audience_entry_id"), table, ["entry_id"])
    op.create_index(op.f("ix_calendar_entry_audience_person_id"), table, ["person_id"])
    op.create_index("ix_calendar_entry_audience_role_unit", table, ["role", "unit_code"])


def _extend_mails() -> None:
    op.create_table(
        "delivery_attempt",
        sa.Column("mail_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tried_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("is_taken", sa.Boolean(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mail_id"], ["outbox_mail.id"], name=op.f("fk_delivery_attempt_mail_id_outbox_mail")
        ),
        sa.PrimaryKeyConstraint("mail_id", "number", name=op.f("pk_delivery_attempt")),
    )
    with op.batch_alter_table("outbox_mail") as batch_op:
        batch_op.add_column(sa.Column("entry_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("origin_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("resent_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("resent_reason", sa.Text(), nullable=False, server_default=""))
        for column, table in _MAIL_REFERENCES:
            batch_op.create_foreign_key(
                batch_op.f(f"fk_outbox_mail_{column}_{table}"), table, [column], ["id"]
            )
        batch_op.create_index(batch_op.f("ix_outbox_mail_entry_id"), ["entry_id"])
        batch_op.create_index(batch_op.f("ix_outbox_mail_origin_id"), ["origin_id"])
    with op.batch_alter_table("outbox_mail") as batch_op:
        batch_op.alter_column("resent_reason", existing_type=sa.Text(), server_default=None)


_MAIL_REFERENCES = (
    ("entry_id", "calendar_entry"),
    ("origin_id", "outbox_mail"),
    ("resent_by_id", "person"),
)


def _let_either_be_named(batch_op: BatchOperations, table: str) -> None:
    """Let a row be about a task or about a calendar entry, and about exactly one of them."""
    batch_op.alter_column("task_id", existing_type=sa.Integer(), nullable=True)
    batch_op.create_foreign_key(
        batch_op.f(f"fk_{table}_entry_id_calendar_entry"), "calendar_entry", ["entry_id"], ["id"]
    )
    batch_op.create_index(batch_op.f(f"ix_{table}_entry_id"), ["entry_id"])
    batch_op.create_check_constraint(
        batch_op.f(f"ck_{table}_task_or_entry"), "(task_id IS NULL) <> (entry_id IS NULL)"
    )


def downgrade() -> None:
    """Take the tables back; what was to be said of calendar entries goes with them."""
    op.execute("DELETE FROM digest_item WHERE entry_id IS NOT NULL")
    op.execute(_KEEP_LATEST)
    with op.batch_alter_table("digest_item") as batch_op:
        _let_tasks_be_named(batch_op, "digest_item")
    with op.batch_alter_table("reminder") as batch_op:
        batch_op.drop_constraint(
            batch_op.f("uq_reminder_entry_id_deadline_at_kind_occurrence"), type_="unique"
        )
        batch_op.drop_constraint(
            batch_op.f("uq_reminder_task_id_deadline_at_kind_occurrence"), type_="unique"
        )
        batch_op.create_unique_constraint(
            batch_op.f("uq_reminder_task_id_kind_occurrence"), ["task_id", "kind", "occurrence"]
        )
        _let_tasks_be_named(batch_op, "reminder")
        batch_op.drop_column("deadline_at")
    with op.batch_alter_table("outbox_mail") as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_mail_origin_id"))
        batch_op.drop_index(batch_op.f("ix_outbox_mail_entry_id"))
        for column, table in _MAIL_REFERENCES:
            batch_op.drop_constraint(batch_op.f(f"fk_outbox_mail_{column}_{table}"), type_="foreignkey")
        for column in ("resent_reason", "resent_by_id", "origin_id", "entry_id"):
            batch_op.drop_column(column)
    for table in ("delivery_attempt", "process_ladder", "calendar_entry_audience", "calendar_entry"):
        op.drop_table(table)


def _let_tasks_be_named(batch_op: BatchOperations, table: str) -> None:
    batch_op.drop_constraint(batch_op.f(f"ck_{table}_task_or_entry"), type_="check")
    batch_op.drop_index(batch_op.f(f"ix_{table}_entry_id"))
    batch_op.drop_constraint(batch_op.f(f"fk_{table}_entry_id_calendar_entry"), type_="foreignkey")
    batch_op.alter_column("task_id", existing_type=sa.Integer(), nullable=False)
    batch_op.drop_column("entry_id")
