"""On which days rhythms and cron lines start, held against an oracle."""

import calendar
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile
from typing import Any

import pytest
from apscheduler.triggers.cron import CronTrigger
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.calendar import Calendar, at_local_time
from engine.clock import CITY_ZONE
from engine.errors import InvalidInputError
from engine.models import Shift
from engine.schedules import MONTHS, InvalidCronError, Rhythm, read_cron

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
MONTHLY = st.sampled_from([kind for kind, months in MONTHS.items() if months])
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CALENDAR = Calendar()


@pytest.mark.parametrize(
    ("rhythm", "first_on", "expected"),
    [
        ("monthly", date(2026, 1, 31), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("quarterly", date(2025, 11, 30), ["2025-11-30", "2026-02-28"]),
        ("half_yearly", date(2025, 12, 15), ["2025-12-15"]),
        ("yearly", date(2024, 2, 29), ["2024-02-29", "2025-02-28", "2026-02-28"]),
        ("once", date(2026, 2, 1), ["2026-02-01"]),
    ],
)
def test_the_rhythm_keeps_to_the_day_of_the_month(rhythm: str, first_on: date, expected: list[str]) -> None:
    found = takewhile(lambda day: day <= date(2026, 4, 30), Rhythm(rhythm, first_on).days_from(first_on))

    assert [day.isoformat() for day in found] == expected


def is_named(kind: str, first_on: date, day: date) -> bool:
    """Whether a rhythm by months names a day: the oracle, which looks at one day alone."""
    months = (day.year - first_on.year) * 12 + day.month - first_on.month
    last = calendar.monthrange(day.year, day.month)[1]
    return day >= first_on and months % MONTHS[kind] == 0 and day.day == min(first_on.day, last)


@given(MONTHLY, DAYS, st.integers(-400, 1500))
@settings(max_examples=100, deadline=None)
def test_rhythms_by_months_name_the_days_of_the_oracle(kind: str, first_on: date, offset: int) -> None:
    rhythm, since = Rhythm(kind, first_on), first_on + timedelta(days=offset)
    window = [since + timedelta(days=number) for number in range(800)]
    expected = [day for day in window if is_named(kind, first_on, day)]

    ahead = list(takewhile(lambda day: day <= window[-1], rhythm.days_from(since)))
    back = list(takewhile(lambda day: day >= since, rhythm.days_back(window[-1])))

    assert ahead == expected
    assert back == expected[::-1]


@st.composite
def cron_parts(draw: st.DrawFn) -> tuple[str, str, str, str, str]:
    """Draw the fields of a line that names days by their number or by their weekday."""
    minute, hour = str(draw(st.integers(0, 59))), str(draw(st.integers(0, 23)))
    month = draw(st.sampled_from(["*", "1", "2,8", "3-6", "*/3"]))
    if draw(st.booleans()):
        return minute, hour, draw(st.sampled_from(["*", "1", "5,20", "28-31", "*/10"])), month, "*"
    return minute, hour, "*", month, draw(st.sampled_from([*WEEKDAYS, "mon,thu", "tue-fri"]))


@given(cron_parts(), DAYS)
@settings(max_examples=100, deadline=None)
def test_cron_lines_name_the_days_of_another_library(
    parts: tuple[str, str, str, str, str], since: date
) -> None:
    minute, hour, day, month, weekday = parts
    oracle: Any = CronTrigger(
        minute=minute, hour=hour, day=day, month=month, day_of_week=weekday, timezone=CITY_ZONE
    )
    line = read_cron(" ".join(parts))
    expected: list[date] = []
    moment = at_local_time(since, time(0)).astimezone(CITY_ZONE)
    while len(expected) < 12:
        fired = oracle.get_next_fire_time(None, moment)
        expected.append(fired.date())
        moment = fired + timedelta(minutes=1)

    assert list(islice(line.days_from(since), 12)) == expected
    assert line.starts_at == time(int(hour), int(minute))
    back = takewhile(lambda day: day >= since, line.days_back(expected[-1]))
    assert list(back) == expected[::-1]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0 8 * * 1", ["2026-12-07", "2026-12-14"]),
        ("0 8 * * 0", ["2026-12-06", "2026-12-13"]),
        ("0 8 15 * MON", ["2026-12-07", "2026-12-14"]),
        ("0 8 L * *", ["2026-12-31", "2027-01-31"]),
        ("0 8 29 2 *", ["2028-02-29", "2032-02-29"]),
    ],
)
def test_a_line_is_read_as_crontab_reads_it(line: str, expected: list[str]) -> None:
    found = islice(read_cron(line).days_from(date(2026, 12, 1)), 2)

    assert [day.isoformat() for day in found] == expected


@pytest.mark.parametrize(
    ("line", "reason", "field"),
    [
        ("", "fields", ""),
        ("0 8 1 *", "fields", ""),
        ("0 0 8 1 * *", "fields", ""),
        ("@monthly", "fields", ""),
        ("60 8 1 * *", "field", "minute"),
        ("0 24 1 * *", "field", "hour"),
        ("0 8 32 * *", "field", "day-of-month"),
        ("0 8 1 13 *", "field", "month"),
        ("0 8 * * thứ", "fields", ""),
        ("0 8 * * 9", "field", "day-of-week"),
        ("* 8 1 * *", "often", ""),
        ("0 8,14 1 * *", "often", ""),
        ("0 0 30 2 *", "never", ""),
        ("0 0 31 4,6,9,11 *", "never", ""),
    ],
)
def test_a_line_that_cannot_be_is_refused_with_its_reason(line: str, reason: str, field: str) -> None:
    with pytest.raises(InvalidCronError) as refused:
        read_cron(line)

    assert (refused.value.reason, refused.value.field) == (reason, field)


@given(st.text("0123456789*/,-#LWmonjan ", max_size=40) | st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_whatever_is_typed_is_read_or_refused(line: str) -> None:
    try:
        read = read_cron(line)
    except InvalidInputError:
        return
    assert next(read.days_from(date(2024, 1, 1))) >= date(2024, 1, 1)


@given(MONTHLY | st.just("once"), DAYS, st.sampled_from(Shift), st.integers(0, 500))
@settings(max_examples=100, deadline=None)
def test_the_latest_occurrence_is_the_one_before_the_next(
    kind: str, first_on: date, shift: Shift, offset: int
) -> None:
    rhythm = Rhythm(kind, first_on, shift=shift)
    now = datetime.combine(first_on, time(0), UTC) + timedelta(days=offset)
    beginning = datetime(2019, 1, 1, tzinfo=UTC)

    past = list(takewhile(lambda one: one.due_at <= now, rhythm.after(beginning, CALENDAR)))

    latest, following = rhythm.latest(now, CALENDAR), rhythm.next_after(now, CALENDAR)
    assert latest == (past[-1] if past else None)
    assert following is None or following.due_at > now


@pytest.mark.parametrize(
    ("shift", "expected"),
    [(Shift.NONE, date(2027, 2, 6)), (Shift.FORWARD, date(2027, 2, 11)), (Shift.BACKWARD, date(2027, 2, 3))],
)
def test_a_day_off_is_moved_over_the_holidays(shift: Shift, expected: date) -> None:
    tet = date(2027, 2, 6)

    moved = Rhythm("once", tet, shift=shift).moved(tet, CALENDAR)

    assert moved == expected
    assert shift is Shift.NONE or CALENDAR.is_working_day(moved)


@pytest.mark.parametrize(
    ("shift", "expected"),
    [(Shift.FORWARD, date(2026, 11, 30)), (Shift.BACKWARD, date(2026, 11, 29))],
)
def test_days_moved_to_one_are_one_occurrence_of_the_last_of_them(shift: Shift, expected: date) -> None:
    daily = Rhythm("cron", date(2026, 11, 23), cron="30 7 * * *", shift=shift)

    found = list(islice(daily.after(datetime(2026, 11, 25, tzinfo=UTC), CALENDAR), 10))

    moments = [one.due_at for one in found]
    assert moments == sorted(set(moments))
    assert expected in [one.occurs_on for one in found]


def test_nothing_occurs_after_the_last_day() -> None:
    rhythm = Rhythm("monthly", date(2026, 1, 5), ends_on=date(2026, 3, 4))

    assert list(rhythm.days_from(date(2026, 1, 1))) == [date(2026, 1, 5), date(2026, 2, 5)]
    assert next(rhythm.days_back(date(2030, 1, 1))) == date(2026, 2, 5)
