"""Inspections of units: notice, self-report, conclusion."""

import enum
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models import Base, Unit, enum_type


class InspectionState(enum.Enum):
    """Where an inspection stands."""

    AWAITING_REPORT = "awaiting_report"
    UNDER_REVIEW = "under_review"
    CONCLUDING = "concluding"
    AWAITING_REMEDY = "awaiting_remedy"
    CONFIRMING_REMEDY = "confirming_remedy"
    CONCLUDED = "concluded"


class Inspection(Base):
    """One inspection of one unit."""

    __tablename__ = "inspection"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """KT-2026-005."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    state: Mapped[InspectionState] = mapped_column(
        enum_type(InspectionState), default=InspectionState.AWAITING_REPORT
    )
    topic: Mapped[str]
    opened_at: Mapped[datetime]
    report: Mapped[dict[str, Any]]
    """The unit's answers: question key -> text or number as text."""
    reported_at: Mapped[datetime | None]
    review_note: Mapped[str] = mapped_column(default="")
    conclusion: Mapped[str] = mapped_column(default="")
    recommendations: Mapped[str] = mapped_column(default="")
    remedy_due_on: Mapped[date | None]
    concluded_at: Mapped[datetime | None]
    remedy_note: Mapped[str] = mapped_column(default="")
    """What the unit has mended, in its own words."""
    remedied_at: Mapped[datetime | None]

    unit: Mapped[Unit] = relationship(lazy="joined")
