"""Fires the rungs that are due, each in a transaction of its own, by any number of workers."""

import logging
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.calendar import load_calendar
from engine.models import ProcessInstance, Reminder, Task, TaskState
from engine.people import local_day
from engine.reminders.announcing import add_to_digests, mail_about
from engine.reminders.digests import send_digests
from engine.reminders.ladder import next_working_morning
from engine.reminders.recipients import heads_of, recipients_of

_RETRY: Final = timedelta(hours=1)
_LOG: Final = logging.getLogger(__name__)


def send_due(factory: sessionmaker[Session], *, now: datetime, limit: int = 1000) -> int:
    """Fire the due rungs, then write the morning's digests; return how many rungs and digests there were.

    A rung that fails is tried again an hour later and holds up nobody.
    """
    fired = 0
    for _ in range(limit):
        if not _fire_one(factory, now=now):
            break
        fired += 1
    return fired + send_digests(factory, now=now)


def _fire_one(factory: sessionmaker[Session], *, now: datetime) -> bool:
    """Fire the rung due longest; whether there was one."""
    reminder_id: int | None = None
    try:
        with factory.begin() as session:
            # Task and rung are locked together or not at all: completing the task never waits in a circle.
            row = session.execute(
                select(Reminder, Task)
                .join(Task, Reminder.task_id == Task.id)
                .join(ProcessInstance, Task.instance_id == ProcessInstance.id)
                .where(Reminder.due_at <= now, ProcessInstance.suspended_at.is_(None))
                .order_by(Reminder.due_at, Reminder.id)
                .limit(1)
                .with_for_update(skip_locked=True, of=[Reminder, Task])
            ).first()
            if row is None:
                return False
            reminder_id = row[0].id
            _fire(session, row[0], row[1], now=now)
    except Exception:
        if reminder_id is None:
            raise
        _LOG.exception("reminder %s failed", reminder_id)
        _put_off(factory, reminder_id, now=now)
    return True


def _fire(session: Session, reminder: Reminder, task: Task, *, now: datetime) -> None:
    allowed_from = next_working_morning(now, load_calendar(session))
    if task.state is not TaskState.OPEN:
        reminder.due_at = None
        return
    if allowed_from > now:
        reminder.due_at = allowed_from
        return
    today = local_day(now)
    if reminder.kind == "head":
        for person in heads_of(session, task, on=today):
            mail_about(session, task, "head", person, now=now)
    else:
        concerned = recipients_of(session, task, on=today)
        occurrence, planned = reminder.occurrence, reminder.due_at or now
        add_to_digests(session, task, reminder.kind, concerned, occurrence=occurrence, now=planned)
    reminder.due_at = None
    reminder.sent_at = now


def _put_off(factory: sessionmaker[Session], reminder_id: int, *, now: datetime) -> None:
    with factory.begin() as session:
        reminder = session.get(Reminder, reminder_id, with_for_update=True)
        if reminder is not None and reminder.due_at is not None:
            reminder.due_at = now + _RETRY
