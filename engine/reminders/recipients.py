"""Whom a task concerns on a day: its assignee, else its candidates; and their heads."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import setup
from engine.models import Delegation, Person, Task
from engine.people import people_holding


def recipients_of(session: Session, task: Task, *, on: date) -> list[Person]:
    """Return who is to do the task: the active assignee with those who act for him, else all candidates."""
    groups = _groups_of(task)
    assignee = session.get(Person, task.assignee_id) if task.assignee_id else None
    if assignee is not None and assignee.is_active:
        return _unique([assignee, *_acting_for(session, assignee, groups, on=on)])
    return _unique(person for role, unit in groups for person in people_holding(session, role, unit, on=on))


def heads_of(session: Session, task: Task, *, on: date) -> list[Person]:
    """Return who is told that the task is late: the head of each candidate role, in the same unit."""
    roles = setup.of(session).roles
    found: list[Person] = []
    for role, unit_code in _groups_of(task):
        head_code = roles[role].head_role if role in roles else None
        if head_code is not None:
            is_per_unit = head_code in roles and roles[head_code].per_unit
            found += people_holding(session, head_code, unit_code if is_per_unit else "", on=on)
    return _unique(found)


def _groups_of(task: Task) -> list[tuple[str, str]]:
    return sorted((group.role, group.unit_code) for group in task.candidates)


def _acting_for(
    session: Session, person: Person, groups: list[tuple[str, str]], *, on: date
) -> Iterable[Person]:
    """Return who may do the task in the person's place, as he lent them a role it may be done in."""
    query = select(Delegation).where(
        Delegation.giver_id == person.id, Delegation.starts_on <= on, Delegation.ends_on >= on
    )
    lent = session.scalars(query).all()
    return [
        row.taker
        for row in lent
        if row.taker.is_active and (row.role, row.unit.code if row.unit else "") in groups
    ]


def _unique(people: Iterable[Person]) -> list[Person]:
    return list({person.id: person for person in people}.values())
