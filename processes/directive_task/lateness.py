"""Tells of a task whose due day has passed: once for each due day it has had."""

from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards.calls import directive_task_of
from processes.awards.models import DirectiveTask, DirectiveTaskState
from processes.awards.registry import action
from processes.directive_task import telling


@action("directive_task.escalate")
def escalate(call: ActionCall) -> ActionResult:
    """Tell those above, unless the task has ended, has more time by now, or they know already."""
    task = directive_task_of(call)
    is_late = task.state is DirectiveTaskState.OPEN and task.due_on < local_day(call.now)
    if is_late and not _is_told(task):
        telling.tell_late(call, task)
        task.escalated_at = call.now
    return None


def _is_told(task: DirectiveTask) -> bool:
    return task.escalated_at is not None and local_day(task.escalated_at) > task.due_on
