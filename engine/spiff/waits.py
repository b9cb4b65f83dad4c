"""What an instance waits for, as facts: tasks for people, timers, messages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from SpiffWorkflow.task import Task

from engine.diagram import Element


@dataclass(frozen=True)
class OpenTask:
    """A user task that waits for a person; all was worked out when it was created."""

    workflow_task_id: UUID
    element: Element
    candidate_groups: list[tuple[str, str]]
    """Role and unit code; an empty unit code is the role in the whole city."""
    candidate_users: list[str]
    assignee: str | None
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int


@dataclass(frozen=True)
class ArmedTimer:
    """A timer event that waits for its moment."""

    workflow_task_id: UUID
    element: Element
    due_at: datetime


@dataclass(frozen=True)
class Subscription:
    """A wait for a message."""

    workflow_task_id: UUID
    element: Element
    message_name: str
    correlation_key: str


def open_task(task: Task) -> OpenTask:
    """Return the facts of a user task that waits."""
    facts = task.internal_data["human"]
    return OpenTask(
        workflow_task_id=task.id,
        element=task.task_spec.element,
        candidate_groups=[(role, unit_code) for role, unit_code in facts["groups"]],
        candidate_users=facts["users"],
        assignee=facts["assignee"],
        due_at=facts["due_at"] and datetime.fromisoformat(facts["due_at"]),
        follow_up_at=facts["follow_up_at"] and datetime.fromisoformat(facts["follow_up_at"]),
        priority=facts["priority"],
    )


def armed_timer(task: Task) -> ArmedTimer:
    """Return the facts of a timer that waits."""
    due_at = datetime.fromisoformat(task.internal_data["wait"]["due_at"])
    return ArmedTimer(task.id, task.task_spec.element, due_at)


def subscription(task: Task) -> Subscription:
    """Return the facts of a wait for a message."""
    wait = task.internal_data["wait"]
    return Subscription(task.id, task.task_spec.element, wait["name"], wait["key"])
