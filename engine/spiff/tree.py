"""Keeps the library's task tree small: it holds live tokens and what they hang on, never what is over."""

from SpiffWorkflow.task import Task

from engine.spiff import tokens
from engine.spiff.nodes import EventGateway, Split


def tidy(task: Task | None) -> None:
    """Take a token that is over out of the tree, and what it hung on if nothing else hangs there.

    Its children move up, so a loop of a thousand rounds is no deeper than its first.
    """
    while (
        task is not None and task.parent is not None and not tokens.is_live(task) and not _holds_waits(task)
    ):
        parent = task.parent
        tokens.take_out(task, parent)
        task = parent


def rivals(task: Task) -> list[Task]:
    """Return the waits behind the same event gateway as ``task``."""
    gateway = task.parent
    if gateway is None or not isinstance(gateway.task_spec, EventGateway):
        return []
    return [other for other in gateway.children if other is not task and tokens.is_live(other)]


def _holds_waits(task: Task) -> bool:
    """Whether an activity with its boundary events, or an event gateway's waits, still hang on ``task``."""
    node = task.task_spec
    if not isinstance(node, Split | EventGateway):
        return False
    names = {way.node.name for way in node.exits}
    return any(child.task_spec.name in names and tokens.is_live(child) for child in task.children)
