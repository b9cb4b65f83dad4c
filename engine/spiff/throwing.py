"""Who catches an error, escalation or signal: the nearest that encloses it."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import Boundary, Catch, EventStart
from engine.spiff.nodes import edge_activity
from engine.spiff.workflow import Thrown

if TYPE_CHECKING:
    from engine.spiff.workflow import InstanceWorkflow


def find_catcher(thrown: Thrown) -> Task | None:
    """Return the nearest wait that catches an error or escalation: on an activity's edge or in its scope."""
    for waits in _waits_outwards(thrown.source):
        fitting = _fitting(waits, thrown)
        if fitting is not None:
            return fitting
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


def _waits_outwards(task: Task) -> Iterator[Iterator[Task]]:
    """Return the waits around ``task``, the nearest first."""
    while True:
        yield _waits_around(task)
        parent = task.parent
        if parent is not None and parent.task_spec.holds(task.task_spec):
            task = parent
            continue
        yield _waits_in_scope(task)
        holder = task.workflow.parent_task
        if holder is None:
            return
        task = holder


def _waits_around(task: Task) -> Iterator[Task]:
    if task.parent is not None and edge_activity(task) is task:
        yield from (child for child in task.parent.children if isinstance(child.task_spec, Boundary))


def _waits_in_scope(task: Task) -> Iterator[Task]:
    """Return the waits for event sub-processes around ``task``; a handler does not catch what it throws."""
    for other in task.workflow.tasks.values():
        if isinstance(other.task_spec, EventStart) and other.task_spec.handler is not task.task_spec:
            yield other


def _fitting(waits: Iterable[Task], thrown: Thrown) -> Task | None:
    """Return the wait for this code, else one for any."""
    by_code = {_code(wait): wait for wait in waits if is_waiting(wait, thrown.kind)}
    return by_code.get(thrown.code, by_code.get(""))


def _code(wait: Task) -> str:
    node = wait.task_spec
    return node.event.code if isinstance(node, Catch) else ""
