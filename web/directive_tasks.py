"""One task of a directive: its reports with figures and evidence, what comes next, more time, its end."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import calendar, clock, instances
from engine import permissions as engine_permissions
from engine.errors import NotAllowedError, NotFoundError
from engine.models import Task, TaskState
from engine.people import Authority
from processes.awards import directive_page, directives, permissions
from processes.awards.errors import AnswerError
from processes.awards.models.directives import DirectiveState, DirectiveTask, DirectiveTaskState
from processes.directive_task import cancelling, extending
from processes.directive_task.report_days import report_days
from web import directive_charts, formats
from web.directives import WORDS, send_upload, today
from web.i18n import gettext as _
from web.i18n import language, pick
from web.transaction import current_authority, current_person, deliver_messages, reading, transaction

pages = Blueprint("directive_tasks", __name__)

COMING = 4
"""How many of the report days ahead the page names."""


@pages.get("/directives/tasks/<int:task_id>")
def show(task_id: int) -> ResponseReturnValue:
    """Show a task of a directive."""
    with reading() as session:
        return _render(session, _get(session, task_id))


@pages.post("/directives/tasks/<int:task_id>/extension")
def ask_extension(task_id: int) -> ResponseReturnValue:
    """Ask for more time on behalf of the lead unit."""
    try:
        with transaction() as session:
            task = _get(session, task_id)
            if not directives.can_ask_extension(current_authority(session), task):
                raise NotAllowedError(
                    f"more time for task {task_id} of a directive is not this person's to ask"
                )
            wished_on, why = _day(request.form.get("wished_on", ""))
            if why:
                return _render(session, task, wrong={"wished_on": why}), 422
            extending.ask_extension(
                session,
                task,
                actor=current_person(session),
                wished_on=wished_on,
                reason=request.form.get("reason", ""),
                now=clock.now(),
            )
    except AnswerError as error:
        field = "wished_on" if request.form.get("reason", "").strip() else "reason"
        return _refuse(task_id, {field: pick(error.vi, error.en)})
    deliver_messages()
    flash(_("Đã gửi đề nghị gia hạn. Trưởng ban trả lời; thư báo kết quả."), "ok")
    return redirect(url_for("directive_tasks.show", task_id=task_id, _anchor="gia-han"))


@pages.post("/directives/tasks/<int:task_id>/cancel")
def cancel(task_id: int) -> ResponseReturnValue:
    """Take a task back, with a reason."""
    try:
        with transaction() as session:
            cancelling.cancel_task(
                session,
                _get(session, task_id),
                actor=current_person(session),
                reason=request.form.get("cancel_reason", ""),
                now=clock.now(),
            )
    except AnswerError as error:
        return _refuse(task_id, {"cancel_reason": pick(error.vi, error.en)})
    deliver_messages()
    flash(_("Đã thôi giao nhiệm vụ. Các đơn vị được báo bằng thư."), "ok")
    return redirect(url_for("directive_tasks.show", task_id=task_id))


@pages.get("/directives/tasks/<int:task_id>/evidence/<int:upload_id>")
def evidence(task_id: int, upload_id: int) -> ResponseReturnValue:
    """Send a file that proves a report, to whoever may read the task."""
    with reading() as session:
        task = _get(session, task_id)
        proofs = {one.upload_id: one.upload for report in task.reports for one in report.evidence}
        if upload_id not in proofs:
            raise NotFoundError(f"task {task_id} of a directive has no evidence {upload_id}")
        return send_upload(session, proofs[upload_id])


@pages.post("/directives/<int:directive_id>/reports")
def begin_report(directive_id: int) -> ResponseReturnValue:
    """Begin a regular report and open its draft."""
    with transaction() as session:
        authority, person = current_authority(session), current_person(session)
        directive = directives.get_directive(session, directive_id, reader=authority)
        if not directives.can_enter(authority):
            raise NotAllowedError(f"person {person.id} begins no report on a directive")
        if directive.state not in {DirectiveState.IN_FORCE, DirectiveState.CLOSED}:
            raise NotAllowedError(f"directive {directive_id} is not sent yet")
        instance = instances.start(
            session,
            "directive_report",
            variables={"directive_id": directive.id},
            title=directive.number,
            actor=person,
            now=clock.now(),
        )
        waiting = _open_tasks(session, instance.id)
        first = next((one for one in waiting if engine_permissions.can_complete(authority, one)), None)
    if first is not None:
        return redirect(url_for("tasks.show", task_id=first.id))
    flash(_("Đã lập dự thảo báo cáo; việc soạn thuộc chuyên viên thẩm định."), "ok")
    return redirect(url_for("directives.show", directive_id=directive_id, tab="reports"))


def _get(session: Session, task_id: int) -> DirectiveTask:
    return directives.get_task(session, task_id, reader=current_authority(session))


def _refuse(task_id: int, wrong: dict[str, str]) -> ResponseReturnValue:
    with reading() as session:
        return _render(session, _get(session, task_id), wrong=wrong), 422


def _render(session: Session, task: DirectiveTask, *, wrong: dict[str, str] | None = None) -> str:
    authority, days = current_authority(session), calendar.load_calendar(session)
    row = directive_page.describe_task(task, today=today(), days=days, language=language())
    waiting = _open_tasks(session, task.instance_id)
    return render_template(
        "directives/task.html",
        task=task,
        row=row,
        reports=list(reversed(task.reports)),
        charts=directive_charts.of_targets(directive_page.target_rows([row])),
        waiting=waiting,
        own=next((one for one in waiting if engine_permissions.can_complete(authority, one)), None),
        coming=_coming(task, days),
        may_ask=directives.can_ask_extension(authority, task) and extending.pending_of(task) is None,
        may_cancel=cancelling.can_cancel(authority, task),
        may_see_run=permissions.sees_everything(authority),
        is_lead=_is_of(authority, task),
        wrong=wrong or {},
        aim_of=directive_charts.aim_of,
        amount=directive_charts.amount,
        menu_area="directives",
        **WORDS,
    )


def _coming(task: DirectiveTask, days: calendar.Calendar) -> list[date]:
    """Return the report days ahead, the one that is awaited first."""
    if task.state is not DirectiveTaskState.OPEN or task.next_report_on is None:
        return []
    later = report_days(task.starts_on, task.due_on, task.rhythm, days)
    return [task.next_report_on, *(day for day in later if day > task.next_report_on)][:COMING]


def _open_tasks(session: Session, instance_id: int | None) -> list[Task]:
    waiting = select(Task).where(Task.instance_id == instance_id, Task.state == TaskState.OPEN)
    return list(session.scalars(waiting.order_by(Task.id)))


def _is_of(authority: Authority, task: DirectiveTask) -> bool:
    return task.lead_unit.code in directives.units_of(authority)


def _day(text: str) -> tuple[date | None, str]:
    """Read a day that was typed, or say what is wrong with it."""
    try:
        return formats.read_day(text), ""
    except ValueError:
        return None, _("Chưa phải ngày. Viết ngày/tháng/năm, ví dụ: 24/11/2026.")
