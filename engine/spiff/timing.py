"""When a timer is due: ISO 8601 and FEEL, counted on the calendar and the clock of the city."""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from engine.clock import CITY_ZONE
from engine.diagram import TimerKind
from engine.errors import EngineError
from engine.feel import Value, YearsMonthsDuration

END_OF_WORK: Final = time(17)
"""A deadline given as a date ends with that day's work."""
_DURATION: Final = re.compile(
    r"(?P<sign>-?)P(?=[\dT])(?:(?P<years>\d{1,9})Y)?(?:(?P<months>\d{1,9})M)?(?:(?P<weeks>\d{1,9})W)?"
    r"(?:(?P<days>\d{1,9})D)?(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?"
    r"(?:(?P<seconds>\d{1,9}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_REPETITION: Final = re.compile(r"R(?P<count>\d{0,9})/(?:(?P<start>[^/P]+)/)?(?P<period>P[^/]+)", re.ASCII)


class TimingError(EngineError):
    """This is no moment, duration or repetition."""


@dataclass(frozen=True)
class Duration:
    """A length of time; months and days follow the calendar, seconds the clock."""

    months: int = 0
    days: int = 0
    seconds: float = 0

    @property
    def is_positive(self) -> bool:
        """Whether it leads forward."""
        return (
            min(self.months, self.days, self.seconds) >= 0 and max(self.months, self.days, self.seconds) > 0
        )

    def times(self, count: int) -> "Duration":
        """Return ``count`` such durations as one, so that a month's end does not drift."""
        return Duration(self.months * count, self.days * count, self.seconds * count)


@dataclass(frozen=True)
class Repetition:
    """A repeated timer: occurrence ``number``, from 0, is due at ``start`` + ``number`` * ``period``."""

    start: datetime
    period: Duration
    number: int = 0
    count: int | None = None
    """How many occurrences there are; None for no end."""

    @property
    def due_at(self) -> datetime:
        """When this occurrence is due."""
        return later(self.start, self.period.times(self.number))

    def after(self, moment: datetime) -> "Repetition | None":
        """Return the first occurrence after this one and after ``moment``; those missed are left out.

        Returns None when there is none left.
        """
        number = max(self.number + 1, self._estimate(moment))
        while later(self.start, self.period.times(number)) <= moment:
            number += 1
        if self.count is not None and number >= self.count:
            return None
        return Repetition(self.start, self.period, number, self.count)

    def _estimate(self, moment: datetime) -> int:
        """Count the occurrences that have surely passed, taking a month as 31 days and a day as 25 hours."""
        longest = self.period.months * 31 * 90_000 + self.period.days * 90_000 + self.period.seconds
        return int((moment - self.start).total_seconds() // longest)

    def to_json(self) -> dict[str, object]:
        """Return it as JSON."""
        period = self.period
        return {
            "start": self.start.isoformat(),
            "period": [period.months, period.days, period.seconds],
            "number": self.number,
            "count": self.count,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> "Repetition":
        """Return what ``to_json`` wrote."""
        start, period, number, count = (stored[name] for name in ("start", "period", "number", "count"))
        if not (isinstance(start, str) and isinstance(period, list) and isinstance(number, int)):
            raise TypeError("no repetition")
        return cls(
            start=datetime.fromisoformat(start),
            period=Duration(*period),  # pyright: ignore[reportUnknownArgumentType] -- three numbers
            number=number,
            count=count if isinstance(count, int) else None,
        )


def first_due(
    kind: TimerKind, value: Value, *, now: datetime, zone: tzinfo = CITY_ZONE
) -> tuple[datetime, Repetition | None]:
    """Return when a timer event is first due, in UTC, and how it goes on.

    Raises:
        TimingError: the value is no timer of this kind.

    """
    if kind == "timeCycle":
        repetition = parse_repetition(value, now=now, zone=zone)
        return repetition.due_at, repetition
    if kind == "timeDuration":
        return later(now, parse_duration(value), zone=zone), None
    return moment_of(value, zone=zone), None


def deadline(value: Value, *, now: datetime, zone: tzinfo = CITY_ZONE) -> datetime | None:
    """Return the moment a task is due, in UTC: a date means the end of its work, a duration counts from now.

    Raises:
        TimingError: the value is neither.

    """
    if value is None or value == "":
        return None
    if isinstance(value, timedelta | YearsMonthsDuration) or (
        isinstance(value, str) and value.strip().startswith(("P", "-P"))
    ):
        return later(now, parse_duration(value), zone=zone)
    return moment_of(value, zone=zone, at=END_OF_WORK)


def moment_of(value: Value, *, zone: tzinfo = CITY_ZONE, at: time = time()) -> datetime:
    """Return a moment in UTC; without an offset it is of the city's clock, a date means ``at`` on that day.

    Raises:
        TimingError: the value is no moment.

    """
    if isinstance(value, str):
        value = _parse_moment(value)
    if isinstance(value, datetime):
        return _in_utc(value if value.tzinfo else value.replace(tzinfo=zone))
    if isinstance(value, date):
        return _in_utc(datetime.combine(value, at, zone))
    raise TimingError(f"a {type(value).__name__} is no moment")


def parse_duration(value: Value) -> Duration:
    """Return an ISO 8601 or FEEL duration.

    Raises:
        TimingError: the value is none.

    """
    if isinstance(value, timedelta):
        return Duration(seconds=value.total_seconds())
    if isinstance(value, YearsMonthsDuration):
        return Duration(months=value.total_months)
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise TimingError(f"{value!r:.80} is no duration")
    sign = -1 if match["sign"] else 1
    whole = {name: int(match[name] or 0) for name in ("years", "months", "weeks", "days", "hours", "minutes")}
    seconds = whole["hours"] * 3600 + whole["minutes"] * 60 + float(match["seconds"] or 0)
    return Duration(
        months=sign * (whole["years"] * 12 + whole["months"]),
        days=sign * (whole["weeks"] * 7 + whole["days"]),
        seconds=sign * seconds,
    )


def parse_repetition(value: Value, *, now: datetime, zone: tzinfo = CITY_ZONE) -> Repetition:
    """Return ``R3/PT1H`` or ``R/<start>/P1M`` as a repetition; without a start it begins one period from now.

    Raises:
        TimingError: the value is none, or its period does not lead forward.

    """
    match = _REPETITION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise TimingError(f"{value!r:.80} is no repetition")
    period = parse_duration(match["period"])
    if not period.is_positive:
        raise TimingError(f"the period of {value!r:.80} does not lead forward")
    count = int(match["count"]) if match["count"] else None
    if count == 0:
        raise TimingError("a repetition of nothing")
    if match["start"]:
        return Repetition(moment_of(match["start"], zone=zone), period, 0, count)
    return Repetition(now, period, 1, None if count is None else count + 1)


def later(moment: datetime, duration: Duration, *, zone: tzinfo = CITY_ZONE) -> datetime:
    """Return ``moment`` + ``duration`` in UTC; a month after 31 January is the last day of February.

    Raises:
        TimingError: the calendar ends before.

    """
    try:
        local = _add_months(moment.astimezone(zone), duration.months)
        if duration.days:
            local += timedelta(days=duration.days)
        return local.astimezone(UTC) + timedelta(seconds=duration.seconds)
    except (OverflowError, ValueError) as error:
        raise TimingError("a moment beyond the year 9999") from error


def _add_months(local: datetime, months: int) -> datetime:
    if not months:
        return local
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    month += 1
    return local.replace(
        year=year, month=month, day=min(local.day, calendar.monthrange(year, month)[1]), fold=0
    )


def _parse_moment(text: str) -> date | datetime:
    text = text.strip()
    try:
        return date.fromisoformat(text) if "T" not in text else datetime.fromisoformat(text)
    except ValueError as error:
        raise TimingError(f"{text!r:.80} is no moment") from error


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise TimingError("a moment outside the calendar") from error
