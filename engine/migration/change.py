"""Brings one instance to another version in the database, and back. The caller holds the instance's lock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import definitions, history, reminders
from engine.errors import StepFailedError
from engine.history import Entry
from engine.instances.host import StepHost
from engine.instances.offering import groups_of, offer
from engine.instances.opening import Groups, check_groups
from engine.instances.rows import Waiting, waiting_rows
from engine.instances.steps import undone_on_failure, write
from engine.migration import journal
from engine.migration.moments import Moments, waiting_since
from engine.models import (
    InstanceMigration,
    InstanceState,
    MessageSubscription,
    Person,
    ProcessInstance,
    Task,
    Timer,
)
from engine.spiff import Execution, Migration, OpenTask, Stored, migrate

_DEEDS: Final = frozenset({"activity_completed", "message_thrown"})
"""What a migration cannot take back: it was done outside the rows of the instance."""


@dataclass(frozen=True)
class Change:
    """What a migration did to one instance, and how to take it back."""

    migration: Migration
    workflow: bytes
    variables: bytes
    rows: Mapping[str, Any]
    can_be_undone: bool


def attempt(  # noqa: PLR0913  # whom, to where, and how
    session: Session,
    instance: ProcessInstance,
    version_id: int,
    *,
    mapping: Mapping[str, str],
    moments: Moments,
    host: StepHost,
    is_trial: bool,
) -> Migration:
    """Carry an instance over in memory; nothing is written by a trial.

    Raises:
        StateDamagedError, StepFailedError: as ``engine.spiff.migrate``.

    """
    stored = Stored(
        instance.key,
        instance.workflow,
        instance.variables,
        instance.started_at,
        moments.get(instance.id, {}),
    )
    return migrate(
        definitions.program_of(session, instance.version_id),
        definitions.program_of(session, version_id),
        stored,
        host,
        mapping=mapping,
        is_trial=is_trial,
    )


def change_version(
    session: Session, instance: ProcessInstance, entry: InstanceMigration, *, actor: Person, now: datetime
) -> Change | None:
    """Carry an instance over as its plan says, and write everything that follows; None where it does not fit.

    Flushes. If anything fails, the database stands as before the call.

    Raises:
        StateDamagedError, StepFailedError: as ``engine.spiff.migrate``.

    """
    plan = entry.plan
    with undone_on_failure(session):
        before = journal.snapshot(session, instance.id)
        workflow, variables = instance.workflow, instance.variables
        host = StepHost(session, instance, actor=actor, now=now)
        host.entries.append(Entry("migrated", details=_details(entry)))
        moments = waiting_since(session, [instance.id])
        migration = attempt(
            session,
            instance,
            plan.target_version_id,
            mapping=plan.mapping,
            moments=moments,
            host=host,
            is_trial=False,
        )
        if migration.execution is None:
            return None
        instance.version_id = plan.target_version_id
        _check_held(session, instance, migration.execution)
        waiting = waiting_rows(session, instance.id)
        _relabel(session, migration.execution, waiting, now=now)
        write(session, instance, migration.execution, host, waiting)
        rows = journal.difference(before, journal.snapshot(session, instance.id))
    is_pure = not any(made.kind in _DEEDS for made in host.entries)
    return Change(migration, workflow, variables, rows, is_pure)


def change_back(
    session: Session,
    instance: ProcessInstance,
    entry: InstanceMigration,
    *,
    actor: Person | None,
    now: datetime,
) -> None:
    """Put an instance back to what it was before a migration, rows and all. Flushes."""
    if entry.workflow is None or entry.variables is None or entry.rows is None:
        raise ValueError(f"migration {entry.id} keeps nothing to go back to")
    instance.version_id = entry.from_version_id
    instance.workflow, instance.variables = entry.workflow, entry.variables
    instance.state, instance.outcome, instance.ended_at = InstanceState.RUNNING, "", None
    instance.revision += 1
    session.flush()
    journal.restore(session, entry.rows, instance.id)
    history.append(
        session,
        instance_id=instance.id,
        kind="migration_undone",
        actor=actor,
        now=now,
        details=_details(entry),
    )


def _check_held(session: Session, instance: ProcessInstance, execution: Execution) -> None:
    """Refuse to call off a wait whose message came while the instance stood still: it would be lost."""
    held = select(MessageSubscription).where(
        MessageSubscription.instance_id == instance.id, MessageSubscription.held_message_id.is_not(None)
    )
    waits = {wait.workflow_task_id for wait in execution.subscriptions()}
    for wait in session.scalars(held):
        if wait.workflow_task_id not in waits:
            raise StepFailedError("a message that came waits to be handed over", element_id=wait.element_id)


def _details(entry: InstanceMigration) -> dict[str, Any]:
    plan = entry.plan
    return {
        "plan": plan.id,
        "from": entry.from_version.number,
        "to": plan.target_version.number,
        "mapping": dict(plan.mapping),
        "reason": plan.reason,
    }


def _relabel(session: Session, execution: Execution, waiting: Waiting, *, now: datetime) -> None:
    """Let the rows of what waits on say what the new version says of it; each keeps its id."""
    tasks = {task.workflow_task_id: task for task in execution.open_tasks()}
    kept = [
        (session.get_one(Task, row.id), tasks[row.workflow_task_id])
        for row in waiting.tasks
        if row.workflow_task_id in tasks
    ]
    others = [wait for task, wait in kept if groups_of(task) != set(wait.candidate_groups)]
    offers = {wait.workflow_task_id: groups for wait, groups in check_groups(session, others, now=now)}
    for task, wait in kept:
        groups = offers.get(wait.workflow_task_id, wait.candidate_groups)
        _relabel_task(session, task, wait, groups, now=now)
    for timer in execution.timers():
        _relabel_row(session, Timer, timer.workflow_task_id, timer.element.id)
    for subscription in execution.subscriptions():
        _relabel_row(session, MessageSubscription, subscription.workflow_task_id, subscription.element.id)


def _relabel_row(
    session: Session, model: type[Timer | MessageSubscription], token: UUID, element_id: str
) -> None:
    session.execute(
        update(model)
        .where(model.workflow_task_id == token, model.element_id != element_id)
        .values(element_id=element_id)
    )


def _relabel_task(session: Session, task: Task, wait: OpenTask, groups: Groups, *, now: datetime) -> None:
    element, due_at = wait.element, task.due_at
    task.element_id, task.name, task.name_en = element.id, element.label("vi"), element.name_en
    task.form_id, task.page = element.form_id, element.properties.get("page")
    task.due_at, task.follow_up_at = wait.due_at, wait.follow_up_at
    is_others = groups_of(task) != set(groups)
    if is_others:
        offer(session, task, groups, now=now)
    session.flush()
    reminders.plan_for(session, task, now)
    if is_others:
        reminders.announce(session, task, now)
    elif task.due_at != due_at:
        reminders.tell_of_new_deadline(session, task, now)
