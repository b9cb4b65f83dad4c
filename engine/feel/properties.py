"""The properties behind a dot: entries of contexts, parts of dates, times, durations and ranges."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from engine.feel.limits import Run
from engine.feel.temporal import offset_of
from engine.feel.values import Range, Value, YearsMonthsDuration

# The type of the value chooses the table, so that a reader may declare the type it takes.
_Readers = dict[str, Callable[[Any], Value]]


def get(value: Value, name: str, run: Run) -> Value:
    """Return a property of a value, of each item if it is a list, or null."""
    if isinstance(value, dict):
        return value.get(name)
    if isinstance(value, list):
        run.charge(len(value))
        return [get(item, name, run) for item in value]
    reader = _READERS.get(type(value), {}).get(name)
    return reader(value) if reader else None


def has(value: Value, name: str) -> bool:
    """Whether the value has such a property."""
    if isinstance(value, dict):
        return name in value
    return name in _READERS.get(type(value), {})


def _attribute(name: str) -> Callable[[Any], Value]:
    return lambda value: Decimal(getattr(value, name))


def _weekday(value: date) -> Value:
    return Decimal(value.isoweekday())


def _zone_name(value: datetime | time) -> Value:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _toward_zero(value: timedelta, *, unit: timedelta, within: int | None) -> Value:
    count = abs(value) // unit
    count = count % within if within else count
    return Decimal(-count if value < timedelta() else count)


def _part(unit: timedelta, within: int | None = None) -> Callable[[timedelta], Value]:
    return lambda value: _toward_zero(value, unit=unit, within=within)


_DATE: Final[_Readers] = {part: _attribute(part) for part in ("year", "month", "day")} | {"weekday": _weekday}
_TIME: Final[_Readers] = {part: _attribute(part) for part in ("hour", "minute", "second")} | {
    "time offset": offset_of,
    "timezone": _zone_name,
}
_READERS: Final[dict[type, _Readers]] = {
    date: _DATE,
    time: _TIME,
    datetime: _DATE | _TIME,
    timedelta: {
        "days": _part(timedelta(days=1)),
        "hours": _part(timedelta(hours=1), 24),
        "minutes": _part(timedelta(minutes=1), 60),
        "seconds": _part(timedelta(seconds=1), 60),
    },
    YearsMonthsDuration: {"years": _attribute("years"), "months": _attribute("months")},
    Range: {
        "start": lambda bounds: bounds.start,
        "end": lambda bounds: bounds.end,
        "start included": lambda bounds: bounds.start_included,
        "end included": lambda bounds: bounds.end_included,
    },
}
