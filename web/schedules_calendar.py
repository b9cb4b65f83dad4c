"""The calendar of schedules: what started or will start on each day of a month or of a year."""

import calendar
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from sqlalchemy.orm import Session

from engine import schedules
from engine.calendar import Calendar, at_local_time, load_calendar
from engine.models import Schedule
from engine.people import local_day
from engine.schedules import ComingStart, Terms, months_later
from web.i18n import language

YEARS: Final = range(2000, 2100)
"""Years a calendar is shown of."""
_YEAR: Final = re.compile(r"\d{4}", re.ASCII)
_MONTH: Final = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass
class Entry:
    """What one schedule starts on a day."""

    schedule: Schedule
    count: int
    """How many units."""
    failed: int = 0
    is_made: bool = False
    coming: ComingStart | None = None


@dataclass(frozen=True)
class DayCell:
    """One day of a calendar."""

    day: date
    is_in_month: bool
    is_today: bool
    is_free: bool
    holiday: str
    entries: Sequence[Entry] = field(default_factory=list[Entry])


@dataclass(frozen=True)
class MonthPage:
    """One month: whole weeks from Monday, and where to go from here."""

    first: date
    weeks: Sequence[Sequence[DayCell]]
    paused: int

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return months_later(self.first, -1)

    @property
    def after(self) -> date:
        """The first day of the month after."""
        return months_later(self.first, 1)

    @property
    def days(self) -> list[DayCell]:
        """The days of the month on which something starts."""
        return [cell for week in self.weeks for cell in week if cell.is_in_month and cell.entries]


@dataclass(frozen=True)
class YearPage:
    """One year of months."""

    year: int
    months: Sequence[MonthPage]
    paused: int


def read_year(text: str) -> int | None:
    """Return the year a request names; None if it names none that is shown."""
    return int(text) if _YEAR.fullmatch(text) and int(text) in YEARS else None


def read_month(text: str) -> date | None:
    """Return the first day of the month a request names as 2026-12; None if it names none that is shown."""
    found = _MONTH.fullmatch(text)
    if found is None or int(found[1]) not in YEARS or not 1 <= int(found[2]) <= 12:  # noqa: PLR2004  # months
        return None
    return date(int(found[1]), int(found[2]), 1)


def month_page(session: Session, found: Sequence[Schedule], first: date, *, now: datetime) -> MonthPage:
    """Return one month of what these schedules start."""
    return _month(first, _entries(session, found, first, months_later(first, 1), now), session, found, now)


def year_page(session: Session, found: Sequence[Schedule], year: int, *, now: datetime) -> YearPage:
    """Return one year of what these schedules start."""
    entries = _entries(session, found, date(year, 1, 1), date(year + 1, 1, 1), now)
    months = [_month(date(year, number, 1), entries, session, found, now) for number in range(1, 13)]
    return YearPage(year, months, _count_paused(found))


def _month(
    first: date,
    entries: dict[date, list[Entry]],
    session: Session,
    found: Sequence[Schedule],
    now: datetime,
) -> MonthPage:
    working_days, today = load_calendar(session), local_day(now)
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    cells = [[_cell(day, first, entries, working_days, today) for day in week] for week in weeks]
    return MonthPage(first, cells, _count_paused(found))


def _cell(
    day: date, first: date, entries: dict[date, list[Entry]], working_days: Calendar, today: date
) -> DayCell:
    is_in_month = day.month == first.month
    return DayCell(
        day=day,
        is_in_month=is_in_month,
        is_today=day == today,
        is_free=not working_days.is_working_day(day),
        holiday=working_days.holiday_name(day, language()),
        entries=entries.get(day, []) if is_in_month else [],
    )


def _entries(
    session: Session, found: Sequence[Schedule], first: date, end: date, now: datetime
) -> dict[date, list[Entry]]:
    """Return what starts from ``first`` to before ``end``: what was made, and what is still to come."""
    entries = _made(session, found, first, end)
    before = at_local_time(first, time(0)) - timedelta(microseconds=1)
    for schedule in found:
        if schedule.due_at is None or schedule.is_paused:
            continue
        after = max(before, schedules.done_until(session, schedule, now=now))
        for one in schedules.coming(session, Terms.of(schedule), after=after, until=end - timedelta(days=1)):
            entries[one.starts_on].append(Entry(schedule, max(1, len(one.units)), coming=one))
    return entries


def _made(session: Session, found: Sequence[Schedule], first: date, end: date) -> dict[date, list[Entry]]:
    by_id = {schedule.id: schedule for schedule in found}
    span = {"first": at_local_time(first, time(0)), "last": at_local_time(end, time(0))}
    kept: dict[tuple[date, int], Entry] = {}
    for one in reversed(schedules.starts_between(session, list(by_id), **span)):
        place = (local_day(one.started_at), one.schedule_id)
        entry = kept.setdefault(place, Entry(by_id[one.schedule_id], 0, is_made=True))
        entry.count += 1
        entry.failed += one.became is None
    entries: dict[date, list[Entry]] = defaultdict(list)
    for (day, _schedule_id), entry in kept.items():
        entries[day].append(entry)
    return entries


def _count_paused(found: Sequence[Schedule]) -> int:
    return sum(schedule.is_paused and schedule.due_at is not None for schedule in found)
