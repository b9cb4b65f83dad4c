"""One mail per person and working morning that lists everything to be said to him."""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, contains_eager, sessionmaker

from engine import outbox
from engine.calendar import at_local_time, load_calendar
from engine.models import CalendarEntry, DigestItem, OutboxMail, Person, ProcessInstance, Reminder, Task
from engine.people import local_day
from engine.reminders.facts import Saying, facts_of
from engine.reminders.ladder import MORNING
from engine.reminders.recipients import heads_of, overseers_of, recipients_of
from engine.reminders.subjects import (
    UNHELD,
    Subject,
    columns_of,
    deadline_of,
    is_current,
    mail_kind_of,
)

_LOG: Final = logging.getLogger(__name__)


def send_digests(factory: sessionmaker[Session], *, now: datetime) -> int:
    """Write the digests of this morning, one transaction per person; return how many.

    Nothing is written before 07:30, on days nobody works, or while rungs of this morning are still to be
    fired: a digest is written once and must be complete.
    """
    morning = at_local_time(local_day(now), MORNING)
    with factory() as session:
        if now < morning or not load_calendar(session).is_working_day(local_day(now)):
            return 0
        if session.scalar(select(_has_rungs_before(morning))):
            return 0
        query = select(DigestItem.person_id).where(
            DigestItem.mail_id.is_(None), DigestItem.added_at <= morning
        )
        people = session.scalars(query.distinct().order_by(DigestItem.person_id)).all()
    return sum(_send_one(factory, person_id, morning=morning, now=now) for person_id in people)


def is_yet_to_be_written(session: Session, person: Person, *, planned: datetime, now: datetime) -> bool:
    """Whether what was planned for a moment finds its place in the person's digest of today."""
    morning = at_local_time(local_day(now), MORNING)
    return planned <= morning and not _is_written(session, _key(person.id, now))


def is_held_up(model: type[Task | CalendarEntry]) -> ColumnElement[bool]:
    """Whether a task or an entry belongs to an instance that stands still by an administrator's order."""
    return exists().where(ProcessInstance.id == model.instance_id, ProcessInstance.suspended_at.is_not(None))


def _has_rungs_before(morning: datetime) -> ColumnElement[bool]:
    """Whether a rung is still to be fired; those of suspended instances keep nobody waiting."""
    of_tasks = exists().where(Reminder.task_id == Task.id, Reminder.due_at <= morning, ~is_held_up(Task))
    of_entries = exists().where(
        Reminder.entry_id == CalendarEntry.id, Reminder.due_at <= morning, ~is_held_up(CalendarEntry)
    )
    return or_(of_tasks, of_entries)


def _send_one(factory: sessionmaker[Session], person_id: int, *, morning: datetime, now: datetime) -> bool:
    try:
        with factory.begin() as session:
            return _write(session, person_id, morning=morning, now=now)
    except Exception:  # noqa: BLE001  # whatever fails for one person, the others get their mail
        _LOG.exception("digest of person %s failed", person_id)
        return False


def _write(session: Session, person_id: int, *, morning: datetime, now: datetime) -> bool:
    """Write a person's digest unless he had one today; items that no longer concern him fall away."""
    key = _key(person_id, now)
    if _is_written(session, key):
        return False
    person = session.get_one(Person, person_id)
    said: list[tuple[DigestItem, Saying]] = []
    for item, subject in _claim_items(session, person_id, morning):
        if _concerns(session, subject, item.kind, person, now=now):
            said.append((item, Saying(subject, item.kind)))
        else:
            session.delete(item)
    if not said:
        return False
    mail = _mail(session, person, [saying for _, saying in said], key, now=now)
    for item, _ in said:
        item.mail_id = mail.id
    return True


def _key(person_id: int, now: datetime) -> str:
    return f"digest:{person_id}:{local_day(now).isoformat()}"


def _is_written(session: Session, key: str) -> bool:
    return session.scalar(select(exists().where(OutboxMail.dedupe_key == key))) or False


def _mail(session: Session, person: Person, said: list[Saying], key: str, *, now: datetime) -> OutboxMail:
    """Write the mail; a digest of one thing is a mail about that thing."""
    only = said[0].subject if len(said) == 1 else None
    facts = facts_of(said, "digest", recipient=person, calendar=load_calendar(session), now=now)
    if only is not None:
        kinds = [*(task.kind for task in facts.tasks), *(entry.kind for entry in facts.entries)]
        facts = replace(facts, kind=mail_kind_of(only, kinds[0]))
    return outbox.mail_to(
        session,
        person,
        facts,
        dedupe_key=key,
        **(columns_of(only) if only else {}),
        instance_id=only.instance_id if only else None,
    )


def _claim_items(session: Session, person_id: int, morning: datetime) -> list[tuple[DigestItem, Subject]]:
    """Return what waits for a person, the nearest deadline first, and keep other workers off it."""
    query = (
        select(DigestItem)
        .outerjoin(DigestItem.task)
        .outerjoin(DigestItem.entry)
        .options(contains_eager(DigestItem.task), contains_eager(DigestItem.entry))
        .where(
            DigestItem.person_id == person_id, DigestItem.mail_id.is_(None), DigestItem.added_at <= morning
        )
        .with_for_update(skip_locked=True, of=DigestItem)
    )
    found = [
        (item, subject) for item in session.scalars(query) if (subject := item.task or item.entry) is not None
    ]
    return sorted(found, key=lambda pair: _order(pair[1]))


def _order(subject: Subject) -> tuple[bool, datetime | int, int]:
    deadline = deadline_of(subject)
    return (deadline is None, deadline or 0, subject.id)


def _concerns(session: Session, subject: Subject, kind: str, person: Person, *, now: datetime) -> bool:
    """Whether it is still to be told to the person; as a head, an overseer, or somebody who is to do it."""
    on = local_day(now)
    if not is_current(subject, now, kind=kind):
        return False
    if isinstance(subject, Task) and kind == "head":
        return person in heads_of(session, subject, on=on)
    if isinstance(subject, Task) and kind in {"overseer", UNHELD}:
        is_held = kind == UNHELD and recipients_of(session, subject, on=on)
        return not is_held and person in overseers_of(session, subject, on=on)
    return person in recipients_of(session, subject, on=on)
