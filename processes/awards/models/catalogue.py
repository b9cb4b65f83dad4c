"""What may be awarded, and the dated rules for it."""

import enum
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models import Base, enum_type


class AwardKind(enum.Enum):
    """The two kinds the law tells apart, which must never be mixed up."""

    TITLE = "title"
    """Danh hiệu thi đua."""
    COMMENDATION_FORM = "commendation_form"
    """Hình thức khen thưởng."""


class VoteBase(enum.Enum):
    """Whose number a share of votes is taken of."""

    ALL_MEMBERS = "all_members"
    """All members entitled to vote on the line, present or not."""
    PRESENT = "present"


class BallotKind(enum.Enum):
    """How the council votes."""

    SECRET = "secret"  # noqa: S105  # the secret ballot, no password
    OPEN = "open"


class RuleSet(Base):
    """The rules in force from one day to another (both included)."""

    __tablename__ = "rule_set"
    __table_args__ = (CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    legal_basis: Mapped[str]
    base_salary: Mapped[int]
    """Lương cơ sở in đồng, unless ``base_salary_steps`` says otherwise for a day."""
    base_salary_steps: Mapped[dict[str, Any]]
    """ISO day -> đồng, for changes within the dates of force."""
    bonus_rounding: Mapped[str] = mapped_column(default="up")
    """up or nearest, to 10,000 đồng."""
    quorum_percent: Mapped[int] = mapped_column(default=67)

    rules: Mapped[list["AwardRule"]] = relationship(back_populates="rule_set")


class Award(Base):
    """A title or commendation form a nominee may receive."""

    __tablename__ = "award"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str]
    kind: Mapped[AwardKind] = mapped_column(enum_type(AwardKind))
    category: Mapped[str]
    """danh_hieu_ca_nhan, bang_khen, huan_chuong ... (content)."""
    scope: Mapped[str]
    """co_so, xa, tinh, nha_nuoc: the level that decides."""
    recipients: Mapped[list[str]]
    deciders: Mapped[list[str]]
    submitters: Mapped[list[str]]
    position: Mapped[int]
    """Order in the catalogue."""

    def label(self, language: str) -> str:
        """Return the name in ``vi`` or ``en``."""
        return self.name_en if language == "en" else self.name


class AwardRule(Base):
    """What one rule set says about one award; every figure is a default officials may change."""

    __tablename__ = "award_rule"
    __table_args__ = (
        CheckConstraint("threshold_percent BETWEEN 1 AND 100", name="threshold_is_a_share"),
        CheckConstraint("appraisal_working_days > 0", name="appraisal_takes_days"),
    )

    rule_set_id: Mapped[int] = mapped_column(ForeignKey("rule_set.id"), primary_key=True)
    award_id: Mapped[int] = mapped_column(ForeignKey("award.id"), primary_key=True)
    is_vote_required: Mapped[bool]
    threshold_percent: Mapped[int]
    must_exceed: Mapped[bool]
    """Whether more than the share is needed (a majority) instead of at least the share."""
    base: Mapped[VoteBase] = mapped_column(enum_type(VoteBase))
    ballot: Mapped[BallotKind] = mapped_column(enum_type(BallotKind))
    documents: Mapped[list[str]]
    appraisal_working_days: Mapped[int]
    individual_multiple: Mapped[Decimal | None] = mapped_column(Numeric(8, 3))
    collective_multiple: Mapped[Decimal | None] = mapped_column(Numeric(8, 3))
    criteria: Mapped[list[str]]
    conditions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """What is checked of each nominee, as ``processes.awards.standing`` reads it."""
    article: Mapped[str]
    """Document and article as people cite it."""
    confidence: Mapped[str]
    """How sure the figures are: see the catalogue's README."""

    rule_set: Mapped[RuleSet] = relationship(back_populates="rules")
    award: Mapped[Award] = relationship(lazy="joined")


class AwardRound(Base):
    """A kỳ xét: when units may nominate."""

    __tablename__ = "award_round"
    __table_args__ = (CheckConstraint("closes_on >= opens_on", name="closes_after_opening"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_en: Mapped[str]
    year: Mapped[int]
    opens_on: Mapped[date]
    closes_on: Mapped[date]


class RegisterCounter(Base):
    """The last number given in a register of a year: no gap, no double."""

    __tablename__ = "register_counter"
    __table_args__ = (CheckConstraint("last_number >= 0", name="not_negative"),)

    kind: Mapped[str] = mapped_column(primary_key=True)
    """dossier, council_session, decision_draft, decision, inspection."""
    year: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int]
