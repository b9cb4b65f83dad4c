"""Dates and times as people write them: 23/11/2026, 9:00, and what the browser's own fields send."""

import re
from datetime import date, datetime, time
from typing import Final

from engine.clock import CITY_ZONE

_DAY_FIRST: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})|(\d{2})(\d{2})(\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_TIME: Final = re.compile(r"(\d{1,2})(?::|h|giờ)\s*(\d{2})?(?::(\d{2}))?|(\d{1,2})(\d{2})")


def read_date(text: str) -> date | None:
    """Return the date that is written dd/MM/yyyy, ddMMyyyy or yyyy-MM-dd, or None."""
    text = text.strip()
    if not text.isascii():
        return None
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = (part for part in found.groups() if part is not None)
    elif found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_time(text: str) -> time | None:
    """Return the time that is written 9:00, 09:00:30, 9h00 or 0900, or None."""
    found = _TIME.fullmatch(text.strip().lower())
    if found is None:
        return None
    if found[4]:
        hour, minute, second = found[4], found[5], None
    else:
        hour, minute, second = found[1], found[2], found[3]
    try:
        return time(int(hour), int(minute or 0), int(second or 0))
    except ValueError:
        return None


def at(day: date, hour: time) -> datetime:
    """Return the moment of a day and a time in the city."""
    return datetime.combine(day, hour, tzinfo=CITY_ZONE)


def write_date(day: date) -> str:
    """Write a date as dd/MM/yyyy."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def write_time(hour: time) -> str:
    """Write a time as HH:mm, with seconds where there are some."""
    return f"{hour:%H:%M:%S}" if hour.second else f"{hour:%H:%M}"


def local(moment: datetime) -> datetime:
    """Return the moment in the city's time; one without a zone is taken as the city's."""
    return moment.replace(tzinfo=CITY_ZONE) if moment.tzinfo is None else moment.astimezone(CITY_ZONE)
