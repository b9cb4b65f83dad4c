"""What the pages of a decision show: groups with counts and bonuses, lines, what was pulled out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy.orm import Session

from processes.awards.decisions import NUMBER_MARK, number_text
from processes.awards.models import Decision, DecisionLine, DecisionState, LineState, NomineeKind
from processes.awards.stages import DECISION_STATE_NAMES, word


@dataclass(frozen=True)
class DecisionLineFacts:
    """One nominee of a decision."""

    id: int
    position: int
    name: str
    about: str
    unit: str
    award: str
    dossier_id: int
    dossier_code: str
    bonus: int
    state: LineState
    reason: str


@dataclass(frozen=True)
class DecisionGroup:
    """The signed lines of one award and one kind of nominee."""

    award: str
    award_kind: str
    is_collective: bool
    count: int
    bonus: int
    lines: list[DecisionLineFacts]


@dataclass(frozen=True)
class DecisionFacts:
    """All that a page or the document of a decision shows, in one language."""

    id: int
    code: str
    number_text: str
    subject: str
    state: DecisionState
    state_name: str
    chip: str
    groups: list[DecisionGroup]
    pulled: list[DecisionLineFacts]
    individual_count: int
    collective_count: int
    direct_worker_count: int
    total_bonus: int
    base_salary: int
    submission_note: str
    send_back_reason: str
    created_at: datetime
    created_by: str
    signed_at: datetime | None
    signed_by: str
    issued_on: date | None
    issued_by: str
    has_document: bool
    number_mark: str = NUMBER_MARK

    @property
    def line_count(self) -> int:
        """How many nominees are signed together."""
        return self.individual_count + self.collective_count

    @property
    def direct_worker_percent(self) -> int:
        """The share of direct workers among individuals, rounded."""
        return round(100 * self.direct_worker_count / self.individual_count) if self.individual_count else 0


def decision_facts(session: Session, decision: Decision, *, language: str) -> DecisionFacts:
    """Gather what the page of a decision shows; the caller has looked it up for its reader."""
    del session
    words = DECISION_STATE_NAMES[decision.state]
    signed = [line for line in decision.lines if line.state is LineState.INCLUDED]
    individuals = [line for line in signed if line.nominee.kind is NomineeKind.INDIVIDUAL]
    return DecisionFacts(
        id=decision.id,
        code=decision.code,
        number_text=number_text(decision),
        subject=decision.subject,
        state=decision.state,
        state_name=word(words, language),
        chip=words[2],
        groups=_groups(signed, language),
        pulled=[_line(line, language) for line in decision.lines if line.state is not LineState.INCLUDED],
        individual_count=len(individuals),
        collective_count=len(signed) - len(individuals),
        direct_worker_count=sum(line.nominee.is_direct_worker for line in individuals),
        total_bonus=sum(line.bonus for line in signed),
        base_salary=decision.base_salary or 0,
        submission_note=decision.submission_note,
        send_back_reason=decision.send_back_reason,
        created_at=decision.created_at,
        created_by=decision.created_by.full_name,
        signed_at=decision.signed_at,
        signed_by=decision.signed_by.full_name if decision.signed_by else "",
        issued_on=decision.issued_on,
        issued_by=decision.issued_by.full_name if decision.issued_by else "",
        has_document=decision.pdf_sha256 is not None,
    )


def _groups(signed: Sequence[DecisionLine], language: str) -> list[DecisionGroup]:
    def order(line: DecisionLine) -> tuple[int, bool]:
        return line.award.position, line.nominee.kind is NomineeKind.COLLECTIVE

    ordered = sorted(signed, key=lambda line: (*order(line), line.nominee.sort_key, line.id))
    return [
        _group(list(lines), is_collective=is_collective, language=language)
        for (_, is_collective), lines in groupby(ordered, key=order)
    ]


def _group(lines: list[DecisionLine], *, is_collective: bool, language: str) -> DecisionGroup:
    award = lines[0].award
    return DecisionGroup(
        award=award.label(language),
        award_kind=award.kind.value,
        is_collective=is_collective,
        count=len(lines),
        bonus=sum(line.bonus for line in lines),
        lines=[_line(line, language) for line in lines],
    )


def _line(line: DecisionLine, language: str) -> DecisionLineFacts:
    nominee = line.nominee
    dossier = nominee.dossier
    return DecisionLineFacts(
        id=line.id,
        position=line.position,
        name=nominee.name,
        about=", ".join(part for part in (nominee.job_title, nominee.workplace) if part),
        unit=(dossier.unit.name_en if language == "en" else "") or dossier.unit.name,
        award=line.award.label(language),
        dossier_id=dossier.id,
        dossier_code=dossier.code,
        bonus=line.bonus,
        state=line.state,
        reason=line.reason,
    )
