"""What a mail says of a task or a calendar entry, at the moment it is worded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.calendar import Calendar
from engine.mail import EntryFacts, MailFacts, TaskFacts
from engine.models import CalendarEntry, Person, Task
from engine.people import local_day
from engine.reminders.ladder import ESCALATIONS
from engine.reminders.subjects import MOVED, UNHELD, Subject

_KEPT: Final = (*ESCALATIONS, UNHELD)
"""What is told to others than those who are to do the work keeps its kind."""


@dataclass(frozen=True)
class Saying:
    """One thing to be said of a subject."""

    subject: Subject
    kind: str


def facts_of(
    sayings: list[Saying], mail_kind: str, *, recipient: Person, calendar: Calendar, now: datetime
) -> MailFacts:
    """Return what one mail to a person says."""
    tasks = [
        task_facts(one.subject, one.kind, recipient=recipient, calendar=calendar, now=now)
        for one in sayings
        if isinstance(one.subject, Task)
    ]
    entries = [
        entry_facts(one.subject, one.kind, now=now)
        for one in sayings
        if isinstance(one.subject, CalendarEntry)
    ]
    return MailFacts(
        mail_kind, recipient.language, recipient.full_name, now, tasks=tuple(tasks), entries=tuple(entries)
    )


def task_facts(task: Task, kind: str, *, recipient: Person, calendar: Calendar, now: datetime) -> TaskFacts:
    """Return the facts; lateness and due day go before the kind of the rung that led here."""
    unit = task.instance.unit
    late = 0
    if task.due_at is not None and task.due_at < now:
        late = calendar.working_days_between(local_day(task.due_at), local_day(now))
    return TaskFacts(
        kind=_kind_now(task, kind, now),
        task_id=task.id,
        name_vi=task.name,
        name_en=task.name_en,
        about=task.instance.title,
        unit_vi=unit.name if unit else "",
        unit_en=(unit.name_en or unit.name) if unit else "",
        due_at=task.due_at,
        working_days_late=late,
        assignee=task.assignee.full_name if task.assignee and task.assignee_id != recipient.id else "",
    )


def entry_facts(entry: CalendarEntry, kind: str, *, now: datetime) -> EntryFacts:
    """Return the facts; an entry of today is due, unless there is news of it."""
    is_today = kind == "before" and local_day(entry.starts_at) == local_day(now)
    return EntryFacts(
        kind="due" if is_today else kind,
        title_vi=entry.title,
        title_en=entry.title_en,
        starts_at=entry.starts_at,
        ends_at=entry.ends_at,
        place=entry.place,
        path=entry.path,
        moved_from_at=entry.moved_from_at if kind == MOVED else None,
    )


def _kind_now(task: Task, kind: str, now: datetime) -> str:
    if kind in _KEPT or task.due_at is None:
        return kind
    if task.due_at < now:
        return "after"
    return "due" if local_day(task.due_at) == local_day(now) else kind
