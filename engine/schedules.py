"""Recurring starts of a process, once for each chosen unit: inspections, reports, reviews."""

import calendar
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import count, takewhile
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import incidents
from engine.calendar import Calendar, at_local_time, load_calendar
from engine.database import transaction
from engine.errors import InvalidInputError, NotFoundError, StepFailedError
from engine.feel import Value, from_json, to_json
from engine.instances import StartProcess, as_context
from engine.models import Person, Schedule, ScheduledStart, Shift, Unit
from engine.people import local_day

log = logging.getLogger(__name__)

MONTHS: Final[Mapping[str, int]] = {"once": 0, "monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
"""Rhythms and how many months lie between two occurrences."""
START_OF_WORK: Final = time(7, 30)
"""When in the day a schedule starts its instances."""
_LONGEST_SHIFT_DAYS: Final = 31
"""No day is moved further than this to become a working day."""


class Occurrence(NamedTuple):
    """One occurrence: the day the rhythm names, and its moment, on a working day if wished."""

    occurs_on: date
    due_at: datetime


def create_schedule(  # noqa: PLR0913  # the columns of a schedule
    session: Session,
    *,
    key: str,
    name: str,
    rhythm: str,
    first_on: date,
    unit_codes: Sequence[str],
    now: datetime,
    name_en: str = "",
    variables: Mapping[str, object] | None = None,
    shift_to_working_day: bool = True,
    created_by: Person | None = None,
) -> Schedule:
    """Plan recurring starts of ``key``; without units, one start without a unit. Flushes.

    Occurrences before today are left out.

    Raises:
        InvalidInputError: no such rhythm or unit, no name, or a single start that is past.

    """
    known = set(session.scalars(select(Unit.code).where(Unit.code.in_(unit_codes))))
    if rhythm not in MONTHS or not name.strip() or set(unit_codes) - known:
        raise InvalidInputError(
            f"schedule {name!r}: rhythm {rhythm!r}, units {sorted(set(unit_codes) - known)}"
        )
    schedule = Schedule(
        key=key,
        name=name,
        name_en=name_en,
        rhythm=rhythm,
        first_on=first_on,
        shift=Shift.FORWARD if shift_to_working_day else Shift.NONE,
        unit_codes=list(dict.fromkeys(unit_codes)),
        variables=cast("dict[str, Any]", to_json(as_context(variables or {}))),
        created_by_id=created_by.id if created_by else None,
    )
    schedule.due_at = _next_due(schedule, load_calendar(session), after=_before_today(now))
    if schedule.due_at is None:
        raise InvalidInputError(f"schedule {name!r} would start once, on {first_on}, which is past")
    session.add(schedule)
    session.flush()
    return schedule


def find_schedules(session: Session) -> list[Schedule]:
    """Return all schedules, the next to start first. The caller has checked the reader."""
    return list(session.scalars(select(Schedule).order_by(Schedule.due_at.asc().nulls_last(), Schedule.id)))


def pause(session: Session, schedule: Schedule) -> None:
    """Let a schedule start nothing until it is resumed. Flushes."""
    schedule.is_paused = True
    session.flush()


def resume(session: Session, schedule: Schedule, *, now: datetime) -> None:
    """Let a schedule go on with its next occurrence; what fell due in the pause is left out. Flushes."""
    schedule.is_paused = False
    schedule.due_at = _next_due(schedule, load_calendar(session), after=now)
    session.flush()


def occurrences(schedule: Schedule, until: date) -> list[date]:
    """Return the days the rhythm names, up to and including ``until``, not moved to working days.

    A month without the day of the first occurrence takes its last day: 31/01, 28/02, 31/03.
    """
    return list(takewhile(lambda day: day <= until, _days(schedule)))


def start_due(factory: sessionmaker[Session], *, now: datetime, limit: int = 1000) -> int:
    """Start what is due, each unit's instance in a transaction of its own; return how many.

    After a downtime only the latest occurrence is made up for. Any number of workers may call it at once. A
    start that fails becomes an incident and holds up no other unit.
    """
    started = 0
    with factory() as session:
        due = (Schedule.due_at <= now, Schedule.is_paused.is_(False))
        ids = session.scalars(select(Schedule.id).where(*due).order_by(Schedule.due_at, Schedule.id)).all()
    for schedule_id in ids:
        try:
            while started < limit and _start_next(factory, schedule_id, now):
                started += 1
        except Exception:
            # One broken schedule must not keep the others waiting; it is tried again at the next ring.
            log.exception("schedule %s could not start", schedule_id)
    return started


def _start_next(factory: sessionmaker[Session], schedule_id: int, now: datetime) -> bool:
    """Start the occurrence for the next unit that has none; once all have one, plan the next occurrence."""
    with transaction(factory) as session:
        due = (Schedule.id == schedule_id, Schedule.due_at <= now, Schedule.is_paused.is_(False))
        schedule = session.scalar(select(Schedule).where(*due).with_for_update(skip_locked=True))
        if schedule is None:
            return False
        working_days = load_calendar(session)
        occurrence = _latest(schedule, working_days, now)
        unit_code = _next_unit(session, schedule, occurrence)
        if occurrence is None or unit_code is None:
            schedule.due_at = _next_due(schedule, working_days, after=now)
            return False
        _start(session, schedule, occurrence, unit_code, now)
        return True


def _next_unit(session: Session, schedule: Schedule, occurrence: Occurrence | None) -> str | None:
    if occurrence is None:
        return None
    made = select(ScheduledStart.unit_code).where(
        ScheduledStart.schedule_id == schedule.id, ScheduledStart.occurs_on == occurrence.occurs_on
    )
    done = set(session.scalars(made))
    return next((code for code in schedule.unit_codes or [""] if code not in done), None)


def _start(
    session: Session, schedule: Schedule, occurrence: Occurrence, unit_code: str, now: datetime
) -> None:
    """Start one unit's instance, and note that it was started: even one that failed is not started twice."""
    made = ScheduledStart(
        schedule_id=schedule.id, occurs_on=occurrence.occurs_on, unit_code=unit_code, started_at=now
    )
    session.add(made)
    session.flush()
    unit = session.scalar(select(Unit).where(Unit.code == unit_code))
    command = StartProcess(
        key=schedule.key,
        variables=_variables(schedule, occurrence, unit_code),
        business_key=f"schedule:{schedule.id}:{occurrence.occurs_on.isoformat()}:{unit_code}",
        title=f"{schedule.name} · {unit.name}" if unit else schedule.name,
        unit_id=unit.id if unit else None,
    )
    try:
        made.instance_id = incidents.start(session, command, actor=None, now=now).id
    except (StepFailedError, NotFoundError) as failure:
        incidents.record(session, failure, command, instance_id=None, actor=None, now=now)


def _variables(schedule: Schedule, occurrence: Occurrence, unit_code: str) -> dict[str, Value]:
    given = from_json(schedule.variables)
    variables = given if isinstance(given, dict) else {}
    return {**variables, "unit_code": unit_code, "scheduled_on": occurrence.occurs_on}


def _latest(schedule: Schedule, working_days: Calendar, now: datetime) -> Occurrence | None:
    """Return the last occurrence whose moment has come."""
    for day in reversed(occurrences(schedule, local_day(now))):
        moment = _moment(schedule, day, working_days)
        if moment <= now:
            return Occurrence(day, moment)
    return None


def _next_due(schedule: Schedule, working_days: Calendar, *, after: datetime) -> datetime | None:
    """Return the moment of the first occurrence after ``after``, none if there is none."""
    for day in _days(schedule):
        if (day - local_day(after)).days > -_LONGEST_SHIFT_DAYS:
            moment = _moment(schedule, day, working_days)
            if moment > after:
                return moment
    return None


def _days(schedule: Schedule) -> Iterator[date]:
    """Give the days the rhythm names, one after the other, without end but for a single occurrence."""
    step = MONTHS[schedule.rhythm]
    if step == 0:
        yield schedule.first_on
        return
    for number in count():
        yield _months_later(schedule.first_on, step * number)


def _before_today(now: datetime) -> datetime:
    return at_local_time(local_day(now), time(0)) - timedelta(microseconds=1)


def _moment(schedule: Schedule, day: date, working_days: Calendar) -> datetime:
    started_on = working_days.next_working_day(day) if schedule.shift is Shift.FORWARD else day
    return at_local_time(started_on, START_OF_WORK)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
