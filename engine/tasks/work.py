"""Doing a task: complete it, or settle who does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine import history, incidents, instances, people, permissions, reminders, setup
from engine.errors import (
    ConflictError,
    InstanceSuspendedError,
    InvalidInputError,
    NotAllowedError,
    TaskAlreadyCompletedError,
)
from engine.instances import CompleteTask
from engine.models import Incident, Person, Task
from engine.people import Authority
from engine.tasks.facts import barred_from
from engine.text import nfc


def complete_task(
    session: Session, task: Task, *, actor: Person, answers: Mapping[str, object], now: datetime
) -> Incident | None:
    """Record the actor's answers and move the process instance on to its next tasks.

    ``answers`` have passed the task's form. Flushes; the caller commits. If the step after the task fails,
    the answers are kept: the task counts as handed in, and the incident that holds it up is returned.

    Raises:
        NotAllowedError: the task is somebody else's, or four eyes keep the actor off it.
        TaskAlreadyCompletedError: somebody was faster.
        InstanceSuspendedError: its instance stands still by an administrator's order.
        EngineError: whatever the task's ``record`` action says the actor did wrong.

    """
    _check_waiting(task)
    _check_going_on(task)
    barred = barred_from(session, task)
    if not permissions.can_complete(_authority(session, actor, now), task, barred=barred):
        raise NotAllowedError(f"person {actor.id} may not complete task {task.id}")
    command = CompleteTask(task.workflow_task_id, instances.as_context(answers))
    return incidents.attempt(session, task.instance_id, command, actor=actor, now=now)


def claim(session: Session, task: Task, *, actor: Person, now: datetime) -> None:
    """Take a task for oneself, so that no other candidate works on it. Flushes.

    Raises:
        NotAllowedError: the actor is no candidate, or four eyes keep him off it.
        ConflictError: it is done, or somebody has it, or its instance stands still.

    """
    _lock(session, task)
    _check_going_on(task)
    if task.assignee_id is not None:
        raise ConflictError(f"task {task.id} belongs to person {task.assignee_id}")
    if not permissions.can_claim(_authority(session, actor, now), task, barred=barred_from(session, task)):
        raise NotAllowedError(f"person {actor.id} may not claim task {task.id}")
    task.assignee, task.claimed_at = actor, now
    _note(session, task, "task_claimed", actor=actor, now=now)


def release(session: Session, task: Task, *, actor: Person, now: datetime) -> None:
    """Give a task back to its candidates. Flushes.

    Raises:
        NotAllowedError: it is not the actor's, or it has no candidates.
        TaskAlreadyCompletedError: it is done.

    """
    _lock(session, task)
    if not permissions.can_release(_authority(session, actor, now), task):
        raise NotAllowedError(f"person {actor.id} may not release task {task.id}")
    task.assignee, task.claimed_at = None, None
    _note(session, task, "task_released", actor=actor, now=now)


def hand_over(  # noqa: PLR0913  # who gives what to whom, and why
    session: Session, task: Task, *, to: Person, actor: Person, reason: str, now: datetime
) -> None:
    """Pass a task on to another candidate, who is told. Flushes.

    Raises:
        NotAllowedError: the actor may not give it, or the receiver may not have it.
        InvalidInputError: there is no reason.
        TaskAlreadyCompletedError: it is done.

    """
    _lock(session, task)
    authority, barred = _authority(session, actor, now), barred_from(session, task)
    if not permissions.can_hand_over(authority, task, administers=setup.of(session).administers):
        raise NotAllowedError(f"person {actor.id} may not hand over task {task.id}")
    if not to.is_active or not permissions.can_receive(_authority(session, to, now), task, barred=barred):
        raise NotAllowedError(f"person {to.id} may not receive task {task.id}")
    said = nfc(reason).strip()
    if not said:
        raise InvalidInputError(f"task {task.id} is handed over without a reason")
    task.assignee, task.claimed_at = to, now
    _note(session, task, "task_handed_over", actor=actor, now=now, details={"to": to.id, "reason": said})
    reminders.announce(session, task, now, actor=actor)


def _lock(session: Session, task: Task) -> None:
    """Read the task as it now stands, with writers kept off its instance."""
    instances.lock(session, task.instance_id)
    session.refresh(task, ["state", "assignee_id", "claimed_at", "incident_id", "assignee"])
    _check_waiting(task)


def _check_waiting(task: Task) -> None:
    if not permissions.is_waiting(task):
        raise TaskAlreadyCompletedError(f"task {task.id} is {task.state.value}, incident {task.incident_id}")


def _check_going_on(task: Task) -> None:
    if permissions.is_suspended(task):
        raise InstanceSuspendedError(f"instance {task.instance_id} of task {task.id} is suspended")


def _note(  # noqa: PLR0913  # the columns of an event
    session: Session,
    task: Task,
    kind: str,
    *,
    actor: Person,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> None:
    session.flush()
    history.append(
        session,
        instance_id=task.instance_id,
        kind=kind,
        actor=actor,
        now=now,
        element_id=task.element_id,
        task_id=task.id,
        details=details,
    )


def _authority(session: Session, person: Person, now: datetime) -> Authority:
    return people.authority_of(session, person, on=people.local_day(now))
