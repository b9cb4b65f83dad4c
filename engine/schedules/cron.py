"""Reads a cron line as Debian's cron does: five fields, weekdays from 0 (Sunday), names allowed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from cronsim import CronSim, CronSimError

from engine.errors import InvalidInputError

LAST_DAY: Final = CronSim.LAST
"""Among the days: the last of the month, written ``L``."""
LAST_WEEKDAY: Final = CronSim.LAST_WEEKDAY
"""Among the days: the last from Monday to Friday, written ``LW``."""
_FIELDS: Final = ("minute", "hour", "day-of-month", "month", "day-of-week")
_LONGEST_LINE: Final = 100
_SOME_DAY: Final = datetime(2024, 1, 1)  # noqa: DTZ001  # a wall-clock time, only to read a line
_SECOND: Final = timedelta(seconds=1)

Reason = Literal["fields", "field", "often", "never"]


class InvalidCronError(InvalidInputError):
    """The line cannot be a schedule's. ``field`` names the one that cannot be read."""

    def __init__(self, reason: Reason, line: str, *, field: str = "") -> None:
        super().__init__(f"cron line {line!r}: {reason} {field}".rstrip())
        self.reason: Reason = reason
        self.field = field


@dataclass(frozen=True)
class CronLine:
    """A line that can be a schedule's: at most once a day, and on some day at all.

    An empty tuple stands for every day, month or weekday.
    """

    text: str
    starts_at: time
    days: tuple[int, ...]
    """Days of the month, ``LAST_DAY`` and ``LAST_WEEKDAY`` among them."""
    months: tuple[int, ...]
    weekdays: tuple[tuple[int, int], ...]
    """Each with its number in the month (0: every one, ``LAST_DAY``: the last); 0 is Sunday."""
    is_either: bool
    """Whether one of day and weekday is enough, as where both are given without a star."""

    def days_from(self, day: date) -> Iterator[date]:
        """Give the days from ``day`` on, in order; the end is a gap of 50 years."""
        midnight = datetime.combine(day, time())
        return (moment.date() for moment in CronSim(self.text, midnight - _SECOND))

    def days_back(self, day: date) -> Iterator[date]:
        """Give the days from ``day`` back, in order."""
        midnight = datetime.combine(day, time())
        return (moment.date() for moment in CronSim(self.text, midnight + timedelta(days=1), reverse=True))


def read_cron(line: str) -> CronLine:
    """Return what a line says.

    Raises:
        InvalidCronError: it cannot be read, runs never, or more often than once a day.

    """
    parts = line.split()
    if len(parts) != len(_FIELDS) or len(line) > _LONGEST_LINE or not line.isascii():
        raise InvalidCronError("fields", line)
    found = _parse(parts)
    if len(found.minutes) > 1 or len(found.hours) > 1:
        raise InvalidCronError("often", line)
    read = CronLine(
        text=" ".join(parts),
        starts_at=time(min(found.hours), min(found.minutes)),
        days=() if parts[2] == "*" else tuple(sorted(found.days, key=lambda day: (day < 0, day))),
        months=() if parts[3] == "*" else tuple(sorted(found.months)),
        weekdays=() if parts[4] == "*" else _weekdays(found),
        is_either=not found.day_and,
    )
    if next(read.days_from(_SOME_DAY.date()), None) is None:
        raise InvalidCronError("never", line)
    return read


def _parse(parts: list[str]) -> CronSim:
    try:
        return CronSim(" ".join(parts), _SOME_DAY)
    except CronSimError as error:
        field = next((name for name in _FIELDS if str(error) == f"Bad {name}"), "")
        if field == "day-of-month" and _is_readable([*parts[:3], "*", parts[4]]):
            raise InvalidCronError("never", " ".join(parts)) from error
        raise InvalidCronError("field", " ".join(parts), field=field) from error


def _is_readable(parts: list[str]) -> bool:
    try:
        CronSim(" ".join(parts), _SOME_DAY)
    except CronSimError:
        return False
    return True


def _weekdays(found: CronSim) -> tuple[tuple[int, int], ...]:
    items = {(item[0] % 7, item[1]) if isinstance(item, tuple) else (item % 7, 0) for item in found.weekdays}
    return tuple(sorted(items, key=lambda item: ((item[0] or 7), item[1])))
