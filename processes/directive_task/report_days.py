"""Says on which days a task of a directive is reported: pure dates, for the process and for pages."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from engine.calendar import Calendar

ONCE: Final = "once"
MONTHS_OF_PERIOD: Final = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}
MONTHS_OF_YEAR: Final = 12
RHYTHMS: Final = (ONCE, *MONTHS_OF_PERIOD)
"""How often a task is reported: ``once``, on its due day, or at the end of each period and on its due day."""
LEAD_DAYS: Final = 7
"""So many working days before its day the unit can write a report."""
NEAREST_DAYS: Final = 10
"""A period that ends so near to the beginning or to the due day has no report of its own."""


def report_days(starts_on: date, due_on: date, rhythm: str, calendar: Calendar) -> list[date]:
    """Return the report days up to the due day: the last working day of each period, then the due day.

    All are working days; a due day without work is reported on the working day before it.
    """
    nearest = timedelta(days=NEAREST_DAYS)
    within = [
        _working_day(day, calendar)
        for day in _period_ends(starts_on, due_on, rhythm)
        if starts_on + nearest <= day <= due_on - nearest
    ]
    return [*within, _working_day(due_on, calendar)]


def next_report_day(*, starts_on: date, due_on: date, rhythm: str, after: date, calendar: Calendar) -> date:
    """Return the first report day after a day. A task that is late is reported on, once a month at least."""
    for day in report_days(starts_on, due_on, rhythm, calendar):
        if day > after:
            return day
    later = rhythm if rhythm in MONTHS_OF_PERIOD else "monthly"
    beyond = max(after, due_on)
    ends = _period_ends(beyond, date(beyond.year + 2, 12, 31), later)
    return next(day for end in ends if (day := _working_day(end, calendar)) > after)


def opening_day(report_on: date, *, today: date, calendar: Calendar) -> date:
    """Return the day on which the unit gets the task to write the report: today at the earliest."""
    return max(today, calendar.add_working_days(report_on, -LEAD_DAYS))


def has_regular_reports(starts_on: date, due_on: date, rhythm: str, calendar: Calendar) -> bool:
    """Whether a rhythm asks for any report before the due day."""
    return len(report_days(starts_on, due_on, rhythm, calendar)) > 1


def _period_ends(first: date, last: date, rhythm: str) -> Iterator[date]:
    """Yield the last days of the calendar's months, quarters, half-years or years in a span."""
    months = MONTHS_OF_PERIOD.get(rhythm)
    if months is None:
        return
    year, month = first.year, (first.month - 1) // months * months + months
    while (end := _month_end(year, month)) <= last:
        if end >= first:
            yield end
        year, month = (year, month + months) if month + months <= MONTHS_OF_YEAR else (year + 1, months)


def _month_end(year: int, month: int) -> date:
    following = date(year + month // MONTHS_OF_YEAR, month % MONTHS_OF_YEAR + 1, 1)
    return following - timedelta(days=1)


def _working_day(day: date, calendar: Calendar) -> date:
    return day if calendar.is_working_day(day) else calendar.add_working_days(day, -1)
