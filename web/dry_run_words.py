"""Says in plain words what happened in a dry run, and what its clock will bring."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.diagram import Diagram, Element
from engine.dry_runs import DryRun, Due, Step
from engine.models import HistoryEvent, OutboxMail, Task, TaskState
from web import formats, route_log
from web.i18n import gettext as _
from web.i18n import language, ngettext, pick

_SAID: Final = {
    "started": "started",
    "completed": "task_completed",
    "sent": "message_received",
    "retried": "retried",
}
"""Kind of a step -> kind of the event that its heading tells."""


@dataclass(frozen=True)
class LogStep:
    """One step of the log: when, what the player did, and the lines of what followed."""

    number: int
    when: str
    heading: str
    lines: tuple[str, ...]
    is_failed: bool = False
    can_return: bool = False


@dataclass(frozen=True)
class Coming:
    """One moment to come, in words."""

    at: datetime
    when: str
    text: str


def element_of(run: DryRun, element_id: str) -> Element | None:
    """Return an element of any diagram of the run."""
    return diagram_with(run, element_id).elements.get(element_id)


def diagram_with(run: DryRun, element_id: str) -> Diagram:
    """Return the diagram that has an element, else that of the main process."""
    diagrams = run.program.diagrams.values()
    main = next(one for one in diagrams if run.key in one.processes)
    return next((one for one in diagrams if element_id in one.elements), main)


def name_of(run: DryRun, element_id: str) -> str:
    """Return the name people read of an element."""
    element = element_of(run, element_id)
    return element.label(language()) if element is not None else element_id


def clock_text(now: datetime) -> str:
    """Write "Thứ Năm, 26/11/2026 08:00"."""
    return f"{formats.weekday(now)}, {formats.moment(now)}"


def coming_of(run: DryRun, due: Due) -> Coming:
    """Say what a moment brings."""
    name = name_of(run, due.element_id) if due.element_id else ""
    sentences = {
        "timer": _("Hẹn giờ: %(name)s", name=name),
        "task": _("Hết hạn: %(name)s", name=name),
        "before": _("Nhắc trước hạn: %(name)s", name=name),
        "due": _("Nhắc trong ngày đến hạn: %(name)s", name=name),
        "after": _("Nhắc vì quá hạn: %(name)s", name=name),
        "head": _("Báo người phụ trách vì quá hạn: %(name)s", name=name),
        "overseer": _("Báo cơ quan thường trực vì quá hạn: %(name)s", name=name),
        "digest": _("Thư nhắc việc buổi sáng"),
    }
    return Coming(due.at, clock_text(due.at), sentences[due.kind])


def tell_steps(
    run: DryRun,
    steps: Sequence[Step],
    events: Sequence[HistoryEvent],
    mails: Sequence[OutboxMail],
    tasks: Sequence[Task],
) -> list[LogStep]:
    """Return the log, the latest step first; a step's lines are in the order in which things happened."""
    done = [task for task in tasks if task.state is not TaskState.OPEN]
    told: list[LogStep] = []
    before: Step | None = None
    for step in steps:
        first, first_mail = (before.last_event_id, before.last_mail_id) if before else (0, 0)
        own = [event for event in events if first < event.id <= step.last_event_id]
        sent = sum(first_mail < mail.id <= step.last_mail_id for mail in mails)
        lines = [*_lines_of_events(run, step, own, done), *_lines_of_calls(run, step.facts)]
        if sent:
            lines.append(ngettext("%(num)s thư đi", "%(num)s thư đi", sent))
        told.append(
            LogStep(
                step.number,
                clock_text(step.now),
                _heading(run, step),
                tuple(lines),
                is_failed=bool(step.facts.get("failure")),
                can_return=step is not steps[-1],
            )
        )
        before = step
    return told[::-1]


def _heading(run: DryRun, step: Step) -> str:
    facts = step.facts
    name = name_of(run, facts.get("element_id") or "")
    match step.kind:
        case "started":
            return _("Bắt đầu quy trình")
        case "completed":
            return _("%(who)s gửi: %(name)s", who=facts["actor"], name=name)
        case "sent":
            return _("Tin “%(sent)s” đến bước %(name)s", sent=facts["name"], name=name)
        case "retried":
            return _("Chạy lại bước hỏng: %(name)s", name=name)
        case "jumped":
            start = datetime.fromisoformat(facts["from"])
            return _("Thời gian trôi từ %(start)s", start=clock_text(start))
        case _:
            return _("Mở bản chạy thử")


def _lines_of_events(
    run: DryRun, step: Step, events: Sequence[HistoryEvent], done: Sequence[Task]
) -> list[str]:
    """The lines of the log as a real instance has them, but for the one that the heading says."""
    said = {
        "started": "started",
        "completed": "task_completed",
        "sent": "message_received",
        "retried": "retried",
    }.get(step.kind)
    told = list(events)
    first = next((event for event in told if event.kind == said), None)
    if first is not None:
        told.remove(first)
    return [
        line.text if line.text[:1].isupper() else f"{line.actor} {line.text}"
        for event in told
        for line in route_log.tell([event], done, diagram_with(run, event.element_id or ""), run.now)
    ]


def _lines_of_calls(run: DryRun, facts: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for called in facts.get("called", ()):
        name = name_of(run, called["element_id"])
        if called["fails"] or called["error_code"]:
            lines.append(_("Bước hệ thống “%(name)s” bị cho là hỏng", name=name))
            continue
        values = ", ".join(f"{key} = {value}" for key, value in called["values"].items())
        sentence = _("Bước hệ thống “%(name)s”: không gọi thật, kết quả giả: %(values)s")
        lines.append(sentence % {"name": name, "values": values or _("không có")})
    return lines


def who_may(run: DryRun, task: Task) -> str:
    """Say to whom a task is offered: a person, or roles with their units."""
    if task.assignee is not None:
        return task.assignee.full_name
    names: list[str] = []
    for group in task.candidates:
        role = run.roles.get(group.role)
        name = pick(role.name_vi, role.name_en) if role else group.role
        names.append(f"{name}, {group.unit_code}" if group.unit_code else name)
    return "; ".join(sorted(names))
