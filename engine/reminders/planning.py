"""Writes the rungs of a ladder as rows, and takes them away when there is nothing left to be said."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Integer, and_, bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from engine import outbox
from engine.calendar import load_calendar
from engine.database import table_of
from engine.ladders import Ladder
from engine.models import CalendarEntry, DigestItem, MailState, OutboxMail, Reminder, Task
from engine.reminders.announcing import tell_at_once, tell_of_new_deadline
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
    earlier: Sequence[Reminder] = () if is_new else _rungs_of(session, subject)
    sent = {(rung.kind, rung.occurrence) for rung in earlier if rung.sent_at and rung.deadline_at == deadline}
    unsent = [rung for rung in earlier if rung.sent_at is None]
    rows = [] if deadline is None else _rows(session, subject, deadline, sent, ladder=ladder, now=now)
    if _is_planned(unsent, rows):
        return
    if unsent:
        session.execute(delete(Reminder).where(Reminder.id.in_([rung.id for rung in unsent])))
    if rows:
        session.execute(_PLAN, rows)


def plan_for_new(session: Session, entry: CalendarEntry, now: datetime, *, tells: bool) -> None:
    """Plan the reminders of a new entry; one that starts before any of them could come is told at once."""
    plan_for(session, entry, now, is_new=True)
    planned = session.scalar(select(exists().where(Reminder.entry_id == entry.id)))
    if tells and not planned and ladder_of(session, entry) != Ladder() and now < entry.starts_at:
        tell_at_once(session, entry, now)


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


def _rows(  # noqa: PLR0913  # what a plan follows from
    session: Session,
    subject: Subject,
    deadline: datetime,
    sent: Collection[tuple[str, int]],
    *,
    ladder: Ladder | None,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return the rungs still to come. Who is told of lateness is told though the task was late at once."""
    calendar = load_calendar(session)
    soonest = next_working_morning(now, calendar)
    return [
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


def _rungs_of(session: Session, subject: Subject) -> Sequence[Reminder]:
    planned = select(Reminder).filter_by(**columns_of(subject)).order_by(Reminder.id)
    return session.scalars(planned.execution_options(populate_existing=True)).all()


def _is_planned(unsent: Sequence[Reminder], rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether what is to come is what would be planned: then the rows stay as they are."""
    names = ("deadline_at", "kind", "occurrence", "due_at")
    return [[getattr(rung, name) for name in names] for rung in unsent] == [
        [row[name] for name in names] for row in rows
    ]
