"""Records a report on a task: written by the officer, signed by the head, verified by the agency."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from engine.calendar import load_calendar
from engine.feel import Value
from engine.models import Upload
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards.answers import day_of, flag_of, rows_of, text_of, whole_of, wholes_of
from processes.awards.calls import actor_of, directive_task_of
from processes.awards.errors import AnswerError
from processes.awards.models import (
    DirectiveTarget,
    DirectiveTask,
    ReportedFigure,
    ReportEvidence,
    ReportState,
    TaskReport,
)
from processes.awards.registry import action
from processes.directive_task import telling

WHOLE: Final = 100
CORRECTION_DAYS: Final = 3
"""So many working days a unit has at least for a report that was sent back."""
HIGHEST_FIGURE: Final = Decimal(10) ** 15


@action("directive_task.record_report")
def record_report(call: ActionCall) -> ActionResult:
    """Write a report with its figures and evidence. One that was sent back stays; this is another."""
    task = directive_task_of(call)
    report = TaskReport(
        period_ends_on=task.next_report_on or task.due_on,
        progress_percent=_progress(call),
        is_final=flag_of(call.variables, "is_final"),
        text=_text(call),
        difficulties=text_of(call.variables, "difficulties"),
        lower_because=_lower_because(call, task),
        written_by_id=actor_of(call).id,
        written_at=call.now,
    )
    report.figures = list(_figures(call.variables, task))
    report.evidence = [ReportEvidence(upload_id=one.id) for one in _evidence(call)]
    _check_final(task, report)
    task.reports.append(report)
    call.session.flush()
    return {"report_id": Decimal(report.id)}


@action("directive_task.record_signature")
def record_signature(call: ActionCall) -> ActionResult:
    """Write whether the head of the unit sends the report to the agency, or back to his officer."""
    report = report_of(call)
    if text_of(call.variables, "signature_outcome") == "sign":
        report.state, report.submitted_at = ReportState.SUBMITTED, call.now
        return {"signature_outcome": "sign", "report_due_on": _due_on(call)}
    _send_back(call, report)
    return {"signature_outcome": "send_back", "report_due_on": _corrected_by(call)}


@action("directive_task.record_verification")
def record_verification(call: ActionCall) -> ActionResult:
    """Write whether the agency accepts the report; its progress then counts."""
    task, report = directive_task_of(call), report_of(call)
    if text_of(call.variables, "verification_outcome") != "accept":
        by = _corrected_by(call)
        _send_back(call, report)
        telling.tell_sent_back(call, task, report_id=report.id, reason=report.judgement, by=by)
        return {"verification_outcome": "send_back", "is_task_done": False, "report_due_on": by}
    report.state = ReportState.ACCEPTED
    report.judgement = text_of(call.variables, "reason")
    report.judged_by, report.judged_at = actor_of(call), call.now
    task.progress_percent = report.progress_percent
    return {
        "verification_outcome": "accept",
        "is_task_done": report.is_final,
        "report_due_on": _due_on(call),
    }


def report_of(call: ActionCall) -> TaskReport:
    """Return the report that is signed or verified: the last one of the task."""
    return directive_task_of(call).reports[-1]


def _send_back(call: ActionCall, report: TaskReport) -> None:
    reason = text_of(call.variables, "reason")
    if not reason:
        raise AnswerError("Ghi lý do trả lại.", "Give the reason for sending it back.")
    report.state, report.judgement = ReportState.SENT_BACK, reason
    report.judged_by, report.judged_at = actor_of(call), call.now


def _due_on(call: ActionCall) -> date:
    return day_of(call.variables, "report_due_on") or local_day(call.now)


def _corrected_by(call: ActionCall) -> date:
    """Return until when the report is to be written again: its own day, or some days from now."""
    soonest = load_calendar(call.session).add_working_days(local_day(call.now), CORRECTION_DAYS)
    return max(_due_on(call), soonest)


def _progress(call: ActionCall) -> int:
    percent = whole_of(call.variables, "progress_percent")
    if percent is None or not 0 <= percent <= WHOLE:
        raise AnswerError("Ghi tiến độ từ 0 đến 100 %.", "Give the progress from 0 to 100 %.")
    return percent


def _lower_because(call: ActionCall, task: DirectiveTask) -> str:
    """Return why progress fell; empty where it did not."""
    if (whole_of(call.variables, "progress_percent") or 0) >= task.progress_percent:
        return ""
    reason = text_of(call.variables, "lower_because")
    if not reason:
        raise AnswerError(
            f"Tiến độ thấp hơn kỳ trước ({task.progress_percent} %): ghi lý do.",
            f"The progress is lower than before ({task.progress_percent} %): say why.",
        )
    return reason


def _text(call: ActionCall) -> str:
    text = text_of(call.variables, "report_text")
    if not text:
        raise AnswerError("Ghi kết quả thực hiện.", "Say what was done.")
    return text


def _figures(values: Mapping[str, Value], task: DirectiveTask) -> list[ReportedFigure]:
    """Return the figures given; a target without one has none in this report."""
    targets = {target.id: target for target in task.targets}
    found: dict[int, ReportedFigure] = {}
    for row in rows_of(values, "figures"):
        target = targets.get(whole_of(row, "target_id") or 0)
        if target is not None and (value := _value(row, target)) is not None:
            found[target.id] = ReportedFigure(target_id=target.id, value=value)
    return list(found.values())


def _value(row: Mapping[str, Value], target: DirectiveTarget) -> Decimal | None:
    value = row.get("value")
    if value is None or value == "":
        return None
    if not isinstance(value, Decimal) or abs(value) >= HIGHEST_FIGURE:
        raise AnswerError(
            f"{target.name}: ghi một con số ({target.measure}).",
            f"{target.name_en or target.name}: give a number ({target.measure_en or target.measure}).",
        )
    return value


def _evidence(call: ActionCall) -> list[Upload]:
    found: dict[int, Upload] = {}
    for upload_id in wholes_of(call.variables, "evidence"):
        upload = call.session.get(Upload, upload_id)
        if upload is None:
            raise AnswerError("Một tệp không còn nữa, chọn lại tệp.", "A file is gone, choose it again.")
        if upload.instance_id is None:
            upload.instance_id = call.instance.id
        found[upload.id] = upload
    return list(found.values())


def _check_final(task: DirectiveTask, report: TaskReport) -> None:
    """Refuse a task called done that is not: less than the whole, figures or evidence missing."""
    if not report.is_final:
        return
    if report.progress_percent != WHOLE:
        raise AnswerError(
            "Báo cáo hoàn thành thì tiến độ là 100 %.", "A task that is done has a progress of 100 %."
        )
    given = {figure.target_id for figure in report.figures}
    missing = [target for target in task.targets if target.id not in given]
    if missing:
        raise AnswerError(
            f"Báo cáo hoàn thành cần số liệu của mọi chỉ tiêu; còn thiếu: {_names(missing)}.",
            f"A task that is done has a figure for each target; missing: {_names(missing, english=True)}.",
        )
    if not report.evidence:
        raise AnswerError(
            "Báo cáo hoàn thành cần tệp minh chứng.", "A task that is done has a file as evidence."
        )


def _names(targets: list[DirectiveTarget], *, english: bool = False) -> str:
    return ", ".join((target.name_en if english else "") or target.name for target in targets)
