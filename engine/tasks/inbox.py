"""Lists of tasks as people see them, the most pressing first, and the one look-up by id."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from engine import clock, people, permissions
from engine.errors import NotFoundError
from engine.models import InstanceState, Person, ProcessInstance, Task, TaskState
from engine.people import Authority

LIST_LIMIT: Final = 500
_ONE: Final = (
    select(Task)
    .where(Task.id == bindparam("task_id", type_=Integer))
    .options(joinedload(Task.instance, innerjoin=True), joinedload(Task.candidates))
)


def inbox_mine(session: Session, person: Person, now: datetime) -> list[Task]:  # noqa: ARG001  # as its sisters
    """Return the tasks a person has, the most pressing first."""
    return list_waiting(session, Task.assignee_id == person.id)


def inbox_groups(session: Session, person: Person, now: datetime) -> list[Task]:
    """Return the tasks nobody has that a person may take, the most pressing first."""
    offered = permissions.tasks_offered_to(_authority(session, person, now))
    return list_waiting(session, Task.assignee_id.is_(None), Task.id.in_(offered))


def waiting_for_others(session: Session, person: Person, now: datetime) -> list[Task]:
    """Return what others have to do in running instances that a person has started or worked on."""
    offered = permissions.tasks_offered_to(_authority(session, person, now))
    worked = select(Task.instance_id).where(Task.completed_by_id == person.id)
    started = select(ProcessInstance.id).where(
        ProcessInstance.started_by_id == person.id, ProcessInstance.state == InstanceState.RUNNING
    )
    of_others = or_(
        Task.assignee_id != person.id,
        and_(Task.assignee_id.is_(None), Task.id.not_in(offered)),
        Task.incident_id.is_not(None),
    )
    taken_part = or_(Task.instance_id.in_(worked), Task.instance_id.in_(started))
    return _list(session, _with_facts().where(Task.state == TaskState.OPEN, of_others, taken_part))


def done_by(session: Session, person: Person, *, limit: int = 100) -> list[Task]:
    """Return the tasks a person has completed, the latest first."""
    found = _with_facts().where(Task.completed_by_id == person.id)
    return list(session.scalars(found.order_by(Task.completed_at.desc(), Task.id.desc()).limit(limit)))


def tasks_of_instance(session: Session, instance_id: int) -> list[Task]:
    """Return all tasks of an instance in the order they came. The caller has checked the reader."""
    return list(session.scalars(_with_facts().where(Task.instance_id == instance_id).order_by(Task.id)))


def get_task(session: Session, task_id: int, *, reader: Person, now: datetime | None = None) -> Task:
    """Return a task that the reader may see by the roles he holds today, or at ``now``.

    Raises:
        NotFoundError: there is none, or it is none of his.

    """
    authority = _authority(session, reader, now or clock.now())
    task = session.scalars(_ONE, {"task_id": task_id}).unique().one_or_none()
    if task is None or not _is_seen(session, authority, task):
        raise NotFoundError(f"no task {task_id} for person {reader.id}")
    return task


def _is_seen(session: Session, authority: Authority, task: Task) -> bool:
    """Whether the person may see the task; who is to do it needs no query to be told so."""
    if task.assignee_id == authority.person_id or permissions.is_candidate(authority, task):
        return True
    return permissions.can_see_instance(session, authority, task.instance_id)


def list_waiting(session: Session, *where: ColumnElement[bool]) -> list[Task]:
    """Return the tasks that can be done now and meet the conditions, the most pressing first."""
    return _list(session, _waiting().where(*where))


def _waiting() -> Select[Task]:
    """Return what can be done now: not what has been handed in, nor what stands still by order."""
    can_be_done = (Task.state == TaskState.OPEN, Task.incident_id.is_(None))
    found = _with_facts().join(ProcessInstance, Task.instance_id == ProcessInstance.id)
    return found.where(*can_be_done, ProcessInstance.suspended_at.is_(None))


def _with_facts() -> Select[Task]:
    """Return tasks with what a list shows of them."""
    return select(Task).options(
        joinedload(Task.instance).joinedload(ProcessInstance.unit),
        joinedload(Task.assignee),
        selectinload(Task.candidates),
    )


def _list(session: Session, found: Select[Task]) -> list[Task]:
    """Overdue tasks are due first, so they come first; tasks without a deadline come last."""
    pressing = found.order_by(Task.due_at.asc().nulls_last(), Task.priority.desc(), Task.id)
    return list(session.scalars(pressing.limit(LIST_LIMIT)))


def _authority(session: Session, person: Person, now: datetime) -> Authority:
    return people.authority_of(session, person, on=people.local_day(now))
