"""What the page of an inspection shows: days, team, self-report, minutes, conclusion, remedies, hold."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine.models import Person, Task, TaskState
from processes.awards import checklist
from processes.awards.holds import is_in_force
from processes.awards.inspection_figures import is_remedy_late, is_report_late
from processes.awards.inspection_words import DUTY_NAMES, KIND_NAMES, REMEDY_STATE_NAMES, why_chosen
from processes.awards.inspections import unit_name
from processes.awards.models import (
    Inspection,
    InspectionEvidence,
    InspectionState,
    Remedy,
    RemedyState,
)
from processes.awards.stages import INSPECTION_STATE_NAMES, word


@dataclass(frozen=True)
class EvidenceFile:
    """A file that proves an answer or a remedy."""

    upload_id: int
    name: str
    size_bytes: int


@dataclass(frozen=True)
class Answer:
    """What the unit says on one question of the checklist, with its proofs."""

    question: str
    text: str
    files: Sequence[EvidenceFile]


@dataclass(frozen=True)
class FindingFacts:
    """What the team found on one topic."""

    topic: str
    text: str
    is_shortcoming: bool


@dataclass(frozen=True)
class RemedyFacts:
    """One thing to mend, with its day and how far it is."""

    position: int
    text: str
    due_on: date
    state_name: str
    chip: str
    is_open: bool
    is_late: bool
    note: str
    reported_at: datetime | None
    review_note: str
    verified_at: datetime | None
    verified_by: str
    files: Sequence[EvidenceFile]


@dataclass(frozen=True)
class HoldFacts:
    """The hold on the unit's awards, while it lasts and afterwards."""

    is_in_force: bool
    reason: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_reason: str


@dataclass(frozen=True)
class InspectionFacts:
    """All that the page shows, in one language."""

    id: int
    code: str
    unit: str
    topic: str
    kind_name: str
    kind_chip: str
    reason: str
    why: str
    """Why the plan chose the unit; empty where no plan did."""
    plan_id: int | None
    plan_code: str
    inspecting_unit: str
    """Of a cross-inspection."""
    state: InspectionState
    state_name: str
    chip: str
    opened_at: datetime
    report_due_on: date | None
    reported_at: datetime | None
    is_report_late: bool
    visit_at: datetime | None
    visit_place: str
    team: Sequence[tuple[str, str]]
    """Name and duty, the leader first."""
    answers: Sequence[Answer]
    review_note: str
    attendance: str
    minutes: str
    minutes_upload_id: int | None
    findings: Sequence[FindingFacts]
    objections: str
    unit_signed_at: datetime | None
    unit_signed_by: str
    unit_silent_at: datetime | None
    team_signed_at: datetime | None
    team_signed_by: str
    conclusion: str
    recommendations: str
    concluded_at: datetime | None
    remedies: Sequence[RemedyFacts]
    hold: HoldFacts | None
    closed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str
    open_tasks: Sequence[Task]

    @property
    def open_count(self) -> int:
        """How many remedies are still followed."""
        return sum(remedy.is_open for remedy in self.remedies)


def inspection_facts(session: Session, inspection: Inspection, *, on: date, language: str) -> InspectionFacts:
    """Gather what the page of an inspection shows; the caller has looked it up for its reader."""
    state, kind = INSPECTION_STATE_NAMES[inspection.state], KIND_NAMES[inspection.kind]
    planned = inspection.planned
    proofs = _proofs(session, inspection)
    return InspectionFacts(
        id=inspection.id,
        code=inspection.code,
        unit=unit_name(inspection.unit, language),
        topic=inspection.topic,
        kind_name=word(kind, language),
        kind_chip=kind[2],
        reason=inspection.reason,
        why=why_chosen(planned.grounds, language, by_hand_reason=planned.by_hand_reason) if planned else "",
        plan_id=planned.plan_id if planned else None,
        plan_code=planned.plan.code if planned else "",
        inspecting_unit=unit_name(inspection.inspecting_unit, language) if inspection.inspecting_unit else "",
        state=inspection.state,
        state_name=word(state, language),
        chip=state[2],
        opened_at=inspection.opened_at,
        report_due_on=inspection.report_due_on,
        reported_at=inspection.reported_at,
        is_report_late=is_report_late(inspection, on=on),
        visit_at=inspection.visit_at,
        visit_place=inspection.visit_place,
        team=[(one.person.full_name, word(DUTY_NAMES[one.duty], language)) for one in inspection.team],
        answers=_answers(inspection, proofs, language),
        review_note=inspection.review_note,
        attendance=inspection.attendance,
        minutes=inspection.minutes,
        minutes_upload_id=inspection.minutes_upload_id,
        findings=[
            FindingFacts(checklist.topic_name(one.topic, language), one.text, one.is_shortcoming)
            for one in inspection.findings
        ],
        objections=inspection.objections,
        unit_signed_at=inspection.unit_signed_at,
        unit_signed_by=_name(inspection.unit_signed_by),
        unit_silent_at=inspection.unit_silent_at,
        team_signed_at=inspection.team_signed_at,
        team_signed_by=_name(inspection.team_signed_by),
        conclusion=inspection.conclusion,
        recommendations=inspection.recommendations,
        concluded_at=inspection.concluded_at,
        remedies=[_remedy(one, proofs, on, language) for one in inspection.remedies],
        hold=_hold(session, inspection),
        closed_at=inspection.closed_at,
        cancelled_at=inspection.cancelled_at,
        cancel_reason=inspection.cancel_reason,
        open_tasks=_open_tasks(session, inspection),
    )


def _proofs(session: Session, inspection: Inspection) -> list[InspectionEvidence]:
    query = select(InspectionEvidence).where(InspectionEvidence.inspection_id == inspection.id)
    return list(session.scalars(query.order_by(InspectionEvidence.upload_id)))


def _files(proofs: Iterable[InspectionEvidence]) -> list[EvidenceFile]:
    return [EvidenceFile(one.upload_id, one.upload.name, one.upload.size_bytes) for one in proofs]


def _answers(inspection: Inspection, proofs: Sequence[InspectionEvidence], language: str) -> list[Answer]:
    """Return what was answered in the order of the checklist, then what it no longer asks."""
    keys = dict.fromkeys(
        [*checklist.QUESTIONS, *inspection.report, *(one.topic for one in proofs if one.topic)]
    )
    found = [
        Answer(
            checklist.topic_name(key, language),
            str(inspection.report.get(key, "")),
            _files(one for one in proofs if one.topic == key and one.remedy_id is None),
        )
        for key in keys
    ]
    return [answer for answer in found if answer.text or answer.files]


def _remedy(remedy: Remedy, proofs: Sequence[InspectionEvidence], on: date, language: str) -> RemedyFacts:
    state = REMEDY_STATE_NAMES[remedy.state]
    return RemedyFacts(
        position=remedy.position,
        text=remedy.text,
        due_on=remedy.due_on,
        state_name=word(state, language),
        chip=state[2],
        is_open=remedy.state is not RemedyState.VERIFIED,
        is_late=is_remedy_late(remedy, on=on),
        note=remedy.note,
        reported_at=remedy.reported_at,
        review_note=remedy.review_note,
        verified_at=remedy.verified_at,
        verified_by=_name(remedy.verified_by),
        files=_files(one for one in proofs if one.remedy_id == remedy.id),
    )


def _hold(session: Session, inspection: Inspection) -> HoldFacts | None:
    if not inspection.holds_awards:
        return None
    lifter = session.get(Person, inspection.hold_lifted_by_id) if inspection.hold_lifted_by_id else None
    return HoldFacts(
        is_in_force(inspection),
        inspection.hold_reason,
        inspection.hold_lifted_at,
        _name(lifter),
        inspection.hold_lifted_reason,
    )


def _open_tasks(session: Session, inspection: Inspection) -> list[Task]:
    query = (
        select(Task)
        .where(Task.instance_id == inspection.instance_id, Task.state == TaskState.OPEN)
        .options(joinedload(Task.assignee))
        .order_by(Task.due_at, Task.id)
    )
    return list(session.scalars(query))


def _name(person: Person | None) -> str:
    return person.full_name if person else ""
