"""Functions of the working-day calendar, ours beyond the standard; null where there is no calendar."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from engine.feel.functions.registry import built_in
from engine.feel.functions.strings import whole
from engine.feel.limits import Run
from engine.feel.values import Value

_MAX_COUNT: Final = 10_000
_MAX_SPAN_DAYS: Final = 40_000


def _day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _moved(value: date, day: date) -> date:
    """Return the day, with the time and zone of the value if that has them."""
    return datetime.combine(day, value.timetz()) if isinstance(value, datetime) else day


@built_in("add working days")
def add_working_days(run: Run, date: date | datetime, count: Decimal) -> Value:
    """Return the date so many working days later (earlier, if negative), at the same time of day."""
    calendar, days = run.environment.calendar, whole(count)
    if calendar is None or abs(days) > _MAX_COUNT:
        return None
    run.charge(abs(days))
    return _moved(date, calendar.add_working_days(_day_of(date), days))


@built_in("working days between")
def working_days_between(run: Run, from_: date | datetime, to: date | datetime) -> Value:
    """Return the number of working days after the first date up to and including the second."""
    calendar, start, end = run.environment.calendar, _day_of(from_), _day_of(to)
    span = abs((end - start).days)
    if calendar is None or span > _MAX_SPAN_DAYS:
        return None
    run.charge(span)
    return Decimal(calendar.working_days_between(start, end))


@built_in("is working day")
def is_working_day(run: Run, date: date | datetime) -> Value:
    """Whether people work on the day."""
    calendar = run.environment.calendar
    return None if calendar is None else calendar.is_working_day(_day_of(date))


@built_in("next working day")
def next_working_day(run: Run, date: date | datetime) -> Value:
    """Return the date if people work then, or else the first working day after it, at the same time."""
    calendar, day = run.environment.calendar, _day_of(date)
    if calendar is None:
        return None
    return date if calendar.is_working_day(day) else _moved(date, calendar.add_working_days(day, 1))
