"""What a task of a directive does by itself: given, planned, called for, finished, taken back."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from engine import instances
from engine.calendar import Calendar, load_calendar
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards.calls import directive_task_of
from processes.awards.models import (
    DirectiveTask,
    DirectiveTaskState,
    ExtensionState,
    ReportState,
)
from processes.awards.registry import action
from processes.directive_task import telling
from processes.directive_task.report_days import next_report_day, opening_day

MESSAGE_LIFETIME: Final = timedelta(days=1)
"""Whoever waits does so already: after a day nobody is there who would want the message."""


@action("directive_task.open")
def open_task(call: ActionCall) -> ActionResult:
    """Tell the lead unit and its partners what they are to do, and plan the first report."""
    task = directive_task_of(call)
    plan_next_report(task, today=local_day(call.now), calendar=load_calendar(call.session))
    telling.tell_given(call, task)
    return days_of(task, today=local_day(call.now), calendar=load_calendar(call.session))


@action("directive_task.plan_report")
def plan_report(call: ActionCall) -> ActionResult:
    """Plan the report after the one just accepted."""
    task = directive_task_of(call)
    today, calendar = local_day(call.now), load_calendar(call.session)
    plan_next_report(task, today=today, calendar=calendar)
    return days_of(task, today=today, calendar=calendar)


@action("directive_task.call_for_report")
def call_for_report(call: ActionCall) -> ActionResult:
    """Tell the partners that a report is near; the lead unit gets the task itself."""
    task = directive_task_of(call)
    telling.tell_report_near(call, task)
    return None


@action("directive_task.finish")
def finish(call: ActionCall) -> ActionResult:
    """Note that the task is done, and tell the directive."""
    task = directive_task_of(call)
    if task.state is DirectiveTaskState.OPEN:
        task.state, task.done_at = DirectiveTaskState.DONE, call.now
    task.next_report_on = None
    settle_wishes(task, "Nhiệm vụ đã hoàn thành.")
    tell_directive(call, task)
    return None


@action("directive_task.tell_cancellation")
def tell_cancellation(call: ActionCall) -> ActionResult:
    """Tell the units that the task was taken back and why, and tell the directive."""
    task = directive_task_of(call)
    settle_wishes(task, "Nhiệm vụ đã được thôi giao.")
    telling.tell_cancelled(call, task)
    tell_directive(call, task)
    return None


def plan_next_report(task: DirectiveTask, *, today: date, calendar: Calendar) -> None:
    """Set the next report day: the first after the last accepted report that is not past already."""
    task.next_report_on = next_report_day(
        starts_on=task.starts_on,
        due_on=task.due_on,
        rhythm=task.rhythm,
        after=max(_last_accepted(task), today - timedelta(days=1)),
        calendar=calendar,
    )


def days_of(task: DirectiveTask, *, today: date, calendar: Calendar) -> dict[str, date]:
    """Return what the diagram waits by: when the next report is due, and when it may be written."""
    if task.next_report_on is None:
        raise ValueError(f"task {task.id} of a directive awaits no report")
    return {
        "report_due_on": task.next_report_on,
        "report_opens_on": opening_day(task.next_report_on, today=today, calendar=calendar),
    }


def settle_wishes(task: DirectiveTask, answer: str) -> None:
    """Answer the wishes for more time that nobody has decided: there is nothing left to extend."""
    for wish in task.extensions:
        if wish.state is ExtensionState.ASKED:
            wish.state, wish.answer = ExtensionState.REFUSED, answer


def tell_directive(call: ActionCall, task: DirectiveTask) -> None:
    """Wake the directive, if it still follows its tasks, so that it counts what is left."""
    if task.directive.closed_at is None:
        instances.throw_message(
            call.session,
            "directive_task_finished",
            str(task.directive_id),
            {"task_id": Decimal(task.id)},
            now=call.now,
            thrown_by=call.instance,
            lifetime=MESSAGE_LIFETIME,
        )


def _last_accepted(task: DirectiveTask) -> date:
    accepted = [one.period_ends_on for one in task.reports if one.state is ReportState.ACCEPTED]
    return max(accepted, default=task.starts_on)
