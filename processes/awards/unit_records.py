"""A unit's record with the inspectors, for whoever appraises its dossiers: findings, remedies, holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from engine import people
from engine.models import Unit
from processes.awards.checklist import topic_name
from processes.awards.holds import is_in_force, open_remedies
from processes.awards.inspection_figures import is_remedy_late
from processes.awards.inspections import unit_name
from processes.awards.models import Inspection, InspectionState
from processes.awards.stages import INSPECTION_STATE_NAMES, word

SHOWN = 3


@dataclass(frozen=True)
class OpenRemedy:
    """Something the unit has still to mend."""

    text: str
    due_on: date
    is_late: bool


@dataclass(frozen=True)
class PastInspection:
    """One inspection of the unit, or of one it has succeeded."""

    id: int
    code: str
    unit: str
    """Only where it was of a predecessor."""
    state_name: str
    chip: str
    opened_at: datetime
    conclusion: str
    shortcomings: Sequence[tuple[str, str]]
    """Topic and what was found wanting."""
    open_remedies: Sequence[OpenRemedy]
    is_holding: bool
    hold_reason: str


@dataclass(frozen=True)
class UnitRecord:
    """The last inspections, and before them all that still hold or have something open."""

    inspections: Sequence[PastInspection]

    @property
    def holding(self) -> Sequence[PastInspection]:
        """The inspections that hold the unit's awards now."""
        return [one for one in self.inspections if one.is_holding]


def find_record(session: Session, unit: Unit, *, on: date, language: str) -> UnitRecord:
    """Return the unit's record as it stands on a day; the caller has checked the reader."""
    bodies = [unit, *people.predecessors_of(session, unit, on=on)]
    query = (
        select(Inspection)
        .where(
            Inspection.unit_id.in_([body.id for body in bodies]),
            Inspection.state != InspectionState.CANCELLED,
        )
        .options(selectinload(Inspection.findings), selectinload(Inspection.remedies))
        .order_by(Inspection.id.desc())
    )
    found = session.scalars(query).all()
    shown = [one for place, one in enumerate(found) if place < SHOWN or open_remedies(one)]
    return UnitRecord([_past(one, unit, on, language) for one in shown])


def _past(inspection: Inspection, unit: Unit, on: date, language: str) -> PastInspection:
    state = INSPECTION_STATE_NAMES[inspection.state]
    return PastInspection(
        id=inspection.id,
        code=inspection.code,
        unit=unit_name(inspection.unit, language) if inspection.unit_id != unit.id else "",
        state_name=word(state, language),
        chip=state[2],
        opened_at=inspection.opened_at,
        conclusion=inspection.conclusion,
        shortcomings=[
            (topic_name(one.topic, language), one.text) for one in inspection.findings if one.is_shortcoming
        ],
        open_remedies=[
            OpenRemedy(one.text, one.due_on, is_remedy_late(one, on=on)) for one in open_remedies(inspection)
        ],
        is_holding=is_in_force(inspection),
        hold_reason=inspection.hold_reason,
    )
