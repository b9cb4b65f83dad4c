"""One mail per person and working morning that lists everything to be said to him."""

import logging
from datetime import datetime
from typing import Final

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, sessionmaker

from engine import outbox
from engine.calendar import at_local_time, load_calendar
from engine.mail import MailFacts
from engine.models import DigestItem, OutboxMail, Person, Reminder, Task, TaskState
from engine.people import local_day
from engine.reminders.facts import task_facts
from engine.reminders.ladder import MORNING
from engine.reminders.recipients import recipients_of

_LOG: Final = logging.getLogger(__name__)


def send_digests(factory: sessionmaker[Session], *, now: datetime) -> int:
    """Write the digests of this morning, one transaction per person; return how many.

    Nothing is written before 07:30, on days nobody works, or while rungs of this morning are still to be
    fired: a digest is written once and must be complete.
    """
    morning = at_local_time(local_day(now), MORNING)
    with factory() as session:
        if now < morning or not load_calendar(session).is_working_day(local_day(now)):
            return 0
        if session.scalar(select(exists().where(Reminder.due_at <= morning))):
            return 0
        query = select(DigestItem.person_id).where(
            DigestItem.mail_id.is_(None), DigestItem.added_at <= morning
        )
        people = session.scalars(query.distinct().order_by(DigestItem.person_id)).all()
    return sum(_send_one(factory, person_id, morning=morning, now=now) for person_id in people)


def _send_one(factory: sessionmaker[Session], person_id: int, *, morning: datetime, now: datetime) -> bool:
    try:
        with factory.begin() as session:
            return _write(session, person_id, morning=morning, now=now)
    except Exception:  # noqa: BLE001  # whatever fails for one person, the others get their mail
        _LOG.exception("digest of person %s failed", person_id)
        return False


def _write(session: Session, person_id: int, *, morning: datetime, now: datetime) -> bool:
    """Write a person's digest unless he had one today; items of tasks that are no longer his fall away."""
    key = f"digest:{person_id}:{local_day(now).isoformat()}"
    if session.scalar(select(OutboxMail.id).where(OutboxMail.dedupe_key == key)):
        return False
    person = session.get_one(Person, person_id)
    items = _claim_items(session, person_id, morning)
    still_his = [(item, task) for item, task in items if _concerns(session, task, person, now)]
    for item, task in items:
        if (item, task) not in still_his:
            session.delete(item)
    if not still_his:
        return False
    calendar = load_calendar(session)
    tasks = [
        task_facts(task, item.kind, recipient=person, calendar=calendar, now=now) for item, task in still_his
    ]
    only = still_his[0][1] if len(still_his) == 1 else None
    mail = outbox.mail_to(
        session,
        person,
        MailFacts(
            _kind_of(tasks[0].kind, len(tasks)), person.language, person.full_name, now, tasks=tuple(tasks)
        ),
        dedupe_key=key,
        task_id=only.id if only else None,
        instance_id=only.instance_id if only else None,
    )
    for item, _ in still_his:
        item.mail_id = mail.id
    return True


def _claim_items(session: Session, person_id: int, morning: datetime) -> list[tuple[DigestItem, Task]]:
    query = (
        select(DigestItem, Task)
        .join(Task, DigestItem.task_id == Task.id)
        .where(
            DigestItem.person_id == person_id, DigestItem.mail_id.is_(None), DigestItem.added_at <= morning
        )
        .order_by(Task.due_at.is_(None), Task.due_at, Task.id)
        .with_for_update(skip_locked=True, of=DigestItem)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _concerns(session: Session, task: Task, person: Person, now: datetime) -> bool:
    if task.state is not TaskState.OPEN:
        return False
    return any(found.id == person.id for found in recipients_of(session, task, on=local_day(now)))


def _kind_of(kind: str, count: int) -> str:
    """A digest of one task is a mail about that task."""
    if count > 1:
        return "digest"
    return "task_assigned" if kind == "assigned" else f"reminder_{kind}"
