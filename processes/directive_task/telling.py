"""The mails about a task of a directive, each in the receiver's language, each once per cause."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from engine import outbox, people
from engine.mail import Notice
from engine.models import Person, Unit
from engine.people import local_day
from engine.setup import ActionCall
from processes.awards.directive_words import RHYTHM_NAMES
from processes.awards.models import DirectiveTask, ExtensionState, TaskExtension

UNIT_ROLES = ("unit_head", "unit_officer")
OVERSEERS = ("agency_head", "city_office")
"""Who hears of a task that passed its due day, beside the head of the unit."""


@dataclass(frozen=True)
class _Words:
    """A subject and paragraphs in both languages; the number of the directive and the task go before."""

    subject_vi: str
    subject_en: str
    lines_vi: tuple[str, ...]
    lines_en: tuple[str, ...]


def tell_given(call: ActionCall, task: DirectiveTask) -> None:
    """Tell lead unit and partners that the task is theirs."""
    lead, lead_en = task.lead_unit.name, task.lead_unit.name_en or task.lead_unit.name
    rhythm_vi, rhythm_en = RHYTHM_NAMES[task.rhythm]
    _tell(
        call,
        task,
        _people_of(call, [task.lead_unit, *_partners(task)]),
        _Words(
            "Giao nhiệm vụ",
            "A task was given",
            (
                (
                    f"Đơn vị chủ trì: {lead}. Thời hạn: {_day(task.due_on)}. Báo cáo: {rhythm_vi}, kỳ đầu "
                    f"{_day(task.next_report_on)}."
                ),
            ),
            (
                (
                    f"Lead unit: {lead_en}. Due: {_day(task.due_on)}. Reports: {rhythm_en}, the first on "
                    f"{_day(task.next_report_on)}."
                ),
            ),
        ),
        cause="given",
    )


def tell_report_near(call: ActionCall, task: DirectiveTask) -> None:
    """Ask the partners to send what they contribute to the lead unit in time."""
    lead, lead_en = task.lead_unit.name, task.lead_unit.name_en or task.lead_unit.name
    day = _day(task.next_report_on)
    _tell(
        call,
        task,
        _people_of(call, _partners(task)),
        _Words(
            "Sắp đến kỳ báo cáo",
            "A report is near",
            (f"{lead} báo cáo ngày {day}. Đề nghị gửi kết quả phần phối hợp cho {lead} trước ngày này.",),
            (f"{lead_en} reports on {day}. Please send {lead_en} what your unit has done before that day.",),
        ),
        cause=f"near:{task.next_report_on}",
    )


def tell_sent_back(call: ActionCall, task: DirectiveTask, *, report_id: int, reason: str, by: date) -> None:
    """Tell the lead unit that the agency did not accept its report."""
    _tell(
        call,
        task,
        _people_of(call, [task.lead_unit]),
        _Words(
            "Báo cáo bị trả lại",
            "A report was sent back",
            (f"Lý do: {reason}", f"Báo cáo lại trước ngày {_day(by)}."),
            (f"Reason: {reason}", f"Report again by {_day(by)}."),
        ),
        cause=f"sent_back:{report_id}",
    )


def tell_extension(call: ActionCall, task: DirectiveTask, extension: TaskExtension) -> None:
    """Tell lead unit and partners what became of the wish for more time."""
    if extension.state is ExtensionState.GRANTED:
        words = _Words(
            "Đã cho gia hạn",
            "More time was granted",
            (f"Thời hạn mới: {_day(extension.granted_on)}.", extension.answer),
            (f"The new due day: {_day(extension.granted_on)}.", extension.answer),
        )
    else:
        words = _Words(
            "Không cho gia hạn",
            "More time was refused",
            (f"Thời hạn vẫn là {_day(task.due_on)}.", f"Lý do: {extension.answer}"),
            (f"The due day stays {_day(task.due_on)}.", f"Reason: {extension.answer}"),
        )
    units = [task.lead_unit, *_partners(task)]
    _tell(call, task, _people_of(call, units), words, cause=f"extension:{extension.id}")


def tell_late(call: ActionCall, task: DirectiveTask) -> None:
    """Tell the unit's head, the head of the agency and the city office that the due day has passed."""
    on = local_day(call.now)
    overseers = [person for role in OVERSEERS for person in people.people_holding(call.session, role, on=on)]
    heads = people.people_holding(call.session, "unit_head", task.lead_unit.code, on=on)
    lead, lead_en = task.lead_unit.name, task.lead_unit.name_en or task.lead_unit.name
    _tell(
        call,
        task,
        [*heads, *overseers],
        _Words(
            "Quá hạn nhiệm vụ",
            "A task is late",
            (
                (
                    f"{lead} chưa hoàn thành nhiệm vụ đến hạn {_day(task.due_on)}; tiến độ đã xác minh: "
                    f"{task.progress_percent}%."
                ),
            ),
            (
                (
                    f"{lead_en} has not finished the task that was due on {_day(task.due_on)}; verified "
                    f"progress: {task.progress_percent}%."
                ),
            ),
        ),
        cause=f"late:{task.due_on}",
    )


def tell_cancelled(call: ActionCall, task: DirectiveTask) -> None:
    """Tell lead unit and partners that the task was taken back."""
    _tell(
        call,
        task,
        _people_of(call, [task.lead_unit, *_partners(task)]),
        _Words(
            "Thôi giao nhiệm vụ",
            "A task was taken back",
            (f"Lý do: {task.cancel_reason}",),
            (f"Reason: {task.cancel_reason}",),
        ),
        cause="cancelled",
    )


def _tell(
    call: ActionCall, task: DirectiveTask, receivers: Iterable[Person], words: _Words, *, cause: str
) -> None:
    number = task.directive.number
    outbox.notify(
        call.session,
        kind="notice",
        recipients=list(dict.fromkeys(receivers)),
        facts=Notice(
            subject_vi=f"{words.subject_vi} ({number}): {task.name}"[:200],
            subject_en=f"{words.subject_en} ({number}): {task.name_en or task.name}"[:200],
            lines_vi=(f"Chỉ thị {number}: {task.name}.", *filter(None, words.lines_vi)),
            lines_en=(f"Directive {number}: {task.name_en or task.name}.", *filter(None, words.lines_en)),
            path=f"/directives/tasks/{task.id}",
        ),
        dedupe=f"{cause}:directive_task:{task.id}",
        now=call.now,
        instance_id=call.instance.id,
    )


def _people_of(call: ActionCall, units: Iterable[Unit]) -> list[Person]:
    on = local_day(call.now)
    return [
        person
        for unit in units
        for role in UNIT_ROLES
        for person in people.people_holding(call.session, role, unit.code, on=on)
    ]


def _partners(task: DirectiveTask) -> list[Unit]:
    return [partner.unit for partner in task.partners]


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
