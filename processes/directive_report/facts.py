"""What a regular report on a directive states: its tasks as they stand, targets against what was reported."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy.orm import Session

from engine.calendar import load_calendar
from processes.awards.directive_page import Reach, TargetRow, TaskRow, describe_task, target_rows
from processes.awards.directive_states import Standing
from processes.awards.directive_words import STANDING_NAMES
from processes.awards.models import Directive, DirectiveTask, ExtensionState, ReportState, TaskReport
from processes.directive_task.figures import value_text

REACH_NAMES: Final = {
    Reach.REACHED: ("Đạt", "Reached"),
    Reach.ON_PATH: ("Theo tiến độ", "On its path"),
    Reach.BEHIND: ("Chậm so với tiến độ", "Behind its path"),
    Reach.MISSED: ("Không đạt", "Missed"),
    Reach.UNREPORTED: ("Chưa có số liệu", "No figure yet"),
}
_QUARTERS: Final = ("I", "II", "III", "IV")
_COUNTED: Final = (Standing.DONE, Standing.ON_TIME, Standing.AT_RISK, Standing.LATE)


@dataclass(frozen=True)
class Period:
    """What a report covers: its name and last day."""

    name: str
    ends_on: date


@dataclass(frozen=True)
class ReportFacts:
    """A directive as it stands on a day."""

    directive: Directive
    today: date
    tasks: tuple[TaskRow, ...]
    targets: tuple[TargetRow, ...]

    @property
    def counts(self) -> Counter[Standing]:
        """How many tasks stand how."""
        return Counter(row.standing for row in self.tasks)


def period_of(today: date, *, is_final: bool) -> Period:
    """Return the quarter whose end lies nearest, before or after the day; the final report covers all."""
    if is_final:
        return Period("Tổng kết", today)
    year, quarter = today.year, (today.month - 1) // 3
    begins_on = date(year, quarter * 3 + 1, 1)
    ends_on = _quarter_end(year, quarter)
    if today - begins_on < ends_on - today:
        ends_on = begins_on - timedelta(days=1)
    return Period(f"Quý {_QUARTERS[(ends_on.month - 1) // 3]} năm {ends_on.year}", ends_on)


def gather_facts(session: Session, directive: Directive, *, today: date) -> ReportFacts:
    """Return how a directive stands on a day, in Vietnamese."""
    days = load_calendar(session)
    rows = tuple(describe_task(task, today=today, days=days, language="vi") for task in directive.tasks)
    return ReportFacts(directive, today, rows, tuple(target_rows(rows)))


def counts_text(facts: ReportFacts, *, english: bool = False) -> str:
    """Say how many tasks stand how: ``12 nhiệm vụ: 3 hoàn thành, 9 đúng tiến độ``."""
    parts = [
        f"{facts.counts[standing]} {STANDING_NAMES[standing][english].lower()}"
        for standing in _COUNTED
        if facts.counts[standing]
    ]
    total = sum(facts.counts[standing] for standing in _COUNTED)
    return f"{total} {'tasks' if english else 'nhiệm vụ'}: {', '.join(parts) or '0'}."


def reached_text(facts: ReportFacts) -> str:
    """Say how many targets are reached; empty where the directive has none."""
    if not facts.targets:
        return ""
    reached = sum(row.reach is Reach.REACHED for row in facts.targets)
    return f"{reached} trên {len(facts.targets)} chỉ tiêu đã đạt."


def first_assessment(facts: ReportFacts) -> str:
    """Return the assessment a draft begins with, for the officer to go on from."""
    day = f"{facts.today:%d/%m/%Y}"
    lines = [f"Đến ngày {day}, Chỉ thị số {facts.directive.number} có {counts_text(facts)}"]
    lines += [text for text in (reached_text(facts), _late_text(facts)) if text]
    return "\n".join(lines)


def first_proposals(facts: ReportFacts) -> str:
    """Return the proposals a draft begins with: the difficulties the units reported last."""
    lines = [
        f"{row.task.lead_unit.name}: {report.difficulties}"
        for row in facts.tasks
        if (report := last_accepted(row.task)) is not None and report.difficulties
    ]
    return "\n".join(dict.fromkeys(lines)) or "Các đơn vị không có kiến nghị."


def last_accepted(task: DirectiveTask) -> TaskReport | None:
    """Return the last report on a task that the agency has accepted."""
    accepted = [one for one in task.reports if one.state is ReportState.ACCEPTED]
    return accepted[-1] if accepted else None


def lateness_lines(facts: ReportFacts) -> tuple[str, ...]:
    """Say which tasks are late or at risk, and why."""
    return tuple(
        f"{row.task.lead_unit.name}: {row.task.name}. {' '.join(row.reasons)}"
        for row in facts.tasks
        if row.standing in {Standing.LATE, Standing.AT_RISK}
    )


def extension_lines(tasks: Sequence[DirectiveTask]) -> tuple[str, ...]:
    """Say which wishes for more time were granted or refused, and why."""
    return tuple(
        f"{task.lead_unit.name}: {task.name}. "
        + (
            f"Gia hạn từ {one.due_on_before:%d/%m/%Y} đến {one.granted_on:%d/%m/%Y}; lý do: {one.reason}"
            if one.granted_on
            else f"Không gia hạn thời hạn {one.due_on_before:%d/%m/%Y}; lý do: {one.answer}"
        )
        for task in tasks
        for one in task.extensions
        if one.state is not ExtensionState.ASKED
    )


def reported_text(row: TargetRow, *, english: bool = False) -> str:
    """Return the figure that counts with its day; empty before one."""
    if row.last is None:
        return ""
    return f"{value_text(row.target, row.last.value, english=english)} ({row.last.day:%d/%m/%Y})"


def _late_text(facts: ReportFacts) -> str:
    late = [row.task.lead_unit.name for row in facts.tasks if row.standing is Standing.LATE]
    return f"Đơn vị có nhiệm vụ quá hạn: {', '.join(dict.fromkeys(late))}." if late else ""


def _quarter_end(year: int, quarter: int) -> date:
    following = date(year + 1, 1, 1) if quarter == len(_QUARTERS) - 1 else date(year, quarter * 3 + 4, 1)
    return following - timedelta(days=1)
