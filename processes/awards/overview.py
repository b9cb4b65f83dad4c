"""Figures for the home pages: how much stands where, what is oldest, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager

from engine.models import Task, TaskState, Unit
from engine.people import Authority
from processes.awards import permissions
from processes.awards.models import (
    AwardRound,
    CouncilSession,
    CouncilState,
    Decision,
    DecisionLine,
    DecisionState,
    Dossier,
    DossierStage,
    Inspection,
    InspectionState,
    LineState,
    Remedy,
    RemedyState,
)

WITH_THE_AGENCY: Final = (DossierStage.SENT, DossierStage.APPRAISING, DossierStage.AWAITING_APPROVAL)
"""Stages in which the standing agency has the dossier."""
_ENDED: Final = (DossierStage.GRANTED, DossierStage.REFUSED, DossierStage.WITHDRAWN)
_TO_BE_HELD: Final = (CouncilState.PLANNING, CouncilState.INVITED, CouncilState.VOTING)
_LIMIT: Final = 500


@dataclass(frozen=True)
class WaitingDossier:
    """A dossier that waits for the standing agency, and since when."""

    id: int
    code: str
    unit: Unit
    stage: DossierStage
    since: datetime


@dataclass(frozen=True)
class DecisionToSign:
    """A decision that waits for the Chairman's signature, and for how many."""

    id: int
    code: str
    subject: str
    line_count: int


def count_by_stage(session: Session, reader: Authority) -> Mapping[DossierStage, int]:
    """Return how many running dossiers the reader may see stand where; stages without one are left out."""
    counted = (
        select(Dossier.stage, func.count())
        .where(permissions.dossiers_visible_to(reader), Dossier.stage.not_in(_ENDED))
        .group_by(Dossier.stage)
    )
    counts = dict(session.execute(counted).all())
    return {stage: counts[stage] for stage in DossierStage if stage in counts}


def rounds_open(session: Session, today: date) -> Sequence[AwardRound]:
    """Return the rounds in which units may nominate today or later, the first to close first."""
    return session.scalars(
        select(AwardRound).where(AwardRound.closes_on >= today).order_by(AwardRound.closes_on)
    ).all()


def dossiers_with_the_agency(session: Session) -> list[WaitingDossier]:
    """Return the dossiers that wait for the standing agency, the longest waiting first.

    A dossier waits since its open task came; where its process has none open, since it was received.
    """
    since = func.coalesce(func.min(Task.created_at), Dossier.received_at, Dossier.created_at)
    found = (
        select(Dossier.id, Dossier.code, Dossier.stage, Unit, since)
        .join(Unit, Dossier.unit_id == Unit.id)
        .outerjoin(Task, (Task.instance_id == Dossier.instance_id) & (Task.state == TaskState.OPEN))
        .where(Dossier.stage.in_(WITH_THE_AGENCY))
        .group_by(Dossier.id, Unit.id)
        .order_by(since, Dossier.id)
        .limit(_LIMIT)
    )
    return [WaitingDossier(row[0], row[1], row[3], row[2], row[4]) for row in session.execute(found)]


def sessions_to_come(session: Session) -> Sequence[CouncilSession]:
    """Return the sessions of the council that are not counted yet, the next one first."""
    found = select(CouncilSession).where(CouncilSession.state.in_(_TO_BE_HELD))
    return session.scalars(found.order_by(CouncilSession.meets_at.asc().nulls_last())).all()


def count_awaiting_council(session: Session) -> int:
    """Return how many dossiers wait for a session of the council."""
    waiting = Dossier.stage == DossierStage.AWAITING_COUNCIL
    return session.scalar(select(func.count()).select_from(Dossier).where(waiting)) or 0


def decisions_to_sign(session: Session) -> list[DecisionToSign]:
    """Return the decisions that wait for the Chairman, the oldest first."""
    kept = (DecisionLine.decision_id == Decision.id) & (DecisionLine.state == LineState.INCLUDED)
    found = (
        select(Decision.id, Decision.code, Decision.subject, func.count(DecisionLine.id))
        .outerjoin(DecisionLine, kept)
        .where(Decision.state == DecisionState.SUBMITTED)
        .group_by(Decision.id)
        .order_by(Decision.id)
    )
    return [DecisionToSign(*row) for row in session.execute(found)]


def count_inspections(session: Session, reader: Authority) -> Mapping[InspectionState, int]:
    """Return how many inspections the reader may see stand where, but for those concluded."""
    counted = (
        select(Inspection.state, func.count())
        .where(permissions.inspections_visible_to(reader), Inspection.state != InspectionState.CONCLUDED)
        .group_by(Inspection.state)
    )
    counts = dict(session.execute(counted).all())
    return {state: counts[state] for state in InspectionState if state in counts}


def open_remedies(session: Session, reader: Authority) -> Sequence[Remedy]:
    """Return what units the reader may look into have still to mend, the first due first."""
    found = (
        select(Remedy)
        .join(Inspection)
        .where(permissions.inspections_visible_to(reader), Remedy.state != RemedyState.VERIFIED)
        .options(contains_eager(Remedy.inspection))
        .order_by(Remedy.due_on, Remedy.id)
        .limit(_LIMIT)
    )
    return session.scalars(found).all()
