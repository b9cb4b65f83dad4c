"""What we do to the library's tokens: the one place that touches its inside.

The library has no public way to park, move or take out a token, so this module names each way once.
"""
# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001

from typing import TYPE_CHECKING

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.spiff.nodes import Node


def is_live(task: Task) -> bool:
    """Whether the token is still on its way."""
    return task.has_state(TaskState.NOT_FINISHED_MASK)


def add(parent: Task, node: "Node") -> Task:
    """Add a token at ``node``, which has not arrived yet."""
    return parent._add_child(node, TaskState.FUTURE)


def arrive(task: Task) -> None:
    """Let a new token arrive at its node."""
    task.task_spec._update(task)


def park(task: Task) -> None:
    """Let a token wait for an event or for other tokens."""
    task._set_state(TaskState.WAITING)


def mark_running(task: Task) -> None:
    """Let a token wait for what runs inside it."""
    task._set_state(TaskState.STARTED)


def make_ready(task: Task) -> None:
    """Wake a token that is stepped at once."""
    task._set_state(TaskState.READY)


def let_go(task: Task) -> None:
    """Wake a token that is stepped in its turn."""
    task._ready()


def end(task: Task) -> None:
    """Mark a token cancelled and take the tokens below it out of the tree; the library would recurse."""
    for child in task._children:
        del task.workflow.tasks[child]
    task._children = []
    task._set_state(TaskState.CANCELLED)


def take_out(task: Task, parent: Task) -> None:
    """Take a token out of the tree; the tokens below it move up."""
    place = parent._children.index(task.id)
    parent._children[place : place + 1] = task._children
    for child in task.children:
        child.parent = parent
    del task.workflow.tasks[task.id]
