"""Late work of others that somebody answers for: of the roles he is the head of, of his unit's people."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, or_, select, tuple_
from sqlalchemy.orm import Session

from engine import permissions, setup
from engine.models import Person, Task, TaskCandidate, Unit
from engine.people import Authority
from engine.tasks.inbox import list_waiting


def late_under(session: Session, authority: Authority, now: datetime) -> list[Task] | None:
    """Return the overdue tasks of others that the person answers for, the latest first; None: for nobody.

    He answers for the roles that name one of his as their head (in his unit, where he is head of one), and
    for whoever belongs to a unit he is the head of. Tasks of his own are in his inbox.
    """
    answers_for = _answers_for(session, authority)
    if answers_for is None:
        return None
    is_mine = or_(
        Task.assignee_id.is_not_distinct_from(authority.person_id),
        and_(Task.assignee_id.is_(None), Task.id.in_(permissions.tasks_offered_to(authority))),
    )
    return list_waiting(session, Task.due_at < now, answers_for, not_(is_mine))


def _answers_for(session: Session, authority: Authority) -> ColumnElement[bool] | None:
    roles = setup.of(session).roles
    everywhere: set[str] = set()
    in_units: set[tuple[str, str]] = set()
    for code, role in roles.items():
        head = role.head_role
        if head is None or not authority.holds_any(head):
            continue
        if head in roles and roles[head].per_unit:
            in_units |= {(code, unit_code) for unit_code in authority.units_of(head)}
        else:
            everywhere.add(code)
    if not everywhere and not in_units:
        return None
    group = tuple_(TaskCandidate.role, TaskCandidate.unit_code)
    offered = select(TaskCandidate.task_id).where(
        or_(TaskCandidate.role.in_(sorted(everywhere)), group.in_(sorted(in_units)))
    )
    units = sorted({unit_code for _role, unit_code in in_units})
    members = select(Person.id).join(Unit, Person.unit_id == Unit.id).where(Unit.code.in_(units))
    return or_(Task.id.in_(offered), Task.assignee_id.in_(members))
