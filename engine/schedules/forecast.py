"""What would start when: the coming occurrences of a schedule, or of one that is still being written."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from engine.calendar import at_local_time, load_calendar
from engine.models import Schedule, Unit
from engine.people import local_day
from engine.schedules.rhythms import Rhythm, months_later
from engine.schedules.terms import Terms, start_of_day
from engine.schedules.units import load_choice

MOST_STARTS: Final = 400
"""No forecast is longer: more than a year of days."""


@dataclass(frozen=True)
class ComingStart:
    """One occurrence that would start."""

    occurs_on: date
    """The day the rhythm names."""
    starts_on: date
    """The day it starts, a working day if wished."""
    due_at: datetime
    holiday: str
    """The name of the day off it is moved from; empty for a weekend, or if it is not moved."""
    holiday_en: str
    units: tuple[Unit, ...]
    """For whom, as the units are known today; none: one start without a unit."""

    @property
    def is_moved(self) -> bool:
        """Whether it starts on another day than the rhythm names."""
        return self.starts_on != self.occurs_on


def try_out(
    session: Session, schedule: Schedule | Terms, *, now: datetime, months: int = 12
) -> list[ComingStart]:
    """Return what would start in the next months, from today on, as if the schedule were not paused.

    ``schedule`` may be one that is not saved, whose terms have no problems.
    """
    last = months_later(local_day(now), months) - timedelta(days=1)
    if isinstance(schedule, Terms):
        return coming(session, schedule, after=start_of_day(now), until=last)
    if schedule.retired_at is not None:
        return []
    return coming(session, Terms.of(schedule), after=done_until(session, schedule, now=now), until=last)


def coming(session: Session, terms: Terms, *, after: datetime, until: date) -> list[ComingStart]:
    """Return what starts after a moment up to the end of a day, at most ``MOST_STARTS``."""
    working_days = load_calendar(session)
    end = at_local_time(until + timedelta(days=1), time(0))
    choice = load_choice(session, unit_codes=terms.unit_codes, unit_kind=terms.unit_kind)
    found: list[ComingStart] = []
    for occurs_on, due_at in terms.rhythm.settled().after(after, working_days):
        if due_at >= end or len(found) == MOST_STARTS:
            break
        starts_on = local_day(due_at)
        is_moved = starts_on != occurs_on
        found.append(
            ComingStart(
                occurs_on=occurs_on,
                starts_on=starts_on,
                due_at=due_at,
                holiday=working_days.holiday_name(occurs_on) if is_moved else "",
                holiday_en=working_days.holiday_name(occurs_on, "en") if is_moved else "",
                units=choice.on(starts_on),
            )
        )
    return found


def done_until(session: Session, schedule: Schedule, *, now: datetime) -> datetime:
    """Return the moment up to which nothing is left: what is due and not started yet still comes."""
    latest = Rhythm.of(schedule).latest(now, load_calendar(session))
    is_waiting = schedule.due_at is not None and schedule.due_at <= now and not schedule.is_paused
    return latest.due_at - timedelta(microseconds=1) if is_waiting and latest is not None else now
