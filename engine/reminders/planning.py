"""Writes the rungs of a task's ladder as rows, and takes them away when the task is done."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engine import definitions, outbox
from engine.calendar import load_calendar
from engine.models import DigestItem, Reminder, Task
from engine.reminders.ladder import DEFAULT_LADDER, Ladder, next_working_morning, parse_ladder, rungs_of


def plan_for(session: Session, task: Task, now: datetime, *, ladder: Ladder | None = None) -> None:
    """Plan the reminders of an open task anew; what was sent stays sent, what is past is left out. Flushes.

    The ladder is the one the diagram names in the property ``reminders`` of the task, else the default. A
    task without a due moment has no reminders.
    """
    rungs = select(Reminder.kind, Reminder.occurrence, Reminder.sent_at).where(Reminder.task_id == task.id)
    earlier = session.execute(rungs).all()
    if any(row.sent_at is None for row in earlier):
        session.execute(delete(Reminder).where(Reminder.task_id == task.id, Reminder.sent_at.is_(None)))
    if task.due_at is None:
        return
    sent = {(row.kind, row.occurrence) for row in earlier if row.sent_at is not None}
    calendar = load_calendar(session)
    soonest = next_working_morning(now, calendar)
    # The head of a task that was late from its first moment is told all the same.
    rows = [
        {
            "task_id": task.id,
            "kind": rung.kind,
            "occurrence": rung.occurrence,
            "due_at": max(rung.moment, soonest),
            "sent_at": None,
        }
        for rung in rungs_of(ladder or _ladder_of(session, task), task.due_at, calendar)
        if (rung.moment > now or rung.kind == "head") and (rung.kind, rung.occurrence) not in sent
    ]
    if rows:
        session.execute(insert(Reminder), rows)


def drop_for(session: Session, task_id: int) -> None:
    """Give up everything still to be said about a task: it is done, or cancelled."""
    session.execute(
        update(Reminder).where(Reminder.task_id == task_id, Reminder.due_at.is_not(None)).values(due_at=None)
    )
    session.execute(delete(DigestItem).where(DigestItem.task_id == task_id, DigestItem.mail_id.is_(None)))
    outbox.drop_mails_of_task(session, task_id)


def _ladder_of(session: Session, task: Task) -> Ladder:
    program = definitions.program_of(session, task.instance.version_id)
    for diagram in program.diagrams.values():
        element = diagram.elements.get(task.element_id)
        if element is not None and "reminders" in element.properties:
            return parse_ladder(element.properties["reminders"])
    return DEFAULT_LADDER
