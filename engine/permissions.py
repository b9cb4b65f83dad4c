"""Who may see and do what: services enforce these predicates, pages use the same ones to hide buttons."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, false, or_, select, true, tuple_
from sqlalchemy.orm import Session

from engine import setup
from engine.models import ProcessInstance, Task, TaskCandidate, TaskState, Unit
from engine.people import Authority


def is_candidate(authority: Authority, task: Task) -> bool:
    """Whether the person holds one of the task's candidate groups."""
    return any((group.role, group.unit_code) in authority.reach for group in task.candidates)


def can_complete(authority: Authority, task: Task, *, barred: Collection[int] = ()) -> bool:
    """Whether the person may hand in the task now: not while its instance stands still.

    ``barred`` are the ids of those whom four eyes keep off it (see ``tasks.barred_from``).
    """
    return not is_suspended(task) and can_work_on(authority, task, barred=barred)


def can_work_on(authority: Authority, task: Task, *, barred: Collection[int] = ()) -> bool:
    """Whether the task is the person's to do: it is his, or nobody's and he is a candidate."""
    if not is_waiting(task) or authority.person_id in barred:
        return False
    if task.assignee_id is not None:
        return task.assignee_id == authority.person_id
    return is_candidate(authority, task)


def can_claim(authority: Authority, task: Task, *, barred: Collection[int] = ()) -> bool:
    """Whether the person may take the task for himself."""
    return task.assignee_id is None and can_complete(authority, task, barred=barred)


def can_release(authority: Authority, task: Task) -> bool:
    """Whether the person may give the task back to its candidates."""
    return is_waiting(task) and task.assignee_id == authority.person_id and bool(task.candidates)


def can_hand_over(authority: Authority, task: Task, *, administers: Collection[str] = ()) -> bool:
    """Whether the person may pass the task on: its assignee, its candidate while nobody has it, or an
    administrator."""  # noqa: D205, D209  # one sentence
    if not is_waiting(task):
        return False
    if holds_any(authority, administers):
        return True
    return bool(task.candidates) and can_complete(authority, task)


def can_receive(authority: Authority, task: Task, *, barred: Collection[int] = ()) -> bool:
    """Whether the task may be given to the person: he is a candidate where it has candidates."""
    return authority.person_id not in barred and (not task.candidates or is_candidate(authority, task))


def is_waiting(task: Task) -> bool:
    """Whether the task is still to be done: open, and not handed in with its next step failed."""
    return task.state is TaskState.OPEN and task.incident_id is None


def is_suspended(task: Task) -> bool:
    """Whether the task's instance stands still by order: nobody can do the task until it goes on."""
    return task.instance.suspended_at is not None


def holds_any(authority: Authority, roles: Collection[str]) -> bool:
    """Whether the person holds one of ``roles``, anywhere."""
    return any(role in roles for role, _ in authority.roles)


def can_administer(session: Session, authority: Authority) -> bool:
    """Whether the person may cancel instances, hand over anybody's task and retry incidents."""
    return holds_any(authority, setup.of(session).administers)


def can_see_instance(session: Session, authority: Authority, instance_id: int) -> bool:
    """Whether the person may read an instance, its tasks, comments and files. One query."""
    found = select(ProcessInstance.id).where(
        ProcessInstance.id == instance_id, visible_to(session, authority)
    )
    return session.scalar(found) is not None


def visible_to(session: Session, authority: Authority) -> ColumnElement[bool]:
    """Return the condition on ``ProcessInstance`` for the instances a person may read.

    They are those of his unit and of the units it has succeeded, those he started, has worked on or is a
    candidate in; all, if one of his roles sees everything.
    """
    if holds_any(authority, setup.of(session).sees_everything):
        return true()
    me = authority.person_id
    units = {unit_code for _, unit_code in authority.reach if unit_code}
    own_unit = ProcessInstance.unit_id.in_(select(Unit.id).where(Unit.code.in_(units))) if units else false()
    worked = select(Task.instance_id).where(or_(Task.assignee_id == me, Task.completed_by_id == me))
    asked = select(Task.instance_id).where(Task.id.in_(tasks_offered_to(authority)))
    return or_(
        own_unit,
        ProcessInstance.started_by_id == me,
        ProcessInstance.id.in_(worked),
        ProcessInstance.id.in_(asked),
    )


def tasks_offered_to(authority: Authority) -> Select[int]:
    """Return the query for the ids of all tasks of which the person is a candidate."""
    groups = tuple_(TaskCandidate.role, TaskCandidate.unit_code)
    return select(TaskCandidate.task_id).where(groups.in_(sorted(authority.reach)))
