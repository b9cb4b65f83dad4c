"""Dates, times and durations are made and asked."""

from datetime import UTC, date, datetime

import pytest

from engine import feel
from engine.feel import Environment

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ('date("2024-01-31")', '@"2024-01-31"'),
    ("date(2024, 1, 31)", '@"2024-01-31"'),
    ('date(@"2024-01-31T10:00:00+07:00")', '@"2024-01-31"'),
    ('date("2024-02-30")', "null"),
    ("date(10000, 1, 1)", "null"),
    ('time("10:30:00+07:00")', '@"10:30:00+07:00"'),
    ('time("10:30:00z")', '@"10:30:00Z"'),
    ('time(10, 30, 1.5, @"PT7H")', '@"10:30:01.5+07:00"'),
    ("time(10, 30, 0)", '@"10:30:00"'),
    ('time(10, 30, 0, @"PT20H")', "null"),
    ('time(@"2024-01-31T10:30:00")', '@"10:30:00"'),
    ('time("25:00:00")', "null"),
    ('time("10:00:00+99:99")', "null"),
    ('date and time("2024-01-31")', '@"2024-01-31T00:00:00"'),
    ('date and time(@"2024-01-31", @"10:30:00")', '@"2024-01-31T10:30:00"'),
    ('date and time(date: @"2024-01-31", time: @"10:30:00")', '@"2024-01-31T10:30:00"'),
    (
        'string(date and time(@"2024-01-31T10:00:00Z", "Asia/Ho_Chi_Minh"))',
        '"2024-01-31T17:00:00@Asia/Ho_Chi_Minh"',
    ),
    ('date and time("2024-01-01T00:00:00@Nơi/Nào")', "null"),
    ('duration("P1DT2H")', '@"P1DT2H"'),
    ('duration("P1Y2M")', '@"P14M"'),
    ('duration("P2W")', '@"P14D"'),
    ('duration("P1Y2D")', "null"),
    ('duration("P999999999999999Y")', "null"),
    ('years and months duration(@"2020-01-31", @"2024-01-30")', '@"P3Y11M"'),
    ('years and months duration(@"2016-01-21", @"2015-12-20")', '@"-P1M"'),
    ('day of year(@"2024-12-31")', "366"),
    ('day of week(@"2024-01-06")', '"Saturday"'),
    ('month of year(@"2024-01-06T10:00:00")', '"January"'),
    ('week of year(@"2005-01-01")', "53"),
    ('last day of month(@"2024-02-10")', '@"2024-02-29"'),
    ("now()", "null"),
    ("today()", "null"),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_a_function_of_time_gives(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})


def test_now_and_today_are_told_in_the_zone_of_the_environment() -> None:
    late = Environment(now=datetime(2024, 1, 1, 18, 0, tzinfo=UTC))

    assert feel.parse("today()").evaluate({}, environment=late) == date(2024, 1, 2)
    assert (
        feel.parse("string(now())").evaluate({}, environment=late) == "2024-01-02T01:00:00@Asia/Ho_Chi_Minh"
    )
