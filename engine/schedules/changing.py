"""Schedules are set up, changed, paused, resumed and retired; the history says by whom and when."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history
from engine.calendar import load_calendar
from engine.errors import ConflictError, InvalidInputError
from engine.feel import to_json
from engine.instances import as_context
from engine.models import START_OF_WORK, Person, Schedule, ScheduledStart, Shift
from engine.schedules.rhythms import Rhythm
from engine.schedules.terms import (
    LONGEST_NAME,
    InvalidScheduleError,
    Problem,
    Terms,
    problems_of,
    start_of_day,
)
from engine.text import nfc, one_line

_NOT_TOLD: Final = frozenset({"variables", "unit_codes"})
"""Long values of which the history keeps only that they changed."""


def create_schedule(  # noqa: PLR0913  # the columns of a schedule
    session: Session,
    *,
    key: str,
    name: str,
    rhythm: str,
    first_on: date,
    now: datetime,
    unit_codes: Sequence[str] = (),
    unit_kind: str = "",
    name_en: str = "",
    variables: Mapping[str, object] | None = None,
    cron: str = "",
    ends_on: date | None = None,
    starts_at: time = START_OF_WORK,
    shift_to_working_day: bool = True,
    created_by: Person | None = None,
) -> Schedule:
    """Plan recurring starts of ``key``; without units, one start without a unit. Flushes.

    Raises:
        InvalidScheduleError: the schedule can never run, or lacks what it needs; see ``problems_of``.

    """
    when = Rhythm(
        kind=rhythm,
        first_on=first_on,
        ends_on=ends_on,
        cron=cron,
        starts_at=starts_at,
        shift=Shift.FORWARD if shift_to_working_day else Shift.NONE,
    )
    terms = Terms(
        key=key,
        name=name,
        rhythm=when,
        name_en=name_en,
        unit_codes=tuple(unit_codes),
        unit_kind=unit_kind,
        variables=as_context(variables or {}),
    )
    return set_up(session, terms, actor=created_by, now=now)


def set_up(session: Session, terms: Terms, *, actor: Person | None, now: datetime) -> Schedule:
    """Make a schedule of ``terms``. An occurrence of today whose time is over starts at once. Flushes.

    Raises:
        InvalidScheduleError: as ``create_schedule``.

    """
    _refuse(session, terms, now=now)
    schedule = Schedule(created_by_id=actor.id if actor else None, is_paused=False, revision=0)
    _write(schedule, terms)
    schedule.due_at = _due(session, terms.rhythm.settled(), after=start_of_day(now))
    session.add(schedule)
    session.flush()
    _remember(session, schedule, "schedule_created", actor=actor, now=now)
    return schedule


def change(  # noqa: PLR0913  # who changes what into what, having seen what
    session: Session, schedule: Schedule, terms: Terms, *, revision: int, actor: Person | None, now: datetime
) -> None:
    """Give a schedule other terms from now on; what it has started stays as it is. Flushes.

    ``revision`` is that of the schedule the actor has seen.

    Raises:
        ConflictError: it was changed since, or starts nothing any more.
        InvalidInputError: it would start another process.
        InvalidScheduleError: as ``create_schedule``.

    """
    _lock(session, schedule)
    if schedule.revision != revision:
        raise ConflictError(f"schedule {schedule.id} is at revision {schedule.revision}, not {revision}")
    kept = Terms.of(schedule)
    if terms.key != kept.key:
        raise InvalidInputError(f"schedule {schedule.id} starts {kept.key}, never {terms.key}")
    _refuse(session, terms, now=now, kept=kept)
    rhythm, due_at = terms.rhythm.settled(), schedule.due_at
    if rhythm != kept.rhythm:
        after = now if _has_started_today(session, schedule, now) else start_of_day(now)
        due_at = _due(session, rhythm, after=after)
        if due_at is None:
            raise InvalidScheduleError(terms, [Problem("first_on", "never")])
    _write(schedule, terms)
    schedule.due_at = due_at
    details = {"changes": _differences(kept, Terms.of(schedule))}
    _remember(session, schedule, "schedule_changed", actor=actor, now=now, details=details)


def pause(
    session: Session, schedule: Schedule, *, now: datetime, actor: Person | None = None, reason: str = ""
) -> None:
    """Let a schedule start nothing until it is resumed. Flushes."""
    _lock(session, schedule)
    schedule.is_paused = True
    _remember(session, schedule, "schedule_paused", actor=actor, now=now, details={"reason": nfc(reason)})


def resume(session: Session, schedule: Schedule, *, now: datetime, actor: Person | None = None) -> None:
    """Let a schedule go on with its next occurrence; what fell due in the pause is left out. Flushes.

    Raises:
        ConflictError: it is retired.

    """
    _lock(session, schedule)
    schedule.is_paused = False
    schedule.due_at = _due(session, Rhythm.of(schedule), after=now)
    _remember(session, schedule, "schedule_resumed", actor=actor, now=now)


def retire(
    session: Session, schedule: Schedule, *, now: datetime, actor: Person | None = None, reason: str = ""
) -> None:
    """Let a schedule start nothing any more; what it has started goes on. Flushes.

    Raises:
        ConflictError: it is retired already.

    """
    _lock(session, schedule)
    schedule.retired_at = now
    schedule.due_at = None
    _remember(session, schedule, "schedule_retired", actor=actor, now=now, details={"reason": nfc(reason)})


def _lock(session: Session, schedule: Schedule) -> None:
    """Wait until no worker is starting it, and see it as it then stands."""
    session.refresh(schedule, with_for_update=True)
    if schedule.retired_at is not None:
        raise ConflictError(f"schedule {schedule.id} is retired")


def _refuse(session: Session, terms: Terms, *, now: datetime, kept: Terms | None = None) -> None:
    problems = problems_of(session, terms, now=now, kept=kept)
    if problems:
        raise InvalidScheduleError(terms, problems)


def _write(schedule: Schedule, terms: Terms) -> None:
    schedule.key = terms.key
    schedule.name, schedule.name_en = _line(terms.name), _line(terms.name_en)
    rhythm = terms.rhythm.settled()
    schedule.rhythm, schedule.cron = rhythm.kind, rhythm.cron
    schedule.first_on, schedule.ends_on = rhythm.first_on, rhythm.ends_on
    schedule.starts_at, schedule.shift = rhythm.starts_at, rhythm.shift
    schedule.unit_kind = terms.unit_kind
    schedule.unit_codes = [] if terms.unit_kind else list(dict.fromkeys(terms.unit_codes))
    schedule.variables = cast("dict[str, Any]", to_json(dict(terms.variables)))


def _line(name: str) -> str:
    return one_line(nfc(name), LONGEST_NAME)


def _due(session: Session, rhythm: Rhythm, *, after: datetime) -> datetime | None:
    occurrence = rhythm.next_after(after, load_calendar(session))
    return None if occurrence is None else occurrence.due_at


def _has_started_today(session: Session, schedule: Schedule, now: datetime) -> bool:
    made = select(ScheduledStart.id).where(
        ScheduledStart.schedule_id == schedule.id, ScheduledStart.started_at > start_of_day(now)
    )
    return session.scalar(made.limit(1)) is not None


def _differences(before: Terms, after: Terms) -> dict[str, Any]:
    """Return what changed: before and after as text, or nothing where that would be long."""
    old, new = _plain(before), _plain(after)
    return {
        name: None if name in _NOT_TOLD else [old[name], new[name]] for name in new if old[name] != new[name]
    }


def _plain(terms: Terms) -> dict[str, Any]:
    rhythm = {name: _text(value) for name, value in vars(terms.rhythm).items() if not name.startswith("_")}
    facts = {name: value for name, value in vars(terms).items() if name != "rhythm"}
    return {**facts, "variables": to_json(dict(terms.variables)), **rhythm}


def _text(value: object) -> str:
    return value.value if isinstance(value, Shift) else "" if value is None else str(value)


def _remember(  # noqa: PLR0913  # an event of a schedule
    session: Session,
    schedule: Schedule,
    kind: str,
    *,
    actor: Person | None,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note what was done, and let nobody write over it unseen."""
    schedule.revision += 1
    session.flush()
    facts = {"schedule": schedule.id, "name": schedule.name, **(details or {})}
    history.append(session, instance_id=None, kind=kind, actor=actor, now=now, details=facts)
