"""Opens the rows of new user tasks: to whom they are offered, and the reminders that go with them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import people, permissions, reminders, setup
from engine.diagram import Element
from engine.errors import StepFailedError
from engine.history import Entry
from engine.models import Person, ProcessInstance, Task, TaskCandidate
from engine.spiff import OpenTask

Groups: TypeAlias = Sequence[tuple[str, str]]
"""Candidate groups: role and unit code, which is empty for the whole city."""


def open_rows(
    session: Session, instance: ProcessInstance, waiting: Sequence[OpenTask], *, now: datetime
) -> list[Entry]:
    """Write new user tasks with their candidates and reminders. Flushes.

    Raises:
        StepFailedError: a task would be offered to nobody: an unknown role, unit or person.

    """
    if not waiting:
        return []
    offers = check_groups(session, waiting, now=now)
    tasks = [_row(session, instance, wait, groups, now=now) for wait, groups in offers]
    session.add_all(tasks)
    session.flush()
    for task in tasks:
        reminders.plan_for(session, task, now, is_new=True)
        reminders.announce(session, task, now, is_new=True)
    return [Entry("task_opened", task.element_id, task.id) for task in tasks]


def _row(
    session: Session, instance: ProcessInstance, wait: OpenTask, groups: Groups, *, now: datetime
) -> Task:
    element = wait.element
    task = Task(
        instance_id=instance.id,
        instance=instance,
        workflow_task_id=wait.workflow_task_id,
        element_id=element.id,
        name=element.label("vi"),
        name_en=element.name_en,
        form_id=element.form_id,
        page=element.properties.get("page"),
        priority=wait.priority,
        created_at=now,
        due_at=wait.due_at,
        follow_up_at=wait.follow_up_at,
        candidates=[TaskCandidate(role=role, unit_code=unit_code) for role, unit_code in groups],
    )
    task.assignee = _assignee(session, element, wait.assignee, task, now=now)
    return task


def _assignee(
    session: Session, element: Element, username: str | None, task: Task, *, now: datetime
) -> Person | None:
    """Return whom the diagram names; where there are candidates he must be one, else they get the task."""
    if not username:
        return None
    person = session.scalar(select(Person).where(Person.username == username, Person.is_active))
    if person is not None and task.candidates:
        authority = people.authority_of(session, person, on=people.local_day(now))
        person = person if permissions.is_candidate(authority, task) else None
    if person is None and not task.candidates:
        raise StepFailedError(f"no active person {username} to assign the task to", element_id=element.id)
    return person


def check_groups(
    session: Session, waiting: Sequence[OpenTask], *, now: datetime
) -> list[tuple[OpenTask, Groups]]:
    """Return each task with the groups it is offered to: those of an abolished unit are its heir's.

    Raises:
        StepFailedError: an unknown role or unit, or none at all.

    """
    roles = setup.of(session).roles
    codes = {unit_code for wait in waiting for _, unit_code in wait.candidate_groups if unit_code}
    heirs = people.heirs_of(session, codes, on=people.local_day(now))
    for wait in waiting:
        wrong = _wrong_groups(wait, roles, heirs)
        if wrong:
            raise StepFailedError(f"no such candidate groups: {wrong}", element_id=wait.element.id)
    return [(wait, _inherited(wait.candidate_groups, heirs)) for wait in waiting]


def _inherited(groups: Groups, heirs: Mapping[str, str]) -> Groups:
    return list(dict.fromkeys((role, heirs.get(unit_code, "")) for role, unit_code in groups))


def _wrong_groups(wait: OpenTask, roles: Collection[str], units: Collection[str]) -> str:
    if not wait.candidate_groups and not wait.assignee:
        return "none at all"
    return ", ".join(
        f"{role}@{unit_code}" if unit_code else role
        for role, unit_code in wait.candidate_groups
        if role not in roles or (unit_code and unit_code not in units)
    )
