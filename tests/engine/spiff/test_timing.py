"""Due moments: ISO 8601 and FEEL, months, zones, repetitions."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from walking import MONDAY

from engine.diagram import TimerKind
from engine.feel import Value, YearsMonthsDuration
from engine.spiff.timing import Duration, Repetition, TimingError, deadline, first_due, later, moment_of

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-12-01T08:00:00Z", datetime(2026, 12, 1, 8, 0, tzinfo=UTC)),
        ("2026-12-01T08:00:00", datetime(2026, 12, 1, 1, 0, tzinfo=UTC)),
        ("2026-12-01", datetime(2026, 11, 30, 17, 0, tzinfo=UTC)),
        (date(2026, 12, 1), datetime(2026, 11, 30, 17, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_without_an_offset_is_read_on_the_citys_clock(value: Value, moment: datetime) -> None:
    assert moment_of(value) == moment


def test_summer_time_is_that_of_the_day_not_of_today() -> None:
    assert moment_of("2027-07-01T09:00:00", zone=BERLIN) == datetime(2027, 7, 1, 7, 0, tzinfo=UTC)
    assert moment_of("2027-01-01T09:00:00", zone=BERLIN) == datetime(2027, 1, 1, 8, 0, tzinfo=UTC)


def test_a_day_keeps_the_clock_and_hours_keep_the_length_over_a_change_of_time() -> None:
    before = datetime(2027, 3, 27, 8, 0, tzinfo=UTC)

    assert later(before, Duration(days=1), zone=BERLIN) == datetime(2027, 3, 28, 7, 0, tzinfo=UTC)
    assert later(before, Duration(seconds=86_400), zone=BERLIN) == datetime(2027, 3, 28, 8, 0, tzinfo=UTC)


def test_a_month_after_the_end_of_january_is_the_end_of_february() -> None:
    january = datetime(2027, 1, 31, 2, 0, tzinfo=UTC)

    assert later(january, Duration(months=1)) == datetime(2027, 2, 28, 2, 0, tzinfo=UTC)
    assert later(january, Duration(months=13)) == datetime(2028, 2, 29, 2, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("PT48H", 172_800), ("P1DT1M", 86_460), ("PT1.5S", 1.5), ("P2W", 1_209_600), (timedelta(hours=1), 3600)],
)
def test_durations_count_from_now(value: Value, seconds: float) -> None:
    assert first_due("timeDuration", value, now=MONDAY) == (MONDAY + timedelta(seconds=seconds), None)


def test_a_duration_of_years_and_months_follows_the_calendar() -> None:
    assert first_due("timeDuration", YearsMonthsDuration(2), now=MONDAY)[0] == datetime(
        2027, 1, 23, 2, 0, tzinfo=UTC
    )


def test_a_monthly_repetition_does_not_drift() -> None:
    repetition: Repetition | None = first_due("timeCycle", "R/2027-01-31T09:00:00+07:00/P1M", now=MONDAY)[1]
    days: list[tuple[int, int]] = []
    while repetition is not None and len(days) < 4:
        days.append((repetition.due_at.month, repetition.due_at.day))
        repetition = repetition.after(repetition.due_at)

    assert days == [(1, 31), (2, 28), (3, 31), (4, 30)]


def test_occurrences_missed_while_the_machine_was_off_are_one() -> None:
    repetition = first_due("timeCycle", "R5/PT1H", now=MONDAY)[1]
    assert repetition is not None

    following = repetition.after(MONDAY + timedelta(hours=3, minutes=10))

    assert following is not None
    assert following.due_at == MONDAY + timedelta(hours=4)
    assert repetition.after(MONDAY + timedelta(hours=9)) is None


def test_a_repetition_of_a_second_over_ten_years_is_found_at_once() -> None:
    repetition = first_due("timeCycle", "R/PT1S", now=MONDAY)[1]
    assert repetition is not None

    following = repetition.after(MONDAY + timedelta(days=3650))

    assert following is not None
    assert following.due_at == MONDAY + timedelta(days=3650, seconds=1)


def test_a_repetition_survives_as_json() -> None:
    repetition = Repetition(MONDAY, Duration(months=1, days=2, seconds=3.5), 4, 9)

    assert Repetition.from_json(repetition.to_json()) == repetition


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("timeDate", "tomorrow"),
        ("timeDate", 5),
        ("timeDate", None),
        ("timeDuration", "48H"),
        ("timeDuration", "P"),
        ("timeDuration", "PT"),
        ("timeDuration", "P1H"),
        ("timeDuration", "P999999999999M"),
        ("timeDuration", "P999999999Y"),
        ("timeDuration", "P٣D"),
        ("timeDuration", None),
        ("timeCycle", "R/PT0S"),
        ("timeCycle", "R0/PT1H"),
        ("timeCycle", "R/-PT1H"),
        ("timeCycle", "0 0/5 * * * ?"),
        ("timeCycle", "R/P999999999Y"),
        ("timeCycle", "PT1H"),
    ],
)
def test_what_is_no_timer_is_refused_at_once(kind: TimerKind, value: Value) -> None:
    with pytest.raises(TimingError):
        first_due(kind, value, now=MONDAY)


def test_a_deadline_given_as_a_date_is_the_end_of_its_work() -> None:
    assert deadline(date(2026, 12, 1), now=MONDAY) == datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
    assert deadline("P3D", now=MONDAY) == MONDAY + timedelta(days=3)
    assert deadline(None, now=MONDAY) is None
