"""What an administrator may do to one instance: let it stand still, let it go on, move a token."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from engine import definitions, history, messages, people, permissions
from engine.errors import ConflictError, InvalidInputError, NotAllowedError
from engine.history import Entry
from engine.instances import rows
from engine.instances.host import StepHost
from engine.instances.steps import lock, undone_on_failure, write
from engine.models import InstanceState, Person, ProcessInstance
from engine.spiff import Execution
from engine.text import nfc

REASON_LIMIT: Final = 2_000


def suspend(
    session: Session, instance: ProcessInstance, *, actor: Person, reason: str, now: datetime
) -> None:
    """Let an instance stand still: no task is completed, no timer fires, no message is handed over. Flushes.

    What falls due meanwhile is done when it is resumed.

    Raises:
        NotAllowedError: the actor administers no processes.
        InvalidInputError: there is no reason.
        ConflictError: it has ended, or stands still already.

    """
    _begin(session, instance, actor=actor, now=now)
    if instance.suspended_at is not None:
        raise ConflictError(f"instance {instance.id} is suspended already")
    said = reason_of(reason)
    instance.suspended_at = now
    _note(session, instance, "suspended", {"reason": said}, actor=actor, now=now)


def resume(session: Session, instance: ProcessInstance, *, actor: Person, reason: str, now: datetime) -> None:
    """Let a suspended instance go on, and hand it the messages that came meanwhile. Flushes.

    Timers and reminders that fell due follow at the next ring of the worker's bell.

    Raises:
        NotAllowedError: the actor administers no processes.
        InvalidInputError: there is no reason.
        ConflictError: it does not stand still.

    """
    _begin(session, instance, actor=actor, now=now)
    if instance.suspended_at is None:
        raise ConflictError(f"instance {instance.id} is not suspended")
    said = reason_of(reason)
    since, instance.suspended_at = instance.suspended_at, None
    details = {"reason": said, "suspended_at": since.isoformat()}
    _note(session, instance, "resumed", details, actor=actor, now=now)
    messages.deliver_held(session, instance.id, now=now)


def move(  # noqa: PLR0913  # what, from where, to where, who and why
    session: Session,
    instance: ProcessInstance,
    element_id: str,
    target_id: str,
    *,
    actor: Person,
    reason: str,
    now: datetime,
) -> None:
    """Call off what waits at an element and let its token enter another of the same scope. Flushes.

    The instance runs on to its next waits. If a step fails, the database stands as before the call.

    Raises:
        NotAllowedError: the actor administers no processes.
        InvalidInputError: there is no reason, or a token cannot be moved there.
        ConflictError: nothing waits at the element, or the instance has ended or stands still.
        StepFailedError: a step of the new place failed.

    """
    with undone_on_failure(session):
        _begin(session, instance, actor=actor, now=now)
        if instance.suspended_at is not None:
            raise ConflictError(f"instance {instance.id} is suspended")
        said = reason_of(reason)
        host = StepHost(session, instance, actor=actor, now=now)
        host.entries.append(Entry("moved", element_id, details={"to": target_id, "reason": said}))
        execution = _load(session, instance, host)
        before = rows.waiting_rows(session, instance.id)
        execution.move(element_id, target_id)
        write(session, instance, execution, host, before)


def movable(session: Session, instance: ProcessInstance, *, now: datetime) -> dict[str, list[str]]:
    """Return where what waits at each element can be moved. The caller has checked the reader."""
    execution = _load(session, instance, StepHost(session, instance, actor=None, now=now))
    return {name: execution.targets_of(name) for name in sorted(execution.active_element_ids)}


def require_administrator(session: Session, actor: Person, now: datetime) -> None:
    """Refuse whoever administers no processes.

    Raises:
        NotAllowedError: the actor does not.

    """
    authority = people.authority_of(session, actor, on=people.local_day(now))
    if not permissions.can_administer(session, authority):
        raise NotAllowedError(f"person {actor.id} administers no processes")


def reason_of(text: str) -> str:
    """Return a reason in the form that is stored.

    Raises:
        InvalidInputError: there is none, or it is too long.

    """
    said = nfc(text).strip()
    if not said or len(said) > REASON_LIMIT:
        raise InvalidInputError(f"a reason of {len(said)} characters")
    return said


def _begin(session: Session, instance: ProcessInstance, *, actor: Person, now: datetime) -> None:
    """Check the actor and lock the instance, which must run."""
    require_administrator(session, actor, now)
    lock(session, instance.id)
    if instance.state is not InstanceState.RUNNING:
        raise ConflictError(f"instance {instance.id} is {instance.state.value}")


def _load(session: Session, instance: ProcessInstance, host: StepHost) -> Execution:
    program = definitions.program_of(session, instance.version_id)
    return Execution.load(program, instance.key, instance.workflow, instance.variables, host)


def _note(  # noqa: PLR0913  # what happened, to what, by whom
    session: Session,
    instance: ProcessInstance,
    kind: str,
    details: Mapping[str, Any],
    *,
    actor: Person,
    now: datetime,
) -> None:
    session.flush()
    history.append(session, instance_id=instance.id, kind=kind, actor=actor, now=now, details=details)
