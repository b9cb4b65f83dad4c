"""On which days and at which moments a schedule starts: pure arithmetic on days and a calendar."""

import calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import count, takewhile
from typing import Final, NamedTuple

from engine.calendar import Calendar, at_local_time
from engine.models import START_OF_WORK, Schedule, Shift
from engine.people import local_day
from engine.schedules.cron import CronLine, read_cron

CRON: Final = "cron"
MONTHS: Final[Mapping[str, int]] = {"once": 0, "yearly": 12, "half_yearly": 6, "quarterly": 3, "monthly": 1}
"""Rhythms by months and how many lie between two occurrences."""
RHYTHMS: Final = (*MONTHS, CRON)
_LONGEST_SHIFT: Final = timedelta(days=31)
"""No day is moved further than this to become a working day."""


class Occurrence(NamedTuple):
    """One occurrence: the day the rhythm names, and its moment, on a working day if wished."""

    occurs_on: date
    due_at: datetime


@dataclass(frozen=True)
class Rhythm:
    """When a schedule starts. ``kind`` is one of ``RHYTHMS``, and can be read (see ``problems_of``)."""

    kind: str
    first_on: date
    ends_on: date | None = None
    cron: str = ""
    starts_at: time = START_OF_WORK
    """Of a cron line the line's own counts: see ``settled``."""
    shift: Shift = Shift.FORWARD

    @classmethod
    def of(cls, schedule: Schedule) -> "Rhythm":
        """Return the rhythm of a schedule."""
        return cls(
            kind=schedule.rhythm,
            first_on=schedule.first_on,
            ends_on=schedule.ends_on,
            cron=schedule.cron,
            starts_at=schedule.starts_at,
            shift=schedule.shift,
        )

    def settled(self) -> "Rhythm":
        """Return the rhythm as it is kept: only a cron rhythm has a line, and starts at the line's time."""
        if self.kind != CRON:
            return replace(self, cron="")
        return replace(self, cron=self._line.text, starts_at=self._line.starts_at)

    def after(self, moment: datetime, working_days: Calendar) -> Iterator[Occurrence]:
        """Give the occurrences after ``moment``, in order, at most one for a moment.

        Where several days are moved to one, they are one occurrence: that of the last of them.
        """
        waiting: Occurrence | None = None
        for day in self.days_from(local_day(moment) - _LONGEST_SHIFT):
            occurrence = self._occurrence(day, working_days)
            if waiting is not None and occurrence.due_at > waiting.due_at:
                yield waiting
            waiting = occurrence if occurrence.due_at > moment else None
        if waiting is not None:
            yield waiting

    def next_after(self, moment: datetime, working_days: Calendar) -> Occurrence | None:
        """Return the first occurrence after ``moment``."""
        return next(self.after(moment, working_days), None)

    def latest(self, now: datetime, working_days: Calendar) -> Occurrence | None:
        """Return the last occurrence whose moment has come."""
        for day in self.days_back(local_day(now) + _LONGEST_SHIFT):
            occurrence = self._occurrence(day, working_days)
            if occurrence.due_at <= now:
                return occurrence
        return None

    def days_from(self, day: date) -> Iterator[date]:
        """Give the days the rhythm names from ``day`` on, in order, not moved to working days.

        A month without the day of the first occurrence takes its last day: 31/01, 28/02, 31/03.
        """
        since = max(day, self.first_on)
        found = self._line.days_from(since) if self.kind == CRON else self._months_from(since)
        return takewhile(lambda one: self.ends_on is None or one <= self.ends_on, found)

    def days_back(self, day: date) -> Iterator[date]:
        """Give the days the rhythm names from ``day`` back, in order, down to the first."""
        until = day if self.ends_on is None else min(day, self.ends_on)
        found = self._line.days_back(until) if self.kind == CRON else self._months_back(until)
        return takewhile(lambda one: one >= self.first_on, found)

    def moved(self, day: date, working_days: Calendar) -> date:
        """Return the day on which the occurrence of ``day`` starts."""
        if self.shift is Shift.NONE or working_days.is_working_day(day):
            return day
        return working_days.add_working_days(day, 1 if self.shift is Shift.FORWARD else -1)

    @cached_property
    def _line(self) -> CronLine:
        return read_cron(self.cron)

    def _occurrence(self, day: date, working_days: Calendar) -> Occurrence:
        return Occurrence(day, at_local_time(self.moved(day, working_days), self.starts_at))

    def _months_from(self, since: date) -> Iterator[date]:
        step = MONTHS[self.kind]
        if step == 0:
            return iter([self.first_on] if self.first_on >= since else [])
        days = (months_later(self.first_on, step * number) for number in count(self._steps_to(since)))
        return (day for day in days if day >= since)

    def _months_back(self, until: date) -> Iterator[date]:
        step = MONTHS[self.kind]
        if step == 0 or until < self.first_on:
            return iter([self.first_on] if until >= self.first_on else [])
        days = (months_later(self.first_on, step * number) for number in count(self._steps_to(until), -1))
        return (day for day in days if day <= until)

    def _steps_to(self, day: date) -> int:
        """Return how many whole steps lead from the month of the first occurrence to that of ``day``."""
        months = (day.year - self.first_on.year) * 12 + day.month - self.first_on.month
        return months // MONTHS[self.kind]


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
