"""What a directive does by itself: open its tasks, count what is left, begin the final report, close."""

from decimal import Decimal

from sqlalchemy import func, select

from engine import instances
from engine.setup import ActionCall, ActionResult
from processes.awards.calls import directive_of
from processes.awards.models import Directive, DirectiveState, DirectiveTask, DirectiveTaskState
from processes.awards.registry import action


@action("directive.open_tasks")
def open_tasks(call: ActionCall) -> ActionResult:
    """Start one instance per task that has none yet: a step that is tried again opens nothing twice."""
    directive = directive_of(call)
    for task in directive.tasks:
        if task.instance_id is None:
            _open(call, directive, task)
    return {"open_count": _open_count(call, directive)}


@action("directive.count_open_tasks")
def count_open_tasks(call: ActionCall) -> ActionResult:
    """Count the tasks that are still followed."""
    return {"open_count": _open_count(call, directive_of(call))}


@action("directive.start_final_report")
def start_final_report(call: ActionCall) -> ActionResult:
    """Begin the final report: all tasks have ended, or the closing day has come."""
    directive = directive_of(call)
    instances.start(
        call.session,
        "directive_report",
        variables={"directive_id": directive.id, "is_final": True},
        title=directive.number,
        actor=None,
        now=call.now,
    )
    return None


@action("directive.close")
def close(call: ActionCall) -> ActionResult:
    """Close the directive. Tasks that are not done are followed on, each to its own end."""
    directive = directive_of(call)
    directive.state = DirectiveState.CLOSED
    directive.closed_at = call.now
    return None


def _open(call: ActionCall, directive: Directive, task: DirectiveTask) -> None:
    instance = instances.start(
        call.session,
        "directive_task",
        variables={
            "task_id": task.id,
            "directive_id": directive.id,
            "unit_code": task.lead_unit.code,
            "due_on": task.due_on,
        },
        business_key=f"directive_task:{task.id}",
        title=f"{directive.number} · {task.name}"[:200],
        unit=task.lead_unit,
        actor=call.actor,
        now=call.now,
    )
    task.instance_id = instance.id
    call.session.flush()


def _open_count(call: ActionCall, directive: Directive) -> Decimal:
    call.session.flush()
    is_open = (DirectiveTask.directive_id == directive.id, DirectiveTask.state == DirectiveTaskState.OPEN)
    return Decimal(call.session.scalar(select(func.count()).select_from(DirectiveTask).where(*is_open)) or 0)
