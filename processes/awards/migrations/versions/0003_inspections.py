"""Clusters, yearly plans of inspections, their teams, minutes, findings and remedies."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from engine import models

revision: str = "awards_0003"
down_revision: str | Sequence[str] | None = "awards_0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_STATE_RULE = "ck_inspection_inspectionstate"
_OLD_STATES = (
    "awaiting_report",
    "under_review",
    "concluding",
    "awaiting_remedy",
    "confirming_remedy",
    "concluded",
)
_STATES = (
    "awaiting_report",
    "under_review",
    "awaiting_visit",
    "awaiting_signatures",
    "concluding",
    "awaiting_remedy",
    "concluded",
    "cancelled",
)
_INSPECTION = sa.table(
    "inspection",
    sa.column("id", sa.Integer()),
    sa.column("state", sa.Text()),
    sa.column("conclusion", sa.Text()),
    sa.column("recommendations", sa.Text()),
    sa.column("concluded_at", models.UtcDateTime(timezone=True)),
    sa.column("closed_at", models.UtcDateTime(timezone=True)),
    sa.column("remedy_due_on", sa.Date()),
    sa.column("remedy_note", sa.Text()),
    sa.column("remedied_at", models.UtcDateTime(timezone=True)),
)
_REMEDY = sa.table(
    "inspection_remedy",
    sa.column("id", sa.Integer()),
    sa.column("inspection_id", sa.Integer()),
    sa.column("position", sa.Integer()),
    sa.column("text", sa.Text()),
    sa.column("due_on", sa.Date()),
    sa.column("state", sa.Text()),
    sa.column("note", sa.Text()),
    sa.column("review_note", sa.Text()),
    sa.column("verified_at", models.UtcDateTime(timezone=True)),
)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("code", name=op.f("uq_cluster_code")),
    )
    op.create_table(
        "cluster_member",
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["cluster.id"], name=op.f("fk_cluster_member_cluster_id_cluster")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_cluster_member_unit_id_unit")),
        sa.PrimaryKeyConstraint("unit_id", name=op.f("pk_cluster_member")),
    )
    with op.batch_alter_table("cluster_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cluster_member_cluster_id"), ["cluster_id"], unique=False)
    op.create_table(
        "inspection_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("instance_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "under_review",
                "awaiting_chairman",
                "approved",
                "summarised",
                name="planstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("drafted_at", models.UtcDateTime(timezone=True), nullable=False),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("approved_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("summarised_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("summary_upload_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["person.id"], name=op.f("fk_inspection_plan_approved_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["process_instance.id"],
            name=op.f("fk_inspection_plan_instance_id_process_instance"),
        ),
        sa.ForeignKeyConstraint(
            ["summary_upload_id"], ["upload.id"], name=op.f("fk_inspection_plan_summary_upload_id_upload")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_plan")),
        sa.UniqueConstraint("code", name=op.f("uq_inspection_plan_code")),
        sa.UniqueConstraint("instance_id", name=op.f("uq_inspection_plan_instance_id")),
        sa.UniqueConstraint("year", name=op.f("uq_inspection_plan_year")),
    )
    op.create_table(
        "planned_inspection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("inspecting_unit_id", sa.Integer(), nullable=True),
        sa.Column("grounds", sa.JSON(), nullable=False),
        sa.Column("by_hand_reason", sa.Text(), nullable=False),
        sa.Column("notice_on", sa.Date(), nullable=False),
        sa.Column("visit_on", sa.Date(), nullable=False),
        sa.Column("dropped_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("drop_reason", sa.Text(), nullable=False),
        sa.Column("move_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspecting_unit_id"], ["unit.id"], name=op.f("fk_planned_inspection_inspecting_unit_id_unit")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["inspection_plan.id"], name=op.f("fk_planned_inspection_plan_id_inspection_plan")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_planned_inspection_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_inspection")),
        sa.UniqueConstraint("plan_id", "unit_id", name=op.f("uq_planned_inspection_plan_id_unit_id")),
    )
    with op.batch_alter_table("planned_inspection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_inspection_unit_id"), ["unit_id"], unique=False)
    op.create_table(
        "inspection_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("is_shortcoming", sa.Boolean(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_finding_inspection_id_inspection")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_finding")),
    )
    with op.batch_alter_table("inspection_finding", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_finding_inspection_id"), ["inspection_id"], unique=False
        )
    op.create_table(
        "inspection_remedy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "reported",
                "verified",
                name="remedystate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reported_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("review_note", sa.Text(), nullable=False),
        sa.Column("verified_at", models.UtcDateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_remedy_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["person.id"], name=op.f("fk_inspection_remedy_verified_by_id_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inspection_remedy")),
    )
    with op.batch_alter_table("inspection_remedy", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_inspection_remedy_inspection_id"), ["inspection_id"], unique=False
        )
    op.create_table(
        "inspection_team_member",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "leader",
                "secretary",
                "member",
                name="teamduty",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"],
            ["inspection.id"],
            name=op.f("fk_inspection_team_member_inspection_id_inspection"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_inspection_team_member_person_id_person")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "person_id", name=op.f("pk_inspection_team_member")),
    )
    op.create_table(
        "inspection_evidence",
        sa.Column("inspection_id", sa.Integer(), nullable=False),
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("remedy_id", sa.Integer(), nullable=True),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["inspection_id"], ["inspection.id"], name=op.f("fk_inspection_evidence_inspection_id_inspection")
        ),
        sa.ForeignKeyConstraint(
            ["remedy_id"],
            ["inspection_remedy.id"],
            name=op.f("fk_inspection_evidence_remedy_id_inspection_remedy"),
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["upload.id"], name=op.f("fk_inspection_evidence_upload_id_upload")
        ),
        sa.PrimaryKeyConstraint("inspection_id", "upload_id", name=op.f("pk_inspection_evidence")),
    )
    with op.batch_alter_table("inspection_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inspection_evidence_remedy_id"), ["remedy_id"], unique=False)
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "planned",
                    "unplanned",
                    "cross",
                    name="inspectionkind",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="planned",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("planned_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("inspecting_unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("report_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("visit_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("visit_place", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("attendance", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("minutes", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("objections", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("unit_signed_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("unit_signed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("unit_silent_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("team_signed_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("team_signed_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("minutes_upload_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancelled_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancel_reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("holds_awards", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("hold_reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("hold_lifted_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("hold_lifted_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("hold_lifted_reason", sa.Text(), server_default="", nullable=False))
        batch_op.create_unique_constraint(batch_op.f("uq_inspection_planned_id"), ["planned_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_inspection_inspecting_unit_id_unit"), "unit", ["inspecting_unit_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_inspection_hold_lifted_by_id_person"), "person", ["hold_lifted_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_inspection_team_signed_by_id_person"), "person", ["team_signed_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_inspection_unit_signed_by_id_person"), "person", ["unit_signed_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_inspection_planned_id_planned_inspection"),
            "planned_inspection",
            ["planned_id"],
            ["id"],
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_inspection_minutes_upload_id_upload"), "upload", ["minutes_upload_id"], ["id"]
        )
    _carry_over()
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_STATE_RULE), type_="check")
        _let_stand(batch_op, _STATES)
        batch_op.drop_column("remedied_at")
        batch_op.drop_column("remedy_note")
        batch_op.drop_column("remedy_due_on")


def _let_stand(batch_op: BatchOperations, states: Sequence[str]) -> None:
    """Let inspections stand in these states alone."""
    named = ", ".join(f"'{state}'" for state in states)
    batch_op.create_check_constraint(batch_op.f(_STATE_RULE), f"state IN ({named})")


def _carry_over() -> None:
    """Make a row of the one remedy an inspection had, and close what had nothing left to mend."""
    connection = op.get_bind()
    had = (_INSPECTION.c.remedy_due_on.is_not(None), _INSPECTION.c.concluded_at.is_not(None))
    for row in connection.execute(sa.select(_INSPECTION).where(*had)).mappings().all():
        state = "reported" if row["state"] == "confirming_remedy" else "open"
        carried = _REMEDY.insert().values(
            inspection_id=row["id"],
            position=1,
            text=row["recommendations"] or row["conclusion"],
            due_on=row["remedy_due_on"],
            state="verified" if row["remedied_at"] else state,
            note=row["remedy_note"],
            review_note="",
            verified_at=row["remedied_at"],
        )
        connection.execute(carried)
    closed_at = sa.func.coalesce(_INSPECTION.c.remedied_at, _INSPECTION.c.concluded_at)
    change = _INSPECTION.update()
    connection.execute(change.where(_INSPECTION.c.state == "concluded").values(closed_at=closed_at))
    confirming = _INSPECTION.c.state == "confirming_remedy"
    connection.execute(change.where(confirming).values(state="awaiting_remedy"))


def _carry_back() -> None:
    """Keep of all remedies the last day, and what was said of them; states that are new become old ones."""
    connection = op.get_bind()
    change = _INSPECTION.update()
    for row in connection.execute(sa.select(_REMEDY).order_by(_REMEDY.c.due_on)).mappings().all():
        values: dict[str, object] = {"remedy_due_on": row["due_on"], "remedy_note": row["note"]}
        if row["state"] == "reported":
            values["state"] = "confirming_remedy"
        connection.execute(change.where(_INSPECTION.c.id == row["inspection_id"]).values(values))
    remedied = (_INSPECTION.c.closed_at.is_not(None), _INSPECTION.c.remedy_due_on.is_not(None))
    connection.execute(change.where(*remedied).values(remedied_at=_INSPECTION.c.closed_at))
    replaced = {
        "awaiting_visit": "under_review",
        "awaiting_signatures": "concluding",
        "cancelled": "concluded",
    }
    for new, old in replaced.items():
        connection.execute(change.where(_INSPECTION.c.state == new).values(state=old))


def downgrade() -> None:
    """Take the tables back."""
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("remedy_due_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("remedy_note", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("remedied_at", models.UtcDateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f(_STATE_RULE), type_="check")
    _carry_back()
    with op.batch_alter_table("inspection", schema=None) as batch_op:
        _let_stand(batch_op, _OLD_STATES)
        batch_op.drop_constraint(batch_op.f("ck_inspection_inspectionkind"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_inspection_minutes_upload_id_upload"), type_="foreignkey")
        batch_op.drop_constraint(
            batch_op.f("fk_inspection_planned_id_planned_inspection"), type_="foreignkey"
        )
        batch_op.drop_constraint(batch_op.f("fk_inspection_unit_signed_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_inspection_team_signed_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_inspection_hold_lifted_by_id_person"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_inspection_inspecting_unit_id_unit"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_inspection_planned_id"), type_="unique")
        batch_op.drop_column("hold_reason")
        batch_op.drop_column("cancel_reason")
        batch_op.drop_column("cancelled_at")
        batch_op.drop_column("unit_silent_at")
        batch_op.drop_column("attendance")
        batch_op.drop_column("hold_lifted_reason")
        batch_op.drop_column("hold_lifted_by_id")
        batch_op.drop_column("hold_lifted_at")
        batch_op.drop_column("holds_awards")
        batch_op.drop_column("closed_at")
        batch_op.drop_column("minutes_upload_id")
        batch_op.drop_column("team_signed_by_id")
        batch_op.drop_column("team_signed_at")
        batch_op.drop_column("unit_signed_by_id")
        batch_op.drop_column("unit_signed_at")
        batch_op.drop_column("objections")
        batch_op.drop_column("minutes")
        batch_op.drop_column("visit_place")
        batch_op.drop_column("visit_at")
        batch_op.drop_column("report_due_on")
        batch_op.drop_column("inspecting_unit_id")
        batch_op.drop_column("planned_id")
        batch_op.drop_column("reason")
        batch_op.drop_column("kind")
    with op.batch_alter_table("inspection_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_evidence_remedy_id"))
    op.drop_table("inspection_evidence")
    op.drop_table("inspection_team_member")
    with op.batch_alter_table("inspection_remedy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_remedy_inspection_id"))
    op.drop_table("inspection_remedy")
    with op.batch_alter_table("inspection_finding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inspection_finding_inspection_id"))
    op.drop_table("inspection_finding")
    with op.batch_alter_table("planned_inspection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_inspection_unit_id"))
    op.drop_table("planned_inspection")
    op.drop_table("inspection_plan")
    with op.batch_alter_table("cluster_member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cluster_member_cluster_id"))
    op.drop_table("cluster_member")
    op.drop_table("cluster")
