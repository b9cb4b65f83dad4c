"""Writes the rungs of a ladder as rows, and takes them away when there is nothing left to be said."""

from datetime import datetime
from typing import Final

from sqlalchemy import Integer, and_, bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from engine import outbox
from engine.calendar import load_calendar
from engine.database import table_of
from engine.ladders import Ladder
from engine.models import CalendarEntry, DigestItem, MailState, OutboxMail, Reminder, Task
from engine.reminders.announcing import tell_of_new_deadline
from engine.reminders.choosing import ladder_of
from engine.reminders.ladder import ESCALATIONS, next_working_morning, rungs_of
from engine.reminders.subjects import Subject, columns_of, deadline_of

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
    session: Session, subject: Subject, now: datetime, *, ladder: Ladder | None = None, is_new: bool = False
) -> None:
    """Plan the reminders of an open task or an entry anew. Flushes.

    What was sent of this deadline stays sent, what is past is left out; a deadline that has moved has a
    ladder of its own. A task without a due moment has no reminders. ``is_new``: it was written just now.
    """
    deadline = deadline_of(subject)
    sent: set[tuple[str, int]] = set() if is_new else _forget_unsent(session, subject, deadline)
    if deadline is None:
        return
    calendar = load_calendar(session)
    soonest = next_working_morning(now, calendar)
    # Who is to be told of lateness is told all the same where a task was late from its first moment.
    rows = [
        {
            **columns_of(subject),
            "deadline_at": deadline,
            "kind": rung.kind,
            "occurrence": rung.occurrence,
            "due_at": max(rung.moment, soonest),
            "sent_at": None,
        }
        for rung in rungs_of(ladder or ladder_of(session, subject), deadline, calendar)
        if (rung.moment > now or rung.kind in ESCALATIONS) and (rung.kind, rung.occurrence) not in sent
    ]
    if rows:
        session.execute(_PLAN, rows)


def move_deadline(session: Session, task: Task, due_at: datetime | None, *, now: datetime) -> None:
    """Give an open task another deadline with a ladder of its own, and tell those who are to do it. Flushes.

    The caller holds the lock on the task's instance and writes why into its history.
    """
    if task.due_at == due_at:
        return
    task.due_at = due_at
    session.flush()
    plan_for(session, task, now)
    tell_of_new_deadline(session, task, now)


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


def drop_for_entry(session: Session, entry: CalendarEntry) -> None:
    """Give up everything still to be said about a calendar entry."""
    session.execute(update(Reminder).where(Reminder.entry_id == entry.id).values(due_at=None))
    session.execute(delete(DigestItem).where(DigestItem.entry_id == entry.id, DigestItem.mail_id.is_(None)))
    outbox.drop_mails_of_entry(session, entry.id)


def _forget_unsent(session: Session, subject: Subject, deadline: datetime | None) -> set[tuple[str, int]]:
    """Delete what was planned and not sent; return kind and occurrence of what was sent of the deadline."""
    rungs = select(Reminder).filter_by(**columns_of(subject))
    earlier = session.scalars(rungs).all()
    unsent = [rung.id for rung in earlier if rung.sent_at is None]
    if unsent:
        session.execute(delete(Reminder).where(Reminder.id.in_(unsent)))
    return {
        (rung.kind, rung.occurrence)
        for rung in earlier
        if rung.sent_at is not None and rung.deadline_at == deadline
    }
