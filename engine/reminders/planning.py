"""Writes the rungs of a task's ladder as rows, and takes them away when the task is done."""

from datetime import datetime
from typing import Final

from sqlalchemy import Integer, and_, bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from engine import definitions, outbox
from engine.calendar import load_calendar
from engine.database import table_of
from engine.models import DigestItem, MailState, OutboxMail, Reminder, Task
from engine.reminders.ladder import DEFAULT_LADDER, Ladder, next_working_morning, parse_ladder, rungs_of

# Built once, as every step comes here: composing a statement costs more than SQLite takes to run it.
_OF_TASK: Final = bindparam("of_task", type_=Integer)
_IS_TO_COME: Final = and_(Reminder.task_id == _OF_TASK, Reminder.due_at.is_not(None))
_IS_UNTOLD: Final = and_(DigestItem.task_id == _OF_TASK, DigestItem.mail_id.is_(None))
_IS_UNSENT: Final = and_(OutboxMail.task_id == _OF_TASK, OutboxMail.state == MailState.WAITING)
_LEFT: Final = select(
    exists().where(_IS_TO_COME).label("reminders"),
    exists().where(_IS_UNTOLD).label("items"),
    exists().where(_IS_UNSENT).label("mails"),
)
_DROP_REMINDERS: Final = (
    update(Reminder).where(_IS_TO_COME).values(due_at=None).execution_options(synchronize_session=False)
)
_PLAN: Final = insert(table_of(Reminder))
_DROP_DIGEST_ITEMS: Final = delete(DigestItem).where(_IS_UNTOLD).execution_options(synchronize_session=False)


def plan_for(
    session: Session, task: Task, now: datetime, *, ladder: Ladder | None = None, is_new: bool = False
) -> None:
    """Plan the reminders of an open task anew; what was sent stays sent, what is past is left out. Flushes.

    The ladder is the one the diagram names in the property ``reminders`` of the task, else the default. A
    task without a due moment has no reminders. ``is_new``: the task was written just now.
    """
    sent: set[tuple[str, int]] = set() if is_new else _forget_unsent(session, task)
    if task.due_at is None:
        return
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
        session.execute(_PLAN, rows)


def _forget_unsent(session: Session, task: Task) -> set[tuple[str, int]]:
    """Delete what was planned and not sent; return kind and occurrence of what was sent."""
    rungs = select(Reminder.kind, Reminder.occurrence, Reminder.sent_at).where(Reminder.task_id == task.id)
    earlier = session.execute(rungs).all()
    if any(row.sent_at is None for row in earlier):
        session.execute(delete(Reminder).where(Reminder.task_id == task.id, Reminder.sent_at.is_(None)))
    return {(row.kind, row.occurrence) for row in earlier if row.sent_at is not None}


def drop_for(session: Session, task_id: int) -> None:
    """Give up everything still to be said about a task: it is done, or cancelled."""
    where = {"of_task": task_id}
    left = session.execute(_LEFT, where).one()
    if left.reminders:
        session.execute(_DROP_REMINDERS, where)
    if left.items:
        session.execute(_DROP_DIGEST_ITEMS, where)
    if left.mails:
        outbox.drop_mails_of_task(session, task_id)


def _ladder_of(session: Session, task: Task) -> Ladder:
    program = definitions.program_of(session, task.instance.version_id)
    for diagram in program.diagrams.values():
        element = diagram.elements.get(task.element_id)
        if element is not None and "reminders" in element.properties:
            return parse_ladder(element.properties["reminders"])
    return DEFAULT_LADDER
