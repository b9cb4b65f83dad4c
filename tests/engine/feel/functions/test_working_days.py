"""Working days are those of the calendar that the environment brings."""

from datetime import date, timedelta

import pytest

from engine import feel
from engine.feel import Environment


class NoWeekends:
    """A calendar on which every weekday is worked."""

    def is_working_day(self, day: date) -> bool:
        """Whether it is a weekday."""
        return day.isoweekday() < 6

    def add_working_days(self, day: date, count: int) -> date:
        """Step over weekends."""
        step = 1 if count > 0 else -1
        while count:
            day += timedelta(days=step)
            count -= step * self.is_working_day(day)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the weekdays, the first day excluded."""
        days = (start + timedelta(days=i) for i in range(1, (end - start).days + 1))
        return sum(self.is_working_day(day) for day in days)


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ('add working days(@"2024-01-05", 1)', '@"2024-01-08"'),
        ('add working days(date: @"2024-01-08T17:00:00+07:00", count: -1)', '@"2024-01-05T17:00:00+07:00"'),
        ('working days between(@"2024-01-05", @"2024-01-09")', "2"),
        ('is working day(@"2024-01-06")', "false"),
        ('next working day(@"2024-01-05T08:00:00")', '@"2024-01-05T08:00:00"'),
        ('next working day(@"2024-01-06T08:00:00")', '@"2024-01-08T08:00:00"'),
        ('add working days(@"2024-01-05", 10 ** 9)', "null"),
    ],
)
def test_working_days_are_those_of_the_calendar(text: str, plainly: str) -> None:
    environment = Environment(calendar=NoWeekends())

    assert feel.parse(text).evaluate({}, environment=environment) == feel.evaluate(plainly, {})


def test_without_a_calendar_there_are_no_working_days() -> None:
    assert feel.evaluate('add working days(@"2024-01-01", 1)', {}) is None
    assert feel.evaluate('is working day(@"2024-01-01")', {}) is None
