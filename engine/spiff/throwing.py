"""Who catches an error, escalation or signal: the nearest that encloses it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import Boundary, Catch, EventStart
from engine.spiff.nodes import Split
from engine.spiff.workflow import Thrown

if TYPE_CHECKING:
    from engine.spiff.workflow import InstanceWorkflow


def find_catcher(thrown: Thrown) -> Task | None:
    """Return the nearest wait that catches an error or escalation: on an activity's edge or in its scope."""
    task: Task | None = thrown.source
    while task is not None:
        fitting = [wait for wait in _waits_around(task) if _fits(wait, thrown)]
        if fitting:
            return max(fitting, key=lambda wait: bool(wait.task_spec.event.code))
        parent = task.parent
        if parent is not None and parent.task_spec.holds(task.task_spec):
            task = parent
            continue
        fitting = [wait for wait in _waits_in_scope(task) if _fits(wait, thrown)]
        if fitting:
            return max(fitting, key=lambda wait: bool(wait.task_spec.event.code))
        task = task.workflow.parent_task
    return None


def signal_catchers(workflow: "InstanceWorkflow", name: str) -> list[Task]:
    """Return all waits for a signal in the instance."""
    return [
        task
        for scope in workflow.scopes()
        for task in scope.tasks.values()
        if is_waiting(task, "signal") and task.internal_data["wait"]["name"] == name
    ]


def is_waiting(task: Task, kind: str) -> bool:
    """Whether the token waits for an event of this kind."""
    node = task.task_spec
    return task.state == TaskState.WAITING and isinstance(node, Catch) and node.event.kind == kind


def _waits_around(task: Task) -> Iterator[Task]:
    split = task.parent
    if split is not None and isinstance(split.task_spec, Split) and split.task_spec.main is task.task_spec:
        yield from (child for child in split.children if isinstance(child.task_spec, Boundary))


def _waits_in_scope(task: Task) -> Iterator[Task]:
    """Return the waits for event sub-processes around ``task``; a handler does not catch what it throws."""
    for other in task.workflow.tasks.values():
        if isinstance(other.task_spec, EventStart) and other.task_spec.handler is not task.task_spec:
            yield other


def _fits(wait: Task, thrown: Thrown) -> bool:
    return is_waiting(wait, thrown.kind) and wait.task_spec.event.code in {"", thrown.code}
