"""What is known of each unit when the units to inspect are chosen, gathered in a few queries."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from engine import people
from engine.calendar import at_local_time
from engine.models import RoleHolding, Unit
from engine.people import local_day
from processes.awards import clusters
from processes.awards.models import (
    AppraisalOpinion,
    ClusterMember,
    DirectiveTask,
    Dossier,
    Inspection,
    InspectionFinding,
    InspectionState,
    Remedy,
    RemedyState,
    TaskReport,
)

LOOKING_BACK: Final = timedelta(days=365)
"""How far back risk signs count."""
COMPLAINTS: Final = "complaints"
"""The topic of the checklist under which a team notes complaints that were not settled."""
_RETURNED_AT: Final = "receive_dossier"
_UNIT_ROLES: Final = ("unit_officer", "unit_head")


@dataclass(frozen=True)
class UnitFacts:
    """One unit as the choice sees it. Counts are of the year before the day the facts were gathered."""

    code: str
    known_since_year: int | None = None
    """The year it was founded, where that is recorded."""
    last_inspected_year: int | None = None
    returned_dossiers: int = 0
    """Dossiers the agency sent back when it received them."""
    late_reports: int = 0
    """Self-reports and reports on directives that came after their day, or are still to come."""
    open_remedies: int = 0
    late_remedies: int = 0
    """Of those, or of those mended since, the ones past their day."""
    complaints: int = 0
    cluster: str = ""
    inspected_by: str = ""
    """Who of its cluster inspects it this year."""
    has_officer: bool = True
    has_head: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return what a plan keeps, so that the choice can be made again."""
        return asdict(self)


def gather_unit_facts(session: Session, *, year: int, on: date) -> list[UnitFacts]:
    """Return the facts of all units that can be inspected, by code.

    These are the members of clusters, and whatever unit has an officer or a head. What an abolished unit
    left counts for its successor.
    """
    units = {unit.id: unit for unit in session.scalars(select(Unit))}
    heirs = {number: people.heir_of(unit, on=on).id for number, unit in units.items()}
    staffed = people.staffed_groups(session, on=on)
    counted = _counts(session, heirs, on=on)
    wanted = {heirs[number] for number in _inspectable(session)}
    places = clusters.places(session, year=year)
    found = [
        _facts(units[number], counted.get(number, UnitFacts("")), staffed)
        for number in wanted
        if not people.is_abolished(units[number], on=on)
    ]
    placed = [replace(one, **places[one.code]) if one.code in places else one for one in found]
    return sorted(placed, key=lambda one: one.code)


def _facts(unit: Unit, counted: UnitFacts, staffed: frozenset[str]) -> UnitFacts:
    return replace(
        counted,
        code=unit.code,
        known_since_year=unit.valid_from.year if unit.valid_from else None,
        has_officer=f"unit_officer@{unit.code}" in staffed,
        has_head=f"unit_head@{unit.code}" in staffed,
    )


def _inspectable(session: Session) -> set[int]:
    held = select(RoleHolding.unit_id).where(
        RoleHolding.role.in_(_UNIT_ROLES), RoleHolding.unit_id.is_not(None)
    )
    members = session.scalars(select(ClusterMember.unit_id))
    return {*members, *(number for number in session.scalars(held) if number is not None)}


def _counts(session: Session, heirs: Mapping[int, int], *, on: date) -> dict[int, UnitFacts]:
    """Return what counts against each unit, or for it, by its id."""
    since = at_local_time(on - LOOKING_BACK, time.min)

    def of_heirs(ids: Iterable[int]) -> Counter[int]:
        return Counter(heirs[number] for number in ids)

    years: dict[int, int] = {}
    for number, opened_at in session.execute(
        select(Inspection.unit_id, func.max(Inspection.opened_at))
        .where(Inspection.state != InspectionState.CANCELLED)
        .group_by(Inspection.unit_id)
    ):
        years[heirs[number]] = max(years.get(heirs[number], 0), local_day(opened_at).year)
    returned = of_heirs(_returned(session, since))
    late = of_heirs([*_late_self_reports(session, since, on), *_late_task_reports(session, since, on)])
    unmended, overdue = _remedies(session, since, on)
    open_remedies, late_remedies = of_heirs(unmended), of_heirs(overdue)
    complaints = of_heirs(_complaints(session, since))
    return {
        number: UnitFacts(
            "",
            last_inspected_year=years.get(number),
            returned_dossiers=returned[number],
            late_reports=late[number],
            open_remedies=open_remedies[number],
            late_remedies=late_remedies[number],
            complaints=complaints[number],
        )
        for number in set(heirs.values())
    }


def _returned(session: Session, since: datetime) -> list[int]:
    """Return the unit of each dossier that was sent back at receipt, however often."""
    query = (
        select(Dossier.unit_id, Dossier.id)
        .join(AppraisalOpinion, AppraisalOpinion.dossier_id == Dossier.id)
        .where(
            AppraisalOpinion.verdict == "send_back",
            AppraisalOpinion.step == _RETURNED_AT,
            AppraisalOpinion.written_at >= since,
        )
        .distinct()
    )
    return [unit_id for unit_id, _dossier_id in session.execute(query)]


def _late_self_reports(session: Session, since: datetime, on: date) -> list[int]:
    query = select(Inspection.unit_id, Inspection.report_due_on, Inspection.reported_at).where(
        Inspection.report_due_on.is_not(None),
        Inspection.opened_at >= since,
        Inspection.state != InspectionState.CANCELLED,
    )
    return [unit_id for unit_id, due_on, at in session.execute(query) if due_on and _is_late(due_on, at, on)]


def _late_task_reports(session: Session, since: datetime, on: date) -> list[int]:
    query = (
        select(DirectiveTask.lead_unit_id, TaskReport.period_ends_on, TaskReport.submitted_at)
        .join(TaskReport, TaskReport.task_id == DirectiveTask.id)
        .where(TaskReport.period_ends_on >= local_day(since))
    )
    return [unit_id for unit_id, due_on, at in session.execute(query) if _is_late(due_on, at, on)]


def _is_late(due_on: date, done_at: datetime | None, on: date) -> bool:
    return (local_day(done_at) if done_at else on) > due_on


def _remedies(session: Session, since: datetime, on: date) -> tuple[list[int], list[int]]:
    """Return the unit of each remedy that is not verified, and of each that was or is past its day."""
    is_recent = or_(Remedy.state != RemedyState.VERIFIED, Remedy.verified_at >= since)
    query = (
        select(Inspection.unit_id, Remedy.state, Remedy.due_on, Remedy.reported_at)
        .join(Remedy, Remedy.inspection_id == Inspection.id)
        .where(is_recent)
    )
    found = session.execute(query).all()
    unmended = [unit_id for unit_id, state, _due_on, _at in found if state is not RemedyState.VERIFIED]
    return unmended, [unit_id for unit_id, _state, due_on, at in found if _is_late(due_on, at, on)]


def _complaints(session: Session, since: datetime) -> Iterable[int]:
    query = (
        select(Inspection.unit_id)
        .join(InspectionFinding, InspectionFinding.inspection_id == Inspection.id)
        .where(
            InspectionFinding.topic == COMPLAINTS,
            InspectionFinding.is_shortcoming,
            Inspection.opened_at >= since,
        )
    )
    return session.scalars(query)
