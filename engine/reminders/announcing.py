"""Tells people that a task has come: at once if it is due soon, else in the morning's digest."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine import outbox
from engine.calendar import Calendar, load_calendar
from engine.database import table_of
from engine.mail import MailFacts
from engine.models import DigestItem, Person, Task
from engine.people import local_day
from engine.reminders.facts import task_facts
from engine.reminders.recipients import recipients_of

URGENT_WORKING_DAYS: Final = 2
_ADD_ITEMS: Final = insert(table_of(DigestItem))


def announce(
    session: Session, task: Task, now: datetime, *, actor: Person | None = None, is_new: bool = False
) -> None:
    """Tell those who are to do an open task that it is there; not ``actor``, who knows. Flushes.

    Called again after a task was handed over, it tells only those who were not told yet. ``is_new``: the task
    was written just now, and nobody can have been told.
    """
    told = [
        person
        for person in recipients_of(session, task, on=local_day(now))
        if actor is None or person.id != actor.id
    ]
    if _is_urgent(task, load_calendar(session), now):
        for person in told:
            mail_about(session, task, "assigned", person, now=now)
    else:
        add_to_digests(session, task, "assigned", told, occurrence=1, now=now, is_new=is_new)


def mail_about(session: Session, task: Task, kind: str, person: Person, *, now: datetime) -> None:
    """Write one mail about one task, once per kind and person. Flushes."""
    facts = task_facts(task, kind, recipient=person, calendar=load_calendar(session), now=now)
    mail_kind = "task_assigned" if kind == "assigned" else f"reminder_{kind}"
    outbox.mail_to(
        session,
        person,
        MailFacts(mail_kind, person.language, person.full_name, now, tasks=(facts,)),
        dedupe_key=f"task:{task.id}:{kind}:1:{person.id}",
        task_id=task.id,
        instance_id=task.instance_id,
    )


def add_to_digests(  # noqa: PLR0913  # the parts of an item's key
    session: Session,
    task: Task,
    kind: str,
    people: Sequence[Person],
    *,
    occurrence: int,
    now: datetime,
    is_new: bool = False,
) -> None:
    """Let the next digest of each person speak of a task; once, by its latest kind. Flushes."""
    of_task = select(DigestItem).where(DigestItem.task_id == task.id)
    items: Sequence[DigestItem] = () if is_new else session.scalars(of_task).all()
    waiting = {item.person_id: item for item in items if item.mail_id is None}
    present = {item.dedupe_key for item in items}
    new: list[dict[str, object]] = []
    for person in people:
        key = f"task:{task.id}:{kind}:{occurrence}:{person.id}"
        if person.id in waiting:
            waiting[person.id].kind = kind
        elif key not in present:
            item = {"dedupe_key": key, "person_id": person.id, "task_id": task.id, "kind": kind}
            new.append({**item, "added_at": now, "mail_id": None})
    session.flush()
    if new:
        session.execute(_ADD_ITEMS, new)


def _is_urgent(task: Task, calendar: Calendar, now: datetime) -> bool:
    """Whether the task is due within two working days; nothing is urgent on a day nobody works."""
    today = local_day(now)
    if task.due_at is None or not calendar.is_working_day(today):
        return False
    return local_day(task.due_at) <= calendar.add_working_days(today, URGENT_WORKING_DAYS)
