"""Secret addresses of people's calendars, and the last beat of a worker found at once."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from engine import models

revision: str = "engine_0007"
down_revision: str | Sequence[str] | None = "engine_0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_sha256", sa.Text(), nullable=False),
        sa.Column("created_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_read_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_calendar_feed_token_sha256")),
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"])
    op.create_index(
        "uq_calendar_feed_live_person_id",
        "calendar_feed",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index(op.f("ix_heartbeat_beat_at"), "heartbeat", ["beat_at"])


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index(op.f("ix_heartbeat_beat_at"), table_name="heartbeat")
    op.drop_index("uq_calendar_feed_live_person_id", table_name="calendar_feed")
    op.drop_index(op.f("ix_calendar_feed_person_id"), table_name="calendar_feed")
    op.drop_table("calendar_feed")
