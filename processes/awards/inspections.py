"""Inspections of units as people work with them: find, look up, facts of a page."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFoundError
from engine.models import Unit
from engine.people import Authority
from processes.awards import permissions
from processes.awards.checklist import QUESTIONS
from processes.awards.models import Inspection, InspectionState
from processes.awards.stages import INSPECTION_STATE_NAMES, word


@dataclass(frozen=True)
class InspectionFacts:
    """One inspection, for lists and for its page."""

    id: int
    code: str
    unit: str
    topic: str
    state: InspectionState
    state_name: str
    chip: str
    opened_at: datetime
    reported_at: datetime | None
    report: list[tuple[str, str]]
    """Question and answer."""
    review_note: str
    conclusion: str
    recommendations: str
    concluded_at: datetime | None
    remedies: list[tuple[str, date]]
    """What is to be mended, and until when."""


def find_inspections(session: Session, *, reader: Authority, language: str = "vi") -> list[InspectionFacts]:
    """Return the inspections the reader may see, the newest first."""
    query = select(Inspection).order_by(Inspection.id.desc())
    if not permissions.sees_everything(reader) and not reader.holds_any("inspector"):
        codes = permissions.units_of(reader)
        query = query.where(Inspection.unit_id.in_(select(Unit.id).where(Unit.code.in_(codes))))
    return [inspection_facts(inspection, language=language) for inspection in session.scalars(query)]


def get_inspection(session: Session, inspection_id: int, *, reader: Authority) -> Inspection:
    """Return an inspection the reader may see.

    Raises:
        NotFoundError: there is none, or it is none of his.

    """
    found = session.get(Inspection, inspection_id)
    if found is None or not permissions.can_see_inspections_of(reader, found.unit):
        raise NotFoundError(f"no inspection {inspection_id} for person {reader.person_id}")
    return found


def inspection_facts(inspection: Inspection, *, language: str) -> InspectionFacts:
    """Gather what a list or the page of an inspection shows."""
    words = INSPECTION_STATE_NAMES[inspection.state]
    english = language == "en"
    return InspectionFacts(
        id=inspection.id,
        code=inspection.code,
        unit=(inspection.unit.name_en if english else "") or inspection.unit.name,
        topic=inspection.topic,
        state=inspection.state,
        state_name=word(words, language),
        chip=words[2],
        opened_at=inspection.opened_at,
        reported_at=inspection.reported_at,
        report=[
            (names[1] if english else names[0], str(inspection.report[key]))
            for key, names in QUESTIONS.items()
            if inspection.report.get(key)
        ],
        review_note=inspection.review_note,
        conclusion=inspection.conclusion,
        recommendations=inspection.recommendations,
        concluded_at=inspection.concluded_at,
        remedies=[(remedy.text, remedy.due_on) for remedy in inspection.remedies],
    )
