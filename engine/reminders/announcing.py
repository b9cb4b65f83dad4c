"""Tells people what is new of a task or a calendar entry: at once if it is urgent, else in the morning."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine import outbox
from engine.calendar import Calendar, load_calendar
from engine.database import table_of
from engine.models import CalendarEntry, DigestItem, OutboxMail, Person, Task
from engine.people import local_day
from engine.reminders.facts import Saying, facts_of
from engine.reminders.recipients import overseers_of, recipients_of
from engine.reminders.subjects import (
    ASSIGNED,
    CANCELLED,
    MOVED,
    UNHELD,
    Subject,
    columns_of,
    deadline_of,
    mail_kind_of,
    name_of,
)

URGENT_WORKING_DAYS: Final = 2
_ADD_ITEMS: Final = insert(table_of(DigestItem))


def announce(
    session: Session, task: Task, now: datetime, *, actor: Person | None = None, is_new: bool = False
) -> None:
    """Tell those who are to do an open task that it is there; not ``actor``, who knows. Flushes.

    Called again after a task was handed over, it tells only those who were not told yet. Where nobody may do
    the task, those who oversee all deadlines are told. ``is_new``: the task was written just now, and nobody
    can have been told.
    """
    told = recipients_of(session, task, on=local_day(now))
    if not told:
        tell_of_nobody(session, task, now)
        return
    others = [person for person in told if actor is None or person.id != actor.id]
    if _is_urgent(task, load_calendar(session), now):
        mail_about(session, task, ASSIGNED, others, now=now)
    else:
        add_to_digests(session, task, ASSIGNED, others, now=now, is_new=is_new)


def tell_of_nobody(session: Session, task: Task, now: datetime) -> None:
    """Tell those who oversee all deadlines, once, that nobody holds a role in which the task can be done."""
    overseers = overseers_of(session, task, on=local_day(now))
    overseers = _untold(session, task, UNHELD, overseers) if overseers else []
    if not overseers:
        return
    if _is_urgent(task, load_calendar(session), now):
        mail_about(session, task, UNHELD, overseers, now=now)
    else:
        add_to_digests(session, task, UNHELD, overseers, now=now)


def tell_of_new_deadline(session: Session, task: Task, now: datetime) -> None:
    """Tell those who are to do an open task that its deadline is another one, once per deadline. Flushes."""
    told = recipients_of(session, task, on=local_day(now))
    if _is_urgent(task, load_calendar(session), now):
        mail_about(session, task, MOVED, told, now=now)
    else:
        add_to_digests(session, task, MOVED, told, now=now)


def tell_at_once(session: Session, entry: CalendarEntry, now: datetime) -> None:
    """Remind those concerned of an entry that was entered too late for its ladder. Flushes."""
    kind = "due" if local_day(entry.starts_at) == local_day(now) else "before"
    mail_about(session, entry, kind, recipients_of(session, entry, on=local_day(now)), now=now)


def tell_of_change(
    session: Session,
    entry: CalendarEntry,
    people: Iterable[Person],
    *,
    moments: Sequence[datetime],
    now: datetime,
) -> None:
    """Tell people that an entry was moved or cancelled, once per change. Flushes.

    ``moments``: when it was and is to start. Who would come in vain, or too late, today or on the next
    working day, is told at once, whatever the hour.
    """
    kind = CANCELLED if entry.is_cancelled else MOVED
    last = load_calendar(session).add_working_days(local_day(now), 1)
    if any(local_day(moment) <= last for moment in moments):
        mail_about(session, entry, kind, people, now=now, occurrence=entry.sequence)
    else:
        add_to_digests(session, entry, kind, people, now=now, occurrence=entry.sequence)


def mail_about(  # noqa: PLR0913  # the parts of a mail's key
    session: Session,
    subject: Subject,
    kind: str,
    people: Iterable[Person],
    *,
    now: datetime,
    occurrence: int = 1,
) -> None:
    """Write one mail about one subject to each person, once per kind, deadline and person. Flushes."""
    for person in people:
        saying = [Saying(subject, kind)]
        mail_kind = mail_kind_of(subject, kind)
        outbox.mail_to(
            session,
            person,
            facts_of(saying, mail_kind, recipient=person, calendar=load_calendar(session), now=now),
            dedupe_key=f"{_key(subject, kind, occurrence)}:{person.id}",
            **columns_of(subject),
            instance_id=subject.instance_id,
        )


def add_to_digests(  # noqa: PLR0913  # the parts of an item's key
    session: Session,
    subject: Subject,
    kind: str,
    people: Iterable[Person],
    *,
    now: datetime,
    occurrence: int = 1,
    is_new: bool = False,
) -> None:
    """Let the next digest of each person speak of a subject; once, by its latest kind. Flushes."""
    columns = columns_of(subject)
    of_subject = select(DigestItem).filter_by(**columns)
    items: Sequence[DigestItem] = () if is_new else session.scalars(of_subject).all()
    waiting = {item.person_id: item for item in items if item.mail_id is None}
    present = {item.dedupe_key for item in items}
    new: list[dict[str, object]] = []
    for person in people:
        key = f"{_key(subject, kind, occurrence)}:{person.id}"
        if person.id in waiting:
            waiting[person.id].kind = _latest(waiting[person.id].kind, kind)
        elif key not in present:
            item = {"dedupe_key": key, "person_id": person.id, **columns, "kind": kind}
            new.append({**item, "added_at": now, "mail_id": None})
    session.flush()
    if new:
        session.execute(_ADD_ITEMS, new)


def _untold(session: Session, subject: Subject, kind: str, people: Sequence[Person]) -> list[Person]:
    """Return who has been told neither by a mail of its own nor by a digest."""
    keys = {f"{_key(subject, kind, 1)}:{person.id}": person for person in people}
    told = set(session.scalars(select(DigestItem.dedupe_key).where(DigestItem.dedupe_key.in_(keys))))
    told |= set(session.scalars(select(OutboxMail.dedupe_key).where(OutboxMail.dedupe_key.in_(keys))))
    return [person for key, person in keys.items() if key not in told]


def _latest(waiting: str, kind: str) -> str:
    """Return by which kind a digest speaks of a subject: that a day is another one is not to be missed."""
    is_kept = (waiting == MOVED and kind != CANCELLED) or (waiting == ASSIGNED and kind == MOVED)
    return waiting if is_kept else kind


def _key(subject: Subject, kind: str, occurrence: int) -> str:
    """Return what a person is told of once; each deadline has rungs of its own."""
    deadline = deadline_of(subject)
    at = f"@{deadline.astimezone(UTC):%Y-%m-%dT%H:%M:%S}" if deadline else ""
    return f"{name_of(subject)}:{kind}:{occurrence}{'' if kind in (ASSIGNED, UNHELD) else at}"


def _is_urgent(task: Task, calendar: Calendar, now: datetime) -> bool:
    """Whether the task is due within two working days; nothing is urgent on a day nobody works."""
    today = local_day(now)
    if task.due_at is None or not calendar.is_working_day(today):
        return False
    return local_day(task.due_at) <= calendar.add_working_days(today, URGENT_WORKING_DAYS)
