"""The lines of decisions: gathered from what passed, pulled out, settled at issue."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from processes.awards import catalogue, rules
from processes.awards.models import (
    CouncilResult,
    Decision,
    DecisionLine,
    DecisionState,
    Dossier,
    DossierStage,
    LineState,
    Nominee,
    Verdict,
)

WAITING_STAGES = (DossierStage.AWAITING_DECISION, DossierStage.AWAITING_CHAIRMAN)
OPEN_STATES = (DecisionState.DRAFT, DecisionState.SUBMITTED)
WITHDRAWN = "Đơn vị đã rút hồ sơ."


def waiting_nominees(session: Session) -> list[Nominee]:
    """Return those who passed and stand in no decision yet, in the order of their dossiers."""
    taken = exists().where(
        DecisionLine.nominee_id == Nominee.id,
        DecisionLine.state == LineState.INCLUDED,
    )
    query = (
        select(Nominee)
        .join(Dossier, Dossier.id == Nominee.dossier_id)
        .where(
            Dossier.stage.in_(WAITING_STAGES),
            Dossier.withdrawn_at.is_(None),
            Nominee.verdict == Verdict.ACCEPT,
            Nominee.result.is_(None),
            Nominee.council_result.is_distinct_from(CouncilResult.FAILED),
            ~taken,
        )
        .order_by(Dossier.award_id, Dossier.id, Nominee.position)
    )
    return list(session.scalars(query))


def gather(session: Session, decision: Decision, *, on: date) -> int:
    """Put everybody who waits into the draft, with his bonus; return how many lines it now includes."""
    rule_set = catalogue.rule_set_on(session, on)
    decision.base_salary = rules.base_salary_on(rule_set, on)
    present = {line.nominee_id: line for line in decision.lines}
    for nominee in waiting_nominees(session):
        line = present.get(nominee.id)
        if line is None:
            line = DecisionLine(
                nominee=nominee,
                dossier_id=nominee.dossier_id,
                award_id=nominee.dossier.award_id or 0,
                position=len(decision.lines) + 1,
                bonus=0,
            )
            decision.lines.append(line)
        line.state, line.reason = LineState.INCLUDED, ""
    for line in included(decision):
        line.bonus = bonus_of(session, line.nominee, decision)
        line.nominee.dossier.stage = DossierStage.AWAITING_CHAIRMAN
    session.flush()
    return len(included(decision))


def bonus_of(session: Session, nominee: Nominee, decision: Decision) -> int:
    """Return the bonus in đồng by the dossier's own rule set and the base salary of the decision."""
    dossier = nominee.dossier
    rule = catalogue.get_rule(session, dossier.rule_set_id or 0, dossier.award_id or 0)
    multiple = rules.multiple_for(nominee.kind, rule.individual_multiple, rule.collective_multiple)
    rounding = dossier.rule_set.bonus_rounding if dossier.rule_set else "up"
    return rules.bonus(multiple, decision.base_salary or 0, rounding)


def included(decision: Decision) -> list[DecisionLine]:
    """Return the lines that are signed together."""
    return [line for line in decision.lines if line.state is LineState.INCLUDED]


def drop_withdrawn(session: Session, dossier: Dossier) -> None:
    """Take a withdrawn dossier out of decisions that are not signed. Flushes."""
    query = (
        select(DecisionLine)
        .join(Decision)
        .where(
            DecisionLine.dossier_id == dossier.id,
            DecisionLine.state == LineState.INCLUDED,
            Decision.state.in_(OPEN_STATES),
        )
    )
    for line in session.scalars(query):
        line.state, line.reason = LineState.LATER, WITHDRAWN
    session.flush()


def is_signed_for(session: Session, dossier: Dossier) -> bool:
    """Whether a nominee of the dossier stands in a decision that is signed or issued."""
    query = (
        select(DecisionLine.id)
        .join(Decision)
        .where(
            DecisionLine.dossier_id == dossier.id,
            DecisionLine.state == LineState.INCLUDED,
            Decision.state.in_((DecisionState.SIGNED, DecisionState.ISSUED)),
        )
    )
    return session.scalar(query.limit(1)) is not None


def dossiers_of(lines: Sequence[DecisionLine]) -> list[Dossier]:
    """Return the dossiers of the lines, each once, in order."""
    return list({line.dossier_id: line.nominee.dossier for line in lines}.values())
