"""Tests of working days: Tết, weekends made up for, and decisions against the rule."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from engine.calendar import Calendar, at_end_of_day, follow_rule_again, load_calendar, override_day
from engine.errors import InvalidInputError

RULE = Calendar()


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 21), False),  # a Saturday
        (date(2026, 2, 17), False),  # the first day of Tết
        (date(2026, 2, 23), True),  # the first day after it
        (date(2026, 4, 27), False),  # the day after Hùng Kings' day on a Sunday
        (date(2026, 8, 22), True),  # a Saturday worked for a day off
        (date(2026, 9, 2), False),  # National Day
    ],
)
def test_working_days_follow_the_public_calendar(day: date, works: bool) -> None:
    assert RULE.is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 11, 19), 1, date(2026, 11, 20)),
        (date(2026, 11, 20), 1, date(2026, 11, 23)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 2, 13), 1, date(2026, 2, 23)),  # over Tết
        (date(2026, 11, 23), -1, date(2026, 11, 20)),
        (date(2026, 11, 22), 0, date(2026, 11, 22)),
    ],
)
def test_working_days_are_added(start: date, count: int, end: date) -> None:
    assert RULE.add_working_days(start, count) == end


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-120, 120))
def test_adding_and_counting_working_days_agree(start: date, count: int) -> None:
    from_working_day = RULE.next_working_day(start)

    end = RULE.add_working_days(from_working_day, count)

    assert RULE.working_days_between(from_working_day, end) == count


@pytest.mark.parametrize("count", [10**9, -(10**9)])
def test_a_span_beyond_reason_is_refused_at_once(count: int) -> None:
    with pytest.raises(ValueError, match="too many"):
        RULE.add_working_days(date(2026, 1, 1), count)


def test_the_calendar_ends_with_the_year_9999() -> None:
    with pytest.raises(ValueError, match="out of range"):
        RULE.add_working_days(date(9999, 12, 30), 10)


def test_a_deadline_ends_at_five_in_the_afternoon_in_the_city() -> None:
    assert at_end_of_day(date(2026, 11, 24)) == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_a_decision_goes_before_the_rule_until_it_is_taken_back(session: Session) -> None:
    saturday = date(2026, 11, 21)

    override_day(session, saturday, is_working=True, name="Làm bù")
    assert load_calendar(session).is_working_day(saturday)
    assert load_calendar(session).holiday_name(saturday) == "Làm bù"

    follow_rule_again(session, saturday)
    assert not load_calendar(session).is_working_day(saturday)


def test_a_decision_needs_a_name(session: Session) -> None:
    with pytest.raises(InvalidInputError):
        override_day(session, date(2026, 11, 21), is_working=True, name=" ")


def test_holidays_are_named() -> None:
    assert RULE.holiday_name(date(2026, 2, 17)) == "Tết Nguyên Đán"
    assert RULE.holiday_name(date(2026, 11, 23)) == ""
