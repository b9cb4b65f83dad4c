"""Counts what waits for a person, for the menu on every page."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from engine import permissions
from engine.models import Incident, IncidentState, ProcessInstance, Task, TaskState
from engine.people import Authority
from web import access


@dataclass(frozen=True)
class Waiting:
    """Numbers beside the entries of the menu."""

    tasks: int
    late: int
    incidents: int


def count(session: Session, authority: Authority, now: datetime) -> Waiting:
    """Count the tasks a person has or may take, those overdue, and the incidents he may mend."""
    mine = Task.assignee_id == authority.person_id
    offered = and_(Task.assignee_id.is_(None), Task.id.in_(permissions.tasks_offered_to(authority)))
    is_late = case((Task.due_at < now, 1))
    waiting, late = session.execute(
        select(func.count(), func.count(is_late))
        .select_from(Task)
        .join(ProcessInstance, Task.instance_id == ProcessInstance.id)
        .where(
            Task.state == TaskState.OPEN,
            Task.incident_id.is_(None),
            ProcessInstance.suspended_at.is_(None),
            or_(mine, offered),
        )
    ).one()
    return Waiting(waiting, late, _incidents(session) if access.can_see_incidents(authority) else 0)


def _incidents(session: Session) -> int:
    found = select(func.count()).select_from(Incident).where(Incident.state == IncidentState.OPEN)
    return session.scalar(found) or 0
