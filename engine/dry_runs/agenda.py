"""What the clock of a dry run will bring: timers, deadlines of tasks, reminders, the morning's mails."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from engine.calendar import at_local_time, load_calendar
from engine.models import DigestItem, Reminder, Task, TaskState, Timer
from engine.people import local_day
from engine.reminders.ladder import MORNING


@dataclass(frozen=True)
class Due:
    """One moment to come. ``kind``: timer, task, digest, or a rung: before, due, after, head or overseer."""

    at: datetime
    kind: str
    element_id: str = ""


def next_due(session: Session, now: datetime) -> datetime | None:
    """Return the next moment at which the worker has something to do, which may have passed."""
    timer = session.scalar(select(func.min(Timer.due_at)).where(Timer.incident_id.is_(None)))
    reminder = session.scalar(select(func.min(Reminder.due_at)))
    digest = _next_digest(session, now)
    return min((moment for moment in (timer, reminder, digest) if moment is not None), default=None)


def list_due(session: Session, now: datetime) -> list[Due]:
    """Return what is to come, the nearest first."""
    timers = session.scalars(select(Timer).where(Timer.incident_id.is_(None)))
    found = [Due(timer.due_at, "timer", timer.element_id) for timer in timers]
    opened = session.scalars(select(Task).where(Task.state == TaskState.OPEN, Task.due_at > now))
    found += [Due(task.due_at, "task", task.element_id) for task in opened if task.due_at is not None]
    rungs = select(Reminder.due_at, Reminder.kind, Task.element_id).join(Task, Reminder.task_id == Task.id)
    for row in session.execute(rungs.where(Reminder.due_at.is_not(None))):
        found += [Due(row.due_at, row.kind, row.element_id)] if row.due_at is not None else []
    digest = _next_digest(session, now)
    if digest is not None:
        found.append(Due(digest, "digest"))
    return sorted(found, key=lambda due: (due.at, due.kind, due.element_id))


def _next_digest(session: Session, now: datetime) -> datetime | None:
    """Return the next morning on which somebody gets his digest, if anything waits for one."""
    if not session.scalar(select(exists().where(DigestItem.mail_id.is_(None)))):
        return None
    working_days, today = load_calendar(session), local_day(now)
    morning = at_local_time(today, MORNING)
    if morning > now and working_days.is_working_day(today):
        return morning
    return at_local_time(working_days.add_working_days(today, 1), MORNING)
