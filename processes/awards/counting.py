"""Counts a closed ballot by each line's own rule, and settles what it means for the dossiers."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from processes.awards import rules
from processes.awards.models import (
    AgendaLine,
    BallotChoice,
    Choice,
    CouncilMember,
    CouncilResult,
    CouncilSession,
    CouncilState,
    Dossier,
    DossierStage,
    NomineeResult,
    VoteExclusion,
)
from processes.awards.rules import VoteRule


def count_lines(session: Session, meeting: CouncilSession, *, now: datetime) -> None:
    """Write each line's votes and whether it passed. Flushes."""
    query = (
        select(BallotChoice.line_id, BallotChoice.choice, func.count())
        .join(AgendaLine)
        .where(AgendaLine.session_id == meeting.id)
        .group_by(BallotChoice.line_id, BallotChoice.choice)
    )
    votes: Counter[tuple[int, int]] = Counter()
    for line_id, choice, count in session.execute(query):
        votes[line_id, choice] = count
    for line in meeting.lines:
        _settle(session, line, votes)
    meeting.state = CouncilState.COUNTED
    meeting.counted_at = now
    session.flush()


def _settle(session: Session, line: AgendaLine, votes: Counter[tuple[int, int]]) -> None:
    rule = rule_of(line)
    base = rules.base_count(rule, entitled=line.electorate_count or 0, present=present_count(session, line))
    agree = votes[line.id, Choice.AGREE]
    line.agree_count = agree
    line.disagree_count = votes[line.id, Choice.DISAGREE]
    line.blank_count = votes[line.id, Choice.BLANK]
    line.required_count = rules.required_votes(rule, base)
    line.is_passed = rules.is_passed(rule, agree=agree, base=base)


def rule_of(line: AgendaLine) -> VoteRule:
    """Return the rule that was copied onto the line."""
    return VoteRule(line.threshold_percent, line.must_exceed, line.base)


def present_count(session: Session, line: AgendaLine) -> int:
    """Return how many members who may vote on the line are present."""
    excluded = select(VoteExclusion.person_id).where(VoteExclusion.line_id == line.id)
    query = (
        select(func.count())
        .select_from(CouncilMember)
        .where(
            CouncilMember.session_id == line.session_id,
            CouncilMember.is_present.is_(True),
            CouncilMember.person_id.not_in(excluded),
        )
    )
    return session.scalar(query) or 0


def settle_dossiers(session: Session, meeting: CouncilSession) -> dict[int, int]:
    """Write the council's result to each nominee; return per dossier how many passed. Flushes.

    A dossier withdrawn while members voted keeps its lines in the minutes and gets no result.
    """
    passed: dict[int, int] = {}
    for line in meeting.lines:
        dossier = line.dossier
        if dossier.withdrawn_at is not None:
            continue
        passed.setdefault(dossier.id, 0)
        nominee = line.nominee
        nominee.council_result = CouncilResult.PASSED if line.is_passed else CouncilResult.FAILED
        if line.is_passed:
            passed[dossier.id] += 1
        else:
            nominee.result = NomineeResult.REFUSED
            nominee.result_reason = refusal(line)
    for dossier_id, count in passed.items():
        dossier = session.get_one(Dossier, dossier_id)
        if count:
            dossier.stage = DossierStage.AWAITING_DECISION
    session.flush()
    return passed


def refusal(line: AgendaLine) -> str:
    """Return what the unit reads of a line that did not pass: totals, never who."""
    return (
        f"Hội đồng không thông qua: {line.agree_count} phiếu đồng ý, cần ít nhất {line.required_count} "
        f"({line.article})."
    )
