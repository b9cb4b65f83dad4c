"""How a task of a directive stands, and why."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.calendar import Calendar
from processes.awards.directive_states import (
    FigureFacts,
    Judgement,
    Standing,
    TaskFacts,
    is_under_path,
    judge,
    share_of_time,
)

CALENDAR = Calendar()
STARTS, DUE = date(2026, 1, 5), date(2026, 12, 18)
TODAY = date(2026, 9, 16)
"""A Wednesday, seven tenths through."""
TASK = TaskFacts(
    STARTS, DUE, progress_percent=60, reported_on=date(2026, 6, 30), report_due_on=date(2026, 9, 30)
)
DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 30))


def figure(value: str, day: date = date(2026, 6, 30)) -> FigureFacts:
    return FigureFacts("Kim ngạch xuất khẩu", "Exports", Decimal(33), Decimal(value), day)


def judged(task: TaskFacts, today: date = TODAY) -> Judgement:
    return judge(task, today=today, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("task", "today", "standing", "reason"),
    [
        (TASK, TODAY, Standing.ON_TIME, "Đạt 60%, đúng tiến độ."),
        (TaskFacts(STARTS, DUE), STARTS, Standing.ON_TIME, "Chưa đến kỳ báo cáo đầu tiên."),
        (replace(TASK, progress_percent=40), TODAY, Standing.ON_TIME, "Đạt 40%, đúng tiến độ."),
        (
            replace(TASK, progress_percent=30),
            TODAY,
            Standing.AT_RISK,
            "Đạt 30% khi đã qua 50% thời gian (báo cáo kỳ 30/06/2026).",
        ),
        (
            replace(TASK, report_due_on=date(2026, 9, 11)),
            TODAY,
            Standing.AT_RISK,
            "Báo cáo kỳ 11/09/2026 chậm 3 ngày làm việc.",
        ),
        (
            replace(TASK, report_due_on=date(2026, 9, 11), is_reported=True),
            TODAY,
            Standing.ON_TIME,
            "Đạt 60%, đúng tiến độ.",
        ),
        (replace(TASK, report_due_on=TODAY), TODAY, Standing.ON_TIME, "Đạt 60%, đúng tiến độ."),
        (
            replace(TASK, figures=[figure("12")]),
            TODAY,
            Standing.AT_RISK,
            "Chỉ tiêu chậm so với tiến độ: Kim ngạch xuất khẩu.",
        ),
        (replace(TASK, figures=[figure("16")]), TODAY, Standing.ON_TIME, "Đạt 60%, đúng tiến độ."),
        (
            replace(TASK, report_due_on=None),
            date(2026, 12, 11),
            Standing.AT_RISK,
            "Còn 5 ngày làm việc mà mới đạt 60%.",
        ),
        (
            replace(TASK, progress_percent=95, report_due_on=None),
            date(2026, 12, 11),
            Standing.ON_TIME,
            "Đạt 95%, đúng tiến độ.",
        ),
        (TASK, DUE, Standing.AT_RISK, "Báo cáo kỳ 30/09/2026 chậm 56 ngày làm việc."),
        (TASK, DUE + timedelta(days=3), Standing.LATE, "Quá hạn 1 ngày làm việc (hạn 18/12/2026)."),
        (TASK, DUE + timedelta(days=1), Standing.LATE, "Quá hạn 1 ngày làm việc (hạn 18/12/2026)."),
        (
            replace(TASK, finished_on=DUE),
            DUE + timedelta(days=9),
            Standing.ON_TIME,
            "Đã báo cáo hoàn thành ngày 18/12/2026, chờ xác minh.",
        ),
        (
            replace(TASK, finished_on=DUE + timedelta(days=3)),
            DUE + timedelta(days=10),
            Standing.LATE,
            "Quá hạn 6 ngày làm việc (hạn 18/12/2026).",
        ),
        (replace(TASK, done_on=DUE), DUE, Standing.DONE, "Hoàn thành ngày 18/12/2026."),
        (
            replace(TASK, done_on=DUE + timedelta(days=3)),
            DUE + timedelta(days=90),
            Standing.DONE,
            "Hoàn thành ngày 21/12/2026, sau hạn 18/12/2026.",
        ),
        (replace(TASK, is_cancelled=True), DUE, Standing.CANCELLED, "Đã thôi theo dõi."),
    ],
)
def test_the_standing_and_its_first_reason(
    task: TaskFacts, today: date, standing: Standing, reason: str
) -> None:
    found = judged(task, today)

    assert (found.standing, found.reasons[0].vi) == (standing, reason)


def test_all_reasons_of_a_late_task_are_told() -> None:
    found = judged(replace(TASK, figures=[figure("1")]), date(2026, 12, 28))

    assert [one.en for one in found.reasons] == [
        "Late by 6 working days (due on 18/12/2026).",
        "The report of 30/09/2026 is 62 working days late.",
        "Figure behind its path: Exports.",
    ]


def test_a_task_that_is_done_names_the_targets_it_missed() -> None:
    found = judged(replace(TASK, done_on=DUE, figures=[figure("32.9"), figure("33")]))

    assert [one.vi for one in found.reasons] == [
        "Hoàn thành ngày 18/12/2026.",
        "Chưa đạt: Kim ngạch xuất khẩu.",
    ]


def test_a_target_without_a_figure_is_not_called_behind() -> None:
    assert judged(replace(TASK, figures=[FigureFacts("a", "a", Decimal(1))])).standing is Standing.ON_TIME


@given(st.integers(0, 100), DAYS, st.one_of(st.none(), DAYS), st.booleans())
def test_more_progress_never_makes_it_worse(
    progress: int, today: date, report_due_on: date | None, is_reported: bool
) -> None:
    weights = [Standing.ON_TIME, Standing.AT_RISK, Standing.LATE]
    task = replace(TASK, progress_percent=progress, report_due_on=report_due_on, is_reported=is_reported)
    better = replace(task, progress_percent=min(100, progress + 7))

    assert weights.index(judged(better, today).standing) <= weights.index(judged(task, today).standing)


@given(st.integers(0, 100), DAYS)
def test_late_is_exactly_what_is_open_after_its_day(progress: int, today: date) -> None:
    found = judged(replace(TASK, progress_percent=progress), today)

    assert (found.standing is Standing.LATE) is (today > DUE)
    assert found.reasons


@given(DAYS, DAYS, DAYS)
def test_the_share_of_time_grows_from_nothing_to_all(one: date, other: date, day: date) -> None:
    starts_on, due_on = min(one, other), max(one, other)
    share = share_of_time(starts_on, due_on, day)

    assert 0 <= share <= 1
    assert share <= share_of_time(starts_on, due_on, day + timedelta(days=1))
    assert share_of_time(starts_on, due_on, due_on) == 1


@given(st.decimals(0, 100, places=2), DAYS)
def test_what_has_reached_its_target_is_never_behind(value: Decimal, day: date) -> None:
    reached = FigureFacts("a", "a", Decimal(50), value + 50, day)

    assert not is_under_path(reached, starts_on=STARTS, due_on=DUE)
