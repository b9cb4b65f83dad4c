"""Says how a task of a directive stands: done, on time, at risk or late, and why, from facts alone."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from engine.calendar import Calendar

NEAR_DAYS: Final = 10
"""So many working days before the due day what is missing is looked at as of today."""
BEHIND_POINTS: Final = 10
"""How far progress may stay behind the share of the time that has passed."""
BEHIND_PATH: Final = Decimal("0.9")
"""The share of its path a figure must have reached."""


class Standing(enum.Enum):
    """How a task stands."""

    DONE = "done"
    ON_TIME = "on_time"
    AT_RISK = "at_risk"
    LATE = "late"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class FigureFacts:
    """The last accepted figure of a target; ``lowest`` is what it is to reach."""

    name: str
    name_en: str
    lowest: Decimal
    value: Decimal | None = None
    measured_on: date | None = None


@dataclass(frozen=True)
class TaskFacts:
    """What the judgement looks at; nothing else counts."""

    starts_on: date
    due_on: date
    progress_percent: int = 0
    reported_on: date | None = None
    """The report day that the progress answers; None before the first accepted report."""
    report_due_on: date | None = None
    """The day of the next report; None where none is awaited."""
    is_reported: bool = False
    """Whether the unit has handed in that report and now waits for the agency."""
    finished_on: date | None = None
    """When the unit handed in its final report that is still to be verified."""
    done_on: date | None = None
    is_cancelled: bool = False
    figures: Sequence[FigureFacts] = ()


@dataclass(frozen=True)
class Reason:
    """One sentence of the ground, in both languages."""

    vi: str
    en: str


@dataclass(frozen=True)
class Judgement:
    """How a task stands and why; the weightiest reason first."""

    standing: Standing
    reasons: tuple[Reason, ...]


def judge(task: TaskFacts, *, today: date, calendar: Calendar) -> Judgement:
    """Return how a task stands on a day."""
    if task.is_cancelled:
        return Judgement(Standing.CANCELLED, (Reason("Đã thôi theo dõi.", "No longer followed."),))
    if task.done_on is not None:
        return Judgement(Standing.DONE, tuple(_ends(task, task.done_on)))
    if task.finished_on is not None and task.finished_on <= task.due_on:
        return Judgement(Standing.ON_TIME, (_awaits_verification(task.finished_on),))
    if today > task.due_on:
        days = max(1, calendar.working_days_between(task.due_on, today))
        return Judgement(Standing.LATE, (_overdue(task.due_on, days), *_risks(task, today, calendar)))
    risks = tuple(_risks(task, today, calendar))
    if risks:
        return Judgement(Standing.AT_RISK, risks)
    return Judgement(Standing.ON_TIME, (_goes_well(task),))


def share_of_time(starts_on: date, due_on: date, day: date) -> Decimal:
    """Return how much of the time between two days has passed on a third, from 0 to 1."""
    whole = (due_on - starts_on).days
    if whole <= 0:
        return Decimal(day >= due_on)
    return min(Decimal(1), max(Decimal(0), Decimal((day - starts_on).days) / whole))


def is_under_path(figure: FigureFacts, *, starts_on: date, due_on: date) -> bool:
    """Whether a figure lags behind the straight line from nothing at the start to its target on the due day.

    A figure that is a level, not a sum, stands above that line anyway: it is never called behind wrongly.
    """
    if figure.value is None or figure.measured_on is None:
        return False
    share = share_of_time(starts_on, due_on, figure.measured_on)
    return figure.value < figure.lowest * share * BEHIND_PATH


def _risks(task: TaskFacts, today: date, calendar: Calendar) -> Iterator[Reason]:
    if task.report_due_on is not None and task.report_due_on < today and not task.is_reported:
        days = max(1, calendar.working_days_between(task.report_due_on, today))
        yield _report_late(task.report_due_on, days)
    yield from _behind(task, today, calendar)
    for figure in task.figures:
        if is_under_path(figure, starts_on=task.starts_on, due_on=task.due_on):
            yield _under_path(figure)


def _behind(task: TaskFacts, today: date, calendar: Calendar) -> Iterator[Reason]:
    """Measure progress on the day it was reported for; shortly before the due day, today."""
    left = calendar.working_days_between(today, task.due_on)
    is_near = 0 <= left <= NEAR_DAYS
    measured_on = today if is_near else task.reported_on
    if measured_on is None:
        return
    share = int(share_of_time(task.starts_on, task.due_on, measured_on) * 100)
    if task.progress_percent >= share - BEHIND_POINTS:
        return
    yield _near(task, left) if is_near else _slow(task, share, measured_on)


def _ends(task: TaskFacts, done_on: date) -> Iterator[Reason]:
    missed = [one for one in task.figures if one.value is not None and one.value < one.lowest]
    if done_on > task.due_on:
        yield Reason(
            f"Hoàn thành ngày {done_on:%d/%m/%Y}, sau hạn {task.due_on:%d/%m/%Y}.",
            f"Done on {done_on:%d/%m/%Y}, after its day {task.due_on:%d/%m/%Y}.",
        )
    else:
        yield Reason(f"Hoàn thành ngày {done_on:%d/%m/%Y}.", f"Done on {done_on:%d/%m/%Y}.")
    for figure in missed:
        yield Reason(f"Chưa đạt: {figure.name}.", f"Not reached: {figure.name_en or figure.name}.")


def _awaits_verification(day: date) -> Reason:
    return Reason(
        f"Đã báo cáo hoàn thành ngày {day:%d/%m/%Y}, chờ xác minh.",
        f"Reported as done on {day:%d/%m/%Y}, to be verified.",
    )


def _overdue(due_on: date, days: int) -> Reason:
    return Reason(
        f"Quá hạn {days} ngày làm việc (hạn {due_on:%d/%m/%Y}).",
        f"Late by {_working_days(days)} (due on {due_on:%d/%m/%Y}).",
    )


def _report_late(day: date, days: int) -> Reason:
    return Reason(
        f"Báo cáo kỳ {day:%d/%m/%Y} chậm {days} ngày làm việc.",
        f"The report of {day:%d/%m/%Y} is {_working_days(days)} late.",
    )


def _near(task: TaskFacts, left: int) -> Reason:
    return Reason(
        f"Còn {left} ngày làm việc mà mới đạt {task.progress_percent}%.",
        f"{_working_days(left).capitalize()} left, and only {task.progress_percent}% done.",
    )


def _slow(task: TaskFacts, share: int, day: date) -> Reason:
    return Reason(
        f"Đạt {task.progress_percent}% khi đã qua {share}% thời gian (báo cáo kỳ {day:%d/%m/%Y}).",
        f"{task.progress_percent}% done when {share}% of the time had passed (report of {day:%d/%m/%Y}).",
    )


def _under_path(figure: FigureFacts) -> Reason:
    return Reason(
        f"Chỉ tiêu chậm so với tiến độ: {figure.name}.",
        f"Figure behind its path: {figure.name_en or figure.name}.",
    )


def _goes_well(task: TaskFacts) -> Reason:
    if task.reported_on is None:
        return Reason("Chưa đến kỳ báo cáo đầu tiên.", "The first report is not due yet.")
    return Reason(
        f"Đạt {task.progress_percent}%, đúng tiến độ.", f"{task.progress_percent}% done, as planned."
    )


def _working_days(days: int) -> str:
    return "1 working day" if days == 1 else f"{days} working days"
