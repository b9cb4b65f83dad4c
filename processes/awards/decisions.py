"""Decisions of the Chairman: gather awards into a draft, submit, sign, number, issue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import instances, setup
from engine.errors import ConflictError, NotAllowedError, NotFoundError
from engine.models import Person
from engine.people import Authority, local_day
from engine.text import nfc
from processes.awards import decision_lines, permissions, registers
from processes.awards.decision_lines import OPEN_STATES, WITHDRAWN, included
from processes.awards.errors import AnswerError
from processes.awards.models import (
    Decision,
    DecisionLine,
    DecisionState,
    DossierStage,
    LineState,
    NomineeResult,
)
from processes.awards.stages import DECISION_STATE_NAMES, word

MAX_SUBJECT = 300
NUMBER_MARK: Final = "/QĐ-UBND"
"""What follows the number of a decision: its kind and the body that issues it (Decree 30/2020)."""


@dataclass(frozen=True)
class DecisionRow:
    """One row of the list of decisions."""

    id: int
    code: str
    number_text: str
    """08/QĐ-UBND; empty until issued."""
    subject: str
    state: str
    chip: str
    line_count: int
    issued_on: date | None
    created_at: datetime


@dataclass(frozen=True)
class PulledLine:
    """What the Chairman takes out of a decision, whether for later or for good, and why."""

    line_id: int
    state: LineState
    reason: str


def can_draft(authority: Authority) -> bool:
    """Whether the person may gather awards into a draft."""
    return permissions.can_draft_decision(authority)


def start_decision(
    session: Session, *, subject: str, actor: Person, authority: Authority, now: datetime
) -> Decision:
    """Begin a draft decision and start its process, which gathers what passed. Flushes.

    Raises:
        NotAllowedError: the actor may not draft.
        ConflictError: nobody waits for a decision.

    """
    if not can_draft(authority):
        raise NotAllowedError(f"person {actor.id} may not draft a decision")
    if not decision_lines.waiting_nominees(session):
        raise ConflictError("nobody waits for a decision")
    text = nfc(subject).strip()
    if not text or len(text) > MAX_SUBJECT:
        raise AnswerError("Ghi trích yếu, tối đa 300 ký tự.", "Give a subject of at most 300 characters.")
    year = local_day(now).year
    number = registers.next_number(session, "decision_draft", year)
    decision = Decision(
        code=registers.code("DT", year, number), subject=text, created_at=now, created_by_id=actor.id
    )
    session.add(decision)
    session.flush()
    instance = instances.start(
        session,
        "decision",
        variables={"decision_id": decision.id, "decision_code": decision.code},
        business_key=f"decision:{decision.id}",
        title=f"{decision.code} · {text}",
        actor=actor,
        now=now,
    )
    decision.instance_id = instance.id
    session.flush()
    return decision


def find_decisions(session: Session, *, reader: Authority, language: str = "vi") -> list[DecisionRow]:
    """Return the decisions the reader may see, the newest first: drafts only for the agency and its like."""
    query = select(Decision).order_by(Decision.id.desc())
    if not permissions.can_see_drafts(reader):
        query = query.where(Decision.state == DecisionState.ISSUED)
    found = session.scalars(query).all()
    count = (
        select(DecisionLine.decision_id, func.count())
        .where(DecisionLine.state == LineState.INCLUDED)
        .group_by(DecisionLine.decision_id)
    )
    counts = dict(session.execute(count).all())
    return [_row(decision, counts.get(decision.id, 0), language) for decision in found]


def _row(decision: Decision, line_count: int, language: str) -> DecisionRow:
    words = DECISION_STATE_NAMES[decision.state]
    return DecisionRow(
        decision.id,
        decision.code,
        number_text(decision),
        decision.subject,
        word(words, language),
        words[2],
        line_count,
        decision.issued_on,
        decision.created_at,
    )


def number_text(decision: Decision) -> str:
    """Return the number as documents carry it (Decree 30/2020: below ten with a zero)."""
    return "" if decision.number is None else f"{decision.number:02d}{NUMBER_MARK}"


def get_decision(session: Session, decision_id: int, *, reader: Authority) -> Decision:
    """Return a decision the reader may see: everybody once it is issued, else the agency and its like.

    Raises:
        NotFoundError: there is none, or it is not issued and none of his.

    """
    decision = session.get(Decision, decision_id)
    hidden = decision is not None and decision.state is not DecisionState.ISSUED
    if decision is None or (hidden and not permissions.can_see_drafts(reader)):
        raise NotFoundError(f"no decision {decision_id} for person {reader.person_id}")
    return decision


def pdf_of(session: Session, decision: Decision, *, reader: Authority) -> Path:
    """Return where the issued document lies.

    Raises:
        NotFoundError: it is not issued, or not for this reader.

    """
    found = get_decision(session, decision.id, reader=reader)
    if found.pdf_sha256 is None:
        raise NotFoundError(f"decision {decision.id} has no document yet")
    return pdf_path(setup.of(session).files, found.pdf_sha256)


def pdf_path(files: Path, sha256: str) -> Path:
    """Return where a generated document of that digest lies."""
    return files / "documents" / f"{sha256}.pdf"


def pull_lines(session: Session, decision: Decision, pulled: Iterable[PulledLine]) -> None:
    """Set which lines are left out of the signature; all others are signed together. Flushes.

    Raises:
        ConflictError: it is signed already.

    """
    if decision.state not in OPEN_STATES:
        raise ConflictError(f"decision {decision.id} is {decision.state.value}")
    choice: Mapping[int, PulledLine] = {line.line_id: line for line in pulled}
    if choice.keys() - {line.id for line in decision.lines}:
        raise NotFoundError(f"decision {decision.id} has no such line")
    for line in decision.lines:
        _pull(line, choice.get(line.id))
    session.flush()


def _pull(line: DecisionLine, pulled: PulledLine | None) -> None:
    if line.nominee.dossier.withdrawn_at is not None:
        line.state, line.reason = LineState.LATER, WITHDRAWN
    elif pulled is None or pulled.state is LineState.INCLUDED:
        line.state, line.reason = LineState.INCLUDED, ""
    elif not pulled.reason.strip():
        name = line.nominee.name
        raise AnswerError(f"Ghi lý do rút {name}.", f"Give the reason for pulling out {name}.")
    else:
        line.state, line.reason = pulled.state, nfc(pulled.reason).strip()


def sign(session: Session, decision: Decision, *, actor: Person, now: datetime) -> None:
    """Sign all included lines at once. Flushes.

    Raises:
        ConflictError: it is signed already.
        AnswerError: nothing is left to sign.

    """
    if decision.state is not DecisionState.SUBMITTED:
        raise ConflictError(f"decision {decision.id} is {decision.state.value}")
    if not included(decision):
        raise AnswerError(
            "Không còn trường hợp nào để ký. Trả lại Ban Thi đua - Khen thưởng.",
            "Nothing is left to sign. Send it back to the agency.",
        )
    decision.state = DecisionState.SIGNED
    decision.signed_at = now
    decision.signed_by = actor
    for line in decision.lines:
        if line.state is LineState.LATER and line.nominee.dossier.withdrawn_at is None:
            line.nominee.dossier.stage = DossierStage.AWAITING_DECISION
    session.flush()


def number(session: Session, decision: Decision, *, issued_on: date, actor: Person, now: datetime) -> int:
    """Give a signed decision its number and date. Flushes.

    The number is the register's next in the year of issue; the day is not before the signature,
    not before an earlier number's, and not in the future.
    """
    if decision.state is not DecisionState.SIGNED or decision.number is not None:
        raise ConflictError(f"decision {decision.id} is {decision.state.value}")
    signed_on = local_day(decision.signed_at or now)
    latest = session.scalar(select(func.max(Decision.issued_on)).where(Decision.year == issued_on.year))
    first = max(signed_on, latest or signed_on)
    if not first <= issued_on <= local_day(now):
        raise AnswerError(
            f"Chọn ngày ban hành từ {first:%d/%m/%Y} đến {local_day(now):%d/%m/%Y}.",
            f"Choose a day of issue from {first:%d/%m/%Y} to {local_day(now):%d/%m/%Y}.",
        )
    decision.year = issued_on.year
    given = registers.next_number(session, "decision", issued_on.year)
    decision.number = given
    decision.issued_on = issued_on
    decision.issued_by = actor
    session.flush()
    return given


def settle(session: Session, decision: Decision) -> None:
    """Write what each nominee got; refused lines carry the Chairman's reason. Flushes."""
    decision.state = DecisionState.ISSUED
    for line in decision.lines:
        if line.state is LineState.INCLUDED:
            line.nominee.result = NomineeResult.GRANTED
            line.nominee.result_reason = f"Quyết định số {number_text(decision)}."
        elif line.state is LineState.REFUSED and line.nominee.result is None:
            line.nominee.result = NomineeResult.REFUSED
            line.nominee.result_reason = line.reason
    session.flush()
