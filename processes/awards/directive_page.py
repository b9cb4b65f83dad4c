"""What the page of a directive shows: its tasks with their standing, its targets with what was reported."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from engine import calendar
from engine.people import Authority
from processes.awards import directives
from processes.awards.directive_states import FigureFacts, Standing, is_under_path
from processes.awards.models.directives import (
    Directive,
    DirectiveItem,
    DirectiveTarget,
    DirectiveTask,
    ReportState,
    TaskReport,
)


@dataclass(frozen=True)
class TaskRow:
    """One task of a directive and how it stands today."""

    task: DirectiveTask
    standing: Standing
    reasons: tuple[str, ...]
    """In the page's language, the weightiest first."""
    last_report: TaskReport | None
    """What was handed in last, whatever became of it."""

    @property
    def is_followed(self) -> bool:
        """Whether it counts: what was cancelled does not."""
        return self.standing is not Standing.CANCELLED


class Reach(enum.Enum):
    """Where the last figure of a target lies."""

    REACHED = "reached"
    ON_PATH = "on_path"
    BEHIND = "behind"
    MISSED = "missed"
    """Below the target when the task was over."""
    UNREPORTED = "unreported"


@dataclass(frozen=True)
class ReportedValue:
    """One accepted figure and the report it stands in."""

    day: date
    value: Decimal
    report_id: int


@dataclass(frozen=True)
class TargetRow:
    """One target of a directive and what was reported for it."""

    target: DirectiveTarget
    task: DirectiveTask
    values: tuple[ReportedValue, ...]
    """Accepted figures by report day; the last one counts."""
    reach: Reach

    @property
    def last(self) -> ReportedValue | None:
        """The figure that counts."""
        return self.values[-1] if self.values else None

    @property
    def share(self) -> Decimal | None:
        """Return which part of the target was reached, 1 for all of it; None before a figure."""
        return self.last.value / self.target.lowest if self.last and self.target.lowest else None


@dataclass(frozen=True)
class Group:
    """The tasks of an item or a unit, counted by standing."""

    key: str
    """What the filter of the page is given."""
    name: str
    counts: Mapping[Standing, int]
    total: int


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks the page lists; empty values list all."""

    standing: str = ""
    item: str = ""
    unit: str = ""

    def takes(self, row: TaskRow) -> bool:
        """Whether the task is listed."""
        task = row.task
        return (
            self.standing in {"", row.standing.value}
            and self.item in {"", str(task.item.position) if task.item else "0"}
            and self.unit in {"", task.lead_unit.code}
        )


def task_rows(
    session: Session,
    directives_: Sequence[Directive],
    *,
    reader: Authority,
    today: date,
    language: str,
) -> list[TaskRow]:
    """Return the tasks of directives that the reader may see, each with its standing on the day."""
    days = calendar.load_calendar(session)
    return [
        describe_task(task, today=today, days=days, language=language)
        for task in directives.find_tasks(session, directives_, reader=reader)
    ]


def describe_task(task: DirectiveTask, *, today: date, days: calendar.Calendar, language: str) -> TaskRow:
    """Return one task with its standing on the day."""
    judged = directives.judge_task(task, today=today, calendar=days)
    handed_in = [one for one in task.reports if one.state is not ReportState.WRITTEN]
    return TaskRow(
        task=task,
        standing=judged.standing,
        reasons=tuple(one.en if language == "en" else one.vi for one in judged.reasons),
        last_report=handed_in[-1] if handed_in else None,
    )


def count(rows: Iterable[TaskRow]) -> Counter[Standing]:
    """Return how many tasks stand how."""
    return Counter(row.standing for row in rows)


def group_by_item(rows: Sequence[TaskRow], items: Sequence[DirectiveItem], language: str) -> list[Group]:
    """Return the counts for every item that orders something, in the order of the document."""
    return [
        _group(str(item.position), _name(item.summary, item.summary_en, language), found)
        for item in items
        if (found := [row for row in rows if row.task.item_id == item.id])
    ]


def group_by_unit(rows: Sequence[TaskRow], language: str) -> list[Group]:
    """Return the counts for every unit that answers for something: those with late tasks first."""
    units = {row.task.lead_unit.code: row.task.lead_unit for row in rows}
    groups = [
        _group(
            code,
            _name(unit.name, unit.name_en, language),
            [row for row in rows if row.task.lead_unit.code == code],
        )
        for code, unit in units.items()
    ]
    return sorted(groups, key=_urgency)


def target_rows(rows: Iterable[TaskRow]) -> list[TargetRow]:
    """Return the targets of tasks with what was reported for them."""
    return [_target_row(row, target) for row in rows if row.is_followed for target in row.task.targets]


def _urgency(group: Group) -> tuple[int, int, int]:
    return (-group.counts[Standing.LATE], -group.counts[Standing.AT_RISK], -group.total)


def _group(key: str, name: str, rows: Sequence[TaskRow]) -> Group:
    return Group(key, name, count(rows), sum(row.is_followed for row in rows))


def _name(vietnamese: str, english: str, language: str) -> str:
    return english if language == "en" and english else vietnamese


def _target_row(row: TaskRow, target: DirectiveTarget) -> TargetRow:
    values = tuple(
        ReportedValue(one.report.period_ends_on, one.value, one.report_id)
        for one in directives.accepted_figures(target)
    )
    return TargetRow(target, row.task, values, _reach(row, target, values))


def _reach(row: TaskRow, target: DirectiveTarget, values: Sequence[ReportedValue]) -> Reach:
    if not values:
        return Reach.UNREPORTED
    last = values[-1]
    if last.value >= target.lowest:
        return Reach.REACHED
    if row.standing is Standing.DONE or last.day >= row.task.due_on:
        return Reach.MISSED
    figure = FigureFacts(target.name, target.name_en, target.lowest, last.value, last.day)
    is_behind = is_under_path(figure, starts_on=row.task.starts_on, due_on=row.task.due_on)
    return Reach.BEHIND if is_behind else Reach.ON_PATH
