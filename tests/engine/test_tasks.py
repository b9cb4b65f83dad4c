"""Claiming, completing and handing over tasks."""

import pytest
from factories import MONDAY
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import tasks
from engine.errors import NotAllowedError
from engine.models import InstanceState, Person, ProcessInstance, Task, TaskState


def open_task(session: Session, instance: ProcessInstance) -> Task:
    found = select(Task).where(Task.instance_id == instance.id, Task.state == TaskState.OPEN)
    return session.scalars(found).one()


def test_only_a_candidate_may_complete_a_task(session: Session, ask: Task, head: Person) -> None:
    with pytest.raises(NotAllowedError):
        tasks.complete_task(session, ask, actor=head, answers={}, now=MONDAY)

    assert ask.state is TaskState.OPEN


def test_completing_the_last_task_ends_the_instance(
    session: Session, leave: ProcessInstance, ask: Task, officer: Person, head: Person
) -> None:
    tasks.complete_task(session, ask, actor=officer, answers={"reason": "rest"}, now=MONDAY)
    tasks.complete_task(session, open_task(session, leave), actor=head, answers={}, now=MONDAY)

    assert leave.state is InstanceState.COMPLETED
    assert leave.outcome == "end"
