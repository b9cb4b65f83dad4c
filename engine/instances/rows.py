"""Brings the rows of tasks, timers and waits in line with what an execution waits for after a step."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.orm import Session

from engine import reminders
from engine.history import Entry
from engine.instances import statements
from engine.instances.opening import open_rows
from engine.models import (
    Incident,
    IncidentState,
    Message,
    MessageSubscription,
    ProcessInstance,
    Task,
    TaskState,
)
from engine.spiff import Execution


class KnownTask(NamedTuple):
    """The row of an open task."""

    id: int
    workflow_task_id: UUID
    element_id: str
    incident_id: int | None


class KnownTimer(NamedTuple):
    """The row of an armed timer."""

    workflow_task_id: UUID
    due_at: datetime
    incident_id: int | None


@dataclass(frozen=True)
class Waiting:
    """The rows of an instance before a step: what it was known to wait for."""

    tasks: Sequence[KnownTask]
    timers: Sequence[KnownTimer]
    subscriptions: Collection[UUID]


def waiting_rows(session: Session, instance_id: int) -> Waiting:
    """Return what the tables say that an instance waits for."""
    found = session.execute(statements.WAITING, {"instance_id": instance_id}).all()
    return Waiting(
        [
            KnownTask(row.id, row.workflow_task_id, row.element_id, row.incident_id)
            for row in found
            if row.kind == "task"
        ],
        [
            KnownTimer(row.workflow_task_id, row.due_at, row.incident_id)
            for row in found
            if row.kind == "timer"
        ],
        [row.workflow_task_id for row in found if row.kind == "subscription"],
    )


def synchronise(
    session: Session, instance: ProcessInstance, execution: Execution, before: Waiting, *, now: datetime
) -> list[Entry]:
    """Write the difference between the rows and the execution; return it as history. Flushes."""
    still_open = {task.workflow_task_id for task in execution.open_tasks()}
    entries = _cancel_tasks(session, still_open, before, now=now)
    known = {row.workflow_task_id for row in before.tasks}
    entries += open_rows(
        session,
        instance,
        [task for task in execution.open_tasks() if task.workflow_task_id not in known],
        now=now,
    )
    _write_timers(session, instance.id, execution, before, now=now)
    _write_subscriptions(session, instance.id, execution, before, now=now)
    return entries


def clear(session: Session, before: Waiting, *, now: datetime) -> list[Entry]:
    """Take back everything a cancelled instance waited for. Flushes."""
    entries = _cancel_tasks(session, set(), before, now=now)
    _drop_timers(session, before.timers, now=now)
    _drop_subscriptions(session, before.subscriptions)
    return entries


def _cancel_tasks(
    session: Session, still_open: Collection[UUID], before: Waiting, *, now: datetime
) -> list[Entry]:
    gone = [row for row in before.tasks if row.workflow_task_id not in still_open]
    if not gone:
        return []
    ids = [row.id for row in gone]
    session.execute(update(Task).where(Task.id.in_(ids)).values(state=TaskState.CANCELLED, incident_id=None))
    _overtake(session, [row.incident_id for row in gone], now=now)
    for task_id in ids:
        reminders.drop_for(session, task_id)
    return [Entry("task_cancelled", row.element_id, row.id) for row in gone]


def _write_timers(
    session: Session, instance_id: int, execution: Execution, before: Waiting, *, now: datetime
) -> None:
    armed = {(timer.workflow_task_id, timer.due_at): timer for timer in execution.timers()}
    gone = [row for row in before.timers if (row.workflow_task_id, row.due_at) not in armed]
    _drop_timers(session, gone, now=now)
    known = {(row.workflow_task_id, row.due_at) for row in before.timers}
    fresh = [
        {
            "workflow_task_id": timer.workflow_task_id,
            "instance_id": instance_id,
            "element_id": timer.element.id,
            "due_at": timer.due_at,
        }
        for key, timer in armed.items()
        if key not in known
    ]
    if fresh:
        session.execute(statements.ARM_TIMERS, fresh)


def _drop_timers(session: Session, rows: Sequence[KnownTimer], *, now: datetime) -> None:
    if rows:
        session.execute(statements.DROP_TIMERS, {"ids": [row.workflow_task_id for row in rows]})
        _overtake(session, [row.incident_id for row in rows], now=now)


def _write_subscriptions(
    session: Session, instance_id: int, execution: Execution, before: Waiting, *, now: datetime
) -> None:
    waits = {wait.workflow_task_id: wait for wait in execution.subscriptions()}
    _drop_subscriptions(session, [known for known in before.subscriptions if known not in waits])
    new = [wait for wait in waits.values() if wait.workflow_task_id not in before.subscriptions]
    fresh = [
        {
            "workflow_task_id": wait.workflow_task_id,
            "instance_id": instance_id,
            "element_id": wait.element.id,
            "name": wait.message_name,
            "correlation_key": wait.correlation_key,
            "waiting_since": now,
        }
        for wait in new
    ]
    if fresh:
        session.execute(statements.SUBSCRIBE, fresh)
        _wake_messages(session, {(wait.message_name, wait.correlation_key) for wait in new}, now=now)


def _drop_subscriptions(session: Session, ids: Collection[UUID]) -> None:
    if ids:
        session.execute(
            delete(MessageSubscription).where(MessageSubscription.workflow_task_id.in_(list(ids)))
        )


def _wake_messages(session: Session, wanted: Collection[tuple[str, str]], *, now: datetime) -> None:
    """Let messages that nobody wanted be tried at once, but wait for no worker that holds one."""
    waiting = (
        select(Message.id)
        .where(
            Message.due_at > now,
            tuple_(Message.name, Message.correlation_key).in_(sorted(wanted)),
        )
        .with_for_update(skip_locked=True)
    )
    session.execute(
        update(Message).where(Message.id.in_(waiting)).values(due_at=now),
        execution_options={"synchronize_session": False},
    )


def _overtake(session: Session, incident_ids: Collection[int | None], *, now: datetime) -> None:
    """Close incidents whose task or timer is gone: there is nothing left to try again."""
    ids = [incident_id for incident_id in incident_ids if incident_id is not None]
    if ids:
        session.execute(
            update(Incident)
            .where(Incident.id.in_(ids), Incident.state == IncidentState.OPEN)
            .values(state=IncidentState.RESOLVED, resolved_at=now)
        )
