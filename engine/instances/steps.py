"""Start, advance and cancel an instance: each one command, run to the next waits and written whole."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from engine import calendar_entries, definitions, history, people, permissions, reminders
from engine.diagram import Element
from engine.errors import (
    ConflictError,
    InstanceSuspendedError,
    NotAllowedError,
    NotFoundError,
    StepFailedError,
)
from engine.feel import Value, to_feel, to_json
from engine.history import Entry
from engine.instances import rows, statements
from engine.instances.commands import Command, CompleteTask, DeliverMessage, FireTimer
from engine.instances.host import StepHost
from engine.instances.rows import Waiting
from engine.models import InstanceState, Person, ProcessInstance, Task, Unit
from engine.spiff import Execution


def start(  # noqa: PLR0913  # what an instance is
    session: Session,
    key: str,
    *,
    variables: Mapping[str, object],
    business_key: str | None = None,
    title: str = "",
    unit: Unit | None = None,
    start_element_id: str | None = None,
    actor: Person | None,
    now: datetime,
) -> ProcessInstance:
    """Start the latest published version of ``key`` and run it to its first waits. Flushes.

    For an abolished unit it is its heir's instance.

    Raises:
        NotFoundError: nothing is published under ``key``.
        StepFailedError: a first step failed; nothing of the instance is left.

    """
    version = definitions.latest_published(session, key)
    program = definitions.program_of(session, version.id)
    with undone_on_failure(session):
        instance = ProcessInstance(
            version_id=version.id,
            key=key,
            business_key=business_key,
            title=title,
            unit=people.heir_of(unit, on=people.local_day(now)) if unit else None,
            state=InstanceState.RUNNING,
            revision=0,
            workflow=b"",
            variables=b"",
            started_at=now,
            started_by_id=actor.id if actor else None,
        )
        session.add(instance)
        session.flush()
        host = StepHost(session, instance, actor=actor, now=now)
        host.entries.append(Entry("started", start_element_id))
        execution = Execution.start(
            program, key, as_context(variables), host, start_element_id=start_element_id
        )
        write(session, instance, execution, host, Waiting([], [], []))
    return instance


def advance(
    session: Session, instance_id: int, command: Command, *, actor: Person | None, now: datetime
) -> None:
    """Carry out one command on an instance and run it to its next waits. Flushes; the caller commits.

    The instance's row is locked until the transaction ends, so of two commands the second waits, and runs on
    what the first has left. If anything fails, the database stands as before the call.

    Raises:
        NotFoundError: no such instance.
        ConflictError: what the command is for does not wait any more.
        InstanceSuspendedError: an administrator has suspended the instance.
        StepFailedError: a step failed; ``engine.incidents.attempt`` keeps the command for another try.

    """
    with undone_on_failure(session):
        instance = lock(session, instance_id)
        if instance.state is not InstanceState.RUNNING:
            raise ConflictError(f"instance {instance_id} is {instance.state.value}")
        if instance.suspended_at is not None:
            raise InstanceSuspendedError(f"instance {instance_id} is suspended")
        program = definitions.program_of(session, instance.version_id)
        host = StepHost(session, instance, actor=actor, now=now)
        execution = Execution.load(program, instance.key, instance.workflow, instance.variables, host)
        before = rows.waiting_rows(session, instance_id)
        match command:
            case CompleteTask():
                before = _complete(host, execution, command, before)
            case FireTimer():
                host.entries.append(Entry("timer_fired", _element_of_timer(execution, command)))
                execution.fire_timer(command.workflow_task_id)
            case DeliverMessage():
                facts = {"name": command.name, "message": command.message_id}
                host.entries.append(
                    Entry("message_received", _element_of_wait(execution, command), None, facts)
                )
                execution.deliver_message(command.workflow_task_id, command.variables)
        write(session, instance, execution, host, before)


def cancel(
    session: Session, instance: ProcessInstance, *, actor: Person | None, reason: str, now: datetime
) -> None:
    """End a running instance where it stands; without an actor it is the system that cancels. Flushes.

    Raises:
        NotAllowedError: the actor administers no processes.
        ConflictError: it has ended already.

    """
    if actor is not None:
        authority = people.authority_of(session, actor, on=people.local_day(now))
        if not permissions.can_administer(session, authority):
            raise NotAllowedError(f"person {actor.id} may not cancel instance {instance.id}")
    instance = lock(session, instance.id)
    if instance.state is not InstanceState.RUNNING:
        raise ConflictError(f"instance {instance.id} is {instance.state.value}")
    entries = rows.clear(session, rows.waiting_rows(session, instance.id), now=now)
    calendar_entries.cancel_entries_of(session, instance.id, now=now)
    instance.state = InstanceState.CANCELLED
    instance.outcome = reason
    instance.ended_at = now
    instance.revision += 1
    session.flush()
    entries.append(Entry("cancelled", details={"reason": reason}))
    history.append_all(session, entries, instance_id=instance.id, actor=actor, now=now)


def lock(session: Session, instance_id: int) -> ProcessInstance:
    """Return an instance as it now stands, and keep other writers off it until the transaction ends.

    Whoever writes a task, timer or history row of an instance locks the instance first: one order for all, so
    that no two transactions wait for each other.

    Raises:
        NotFoundError: no such instance.

    """
    session.flush()  # what is read anew must not undo what somebody has just set
    instance = session.scalar(statements.LOCKED, {"instance_id": instance_id})
    if instance is None:
        raise NotFoundError(f"no instance {instance_id}")
    return instance


@contextmanager
def undone_on_failure(session: Session) -> Generator[None]:
    """Roll back to here on any exception, and forget what objects in memory were told since."""
    try:
        with session.begin_nested():
            yield
    except BaseException:
        session.expire_all()
        raise


def as_context(variables: Mapping[str, object]) -> dict[str, Value]:
    """Return variables as FEEL values.

    Raises:
        TypeError: one of them has no counterpart in FEEL.

    """
    return {name: to_feel(value) for name, value in variables.items()}


def _complete(host: StepHost, execution: Execution, command: CompleteTask, before: Waiting) -> Waiting:
    """Record the answers, close the task's row and hand the answers to the execution."""
    wait = next((w for w in execution.open_tasks() if w.workflow_task_id == command.workflow_task_id), None)
    row = next((r for r in before.tasks if r.workflow_task_id == command.workflow_task_id), None)
    if wait is None or row is None:
        raise ConflictError(f"task {command.workflow_task_id} of instance {host.instance.id} does not wait")
    details = {"answers": to_json(dict(command.answers))}
    host.entries.append(Entry("task_completed", wait.element.id, row.id, details))
    answers = {**command.answers, **_record(host, execution, wait.element, row.id, command)}
    _close(host, row.id)
    execution.complete_task(command.workflow_task_id, answers)
    return Waiting([r for r in before.tasks if r is not row], before.timers, before.subscriptions)


def _record(
    host: StepHost, execution: Execution, element: Element, task_id: int, command: CompleteTask
) -> Mapping[str, Value]:
    """Give the answers to the action that the task's property ``record`` names, if it names one."""
    if "record" not in element.properties:
        return {}
    reach = {**execution.variables_at(command.workflow_task_id), **command.answers}
    task = host.session.get_one(Task, task_id)
    return host.record_answers(element, reach, task=task) or {}


def _close(host: StepHost, task_id: int) -> None:
    """Mark a task completed, unless somebody else has taken it in the meantime."""
    actor_id = host.actor.id if host.actor else None
    where = {"of_task": task_id, "of_person": actor_id}
    closed = host.session.execute(statements.CLOSE, {**where, "now": host.now})
    if isinstance(closed, CursorResult) and closed.rowcount == 0:
        raise ConflictError(f"task {task_id} belongs to somebody else now")
    task = host.session.identity_map.get(identity_key(Task, task_id))
    if task is not None:
        host.session.expire(task, ["state", "completed_at", "completed_by_id", "completed_by", "incident_id"])
    # The drafts of others stay: whoever was slower finds what he typed.
    host.session.execute(statements.DROP_DRAFT, where)
    reminders.drop_for(host.session, task_id)


def write(
    session: Session, instance: ProcessInstance, execution: Execution, host: StepHost, before: Waiting
) -> None:
    """Write the execution and everything that follows from it. Flushes; the caller holds the lock."""
    _save(session, instance, execution, host)
    entries = rows.synchronise(session, instance, execution, before, now=host.now)
    host.entries += entries
    if execution.is_completed:
        host.entries.append(Entry("completed", execution.outcome or None))
    history.append_all(
        session,
        host.entries,
        instance_id=instance.id,
        actor=host.actor,
        now=host.now,
        version_id=instance.version_id,
    )


def _save(session: Session, instance: ProcessInstance, execution: Execution, host: StepHost) -> None:
    workflow, variables = execution.save()
    ended = execution.is_completed
    values = {
        "revision": instance.revision + 1,
        "workflow": workflow,
        "variables": variables,
        "state": InstanceState.COMPLETED if ended else InstanceState.RUNNING,
        "outcome": execution.outcome if ended else "",
        "ended_at": host.now if ended else None,
    }
    session.flush()
    known = {"of_instance": instance.id, "known_revision": instance.revision}
    saved = session.execute(statements.SAVE, {**known, **values})
    if isinstance(saved, CursorResult) and saved.rowcount == 0:
        raise StepFailedError(
            f"instance {instance.id} was changed while its step ran: by one of its own actions?"
        )
    for name, value in values.items():
        set_committed_value(instance, name, value)


def _element_of_timer(execution: Execution, command: FireTimer) -> str:
    for timer in execution.timers():
        if timer.workflow_task_id == command.workflow_task_id:
            return timer.element.id
    raise ConflictError(f"timer {command.workflow_task_id} is not armed")


def _element_of_wait(execution: Execution, command: DeliverMessage) -> str:
    for wait in execution.subscriptions():
        if wait.workflow_task_id == command.workflow_task_id:
            return wait.element.id
    raise ConflictError(f"nobody waits for message {command.message_id} at {command.workflow_task_id}")
