"""Tells of a task whose due day has passed: once for each due day it has had."""

from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards.calls import directive_task_of
from processes.awards.models import DirectiveTaskState
from processes.awards.registry import action
from processes.directive_task import telling


@action("directive_task.escalate")
def escalate(call: ActionCall) -> ActionResult:
    """Tell those above, unless the task has ended or has more time by now; a mail goes out once per day."""
    task = directive_task_of(call)
    if task.state is DirectiveTaskState.OPEN and task.due_on < local_day(call.now):
        telling.tell_late(call, task)
        task.escalated_at = call.now
    return None
