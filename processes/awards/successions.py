"""What the institution keeps of a unit that is abolished: when it may go to the successor, and what goes.

Dossiers, inspections and decisions go on naming the unit they were about. Only what is still to come moves:
the place in a cluster, planned inspections, tasks of directives.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from engine.models import Unit
from processes.awards.models import (
    AgendaLine,
    ClusterMember,
    CouncilSession,
    CouncilState,
    DirectiveTask,
    DirectiveTaskPartner,
    DirectiveTaskState,
    Dossier,
    Inspection,
    InspectionPlan,
    PlannedInspection,
)

_IN_PLAN_ALREADY: Final = "Đơn vị đã sáp nhập vào {name}, đã có trong kế hoạch."


def is_voted_on(session: Session, unit: Unit, heir: Unit) -> bool:
    """Whether a ballot is open on a dossier of one of the units: who may vote was fixed at its opening."""
    query = (
        select(AgendaLine.id)
        .join(CouncilSession, CouncilSession.id == AgendaLine.session_id)
        .join(Dossier, Dossier.id == AgendaLine.dossier_id)
        .where(CouncilSession.state == CouncilState.VOTING, Dossier.unit_id.in_([unit.id, heir.id]))
    )
    return session.scalar(query.limit(1)) is not None


def in_words(details: Mapping[str, Any]) -> tuple[str, str]:
    """Say in Vietnamese and English what an event ``unit_succeeded`` tells, by the names of that day."""
    unit, heir = details["unit"], details["successor"]
    day = f"{date.fromisoformat(details['from']):%d/%m/%Y}"
    return (
        f"{unit['name']} được sáp nhập vào {heir['name']} từ ngày {day}",
        f"{unit['name_en'] or unit['name']} has gone into {heir['name_en'] or heir['name']} from {day} on",
    )


def take_over(session: Session, unit: Unit, heir: Unit, now: datetime) -> None:
    """Move to the heir what is still to come. Flushes."""
    _take_place_in_cluster(session, unit, heir)
    _take_planned_inspections(session, unit, heir, now)
    _take_directive_tasks(session, unit, heir)
    session.flush()


def _take_place_in_cluster(session: Session, unit: Unit, heir: Unit) -> None:
    """Give the place to the heir, unless it has one in this or another cluster."""
    place = session.get(ClusterMember, unit.id)
    if place is None:
        return
    cluster_id, position = place.cluster_id, place.position
    session.delete(place)
    session.flush()
    if session.get(ClusterMember, heir.id) is None:
        session.add(ClusterMember(unit_id=heir.id, cluster_id=cluster_id, position=position))


def _take_planned_inspections(session: Session, unit: Unit, heir: Unit, now: datetime) -> None:
    opened = select(Inspection.planned_id).where(Inspection.planned_id.is_not(None))
    to_come = (PlannedInspection.dropped_at.is_(None), PlannedInspection.id.not_in(opened))
    for line in session.scalars(select(PlannedInspection).where(*to_come, _names(unit))).all():
        if line.inspecting_unit_id == unit.id:
            line.inspecting_unit_id = heir.id
        if line.unit_id == unit.id and _is_planned(session, line.plan, heir):
            line.dropped_at, line.drop_reason = now, _IN_PLAN_ALREADY.format(name=heir.name)
        elif line.unit_id == unit.id:
            line.unit_id = heir.id
        session.flush()


def _take_directive_tasks(session: Session, unit: Unit, heir: Unit) -> None:
    open_tasks = select(DirectiveTask.id).where(DirectiveTask.state == DirectiveTaskState.OPEN)
    session.execute(
        update(DirectiveTask)
        .where(DirectiveTask.lead_unit_id == unit.id, DirectiveTask.id.in_(open_tasks))
        .values(lead_unit_id=heir.id)
    )
    partners = select(DirectiveTaskPartner).where(
        DirectiveTaskPartner.unit_id == unit.id, DirectiveTaskPartner.task_id.in_(open_tasks)
    )
    for partner in session.scalars(partners).all():
        task_id = partner.task_id
        session.delete(partner)
        session.flush()
        if session.get(DirectiveTaskPartner, (task_id, heir.id)) is None:
            session.add(DirectiveTaskPartner(task_id=task_id, unit_id=heir.id))


def _names(unit: Unit) -> ColumnElement[bool]:
    return or_(PlannedInspection.unit_id == unit.id, PlannedInspection.inspecting_unit_id == unit.id)


def _is_planned(session: Session, plan: InspectionPlan, unit: Unit) -> bool:
    found = select(PlannedInspection.id).where(
        PlannedInspection.plan_id == plan.id, PlannedInspection.unit_id == unit.id
    )
    return session.scalar(found) is not None
