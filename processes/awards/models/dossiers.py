"""Dossiers of nomination: who is proposed for what, with which papers, and what came of it."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models import Base, Person, ProcessInstance, Unit, Upload, enum_type
from processes.awards.models.catalogue import Award, AwardRound, RuleSet


class DossierStage(enum.Enum):
    """Where a dossier stands, written by the steps of its process for lists and search."""

    PREPARING = "preparing"
    AWAITING_SIGNATURE = "awaiting_signature"
    SENT = "sent"
    SENT_BACK = "sent_back"
    APPRAISING = "appraising"
    AWAITING_SUPPLEMENT = "awaiting_supplement"
    AWAITING_APPROVAL = "awaiting_approval"
    AWAITING_COUNCIL = "awaiting_council"
    VOTING = "voting"
    AWAITING_DECISION = "awaiting_decision"
    AWAITING_CHAIRMAN = "awaiting_chairman"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class NomineeKind(enum.Enum):
    """A person or a body."""

    INDIVIDUAL = "individual"
    COLLECTIVE = "collective"


class Verdict(enum.Enum):
    """What the appraisal says of a nominee."""

    ACCEPT = "accept"
    REJECT = "reject"
    SUPPLEMENT = "supplement"


class CouncilResult(enum.Enum):
    """What the council's vote gave."""

    PASSED = "passed"
    FAILED = "failed"


class NomineeResult(enum.Enum):
    """What the nominee got in the end."""

    GRANTED = "granted"
    REFUSED = "refused"


class Dossier(Base):
    """One unit's nomination for one award in one round."""

    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint("(received_at IS NULL) = (rule_set_id IS NULL)", name="rule_set_iff_received"),
        CheckConstraint("withdrawn_at IS NULL OR withdrawal_reason <> ''", name="withdrawn_with_reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """HS-2026-0417: numbers run without gaps within a year."""
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    award_id: Mapped[int | None] = mapped_column(ForeignKey("award.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("award_round.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), unique=True)
    stage: Mapped[DossierStage] = mapped_column(
        enum_type(DossierStage), default=DossierStage.PREPARING, index=True
    )
    summary: Mapped[str] = mapped_column(default="")
    submission_number: Mapped[str] = mapped_column(default="")
    """The unit's own number of its tờ trình."""
    created_at: Mapped[datetime]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    received_at: Mapped[datetime | None]
    rule_set_id: Mapped[int | None] = mapped_column(ForeignKey("rule_set.id"))
    """Fixed when the dossier is received for appraisal, and never changed after."""
    supplement_request: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawal_reason: Mapped[str] = mapped_column(default="")
    search_text: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit] = relationship(lazy="joined")
    award: Mapped[Award | None] = relationship(lazy="joined")
    round: Mapped[AwardRound | None] = relationship(lazy="joined")
    rule_set: Mapped[RuleSet | None] = relationship()
    instance: Mapped[ProcessInstance | None] = relationship()
    created_by: Mapped[Person] = relationship(foreign_keys=[created_by_id])
    withdrawn_by: Mapped[Person | None] = relationship(foreign_keys=[withdrawn_by_id])
    nominees: Mapped[list["Nominee"]] = relationship(
        back_populates="dossier", order_by="Nominee.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list["DossierDocument"]] = relationship(
        back_populates="dossier", order_by="DossierDocument.id", cascade="all, delete-orphan"
    )


class Nominee(Base):
    """One person or body in a dossier."""

    __tablename__ = "nominee"
    __table_args__ = (
        UniqueConstraint("dossier_id", "position"),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint(
            "verdict IS NULL OR verdict <> 'reject' OR verdict_reason <> ''", name="reject_with_reason"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    position: Mapped[int]
    kind: Mapped[NomineeKind] = mapped_column(enum_type(NomineeKind))
    name: Mapped[str]
    sort_key: Mapped[str] = mapped_column(default="")
    name_key: Mapped[str] = mapped_column(default="", server_default="", index=True)
    """The name folded: by it the same person or body is looked for in other dossiers."""
    born_on: Mapped[date | None]
    job_title: Mapped[str] = mapped_column(default="")
    workplace: Mapped[str] = mapped_column(default="")
    is_direct_worker: Mapped[bool] = mapped_column(default=False)
    is_female: Mapped[bool] = mapped_column(default=False)
    achievement: Mapped[str] = mapped_column(default="")
    initiative: Mapped[str] = mapped_column(default="")
    prior_awards: Mapped[str] = mapped_column(default="", server_default="")
    """What the unit declares of earlier awards: one a line, as ``processes.awards.prior_awards`` reads it."""
    serves_since_year: Mapped[int | None]
    member_count: Mapped[int | None]
    """Of a collective, with how many of these hold the two titles of the grassroots in the year."""
    advanced_worker_count: Mapped[int | None]
    emulation_fighter_count: Mapped[int | None]
    verdict: Mapped[Verdict | None] = mapped_column(enum_type(Verdict))
    verdict_reason: Mapped[str] = mapped_column(default="")
    council_result: Mapped[CouncilResult | None] = mapped_column(enum_type(CouncilResult))
    result: Mapped[NomineeResult | None] = mapped_column(enum_type(NomineeResult))
    result_reason: Mapped[str] = mapped_column(default="")
    is_told: Mapped[bool] = mapped_column(default=False)
    """Whether the unit has been told the result."""

    dossier: Mapped[Dossier] = relationship(back_populates="nominees")


class DossierDocument(Base):
    """A paper of the dossier."""

    __tablename__ = "dossier_document"
    __table_args__ = (UniqueConstraint("dossier_id", "kind", "upload_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    kind: Mapped[str]
    """A slug of the document set, e.g. ``bao_cao_thanh_tich``."""
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    added_at: Mapped[datetime]
    is_supplement: Mapped[bool] = mapped_column(default=False)

    dossier: Mapped[Dossier] = relationship(back_populates="documents")
    upload: Mapped[Upload] = relationship(lazy="joined")


class AppraisalOpinion(Base):
    """What an officer once wrote about a nominee or a dossier: added, never changed."""

    __tablename__ = "appraisal_opinion"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"), index=True)
    nominee_id: Mapped[int | None] = mapped_column(ForeignKey("nominee.id", ondelete="SET NULL"))
    about: Mapped[str] = mapped_column(default="")
    """The nominee's name at that time; empty for an opinion on the whole dossier."""
    turn: Mapped[int]
    """1 for the first appraisal, 2 after the first supplement or return ..."""
    step: Mapped[str]
    """The user task it was written in."""
    verdict: Mapped[str]
    text: Mapped[str]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]

    author: Mapped[Person] = relationship()
