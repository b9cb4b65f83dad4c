"""Dates, times and durations: from ISO 8601 text, back to it, and the zone a time stands in."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from engine.feel import values
from engine.feel.values import YearsMonthsDuration

Temporal: TypeAlias = date | time | datetime | timedelta | YearsMonthsDuration

_ZONE: Final = r"(?P<zone>[Zz]|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]{1,60})?"
_DATE: Final = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_TIME: Final = re.compile(
    r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,20}))?" + _ZONE
)
_SHORT_TIME: Final = re.compile(r"[0-9]{2}:[0-9]{2}(?=$|[Zz+@-])")
_DAYS_TIME: Final = re.compile(
    r"(?P<sign>-?)P(?:(?P<days>[0-9]{1,20})D)?"
    r"(?:T(?:(?P<hours>[0-9]{1,20})H)?(?:(?P<minutes>[0-9]{1,20})M)?"
    r"(?:(?P<seconds>[0-9]{1,20})(?:\.(?P<fraction>[0-9]{0,20}))?S)?)?"
)
_YEARS_MONTHS: Final = re.compile(r"(?P<sign>-?)P(?:(?P<years>[0-9]{1,20})Y)?(?:(?P<months>[0-9]{1,20})M)?")
_MAX_OFFSET: Final = timedelta(hours=18)
_MINUTES_OF_HOUR: Final = 60
_WEEKS: Final = re.compile(r"(?P<sign>-?)P(?P<weeks>[0-9]{1,20})W")


def parse_date(text: str) -> date | None:
    """Return the date that is written ``2024-01-31``, or None; years run from 1 to 9999."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None


def parse_time(text: str) -> time | None:
    """Return the time that is written ``10:30:00``, with ``Z``, an offset or ``@zone`` behind it, or None."""
    match = _TIME.fullmatch(_SHORT_TIME.sub(r"\g<0>:00", text, count=1) if _SHORT_TIME.match(text) else text)
    if match is None:
        return None
    microsecond = int((match["fraction"] or "0").ljust(6, "0")[:6])
    try:
        zone = parse_zone(match["zone"])
        return time(int(match["hour"]), int(match["minute"]), int(match["second"]), microsecond, zone)
    except ValueError:
        return None


def parse_date_time(text: str) -> datetime | None:
    """Return the moment that is written ``2024-01-31T10:30:00+07:00``, or None; a date alone is midnight."""
    date_text, separator, time_text = text.partition("T")
    day = parse_date(date_text)
    at = parse_time(time_text) if separator else time()
    if day is None or at is None:
        return None
    return datetime.combine(day, at)


def parse_zone(text: str | None) -> tzinfo | None:
    """Return the zone that is written ``Z``, ``+07:00`` or ``@Asia/Ho_Chi_Minh``; None for no text.

    Raises:
        ValueError: there is no such zone.

    """
    if not text:
        return None
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        return find_zone(text[1:])
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if minutes >= _MINUTES_OF_HOUR:
        raise ValueError(f"an hour has no {minutes} minutes")
    offset = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    return zone_of_offset(-offset if text.startswith("-") else offset)


def zone_of_offset(offset: timedelta) -> tzinfo:
    """Return the zone that is so far from UTC.

    Raises:
        ValueError: no zone is.

    """
    if abs(offset) > _MAX_OFFSET:
        raise ValueError(f"an offset is at most {_MAX_OFFSET}, not {offset}")
    return timezone(offset) if offset else UTC


@lru_cache(maxsize=256)
def find_zone(name: str) -> tzinfo:
    """Return the zone of the time zone database.

    Raises:
        ValueError: it is not in there.

    """
    if name not in available_timezones():
        raise ValueError(f"there is no time zone {name}")
    return ZoneInfo(name)


def parse_duration(text: str) -> timedelta | YearsMonthsDuration | None:
    """Return the duration that is written ``P1DT2H`` or ``P1Y2M``, or None."""
    if match := _YEARS_MONTHS.fullmatch(text):
        return _years_months(match) if text[-1] != "P" else None
    if match := _DAYS_TIME.fullmatch(text):
        return _days_time(match) if text[-1] not in "PT" else None
    if match := _WEEKS.fullmatch(text):
        return scaled_days(int(match["sign"] + match["weeks"]) * 7)
    return None


def scaled_days(days: int) -> timedelta | None:
    """Return the duration of so many days, or None if it is too long to be one."""
    try:
        return timedelta(days=days)
    except OverflowError:
        return None


def _years_months(match: re.Match[str]) -> YearsMonthsDuration | None:
    total = int(match["years"] or 0) * 12 + int(match["months"] or 0)
    return values.months(-total if match["sign"] else total)


def _days_time(match: re.Match[str]) -> timedelta | None:
    days, hours, minutes, seconds = (
        int(match[part] or 0) for part in ("days", "hours", "minutes", "seconds")
    )
    microseconds = int((match["fraction"] or "0").ljust(6, "0")[:6])
    try:
        result = timedelta(
            days=days, hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds
        )
    except OverflowError:
        return None
    return -result if match["sign"] else result


def parse_temporal(text: str) -> Temporal | None:
    """Return what ``@"..."`` stands for, or None."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if "T" in text:
        return parse_date_time(text)
    return parse_date(text) or parse_time(text)


def offset_of(moment: datetime | time) -> timedelta | None:
    """Return the offset from UTC; for a time in a named zone, the one of 1 January 2000."""
    if isinstance(moment, time):
        return datetime.combine(date(2000, 1, 1), moment).utcoffset()
    return moment.utcoffset()


def format_temporal(value: Temporal) -> str:
    """Return the ISO 8601 text of a value, with ``@zone`` where the zone has a name."""
    if isinstance(value, timedelta):
        return _format_days_time(value)
    if isinstance(value, YearsMonthsDuration):
        return _format_years_months(value)
    if isinstance(value, datetime | time):
        return _format_clock(value.replace(tzinfo=None)) + format_zone(value.tzinfo)
    return value.isoformat()


def _format_clock(value: datetime | time) -> str:
    text = value.isoformat()
    return text.rstrip("0") if "." in text else text


def format_zone(zone: tzinfo | None) -> str:
    """Return ``Z``, ``+07:00``, ``@Asia/Ho_Chi_Minh`` or nothing."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo) and zone.key:
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or timedelta()
    if not offset:
        return "Z"
    hours, rest = divmod(abs(int(offset.total_seconds())), 3600)
    seconds = f":{rest % 60:02}" if rest % 60 else ""
    return f"{'-' if offset < timedelta() else '+'}{hours:02}:{rest // 60:02}{seconds}"


def _format_days_time(value: timedelta) -> str:
    if not value:
        return "PT0S"
    positive = abs(value)
    hours, rest = divmod(positive.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{positive.microseconds:06}".rstrip("0.")
    second_text = f"{seconds}{fraction}S" if seconds or fraction else ""
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + second_text
    days = f"{positive.days}D" if positive.days else ""
    return f"{'-' if value < timedelta() else ''}P{days}{'T' if clock else ''}{clock}"


def _format_years_months(value: YearsMonthsDuration) -> str:
    years, rest = divmod(abs(value.total_months), 12)
    text = (f"{years}Y" if years else "") + (f"{rest}M" if rest else "")
    return f"{'-' if value.total_months < 0 else ''}P{text or '0M'}"


def microseconds_of(value: timedelta) -> int:
    """Return the length in microseconds."""
    return (value.days * 86_400 + value.seconds) * 1_000_000 + value.microseconds
