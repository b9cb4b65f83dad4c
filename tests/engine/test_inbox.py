"""Whose tasks are listed where, and in which order."""

from datetime import datetime, timedelta

import pytest
from factories import LONG_AGO, MONDAY, bpmn, flow, person, publish, start_and_end, unit, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import instances, tasks
from engine.errors import NotFoundError
from engine.models import Person, ProcessInstance, RoleHolding, Task


def with_deadline(session: Session, due: datetime | None, priority: int = 50) -> Task:
    """Start one more request for leave whose first task is due then."""
    instance = instances.start(session, "leave", variables={}, actor=None, now=LONG_AGO)
    task = session.scalars(select(Task).where(Task.instance_id == instance.id)).one()
    task.due_at, task.priority = due, priority
    session.flush()
    return task


def test_the_most_pressing_task_comes_first(session: Session, ask: Task, officer: Person) -> None:
    later = with_deadline(session, MONDAY + timedelta(days=5))
    urgent = with_deadline(session, MONDAY + timedelta(days=5), priority=90)
    overdue = with_deadline(session, MONDAY - timedelta(days=1))

    assert tasks.inbox_groups(session, officer, MONDAY) == [overdue, urgent, later, ask]


def test_a_claimed_task_moves_from_the_group_to_its_owner(
    session: Session, ask: Task, officer: Person
) -> None:
    second = person(session, "second", [("officer", "")])

    tasks.claim(session, ask, actor=officer, now=MONDAY)

    assert tasks.inbox_mine(session, officer, MONDAY) == [ask]
    assert tasks.inbox_groups(session, officer, MONDAY) == []
    assert tasks.inbox_groups(session, second, MONDAY) == []
    assert tasks.inbox_mine(session, second, MONDAY) == []


def test_who_handed_in_sees_for_whom_it_waits(
    session: Session, leave: ProcessInstance, ask: Task, officer: Person, head: Person
) -> None:
    tasks.complete_task(session, ask, actor=officer, answers={}, now=MONDAY)

    (decide,) = tasks.waiting_for_others(session, officer, MONDAY)
    assert decide.element_id == "decide"
    assert tasks.waiting_for_others(session, head, MONDAY) == []
    assert tasks.done_by(session, officer) == [ask]
    assert tasks.tasks_of_instance(session, leave.id) == [ask, decide]


def test_a_role_in_one_unit_gives_no_tasks_of_another(session: Session, officer: Person) -> None:
    unit(session, "so_y_te")
    mine = person(session, "mine", [("unit_head", "so_y_te")])
    other = person(session, "other", [("unit_head", "so_noi_vu")])
    task = user_task("sign", "=&quot;unit_head@&quot; + unit_code")
    publish(session, "signing", bpmn("signing", start_and_end(), task, flow("start", "sign", "end")))
    instances.start(session, "signing", variables={"unit_code": "so_y_te"}, actor=officer, now=MONDAY)

    assert [task.element_id for task in tasks.inbox_groups(session, mine, MONDAY)] == ["sign"]
    assert tasks.inbox_groups(session, other, MONDAY) == []


def test_a_role_that_has_ended_gives_no_tasks(session: Session, ask: Task, officer: Person) -> None:
    holding = session.scalars(select(RoleHolding).where(RoleHolding.person_id == officer.id)).one()
    holding.ends_on = (MONDAY - timedelta(days=1)).date()
    session.flush()

    assert tasks.inbox_groups(session, officer, MONDAY) == []
    assert ask.assignee is None


def test_a_foreign_task_is_not_found(
    session: Session, ask: Task, officer: Person, stranger: Person, administrator: Person
) -> None:
    assert tasks.get_task(session, ask.id, reader=officer, now=MONDAY) is ask
    assert tasks.get_task(session, ask.id, reader=administrator, now=MONDAY) is ask
    with pytest.raises(NotFoundError):
        tasks.get_task(session, ask.id, reader=stranger, now=MONDAY)
    with pytest.raises(NotFoundError):
        tasks.get_task(session, ask.id + 1, reader=officer, now=MONDAY)


def test_people_of_the_instances_unit_see_its_tasks(session: Session, officer: Person, ask: Task) -> None:
    home = unit(session, "so_y_te")
    colleague = person(session, "colleague", [("unit_head", "so_y_te")])
    outsider = person(session, "outsider", [("unit_head", "so_noi_vu")])
    instances.start(session, "leave", variables={}, unit=home, actor=officer, now=MONDAY)
    task = session.scalars(select(Task).where(Task.instance_id != ask.instance_id)).one()

    assert tasks.get_task(session, task.id, reader=colleague, now=MONDAY) is task
    with pytest.raises(NotFoundError):
        tasks.get_task(session, task.id, reader=outsider, now=MONDAY)


def test_who_has_done_a_part_still_sees_it_after_he_lost_his_role(
    session: Session, ask: Task, leave: ProcessInstance, officer: Person
) -> None:
    second = person(session, "second", [("officer", "")])
    tasks.complete_task(session, ask, actor=second, answers={}, now=MONDAY)
    session.delete(session.scalars(select(RoleHolding).where(RoleHolding.person_id == second.id)).one())
    session.flush()

    assert leave.started_by_id == officer.id
    assert tasks.get_task(session, ask.id, reader=second, now=MONDAY) is ask
