"""Report days of a directive's tasks: ends of periods on working days, and the due day last of all."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.calendar import Calendar
from processes.directive_task.report_days import (
    RHYTHMS,
    has_regular_reports,
    next_report_day,
    opening_day,
    report_days,
)

CALENDAR = Calendar()
DAYS = some.dates(date(2024, 1, 1), date(2028, 12, 31))


@pytest.mark.parametrize(
    ("rhythm", "expected"),
    [
        ("once", [date(2026, 12, 31)]),
        ("yearly", [date(2026, 12, 31)]),
        ("half_yearly", [date(2026, 6, 30), date(2026, 12, 31)]),
        ("quarterly", [date(2026, 3, 31), date(2026, 6, 30), date(2026, 9, 30), date(2026, 12, 31)]),
    ],
)
def test_a_year_is_reported_by_its_rhythm(rhythm: str, expected: list[date]) -> None:
    assert report_days(date(2026, 1, 5), date(2026, 12, 31), rhythm, CALENDAR) == expected


def test_a_period_that_ends_on_a_free_day_is_reported_before_it() -> None:
    days = report_days(date(2026, 1, 5), date(2026, 6, 15), "monthly", CALENDAR)

    assert days == [
        date(2026, 1, 30),
        date(2026, 2, 27),
        date(2026, 3, 31),
        date(2026, 4, 29),  # the 30th of April is a holiday
        date(2026, 5, 29),
        date(2026, 6, 15),
    ]


def test_a_period_that_ends_shortly_before_the_due_day_is_reported_with_it() -> None:
    assert report_days(date(2026, 1, 5), date(2026, 7, 7), "quarterly", CALENDAR) == [
        date(2026, 3, 31),
        date(2026, 7, 7),
    ]


def test_a_late_task_is_reported_every_month_until_it_is_done() -> None:
    following = next_report_day(
        starts_on=date(2026, 1, 5),
        due_on=date(2026, 3, 31),
        rhythm="once",
        after=date(2026, 4, 10),
        calendar=CALENDAR,
    )

    assert following == date(2026, 4, 29)


def test_a_rhythm_longer_than_the_task_asks_for_nothing_before_the_due_day() -> None:
    assert not has_regular_reports(date(2026, 2, 2), date(2026, 5, 29), "half_yearly", CALENDAR)
    assert has_regular_reports(date(2026, 2, 2), date(2026, 5, 29), "monthly", CALENDAR)


def test_a_report_near_its_day_opens_at_once() -> None:
    assert opening_day(date(2026, 11, 30), today=date(2026, 11, 27), calendar=CALENDAR) == date(2026, 11, 27)
    assert opening_day(date(2026, 11, 30), today=date(2026, 11, 2), calendar=CALENDAR) == date(2026, 11, 18)


@given(DAYS, some.integers(1, 900), some.sampled_from(RHYTHMS))
def test_report_days_are_working_days_in_order_and_end_with_the_due_day(
    starts_on: date, length: int, rhythm: str
) -> None:
    due_on = starts_on + timedelta(days=length)
    days = report_days(starts_on, due_on, rhythm, CALENDAR)

    assert days == sorted(set(days))
    assert all(CALENDAR.is_working_day(day) for day in days)
    assert days[-1] <= due_on


@given(DAYS, some.integers(1, 900), some.sampled_from(RHYTHMS), DAYS)
def test_there_is_always_a_next_report_day(starts_on: date, length: int, rhythm: str, after: date) -> None:
    following = next_report_day(
        starts_on=starts_on,
        due_on=starts_on + timedelta(days=length),
        rhythm=rhythm,
        after=after,
        calendar=CALENDAR,
    )

    assert following > after
