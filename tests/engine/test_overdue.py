"""Whose late work somebody answers for."""

from datetime import timedelta
from pathlib import Path

import pytest
from factories import LONG_AGO, MONDAY, bpmn, flow, person, publish, start_and_end, unit, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import instances, people, tasks
from engine.models import DefinitionVersion, Person, Task
from engine.setup import Role, Setup

LATE = MONDAY - timedelta(days=3)


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    roles = [
        Role("clerk", "Văn thư", "Clerk", per_unit=True, head_role="unit_head"),
        Role("unit_head", "Thủ trưởng", "Head of unit", per_unit=True),
        Role("officer", "Chuyên viên", "Officer", head_role="head"),
        Role("head", "Trưởng phòng", "Head"),
    ]
    return Setup(roles={role.code: role for role in roles}, files=tmp_path)


def late_task(session: Session, group: str, *, assignee: Person | None = None) -> Task:
    """Return a task of the group that is three days late."""
    if "@" in group:
        unit(session, group.partition("@")[2])
    key = f"late_{group.replace('@', '_')}"
    if not session.scalar(select(DefinitionVersion.id).where(DefinitionVersion.key == key)):
        publish(
            session, key, bpmn(key, start_and_end(), user_task("work", group), flow("start", "work", "end"))
        )
    started = instances.start(session, key, variables={}, actor=None, now=LONG_AGO)
    task = session.scalars(select(Task).where(Task.instance_id == started.id)).one()
    task.due_at, task.assignee = LATE, assignee
    session.flush()
    return task


def under(session: Session, who: Person) -> list[Task] | None:
    return tasks.late_under(session, people.authority_of(session, who, on=people.local_day(MONDAY)), MONDAY)


def test_a_head_answers_for_his_role_taken_or_not(session: Session) -> None:
    head, officer = person(session, "head", [("head", "")]), person(session, "officer", [("officer", "")])
    taken, untaken = late_task(session, "officer", assignee=officer), late_task(session, "officer")
    late_task(session, "clerk@sales")

    assert under(session, head) == [taken, untaken]


def test_a_head_of_a_unit_answers_for_that_unit_alone(session: Session) -> None:
    head = person(session, "head", [("unit_head", "sales")])
    own = late_task(session, "clerk@sales")
    late_task(session, "clerk@stock")

    assert under(session, head) == [own]


def test_a_head_of_a_unit_answers_for_whoever_belongs_to_it(session: Session) -> None:
    head = person(session, "head", [("unit_head", "sales")])
    guest = person(session, "guest", [("officer", "")], home="sales")
    lent = late_task(session, "officer", assignee=guest)

    assert under(session, head) == [lent]


def test_work_of_ones_own_is_not_among_it(session: Session) -> None:
    head = person(session, "head", [("head", ""), ("officer", "")])
    late_task(session, "officer", assignee=head)
    late_task(session, "officer")

    assert under(session, head) == []


def test_what_is_not_late_is_not_among_it(session: Session) -> None:
    head = person(session, "head", [("head", "")])
    task = late_task(session, "officer")
    task.due_at = MONDAY + timedelta(hours=1)
    session.flush()

    assert under(session, head) == []


def test_who_is_nobodys_head_has_no_such_list(session: Session) -> None:
    assert under(session, person(session, "officer", [("officer", "")])) is None
