"""Plans that migrate instances, and instances that stand still by order."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from engine import models

revision: str = "engine_0002"
down_revision: str | Sequence[str] | None = "engine_0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "migration_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("target_version_id", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_migration_plan_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["target_version_id"],
            ["definition_version.id"],
            name=op.f("fk_migration_plan_target_version_id_definition_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration_plan")),
    )
    with op.batch_alter_table("migration_plan", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_migration_plan_target_version_id"), ["target_version_id"], unique=False
        )

    op.create_table(
        "instance_migration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=False),
        sa.Column("from_version_id", sa.Integer(), nullable=False),
        sa.Column("known_revision", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "migrated",
                "skipped",
                "undoing",
                "undone",
                name="migrationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("problem", sa.JSON(), nullable=False),
        sa.Column("applied_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("left_revision", sa.Integer(), nullable=True),
        sa.Column("workflow", sa.LargeBinary(), nullable=True),
        sa.Column("variables", sa.LargeBinary(), nullable=True),
        sa.Column("rows", sa.JSON(), nullable=True),
        sa.Column("undone_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_version_id"],
            ["definition_version.id"],
            name=op.f("fk_instance_migration_from_version_id_definition_version"),
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_instance_migration_instance_id_process_instance"),
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["migration_plan.id"], name=op.f("fk_instance_migration_plan_id_migration_plan")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["person.id"], name=op.f("fk_instance_migration_undone_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance_migration")),
        sa.UniqueConstraint("plan_id", "instance_id", name=op.f("uq_instance_migration_plan_id_instance_id")),
    )
    with op.batch_alter_table("instance_migration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instance_migration_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(
            "ix_instance_migration_to_do",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'undoing')"),
            postgresql_where=sa.text("state IN ('waiting', 'undoing')"),
        )

    with op.batch_alter_table("message_subscription", schema=None) as batch_op:
        batch_op.add_column(sa.Column("held_message_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_message_subscription_held_message_id_message"),
            "message",
            ["held_message_id"],
            ["id"],
        )

    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspended_at", models.UtcDateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("process_instance", schema=None) as batch_op:
        batch_op.drop_column("suspended_at")

    with op.batch_alter_table("message_subscription", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_message_subscription_held_message_id_message"), type_="foreignkey"
        )
        batch_op.drop_column("held_message_id")

    with op.batch_alter_table("instance_migration", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_instance_migration_to_do",
            sqlite_where=sa.text("state IN ('waiting', 'undoing')"),
            postgresql_where=sa.text("state IN ('waiting', 'undoing')"),
        )
        batch_op.drop_index(batch_op.f("ix_instance_migration_instance_id"))

    op.drop_table("instance_migration")
    with op.batch_alter_table("migration_plan", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_migration_plan_target_version_id"))

    op.drop_table("migration_plan")
