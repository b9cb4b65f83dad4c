"""Schedules that follow a cron line, end on a day, and can be changed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from engine import models

revision: str = "engine_0004"
down_revision: str | Sequence[str] | None = "engine_0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SHIFTS = sa.Enum(
    "none", "forward", "backward", name="shift", native_enum=False, create_constraint=True, length=40
)


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("schedule") as batch:
        batch.add_column(sa.Column("cron", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("starts_at", sa.Time(), nullable=False, server_default="07:30:00.000000"))
        batch.add_column(sa.Column("shift", SHIFTS, nullable=False, server_default="forward"))
        batch.add_column(sa.Column("unit_kind", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("retired_at", models.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
        batch.create_check_constraint(op.f("ck_schedule_cron_iff_rhythm"), "(rhythm = 'cron') = (cron <> '')")
        batch.create_check_constraint(
            op.f("ck_schedule_ends_after_start"), "ends_on IS NULL OR ends_on >= first_on"
        )
    op.execute("UPDATE schedule SET shift = 'none' WHERE NOT shift_to_working_day")
    with op.batch_alter_table("schedule") as batch:
        batch.drop_column("shift_to_working_day")
        for name in ("cron", "starts_at", "shift", "unit_kind", "revision"):
            batch.alter_column(name, server_default=None)

    with op.batch_alter_table("scheduled_start") as batch:
        batch.add_column(sa.Column("started_at", models.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("incident_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_scheduled_start_incident_id_incident"), "incident", ["incident_id"], ["id"]
        )
    _date_starts()
    with op.batch_alter_table("scheduled_start") as batch:
        batch.alter_column("started_at", nullable=False)


def _date_starts() -> None:
    """Date the starts made so far by their instances; of those that failed the day is known."""
    op.execute(
        "UPDATE scheduled_start SET started_at = (SELECT started_at FROM process_instance "
        "WHERE process_instance.id = scheduled_start.instance_id)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("UPDATE scheduled_start SET started_at = occurs_on WHERE started_at IS NULL")
    else:
        op.execute(
            "UPDATE scheduled_start SET started_at = occurs_on || ' 00:00:00.000000' WHERE started_at IS NULL"
        )


def downgrade() -> None:
    """Take the tables back; a cron line becomes a single start, and what is retired stays paused."""
    with op.batch_alter_table("scheduled_start") as batch:
        batch.drop_constraint(op.f("fk_scheduled_start_incident_id_incident"), type_="foreignkey")
        batch.drop_column("incident_id")
        batch.drop_column("started_at")
    with op.batch_alter_table("schedule") as batch:
        batch.add_column(
            sa.Column("shift_to_working_day", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch.drop_constraint(op.f("ck_schedule_cron_iff_rhythm"), type_="check")
        batch.drop_constraint(op.f("ck_schedule_ends_after_start"), type_="check")
    op.execute(
        sa.text("UPDATE schedule SET shift_to_working_day = :no WHERE shift = 'none'").bindparams(no=False)
    )
    op.execute("UPDATE schedule SET rhythm = 'once' WHERE rhythm = 'cron'")
    op.execute(
        sa.text("UPDATE schedule SET is_paused = :yes WHERE retired_at IS NOT NULL").bindparams(yes=True)
    )
    with op.batch_alter_table("schedule") as batch:
        batch.drop_constraint("shift", type_="check")
        for name in ("cron", "ends_on", "starts_at", "shift", "unit_kind", "retired_at", "revision"):
            batch.drop_column(name)
        batch.alter_column("shift_to_working_day", server_default=None)
