"""Units that were abolished, and their successors."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from engine import models

revision: str = "engine_0006"
down_revision: str | Sequence[str] | None = "engine_0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_CHECKS = {
    "not_its_own_successor": "successor_id <> id",
    "succeeded_from_a_day_on": "successor_id IS NULL OR valid_until IS NOT NULL",
    "handed_over_to_somebody": "handed_over_at IS NULL OR successor_id IS NOT NULL",
}


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("successor_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("handed_over_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_unit_successor_id_unit"), "unit", ["successor_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_unit_successor_id"), ["successor_id"], unique=False)
        for name, condition in _CHECKS.items():
            batch_op.create_check_constraint(batch_op.f(f"ck_unit_{name}"), condition)


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("unit", schema=None) as batch_op:
        for name in _CHECKS:
            batch_op.drop_constraint(batch_op.f(f"ck_unit_{name}"), type_="check")
        batch_op.drop_index(batch_op.f("ix_unit_successor_id"))
        batch_op.drop_constraint(batch_op.f("fk_unit_successor_id_unit"), type_="foreignkey")
        batch_op.drop_column("handed_over_at")
        batch_op.drop_column("successor_id")
