"""Decisions of the Chairman: drafts, their lines, the issued document."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models import Base, Person, enum_type
from processes.awards.models.catalogue import Award
from processes.awards.models.dossiers import Dossier, Nominee


class DecisionState(enum.Enum):
    """Where a decision stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED = "signed"
    ISSUED = "issued"
    ABANDONED = "abandoned"


class LineState(enum.Enum):
    """What the Chairman does with a line."""

    INCLUDED = "included"
    LATER = "later"
    """Pulled out: waits for a later decision."""
    REFUSED = "refused"
    """Pulled out for good: the unit is told why."""


class Decision(Base):
    """One decision, from draft to issue."""

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint("(number IS NULL) = (issued_on IS NULL)", name="numbered_iff_dated"),
        CheckConstraint("(signed_at IS NULL) = (signed_by_id IS NULL)", name="signed_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """DT-2026-031: the draft's own number."""
    subject: Mapped[str]
    state: Mapped[DecisionState] = mapped_column(enum_type(DecisionState), default=DecisionState.DRAFT)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    submission_note: Mapped[str] = mapped_column(default="")
    send_back_reason: Mapped[str] = mapped_column(default="")
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    year: Mapped[int | None]
    number: Mapped[int | None]
    """From the register, given at issue: no gap, no double within the year."""
    issued_on: Mapped[date | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    base_salary: Mapped[int | None]
    pdf_sha256: Mapped[str | None]

    created_by: Mapped[Person] = relationship(foreign_keys=[created_by_id])
    signed_by: Mapped[Person | None] = relationship(foreign_keys=[signed_by_id])
    issued_by: Mapped[Person | None] = relationship(foreign_keys=[issued_by_id])
    lines: Mapped[list["DecisionLine"]] = relationship(
        back_populates="decision", order_by="DecisionLine.position", cascade="all, delete-orphan"
    )


class DecisionLine(Base):
    """One nominee in a decision; a nominee is included in at most one."""

    __tablename__ = "decision_line"
    __table_args__ = (
        UniqueConstraint("decision_id", "nominee_id"),
        Index(
            "uq_decision_line_included_nominee",
            "nominee_id",
            unique=True,
            sqlite_where=text("state = 'included'"),
            postgresql_where=text("state = 'included'"),
        ),
        CheckConstraint("state = 'included' OR reason <> ''", name="pulled_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), index=True)
    nominee_id: Mapped[int] = mapped_column(ForeignKey("nominee.id"), index=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    position: Mapped[int]
    bonus: Mapped[int]
    """In đồng, by the base salary in force."""
    state: Mapped[LineState] = mapped_column(enum_type(LineState), default=LineState.INCLUDED)
    reason: Mapped[str] = mapped_column(default="")

    decision: Mapped[Decision] = relationship(back_populates="lines")
    nominee: Mapped[Nominee] = relationship()
    dossier: Mapped[Dossier] = relationship()
    award: Mapped[Award] = relationship()
