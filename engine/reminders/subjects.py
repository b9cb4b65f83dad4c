"""What is reminded of: a task until it is done, a calendar entry until it is over or cancelled."""

from datetime import datetime

from engine.models import CalendarEntry, Task, TaskState

Subject = Task | CalendarEntry

ASSIGNED, MOVED, CANCELLED, UNHELD = "assigned", "moved", "cancelled", "unheld"
"""What is told beside the rungs: new work, another day, that it is off, that nobody holds the role."""


def name_of(subject: Subject) -> str:
    """Return what keys of mails and digests call it, as ``task:5``."""
    return f"{'task' if isinstance(subject, Task) else 'entry'}:{subject.id}"


def columns_of(subject: Subject) -> dict[str, int | None]:
    """Return the columns by which a row of a reminder, an item or a mail is about it."""
    is_task = isinstance(subject, Task)
    return {"task_id": subject.id if is_task else None, "entry_id": None if is_task else subject.id}


def deadline_of(subject: Subject) -> datetime | None:
    """Return the moment its ladder stands around."""
    return subject.due_at if isinstance(subject, Task) else subject.starts_at


def is_current(subject: Subject, now: datetime, *, kind: str = "") -> bool:
    """Whether there is anything left to be said of it; that it was cancelled, only once it was."""
    if isinstance(subject, Task):
        return subject.state is TaskState.OPEN
    if subject.is_cancelled or kind == CANCELLED:
        return subject.is_cancelled and kind == CANCELLED
    return now <= (subject.ends_at or subject.starts_at)


def mail_kind_of(subject: Subject, kind: str) -> str:
    """Return the kind of a mail about it alone, as the list of sent mails shows it."""
    if kind in (ASSIGNED, MOVED, CANCELLED, UNHELD):
        return f"{'task' if isinstance(subject, Task) else 'entry'}_{kind}"
    return f"reminder_{kind}"
