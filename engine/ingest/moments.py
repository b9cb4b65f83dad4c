"""Reads moments, durations and cycles that are written plainly, to see that they are real ones."""

import re
from datetime import date, datetime, timedelta
from typing import Final

LONGEST_YEARS: Final = 200
SHORTEST_PERIOD: Final = timedelta(minutes=1)

_MOMENT: Final = re.compile(
    r"[12]\d{3}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?", re.ASCII
)
_DURATION: Final = re.compile(
    r"P(?=[\dT])((?P<years>\d+)Y)?((?P<months>\d+)M)?((?P<weeks>\d+)W)?((?P<days>\d+)D)?"
    r"(T(?=\d)((?P<hours>\d+)H)?((?P<minutes>\d+)M)?((?P<seconds>\d+(\.\d{1,6})?)S)?)?",
    re.ASCII,
)
_CYCLE: Final = re.compile(r"R(?P<times>\d{0,6})/((?P<start>[^/]+)/)?(?P<period>-?P[^/]*)", re.ASCII)
_DAYS: Final = {"years": 365, "months": 28, "weeks": 7, "days": 1}
_MOST_DIGITS: Final = 9


def is_moment(text: str) -> bool:
    """Whether ``text`` is a date, or a date and time, that exists."""
    if _MOMENT.fullmatch(text) is None:
        return False
    try:
        if "T" in text:
            datetime.fromisoformat(text)
        else:
            date.fromisoformat(text)
    except ValueError:
        return False
    return True


def problem_of_duration(text: str) -> str | None:
    """Return what is wrong with a duration, as the code of a sentence."""
    length = shortest_length(text)
    if length is None:
        return "timer_malformed"
    return "timer_out_of_range" if length > timedelta(days=365 * LONGEST_YEARS) else None


def problem_of_cycle(text: str) -> str | None:
    """Return what is wrong with a cycle such as ``R3/PT8H``, as the code of a sentence."""
    found = _CYCLE.fullmatch(text)
    if found is None or (found["start"] is not None and not is_moment(found["start"])):
        return "timer_cycle_malformed"
    period = shortest_length(found["period"])
    if period is None and not found["period"].startswith("-"):
        return "timer_cycle_malformed"
    if period is None or period < SHORTEST_PERIOD or (found["times"] and int(found["times"]) == 0):
        return "timer_no_period"
    return "timer_out_of_range" if period > timedelta(days=365 * LONGEST_YEARS) else None


def shortest_length(text: str) -> timedelta | None:
    """Return how long a duration is at least (a month has 28 days); None where it is no duration."""
    found = _DURATION.fullmatch(text)
    if found is None or text == "P":
        return None
    parts = {name: value for name, value in found.groupdict().items() if value is not None}
    if any(len(value.partition(".")[0]) > _MOST_DIGITS for value in parts.values()):
        return timedelta.max
    try:
        days = sum(int(parts.get(name, 0)) * days for name, days in _DAYS.items())
        return timedelta(
            days=days,
            hours=int(parts.get("hours", 0)),
            minutes=int(parts.get("minutes", 0)),
            seconds=float(parts.get("seconds", 0)),
        )
    except OverflowError:
        return timedelta.max
