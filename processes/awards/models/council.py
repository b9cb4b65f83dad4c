"""Sessions of the council: members, agenda, who may not vote on what, and the counted result."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models import Base, Person, Unit, enum_type
from processes.awards.models.catalogue import Award, BallotKind, VoteBase
from processes.awards.models.dossiers import Dossier, Nominee


class CouncilState(enum.Enum):
    """Where a session stands."""

    PLANNING = "planning"
    INVITED = "invited"
    VOTING = "voting"
    COUNTED = "counted"
    SIGNED = "signed"


class ExclusionKind(enum.Enum):
    """Why a member does not vote on a line."""

    OWN_UNIT = "own_unit"
    OWN_NOMINATION = "own_nomination"
    DECLARED = "declared"


class CouncilSession(Base):
    """One meeting of the council."""

    __tablename__ = "council_session"
    __table_args__ = (
        UniqueConstraint("year", "number"),
        CheckConstraint(
            "meets_at IS NULL OR closes_at IS NULL OR closes_at > meets_at", name="closes_after_meeting"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """PH-2026-07."""
    year: Mapped[int]
    number: Mapped[int]
    state: Mapped[CouncilState] = mapped_column(enum_type(CouncilState), default=CouncilState.PLANNING)
    meets_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    """When the ballot closes by itself."""
    place: Mapped[str] = mapped_column(default="")
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    counted_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    minutes_note: Mapped[str] = mapped_column(default="")
    quorum_percent: Mapped[int] = mapped_column(default=67)

    signed_by: Mapped[Person | None] = relationship(foreign_keys=[signed_by_id])
    members: Mapped[list["CouncilMember"]] = relationship(
        back_populates="council_session", cascade="all, delete-orphan"
    )
    lines: Mapped[list["AgendaLine"]] = relationship(
        back_populates="council_session", order_by="AgendaLine.position", cascade="all, delete-orphan"
    )


class CouncilMember(Base):
    """A member as he stood when the session was called; later changes of roles do not reach back."""

    __tablename__ = "council_member"

    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    job_title: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    is_chair: Mapped[bool] = mapped_column(default=False)
    is_present: Mapped[bool | None]
    """None until attendance is recorded."""

    council_session: Mapped[CouncilSession] = relationship(back_populates="members")
    person: Mapped[Person] = relationship(lazy="joined")
    unit: Mapped[Unit | None] = relationship()


class AgendaLine(Base):
    """One nominee put to the vote; the rule is copied here so that a later edit changes nothing."""

    __tablename__ = "agenda_line"
    __table_args__ = (
        UniqueConstraint("session_id", "position"),
        UniqueConstraint("session_id", "nominee_id"),
        CheckConstraint("is_passed IS NULL OR agree_count IS NOT NULL", name="passed_is_counted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("council_session.id"), index=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    nominee_id: Mapped[int] = mapped_column(ForeignKey("nominee.id"), index=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"))
    position: Mapped[int]
    """Order in the agenda and of the bytes in an envelope."""
    threshold_percent: Mapped[int]
    must_exceed: Mapped[bool]
    base: Mapped[VoteBase] = mapped_column(enum_type(VoteBase))
    ballot: Mapped[BallotKind] = mapped_column(enum_type(BallotKind))
    article: Mapped[str]
    electorate_count: Mapped[int | None]
    """Members entitled to vote on this line, frozen at opening."""
    required_count: Mapped[int | None]
    """Votes in favour that are needed, fixed at closing."""
    agree_count: Mapped[int | None]
    disagree_count: Mapped[int | None]
    blank_count: Mapped[int | None]
    is_passed: Mapped[bool | None]

    council_session: Mapped[CouncilSession] = relationship(back_populates="lines")
    dossier: Mapped[Dossier] = relationship()
    nominee: Mapped[Nominee] = relationship()
    award: Mapped[Award] = relationship()


class VoteExclusion(Base):
    """A member who does not vote on a line."""

    __tablename__ = "vote_exclusion"

    line_id: Mapped[int] = mapped_column(ForeignKey("agenda_line.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[ExclusionKind] = mapped_column(enum_type(ExclusionKind))
    reason: Mapped[str] = mapped_column(default="")

    line: Mapped[AgendaLine] = relationship()
