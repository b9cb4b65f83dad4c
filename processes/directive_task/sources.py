"""What the forms of a task begin with: the task, its targets, the last reports, the wish for more time."""

from datetime import date
from decimal import Decimal

from engine.feel import Value
from engine.people import local_day
from engine.setup import FormCall
from processes.awards.answers import context_of, whole_of
from processes.awards.calls import directive_task_of
from processes.awards.directive_words import REPORT_STATE_NAMES
from processes.awards.models import (
    DirectiveTarget,
    DirectiveTask,
    ReportedFigure,
    ReportState,
    TaskExtension,
    TaskReport,
)
from processes.awards.registry import form_source
from processes.awards.stages import word
from processes.directive_task.figures import (
    is_reached,
    name_of,
    plain_number,
    target_text,
    value_text,
)


@form_source("directive_task.report")
def report_values(call: FormCall) -> dict[str, Value]:
    """Give the task and a row per target with the figure before; a report sent back is given again."""
    task = directive_task_of(call)
    returned = _returned(task)
    return context_of(
        _about(task)
        | {
            "period": _day(task.next_report_on),
            "progress_before": task.progress_percent,
            "figures": [_figure_row(call, task, target, returned) for target in task.targets],
            "returned": returned.judgement if returned else "",
            **(_given_again(returned) if returned else {}),
        }
    )


@form_source("directive_task.signing")
def signing_values(call: FormCall) -> dict[str, Value]:
    """Give the report as its head signs it."""
    task = directive_task_of(call)
    return context_of(_about(task) | _reading(call, task.reports[-1]))


@form_source("directive_task.verifying")
def verifying_values(call: FormCall) -> dict[str, Value]:
    """Give the report as the agency verifies it, with what was said of the task before."""
    task = directive_task_of(call)
    earlier = [_history_line(call, one) for one in task.reports[:-1]]
    return context_of(_about(task) | _reading(call, task.reports[-1]) | {"earlier_table": earlier})


@form_source("directive_task.extension")
def extension_values(call: FormCall) -> dict[str, Value]:
    """Give the wish for more time."""
    task = directive_task_of(call)
    wish = call.session.get_one(TaskExtension, whole_of(call.variables, "extension_id") or 0)
    granted = sum(one.granted_on is not None for one in task.extensions)
    return context_of(
        _about(task)
        | {
            "asked_by": wish.asked_by.full_name,
            "asked_on": _day(local_day(wish.asked_at)),
            "wished_on_text": _day(wish.wished_on),
            "reason_text": wish.reason,
            "granted_before": granted,
            "granted_on": wish.wished_on,
        }
    )


def is_english(call: FormCall) -> bool:
    """Whether who opens the form reads English."""
    return call.reader.language == "en"


def _about(task: DirectiveTask) -> dict[str, object]:
    return {
        "directive_number": task.directive.number,
        "task_name": task.name,
        "task_name_en": task.name_en or task.name,
        "unit_name": task.lead_unit.name,
        "unit_name_en": task.lead_unit.name_en or task.lead_unit.name,
        "partner_names": ", ".join(one.unit.name for one in task.partners),
        "due_on_text": _day(task.due_on),
        "progress_text": f"{task.progress_percent}%",
        "has_targets": bool(task.targets),
    }


def _figure_row(
    call: FormCall, task: DirectiveTask, target: DirectiveTarget, returned: TaskReport | None
) -> dict[str, object]:
    english = is_english(call)
    before = _last_value(task, target)
    again = [one.value for one in (returned.figures if returned else []) if one.target_id == target.id]
    return {
        "target_id": target.id,
        "target_name": name_of(target, english=english),
        "target_value": target_text(target, english=english),
        "value_before": value_text(target, before, english=english) if before is not None else "",
        "value": plain_number(again[0]) if again else None,
    }


def _last_value(task: DirectiveTask, target: DirectiveTarget) -> Decimal | None:
    accepted = [one for one in task.reports if one.state is ReportState.ACCEPTED]
    values = [
        figure.value for report in accepted for figure in report.figures if figure.target_id == target.id
    ]
    return values[-1] if values else None


def _returned(task: DirectiveTask) -> TaskReport | None:
    last = task.reports[-1] if task.reports else None
    return last if last is not None and last.state is ReportState.SENT_BACK else None


def _given_again(report: TaskReport) -> dict[str, object]:
    return {
        "progress_percent": report.progress_percent,
        "report_text": report.text,
        "difficulties": report.difficulties,
        "lower_because": report.lower_because,
        "is_final": report.is_final,
        "evidence": [one.upload_id for one in report.evidence],
    }


def _reading(call: FormCall, report: TaskReport) -> dict[str, object]:
    return {
        "period": _day(report.period_ends_on),
        "report_progress_text": f"{report.progress_percent}%",
        "report_text_read": report.text,
        "difficulties_read": report.difficulties,
        "lower_because_read": report.lower_because,
        "is_final_read": report.is_final,
        "written_by": report.written_by.full_name,
        "figure_table": [_figure_line(one, english=is_english(call)) for one in report.figures],
        "evidence_files": [one.upload_id for one in report.evidence],
    }


def _figure_line(figure: ReportedFigure, *, english: bool) -> dict[str, object]:
    target = figure.target
    words = ("Reached", "Not reached") if english else ("Đạt", "Chưa đạt")
    return {
        "target": name_of(target, english=english),
        "wanted": target_text(target, english=english),
        "reported": value_text(target, figure.value, english=english),
        "is_reached": words[0] if is_reached(target, figure.value) else words[1],
    }


def _history_line(call: FormCall, report: TaskReport) -> dict[str, object]:
    return {
        "period": _day(report.period_ends_on),
        "progress": f"{report.progress_percent}%",
        "state": word(REPORT_STATE_NAMES[report.state], call.reader.language),
        "judgement": report.judgement,
    }


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
