"""Dated things that are no tasks: entered, moved, cancelled, and shown to those whom they concern."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from engine import clock, people, reminders, setup
from engine.errors import InvalidInputError, NotFoundError
from engine.ladders import parse_ladder
from engine.models import CalendarEntry, CalendarEntryAudience, Person, ProcessInstance
from engine.text import nfc

USUAL_LADDER: Final = "before:2,due"
_PERSON: Final = "person:"


def put_entry(  # noqa: PLR0913  # what, when, where, for whom
    session: Session,
    *,
    key: str,
    title: str,
    title_en: str = "",
    starts_at: datetime,
    ends_at: datetime | None = None,
    place: str = "",
    path: str = "/",
    audience: Sequence[str],
    instance: ProcessInstance | None = None,
    ladder: str = USUAL_LADDER,
    tells: bool = True,
    now: datetime,
) -> CalendarEntry:
    """Enter a dated thing, or move it: the same key again changes it and plans its reminders anew. Flushes.

    ``key`` is stable, as ``meeting:5``. ``audience`` names candidate groups, ``role`` or ``role@unit``, and
    people, ``person:7``. A cancelled entry is on again. Unless ``tells`` is false, as the caller does it,
    those whom it concerned already are told of another time or place, and those of a new entry that starts
    before any reminder could come are told at once.

    Raises:
        InvalidInputError: it ends before it starts, the ladder does not fit, or the audience cannot be read.

    """
    _check_ladder(ladder)
    if ends_at is not None and ends_at < starts_at:
        raise InvalidInputError(f"entry {key} would end at {ends_at}, before it starts at {starts_at}")
    entry = _locked(session, key)
    parts = _read_audience(session, audience)
    texts = {"title": nfc(title), "title_en": nfc(title_en), "place": nfc(place), "path": path}
    values = {
        **texts,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "ladder": ladder,
        "instance_id": instance.id if instance else None,
    }
    if entry is None:
        entry = CalendarEntry(key=key, changed_at=now, sequence=0, is_cancelled=False, **values)
        entry.audience = parts
        session.add(entry)
        session.flush()
        reminders.plan_for_new(session, entry, now, tells=tells)
        return entry
    _change(session, entry, values, parts, tells=tells, now=now)
    return entry


def cancel_entry(session: Session, key: str, *, now: datetime) -> None:
    """Cancel an entry: it stays visible, its reminders are dropped, and whom it concerns is told. Flushes.

    Raises:
        NotFoundError: there is none.

    """
    entry = _locked(session, key)
    if entry is None:
        raise NotFoundError(f"no calendar entry {key}")
    _cancel(session, entry, now=now)


def cancel_entries_of(session: Session, instance_id: int, *, now: datetime) -> None:
    """Cancel what an instance that ends before its time has entered and is still to come. Flushes."""
    to_come = select(CalendarEntry).where(
        CalendarEntry.instance_id == instance_id, CalendarEntry.starts_at >= now
    )
    for entry in session.scalars(to_come.order_by(CalendarEntry.id).with_for_update()):
        _cancel(session, entry, now=now)


def find_entries(
    session: Session, person: Person, *, first: datetime, last: datetime, now: datetime | None = None
) -> list[CalendarEntry]:
    """Return what concerns a person by the roles he holds today, cancelled ones too, the earliest first.

    An entry belongs to the time from ``first`` to ``last`` if some part of it does.
    """
    authority = people.authority_of(session, person, on=people.local_day(now or clock.now()))
    part = CalendarEntryAudience
    named: list[ColumnElement[bool]] = [part.person_id == person.id]
    named += [
        and_(part.role == role, part.unit_code == unit_code) for role, unit_code in sorted(authority.reach)
    ]
    found = (
        select(CalendarEntry)
        .where(
            CalendarEntry.id.in_(select(part.entry_id).where(or_(*named))),
            CalendarEntry.starts_at <= last,
            func.coalesce(CalendarEntry.ends_at, CalendarEntry.starts_at) >= first,
        )
        .order_by(CalendarEntry.starts_at, CalendarEntry.id)
    )
    return list(session.scalars(found))


def _change(  # noqa: PLR0913  # what becomes of an entry, and whether that is told
    session: Session,
    entry: CalendarEntry,
    values: Mapping[str, object],
    parts: list[CalendarEntryAudience],
    *,
    tells: bool,
    now: datetime,
) -> None:
    was = {name: getattr(entry, name) for name in values}
    is_same_audience = {_key(part) for part in parts} == {_key(part) for part in entry.audience}
    if was == values and is_same_audience and not entry.is_cancelled:
        return
    on = people.local_day(now)
    concerned = {person.id for person in reminders.audience_of(session, entry, on=on)}
    is_moved = entry.is_cancelled or any(was[name] != values[name] for name in ("starts_at", "place"))
    started_at, is_new_time = entry.starts_at, entry.starts_at != values["starts_at"]
    for name, value in values.items():
        setattr(entry, name, value)
    if not is_same_audience:
        entry.audience = parts
    if is_moved:
        entry.moved_from_at = started_at if is_new_time else None
    entry.is_cancelled, entry.sequence, entry.changed_at = False, entry.sequence + 1, now
    session.flush()
    reminders.plan_for(session, entry, now)
    if is_moved and tells:
        told = [person for person in reminders.audience_of(session, entry, on=on) if person.id in concerned]
        reminders.tell_of_change(session, entry, told, moments=(started_at, entry.starts_at), now=now)


def _cancel(session: Session, entry: CalendarEntry, *, now: datetime) -> None:
    if entry.is_cancelled:
        return
    entry.is_cancelled, entry.sequence, entry.changed_at = True, entry.sequence + 1, now
    session.flush()
    reminders.drop_for_entry(session, entry)
    if entry.starts_at >= now:
        told = reminders.audience_of(session, entry, on=people.local_day(now))
        reminders.tell_of_change(session, entry, told, moments=(entry.starts_at,), now=now)


def _locked(session: Session, key: str) -> CalendarEntry | None:
    """Return the entry with its row kept from the worker that reminds of it."""
    found = (
        select(CalendarEntry).where(CalendarEntry.key == key).options(selectinload(CalendarEntry.audience))
    )
    return session.scalar(found.with_for_update(of=CalendarEntry))


def _check_ladder(ladder: str) -> None:
    """Refuse rungs after the day: a dated thing is over by itself, what is to be done is a task."""
    read = parse_ladder(ladder)
    if read.after or read.head is not None or read.overseer is not None:
        raise InvalidInputError(f"a dated thing is reminded of before and on its day, not by {ladder!r}")


def _read_audience(session: Session, audience: Sequence[str]) -> list[CalendarEntryAudience]:
    roles = setup.of(session).roles
    parts: list[CalendarEntryAudience] = []
    for name in dict.fromkeys(audience):
        role, _, unit_code = name.partition("@")
        if name.startswith(_PERSON) and name.removeprefix(_PERSON).isdecimal():
            parts.append(
                CalendarEntryAudience(role="", unit_code="", person_id=int(name.removeprefix(_PERSON)))
            )
        elif role in roles:
            parts.append(CalendarEntryAudience(role=role, unit_code=unit_code, person_id=None))
        else:
            raise InvalidInputError(f"no role and no person: {name!r}")
    if not parts:
        raise InvalidInputError("an entry without an audience concerns nobody")
    return parts


def _key(part: CalendarEntryAudience) -> tuple[str, str, int | None]:
    return part.role, part.unit_code, part.person_id
