"""Fires the rungs that are due, each in a transaction of its own, by any number of workers."""

import logging
from datetime import datetime, timedelta
from typing import Final, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.calendar import load_calendar
from engine.models import CalendarEntry, Reminder, Task
from engine.people import local_day
from engine.reminders.announcing import add_to_digests, mail_about, tell_of_nobody
from engine.reminders.digests import is_held_up, is_yet_to_be_written, send_digests
from engine.reminders.ladder import ESCALATIONS, next_working_morning
from engine.reminders.recipients import heads_of, overseers_of, recipients_of
from engine.reminders.subjects import Subject, is_current

_RETRY: Final = timedelta(hours=1)
_Kind = TypeVar("_Kind", Task, CalendarEntry)
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
    """Fire the rung due longest, of tasks first; whether there was one."""
    reminder_id: int | None = None
    try:
        with factory.begin() as session:
            claimed: tuple[Reminder, Subject] | None = _claim(session, Task, now)
            if claimed is None:
                claimed = _claim(session, CalendarEntry, now)
            if claimed is None:
                return False
            reminder_id = claimed[0].id
            _fire(session, *claimed, now=now)
    except Exception:
        if reminder_id is None:
            raise
        _LOG.exception("reminder %s failed", reminder_id)
        _put_off(factory, reminder_id, now=now)
    return True


def _claim(session: Session, model: type[_Kind], now: datetime) -> tuple[Reminder, _Kind] | None:
    """Return the next rung with what it is of, both locked.

    They are locked together or not at all, so that completing the task never waits in a circle. What belongs
    to a suspended instance waits.
    """
    of_subject = Reminder.task_id if model is Task else Reminder.entry_id
    row = session.execute(
        select(Reminder, model)
        .join(model, of_subject == model.id)
        .where(Reminder.due_at <= now, ~is_held_up(model))
        .order_by(Reminder.due_at, Reminder.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=[Reminder, model])
    ).first()
    return (row[0], row[1]) if row is not None else None


def _fire(session: Session, reminder: Reminder, subject: Subject, *, now: datetime) -> None:
    allowed_from = next_working_morning(now, load_calendar(session))
    if not is_current(subject, now):
        reminder.due_at = None
        return
    if allowed_from > now:
        reminder.due_at = allowed_from
        return
    if isinstance(subject, Task) and reminder.kind in ESCALATIONS:
        _escalate(session, reminder, subject, now=now)
    else:
        _remind(session, reminder, subject, now=now)
    reminder.due_at = None
    reminder.sent_at = now


def _escalate(session: Session, reminder: Reminder, task: Task, *, now: datetime) -> None:
    """Tell others that the task is late: in the digest that is about to be written, else at once."""
    planned = reminder.due_at or now
    told = (heads_of if reminder.kind == "head" else overseers_of)(session, task, on=local_day(now))
    in_digest = [one for one in told if is_yet_to_be_written(session, one, planned=planned, now=now)]
    add_to_digests(session, task, reminder.kind, in_digest, now=planned)
    at_once = [one for one in told if one not in in_digest]
    mail_about(session, task, reminder.kind, at_once, now=now)


def _remind(session: Session, reminder: Reminder, subject: Subject, *, now: datetime) -> None:
    """Let the next digests of those concerned speak of it."""
    concerned = recipients_of(session, subject, on=local_day(now))
    if not concerned and isinstance(subject, Task):
        tell_of_nobody(session, subject, now)
    add_to_digests(
        session,
        subject,
        reminder.kind,
        concerned,
        occurrence=reminder.occurrence,
        now=reminder.due_at or now,
    )


def _put_off(factory: sessionmaker[Session], reminder_id: int, *, now: datetime) -> None:
    with factory.begin() as session:
        reminder = session.get(Reminder, reminder_id, with_for_update=True)
        if reminder is not None and reminder.due_at is not None:
            reminder.due_at = now + _RETRY
