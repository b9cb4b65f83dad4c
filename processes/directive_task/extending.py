"""More time for a task: asked by the unit at any time, granted or refused by the head of the agency."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import instances, people, reminders
from engine.calendar import at_end_of_day, load_calendar
from engine.errors import NotAllowedError
from engine.models import Person, Task, TaskState
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from engine.text import nfc
from processes.awards import directives
from processes.awards.answers import day_of, text_of, whole_of
from processes.awards.calls import actor_of, directive_task_of
from processes.awards.errors import AnswerError
from processes.awards.models import DirectiveTask, ExtensionState, TaskExtension
from processes.awards.registry import action
from processes.directive_task import telling
from processes.directive_task.following import MESSAGE_LIFETIME, days_of, plan_next_report
from processes.directive_task.report_days import report_days

LONGEST: Final = timedelta(days=366)
"""How far an extension may lead beyond the due day."""
LONGEST_REASON: Final = 2000


def pending_of(task: DirectiveTask) -> TaskExtension | None:
    """Return the wish that nobody has answered yet."""
    return next((one for one in task.extensions if one.state is ExtensionState.ASKED), None)


def ask_extension(  # noqa: PLR0913  # who wishes what, until when and why
    session: Session,
    task: DirectiveTask,
    *,
    actor: Person,
    wished_on: date | None,
    reason: str,
    now: datetime,
) -> TaskExtension:
    """Put the unit's wish before the head of the agency. Flushes; the message is delivered after the commit.

    Raises:
        NotAllowedError: the actor is not of the lead unit, or the task is not followed any more.
        AnswerError: a wish waits already, the day or the reason will not do.

    """
    today = local_day(now)
    if pending_of(task) is not None:
        raise AnswerError(
            "Đề nghị gia hạn trước đang chờ quyết định.", "An earlier wish for more time is being decided."
        )
    if not directives.can_ask_extension(people.authority_of(session, actor, on=today), task):
        raise NotAllowedError(
            f"person {actor.id} may not ask for more time for task {task.id} of a directive"
        )
    text = nfc(reason).strip()
    _check_wish(task, wished_on, text, today=today)
    wish = TaskExtension(
        asked_by=actor, asked_at=now, due_on_before=task.due_on, wished_on=wished_on, reason=text
    )
    task.extensions.append(wish)
    session.flush()
    instances.throw_message(
        session,
        "directive_extension_asked",
        str(task.id),
        {"extension_id": Decimal(wish.id)},
        now=now,
        lifetime=MESSAGE_LIFETIME,
    )
    return wish


@action("directive_task.record_extension")
def record_extension(call: ActionCall) -> ActionResult:
    """Grant more time until a day or refuse it with a reason; due day, report days and reminders follow."""
    task = directive_task_of(call)
    wish = call.session.get_one(TaskExtension, whole_of(call.variables, "extension_id") or 0)
    answer = text_of(call.variables, "answer")
    if text_of(call.variables, "extension_outcome") == "grant":
        granted_on = _granted_on(call, task)
        wish.granted_on, wish.state = granted_on, ExtensionState.GRANTED
        _move(call, task, granted_on)
    elif answer:
        wish.state = ExtensionState.REFUSED
    else:
        raise AnswerError("Ghi lý do không cho gia hạn.", "Say why it is refused.")
    wish.answer, wish.decided_by, wish.decided_at = answer, actor_of(call), call.now
    telling.tell_extension(call, task, wish)
    waits = (
        days_of(task, today=local_day(call.now), calendar=load_calendar(call.session))
        if wish.granted_on
        else {name: day_of(call.variables, name) for name in ("report_due_on", "report_opens_on")}
    )
    outcome = "grant" if wish.granted_on else "refuse"
    return {"extension_outcome": outcome, "due_on": task.due_on, **waits}


def _check_wish(task: DirectiveTask, wished_on: date | None, reason: str, *, today: date) -> None:
    if wished_on is None or not max(task.due_on, today) < wished_on <= task.due_on + LONGEST:
        raise AnswerError(
            f"Chọn ngày sau thời hạn {task.due_on:%d/%m/%Y} và sau hôm nay, không quá một năm.",
            f"Choose a day after the due day, {task.due_on:%d/%m/%Y}, and after today, within a year.",
        )
    if not reason or len(reason) > LONGEST_REASON:
        raise AnswerError(
            "Ghi lý do xin gia hạn, tối đa 2.000 ký tự.", "Give the reason, in at most 2,000 characters."
        )


def _granted_on(call: ActionCall, task: DirectiveTask) -> date:
    day = day_of(call.variables, "granted_on")
    if day is None or not max(task.due_on, local_day(call.now)) < day <= task.due_on + LONGEST:
        raise AnswerError(
            f"Chọn thời hạn mới sau {task.due_on:%d/%m/%Y} và sau hôm nay, không quá một năm.",
            f"Choose a new day after {task.due_on:%d/%m/%Y} and after today, within a year.",
        )
    return day


def _move(call: ActionCall, task: DirectiveTask, due_on: date) -> None:
    """Give the task its new day; a report awaited for a day that is no report day any more moves along."""
    calendar = load_calendar(call.session)
    task.due_on = due_on
    days = report_days(task.starts_on, due_on, task.rhythm, calendar)
    if task.next_report_on not in days:
        plan_next_report(task, today=local_day(call.now), calendar=calendar)
        _move_open_report(call, task)


def _move_open_report(call: ActionCall, task: DirectiveTask) -> None:
    """Move the deadline of a report that is being written, and its reminders."""
    if task.next_report_on is None:
        return
    being_written = select(Task).where(
        Task.instance_id == call.instance.id,
        Task.element_id == "report_progress",
        Task.state == TaskState.OPEN,
    )
    for one in call.session.scalars(being_written):
        one.due_at = at_end_of_day(task.next_report_on)
        call.session.flush()
        reminders.plan_for(call.session, one, call.now)
