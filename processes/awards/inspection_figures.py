"""The figures of a year of inspections: what was planned and done, what was found, what is mended."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from engine.people import local_day
from processes.awards.holds import is_in_force
from processes.awards.models import (
    Inspection,
    InspectionKind,
    InspectionPlan,
    InspectionState,
    PlannedInspection,
    Remedy,
    RemedyState,
)


@dataclass(frozen=True)
class YearFigures:
    """What a year of inspections comes to; counts of units, inspections and remedies."""

    planned: int = 0
    """Units in the plan that were not dropped."""
    dropped: int = 0
    opened: int = 0
    unplanned: int = 0
    cross: int = 0
    late_reports: int = 0
    """Self-reports that came after their day, or did not come and are past it."""
    concluded: int = 0
    closed: int = 0
    with_shortcomings: int = 0
    """Inspections that found at least one."""
    shortcomings: Sequence[tuple[str, int]] = ()
    """Topic of the checklist and in how many inspections something was wanting there, the most first."""
    remedies: int = 0
    verified_remedies: int = 0
    late_remedies: int = 0
    """Not verified, and past their day."""
    holds: int = 0
    """Inspections whose conclusion held awards."""
    holds_in_force: int = 0

    @property
    def open_remedies(self) -> int:
        """How many remedies are still followed."""
        return self.remedies - self.verified_remedies


def year_figures(session: Session, *, year: int, on: date) -> YearFigures:
    """Count the inspections opened in a year, and its plan if it has one, as they stand on a day."""
    query = (
        select(Inspection)
        .where(
            Inspection.code.like(f"KT-{year:d}-%"),
            Inspection.state != InspectionState.CANCELLED,
        )
        .options(selectinload(Inspection.findings), selectinload(Inspection.remedies))
    )
    found = session.scalars(query).all()
    lines = session.scalars(
        select(PlannedInspection).join(InspectionPlan).where(InspectionPlan.year == year)
    ).all()
    dropped = sum(line.dropped_at is not None for line in lines)
    return _figures(found, planned=len(lines) - dropped, dropped=dropped, on=on)


def _figures(found: Sequence[Inspection], *, planned: int, dropped: int, on: date) -> YearFigures:
    wanting = [{one.topic for one in inspection.findings if one.is_shortcoming} for inspection in found]
    remedies = [remedy for inspection in found for remedy in inspection.remedies]
    kinds = Counter(inspection.kind for inspection in found)
    return YearFigures(
        planned=planned,
        dropped=dropped,
        opened=len(found),
        unplanned=kinds[InspectionKind.UNPLANNED],
        cross=kinds[InspectionKind.CROSS],
        late_reports=sum(is_report_late(one, on=on) for one in found),
        concluded=sum(one.concluded_at is not None for one in found),
        closed=sum(one.state is InspectionState.CONCLUDED for one in found),
        with_shortcomings=sum(map(bool, wanting)),
        shortcomings=_ranked(topic for topics in wanting for topic in topics),
        remedies=len(remedies),
        verified_remedies=sum(one.state is RemedyState.VERIFIED for one in remedies),
        late_remedies=sum(is_remedy_late(one, on=on) for one in remedies),
        holds=sum(one.holds_awards for one in found),
        holds_in_force=sum(map(is_in_force, found)),
    )


def _ranked(topics: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(topics).items(), key=lambda counted: (-counted[1], counted[0]))


def is_report_late(inspection: Inspection, *, on: date) -> bool:
    """Whether the self-report came after its day, or is past it."""
    due_on, reported_at = inspection.report_due_on, inspection.reported_at
    if due_on is None or inspection.state is InspectionState.CANCELLED:
        return False
    return (local_day(reported_at) if reported_at else on) > due_on


def is_remedy_late(remedy: Remedy, *, on: date) -> bool:
    """Whether a remedy is past its day and not verified."""
    return remedy.state is not RemedyState.VERIFIED and remedy.due_on < on
