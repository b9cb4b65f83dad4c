"""Working days of the city: weekends, public holidays with lunar Tết, and days decided otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Final

import holidays
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.clock import CITY_ZONE
from engine.errors import InvalidInputError
from engine.models import CalendarDay
from engine.text import nfc

END_OF_WORK: Final = time(17, 0)
"""When a deadline that names only a day is over."""
_LONGEST_SPAN_DAYS: Final = 366 * 50
_SATURDAY: Final = 5
_CACHE_KEY: Final = "engine.calendar"
_OVERRIDES: Final = select(CalendarDay.day, CalendarDay.is_working, CalendarDay.name)


@dataclass(frozen=True)
class DayOverride:
    """A day worked, or not, against the rule."""

    is_working: bool
    name: str


@dataclass(frozen=True)
class Calendar:
    """Answers what a working day is; the ``WorkingCalendar`` of FEEL."""

    overrides: Mapping[date, DayOverride] = field(default_factory=dict[date, DayOverride])

    def is_working_day(self, day: date) -> bool:
        """Whether offices work that day."""
        override = self.overrides.get(day)
        if override is not None:
            return override.is_working
        free, worked = _rules_of(day.year)
        return day in worked or (day.weekday() < _SATURDAY and day not in free)

    def holiday_name(self, day: date, language: str = "vi") -> str:
        """Return why a day is free or worked against the rule; empty for ordinary days.

        In ``vi`` or ``en``; what an official decided is in his own words.
        """
        override = self.overrides.get(day)
        return override.name if override is not None else _rules_of(day.year, language)[0].get(day, "")

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th working day after ``day`` (before it, if negative); 0 is ``day`` itself.

        Raises:
            ValueError: the result is more than 50 years away, or beyond the years 1 to 9999.

        """
        if abs(count) > _LONGEST_SPAN_DAYS * 5 // 7:
            raise ValueError(f"{count} working days are too many")
        step = 1 if count > 0 else -1
        left, ordinal = abs(count), day.toordinal()
        while left:
            ordinal += step
            left -= self.is_working_day(date.fromordinal(ordinal))
        return date.fromordinal(ordinal)

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days follow ``start`` up to ``end``, that day included; negative backwards.

        Raises:
            ValueError: the days are more than 50 years apart.

        """
        if abs((end - start).days) > _LONGEST_SPAN_DAYS:
            raise ValueError(f"{start} and {end} are too far apart")
        if end < start:
            return -sum(
                self.is_working_day(date.fromordinal(n)) for n in range(end.toordinal(), start.toordinal())
            )
        return sum(
            self.is_working_day(date.fromordinal(n))
            for n in range(start.toordinal() + 1, end.toordinal() + 1)
        )

    def next_working_day(self, day: date) -> date:
        """Return ``day`` if offices work then, else the first working day after it."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)


def at_end_of_day(day: date) -> datetime:
    """Return the moment, in UTC, at which a deadline on that day is over: 17:00 in the city."""
    return at_local_time(day, END_OF_WORK)


def at_local_time(day: date, moment: time) -> datetime:
    """Return a wall-clock time of the city as a moment in UTC."""
    return datetime.combine(day, moment, CITY_ZONE).astimezone(UTC)


def load_calendar(session: Session) -> Calendar:
    """Return the calendar with the overrides of the database, read once per session."""
    cached = session.info.get(_CACHE_KEY)
    if isinstance(cached, Calendar):
        return cached
    days = session.execute(_OVERRIDES)
    calendar = Calendar({day: DayOverride(is_working, name) for day, is_working, name in days})
    session.info[_CACHE_KEY] = calendar
    return calendar


def override_day(session: Session, day: date, *, is_working: bool, name: str) -> None:
    """Decide that offices work, or do not work, on a day against the rule. Flushes.

    Raises:
        InvalidInputError: the reason is missing.

    """
    if not name.strip():
        raise InvalidInputError(f"the decision on {day} needs a name")
    session.merge(CalendarDay(day=day, is_working=is_working, name=nfc(name).strip()))
    session.flush()
    session.info.pop(_CACHE_KEY, None)


def follow_rule_again(session: Session, day: date) -> None:
    """Take the decision on a day back. Flushes."""
    override = session.get(CalendarDay, day)
    if override is not None:
        session.delete(override)
        session.flush()
    session.info.pop(_CACHE_KEY, None)


@lru_cache(maxsize=256)
def _rules_of(year: int, language: str = "vi") -> tuple[dict[date, str], frozenset[date]]:
    """Return the public holidays of a year with their names, and its weekend days made up for."""
    found = holidays.country_holidays("VN", years=year, language="en_US" if language == "en" else language)
    free = {day: name for day, name in found.items() if day.year == year}
    return free, frozenset(day for day in found.weekend_workdays if day.year == year)
