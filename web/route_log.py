"""Tells an instance's history in plain words: who did what, when, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine import history
from engine.diagram import Diagram
from engine.models import HistoryEvent, ProcessInstance, Task
from engine.tasks import tasks_of_instance
from processes.awards import successions
from web import formats, live_diagram, next_steps
from web.i18n import gettext as _
from web.i18n import language, pick

TOLD = frozenset(
    {
        "started",
        "task_claimed",
        "task_released",
        "task_handed_over",
        "task_completed",
        "task_cancelled",
        "decided",
        "timer_fired",
        "message_received",
        "completed",
        "cancelled",
        "incident",
        "retried",
        "migrated",
        "migration_undone",
        "suspended",
        "resumed",
        "moved",
        "unit_succeeded",
        "inspection_dropped",
        "inspection_moved",
        "inspection_cancelled",
        "hold_lifted",
    }
)


@dataclass(frozen=True)
class LogLine:
    """One line of the log. ``mark`` is the modifier of its dot: is-now, is-next, is-back or nothing."""

    mark: str
    actor: str
    text: str
    when: str
    quote: str = ""


def of_instance(session: Session, instance: ProcessInstance, now: datetime) -> list[LogLine]:
    """Return the log of an instance, told on the diagram of its main process."""
    return tell(
        history.events_of(session, instance.id),
        tasks_of_instance(session, instance.id),
        live_diagram.main_diagram(session, instance),
        now,
    )


def tell(
    events: Sequence[HistoryEvent], tasks: Sequence[Task], diagram: Diagram, now: datetime
) -> list[LogLine]:
    """Return the log, the present first, then the past from the newest to the oldest."""
    names = {task.id: pick(task.name, task.name_en) for task in tasks}
    open_tasks = [task for task in tasks if task.state.value == "open"]
    present = [_open_line(task, now) for task in open_tasks]
    past = [_line(event, names, diagram) for event in reversed(events) if event.kind in TOLD]
    return [*present, *past]


def coming(open_tasks: Sequence[Task], diagram: Diagram) -> list[next_steps.NextStep]:
    """Return what may follow the open tasks, each step once."""
    found: dict[str, next_steps.NextStep] = {}
    for task in open_tasks:
        for step in next_steps.after(diagram, task.element_id, language()):
            found.setdefault(step.name, step)
    return list(found.values())[: next_steps.SHOWN]


def _open_line(task: Task, now: datetime) -> LogLine:
    due = ""
    if task.due_at is not None:
        word = _("quá hạn từ %(moment)s") if task.is_overdue(now) else _("hạn %(moment)s")
        due = word % {"moment": formats.moment(task.due_at)}
    who = task.assignee.full_name if task.assignee else _("chưa ai nhận")
    since = _("từ %(day)s", day=formats.day(task.created_at))
    parts = [part for part in (who, since, due) if part]
    return LogLine("is-now", "", pick(task.name, task.name_en), " · ".join(parts))


def _line(event: HistoryEvent, names: dict[int, str], diagram: Diagram) -> LogLine:
    step = names.get(event.task_id or 0) or _element_name(event.element_id, diagram)
    actor = event.actor.full_name if event.actor else ""
    sentences = {
        "started": _("bắt đầu quy trình") if actor else _("Quy trình bắt đầu"),
        "task_claimed": _("nhận việc: %(step)s", step=step),
        "task_released": _("trả việc lại nhóm: %(step)s", step=step),
        "task_handed_over": _("giao việc %(step)s cho người khác", step=step),
        "task_completed": _("hoàn thành: %(step)s", step=step),
        "task_cancelled": _("Việc không còn cần làm: %(step)s", step=step),
        "decided": _("Áp dụng bảng quyết định: %(step)s", step=step),
        "timer_fired": _("Đến hạn: %(step)s", step=step),
        "message_received": _("Nhận tin: %(step)s", step=step),
        "completed": _("Quy trình kết thúc: %(step)s", step=step) if step else _("Quy trình kết thúc"),
        "cancelled": _("hủy quy trình") if actor else _("Quy trình bị hủy"),
        "incident": _("Bước chưa chạy được: %(step)s", step=step),
        "retried": _("chạy lại: %(step)s", step=step),
        "migrated": _("chuyển từ bản %(old)s sang bản %(new)s của quy trình", **_versions(event)),
        "migration_undone": _("trả về bản %(old)s của quy trình", **_versions(event)),
        "suspended": _("tạm dừng hồ sơ"),
        "resumed": _("cho hồ sơ chạy tiếp"),
        "moved": _("chuyển bước: %(step)s → %(to)s", step=step, to=_element_name(_target(event), diagram)),
        "unit_succeeded": _merger(event),
        "inspection_dropped": _("đưa %(unit)s ra khỏi kế hoạch kiểm tra", unit=_unit(event)),
        "inspection_moved": _("đổi ngày kiểm tra %(unit)s", unit=_unit(event)),
        "inspection_cancelled": _("hủy cuộc kiểm tra"),
        "hold_lifted": _("dừng giữ hồ sơ khen thưởng của đơn vị"),
    }
    mark = "is-back" if event.kind in {"cancelled", "incident", "task_released", "suspended"} else ""
    quote = _fired(event) if event.kind == "decided" else str(event.details.get("reason", ""))
    return LogLine(mark, actor, sentences[event.kind], formats.moment(event.happened_at), quote)


def _unit(event: HistoryEvent) -> str:
    """Return the unit that an event names."""
    return str(event.details.get("name", ""))


def _fired(event: HistoryEvent) -> str:
    """Name the rules that a decision rests on, with what their authors noted beside them."""
    told: list[str] = []
    for table in event.details.get("tables", []):
        for rule in table["rules"]:
            line = _("%(table)s, dòng %(number)s", table=table["name"], number=rule["number"])
            told.append(": ".join([line, *filter(None, rule["notes"].values())]))
    return " · ".join(told)


def _versions(event: HistoryEvent) -> dict[str, object]:
    return {"old": event.details.get("from", ""), "new": event.details.get("to", "")}


def _merger(event: HistoryEvent) -> str:
    return pick(*successions.in_words(event.details)) if event.kind == "unit_succeeded" else ""


def _target(event: HistoryEvent) -> str:
    return str(event.details.get("to", "")) if event.kind == "moved" else ""


def _element_name(element_id: str | None, diagram: Diagram) -> str:
    element = diagram.elements.get(element_id or "")
    return element.label(language()) if element and element.name else ""
