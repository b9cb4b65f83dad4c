"""Whom a task or a calendar entry concerns on a day; and who is told that work is late."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import setup
from engine.heads import head_groups, holders_of
from engine.models import CalendarEntry, Delegation, Person, Task
from engine.people import people_holding
from engine.reminders.subjects import Subject


def recipients_of(session: Session, subject: Subject, *, on: date) -> list[Person]:
    """Return whom it concerns, each once.

    A task concerns its active assignee with those who act for him, else all its candidates; an entry, its
    audience.
    """
    if isinstance(subject, CalendarEntry):
        return audience_of(session, subject, on=on)
    groups = _groups_of(subject)
    assignee = session.get(Person, subject.assignee_id) if subject.assignee_id else None
    if assignee is not None and assignee.is_active:
        return _unique([assignee, *_acting_for(session, assignee, groups, on=on)])
    return holders_of(session, groups, on=on)


def audience_of(session: Session, entry: CalendarEntry, *, on: date) -> list[Person]:
    """Return the active people whom a calendar entry concerns, each once."""
    named = [part.person for part in entry.audience if part.person is not None and part.person.is_active]
    groups = [(part.role, part.unit_code) for part in entry.audience if part.role]
    return _unique([*named, *holders_of(session, groups, on=on)])


def heads_of(session: Session, task: Task, *, on: date) -> list[Person]:
    """Return who is told that the task is late: the head of each candidate role, in the same unit.

    Where the place of the head is empty, those who oversee all deadlines are told instead.
    """
    heads = head_groups(session, _groups_of(task))
    return holders_of(session, heads, on=on) or (overseers_of(session, task, on=on) if heads else [])


def overseers_of(session: Session, task: Task, *, on: date) -> list[Person]:
    """Return who oversees all deadlines, but for those whose own work the task is."""
    role = setup.of(session).overseer_role
    if role is None:
        return []
    own = {person.id for person in recipients_of(session, task, on=on)}
    return [person for person in people_holding(session, role, on=on) if person.id not in own]


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
