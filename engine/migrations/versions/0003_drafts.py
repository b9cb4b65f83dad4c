"""Drafts of definitions, and who had a hand in what was submitted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from engine import models

revision: str = "engine_0003"
down_revision: str | Sequence[str] | None = "engine_0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "definition_contributor",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("last_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_definition_contributor_person_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["version_id"],
            ["definition_version.id"],
            name=op.f("fk_definition_contributor_version_id_definition_version"),
        ),
        sa.PrimaryKeyConstraint("version_id", "file", "person_id", name=op.f("pk_definition_contributor")),
    )
    op.create_table(
        "definition_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("base_version_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("updated_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["base_version_id"],
            ["definition_version.id"],
            name=op.f("fk_definition_draft_base_version_id_definition_version"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["person.id"], name=op.f("fk_definition_draft_created_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["person.id"], name=op.f("fk_definition_draft_updated_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definition_draft")),
        sa.UniqueConstraint("key", name=op.f("uq_definition_draft_key")),
    )
    op.create_table(
        "draft_edit",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("first_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["definition_draft.id"], name=op.f("fk_draft_edit_draft_id_definition_draft")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_edit_person_id_person")),
        sa.PrimaryKeyConstraint("draft_id", "file", "person_id", name=op.f("pk_draft_edit")),
    )
    op.create_table(
        "draft_visit",
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("seen_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["definition_draft.id"], name=op.f("fk_draft_visit_draft_id_definition_draft")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_visit_person_id_person")),
        sa.PrimaryKeyConstraint("draft_id", "person_id", name=op.f("pk_draft_visit")),
    )


def downgrade() -> None:
    """Take the tables back."""
    op.drop_table("draft_visit")
    op.drop_table("draft_edit")
    op.drop_table("definition_draft")
    op.drop_table("definition_contributor")
