"""Inspections of units: the yearly plan, notice, self-report, visit, minutes, conclusion, remedies."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models import Base, Person, Unit, Upload, enum_type


class Cluster(Base):
    """A group of units that compete with and inspect one another: cụm, khối thi đua."""

    __tablename__ = "cluster"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")

    members: Mapped[list["ClusterMember"]] = relationship(
        back_populates="cluster", order_by="ClusterMember.position", cascade="all, delete-orphan"
    )


class ClusterMember(Base):
    """A unit in its cluster; a unit belongs to one cluster at most."""

    __tablename__ = "cluster_member"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    cluster_id: Mapped[int] = mapped_column(ForeignKey("cluster.id"), index=True)
    position: Mapped[int]

    cluster: Mapped[Cluster] = relationship(back_populates="members")
    unit: Mapped[Unit] = relationship(lazy="joined")


class PlanState(enum.Enum):
    """Where the inspection plan of a year stands."""

    DRAFT = "draft"
    UNDER_REVIEW = "under_review"
    AWAITING_CHAIRMAN = "awaiting_chairman"
    APPROVED = "approved"
    SUMMARISED = "summarised"


class InspectionPlan(Base):
    """Which units are inspected in a year, and why those."""

    __tablename__ = "inspection_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """KHKT-2027."""
    year: Mapped[int] = mapped_column(unique=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    state: Mapped[PlanState] = mapped_column(enum_type(PlanState), default=PlanState.DRAFT)
    rule: Mapped[dict[str, Any]]
    """What the proposal was made by: years without inspection, thresholds of risk signs, the random part."""
    seed: Mapped[str]
    """What the random part was drawn with: the same seed on the same facts draws the same units."""
    drafted_at: Mapped[datetime]
    review_note: Mapped[str] = mapped_column(default="")
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    summary: Mapped[str] = mapped_column(default="")
    summarised_at: Mapped[datetime | None]
    summary_upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))

    lines: Mapped[list["PlannedInspection"]] = relationship(
        back_populates="plan", order_by="PlannedInspection.id", cascade="all, delete-orphan"
    )
    approved_by: Mapped[Person | None] = relationship()


class PlannedInspection(Base):
    """One unit in the plan, with its days and the grounds it was chosen on."""

    __tablename__ = "planned_inspection"
    __table_args__ = (UniqueConstraint("plan_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("inspection_plan.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    inspecting_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    """Cross-inspection: the unit of the cluster that inspects; none: the standing agency does."""
    grounds: Mapped[list[str]]
    """``not_inspected:3``, ``returned_dossiers:4``, ``late_reports:2``, ``open_remedies:1``, ``random``,
    ``by_hand``."""
    by_hand_reason: Mapped[str] = mapped_column(default="")
    notice_on: Mapped[date]
    visit_on: Mapped[date]
    dropped_at: Mapped[datetime | None]
    drop_reason: Mapped[str] = mapped_column(default="")
    move_reason: Mapped[str] = mapped_column(default="")
    """Why its days were changed after the plan was approved, the last time."""

    plan: Mapped[InspectionPlan] = relationship(back_populates="lines")
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="joined")
    inspecting_unit: Mapped[Unit | None] = relationship(foreign_keys=[inspecting_unit_id])


class InspectionKind(enum.Enum):
    """Why a unit is inspected."""

    PLANNED = "planned"
    UNPLANNED = "unplanned"
    CROSS = "cross"


class InspectionState(enum.Enum):
    """Where an inspection stands."""

    AWAITING_REPORT = "awaiting_report"
    UNDER_REVIEW = "under_review"
    AWAITING_VISIT = "awaiting_visit"
    AWAITING_SIGNATURES = "awaiting_signatures"
    CONCLUDING = "concluding"
    AWAITING_REMEDY = "awaiting_remedy"
    CONCLUDED = "concluded"
    CANCELLED = "cancelled"


class Inspection(Base):
    """One inspection of one unit."""

    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """KT-2026-005."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[InspectionKind] = mapped_column(enum_type(InspectionKind), default=InspectionKind.PLANNED)
    reason: Mapped[str] = mapped_column(default="")
    """Why it was called, where it is unplanned."""
    planned_id: Mapped[int | None] = mapped_column(ForeignKey("planned_inspection.id"), unique=True)
    inspecting_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    state: Mapped[InspectionState] = mapped_column(
        enum_type(InspectionState), default=InspectionState.AWAITING_REPORT
    )
    topic: Mapped[str]
    opened_at: Mapped[datetime]
    report: Mapped[dict[str, Any]]
    """The unit's answers: question key -> text or number as text."""
    reported_at: Mapped[datetime | None]
    """When the head of the unit first sent the report; what is added later does not change it."""
    report_due_on: Mapped[date | None]
    """Until when the report was asked for in the notice."""
    review_note: Mapped[str] = mapped_column(default="")
    visit_at: Mapped[datetime | None]
    visit_place: Mapped[str] = mapped_column(default="")
    attendance: Mapped[str] = mapped_column(default="")
    """Who was there for the unit."""
    minutes: Mapped[str] = mapped_column(default="")
    objections: Mapped[str] = mapped_column(default="")
    """What the unit does not agree with, as it wrote when it signed the minutes."""
    unit_signed_at: Mapped[datetime | None]
    unit_signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    unit_silent_at: Mapped[datetime | None]
    """When the days for the unit's signature were over and it had not signed."""
    team_signed_at: Mapped[datetime | None]
    team_signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    minutes_upload_id: Mapped[int | None] = mapped_column(ForeignKey("upload.id"))
    conclusion: Mapped[str] = mapped_column(default="")
    recommendations: Mapped[str] = mapped_column(default="")
    concluded_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    """When nothing was left to mend."""
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(default="")
    holds_awards: Mapped[bool] = mapped_column(default=False)
    """Whether nominations of the unit wait until the remedies are verified."""
    hold_reason: Mapped[str] = mapped_column(default="")
    hold_lifted_at: Mapped[datetime | None]
    hold_lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    hold_lifted_reason: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="joined")
    inspecting_unit: Mapped[Unit | None] = relationship(foreign_keys=[inspecting_unit_id])
    planned: Mapped[PlannedInspection | None] = relationship()
    unit_signed_by: Mapped[Person | None] = relationship(foreign_keys=[unit_signed_by_id])
    team_signed_by: Mapped[Person | None] = relationship(foreign_keys=[team_signed_by_id])
    team: Mapped[list["TeamMember"]] = relationship(
        order_by="TeamMember.position", cascade="all, delete-orphan"
    )
    findings: Mapped[list["InspectionFinding"]] = relationship(
        order_by="InspectionFinding.position", cascade="all, delete-orphan"
    )
    remedies: Mapped[list["Remedy"]] = relationship(
        back_populates="inspection", order_by="Remedy.position", cascade="all, delete-orphan"
    )


class TeamDuty(enum.Enum):
    """What somebody does in the inspection team."""

    LEADER = "leader"
    SECRETARY = "secretary"
    MEMBER = "member"


class TeamMember(Base):
    """Somebody in the team of an inspection."""

    __tablename__ = "inspection_team_member"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    duty: Mapped[TeamDuty] = mapped_column(enum_type(TeamDuty))
    position: Mapped[int]

    person: Mapped[Person] = relationship(lazy="joined")


class InspectionFinding(Base):
    """What the team has found on one topic of the checklist."""

    __tablename__ = "inspection_finding"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    position: Mapped[int]
    topic: Mapped[str]
    """A key of the checklist."""
    is_shortcoming: Mapped[bool]
    text: Mapped[str]


class RemedyState(enum.Enum):
    """Where the mending of one thing stands."""

    OPEN = "open"
    REPORTED = "reported"
    VERIFIED = "verified"


class Remedy(Base):
    """One thing a unit has to mend, by its own day."""

    __tablename__ = "inspection_remedy"

    id: Mapped[int] = mapped_column(primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    position: Mapped[int]
    text: Mapped[str]
    due_on: Mapped[date]
    state: Mapped[RemedyState] = mapped_column(enum_type(RemedyState), default=RemedyState.OPEN)
    note: Mapped[str] = mapped_column(default="")
    """What the unit has mended, in its own words."""
    reported_at: Mapped[datetime | None]
    review_note: Mapped[str] = mapped_column(default="")
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    inspection: Mapped[Inspection] = relationship(back_populates="remedies")
    verified_by: Mapped[Person | None] = relationship()


class InspectionEvidence(Base):
    """A file that proves an answer of the self-report or a remedy."""

    __tablename__ = "inspection_evidence"

    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"), primary_key=True)
    remedy_id: Mapped[int | None] = mapped_column(ForeignKey("inspection_remedy.id"), index=True)
    topic: Mapped[str] = mapped_column(default="")
    """The question it answers; empty for a remedy."""

    upload: Mapped[Upload] = relationship(lazy="joined")
