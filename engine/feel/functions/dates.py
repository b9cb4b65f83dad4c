"""Functions of dates, times and durations."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from engine.feel import temporal, values
from engine.feel.functions.registry import built_in
from engine.feel.functions.strings import whole
from engine.feel.limits import Run
from engine.feel.values import Value, YearsMonthsDuration

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def _day_of(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


@built_in("date")
def date_of(from_: str | date | datetime) -> Value:
    """Return the date that is written, or the date of a moment."""
    return temporal.parse_date(from_) if isinstance(from_, str) else _day_of(from_)


@built_in("date")
def date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> Value:
    """Return the date of these parts; years run from 1 to 9999."""
    return date(whole(year), whole(month), whole(day))


@built_in("time")
def time_of(from_: str | time | datetime | date) -> Value:
    """Return the time that is written, or the time of a moment; a date begins at midnight in UTC."""
    if isinstance(from_, str):
        return temporal.parse_time(from_)
    if isinstance(from_, datetime):
        return from_.timetz()
    return from_ if isinstance(from_, time) else time(tzinfo=temporal.parse_zone("Z"))


@built_in("time")
def time_from_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None
) -> Value:
    """Return the time of these parts."""
    microsecond = int((second % 1).scaleb(6))
    zone = None if offset is None else temporal.zone_of_offset(offset)
    return time(whole(hour), whole(minute), int(second), microsecond, zone)


@built_in("date and time")
def date_and_time_of(from_: str | datetime | date) -> Value:
    """Return the moment that is written; a date begins at midnight."""
    if isinstance(from_, str):
        return temporal.parse_date_time(from_)
    return from_ if isinstance(from_, datetime) else datetime.combine(from_, time())


@built_in("date and time")
def date_and_time_from_parts(date: date | datetime, time: time) -> Value:
    """Return the moment of a date and a time."""
    return datetime.combine(date, time)


@built_in("date and time")
def date_and_time_in_zone(date: datetime, timezone: str) -> Value:
    """Return the same moment as it is told in another zone; one without a zone is taken to be there."""
    zone = temporal.find_zone(timezone)
    return date.replace(tzinfo=zone) if date.tzinfo is None else date.astimezone(zone)


@built_in("duration")
def duration(from_: str | timedelta | YearsMonthsDuration) -> Value:
    """Return the duration that is written."""
    return temporal.parse_duration(from_) if isinstance(from_, str) else from_


@built_in("years and months duration")
def years_and_months_duration(from_: date | datetime, to: date | datetime) -> Value:
    """Return the whole months from one date to another, negative if the second is earlier."""
    start, end = _day_of(from_), _day_of(to)
    if start > end:
        return YearsMonthsDuration(-_months_between(end, start))
    return values.months(_months_between(start, end))


def _months_between(start: date, end: date) -> int:
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


@built_in("day of year")
def day_of_year(date: date | datetime) -> Value:
    """Return the number of the day in its year."""
    return Decimal(date.timetuple().tm_yday)


@built_in("day of week")
def day_of_week(date: date | datetime) -> Value:
    """Return the English name of the day."""
    return _WEEKDAYS[date.weekday()]


@built_in("month of year")
def month_of_year(date: date | datetime) -> Value:
    """Return the English name of the month."""
    return _MONTHS[date.month - 1]


@built_in("week of year")
def week_of_year(date: date | datetime) -> Value:
    """Return the number of the week as ISO 8601 counts."""
    return Decimal(date.isocalendar().week)


@built_in("last day of month")
def last_day_of_month(date: date | datetime) -> Value:
    """Return the last date of the month."""
    return _day_of(date).replace(day=monthrange(date.year, date.month)[1])


@built_in("now")
def now(run: Run) -> Value:
    """Return the moment of the evaluation, told in the zone of the environment."""
    moment = run.environment.now
    return None if moment is None else moment.astimezone(ZoneInfo(run.environment.zone))


@built_in("today")
def today(run: Run) -> Value:
    """Return the date of the evaluation in the zone of the environment."""
    moment = run.environment.now
    return None if moment is None else moment.astimezone(ZoneInfo(run.environment.zone)).date()
