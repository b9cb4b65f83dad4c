"""What a mail says of a task, at the moment it is worded."""

from datetime import datetime

from engine.calendar import Calendar
from engine.mail import TaskFacts
from engine.models import Person, Task
from engine.people import local_day


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


def _kind_now(task: Task, kind: str, now: datetime) -> str:
    if kind == "head" or task.due_at is None:
        return kind
    if task.due_at < now:
        return "after"
    return "due" if local_day(task.due_at) == local_day(now) else kind
