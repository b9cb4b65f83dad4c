"""What failed, whom it holds up, and trying again: a failure is a state, never a loss."""

import logging
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, joinedload

from engine import history, instances, people, permissions
from engine.errors import (
    ConflictError,
    EngineError,
    InstanceSuspendedError,
    NotAllowedError,
    NotFoundError,
    StepFailedError,
)
from engine.instances import Command, CompleteTask, FireTimer, StartProcess
from engine.models import Incident, IncidentState, Person, ProcessInstance, Task, Timer, Unit
from engine.spiff import StateDamagedError

log = logging.getLogger(__name__)


def attempt(
    session: Session, instance_id: int, command: Command, *, actor: Person | None, now: datetime
) -> Incident | None:
    """Carry out a command; if a step fails, undo it and return the incident that keeps it. Flushes.

    The task or timer the command is for stands still until the incident is resolved.

    Raises:
        ConflictError: what the command is for does not wait any more.

    """
    try:
        instances.advance(session, instance_id, command, actor=actor, now=now)
    except (StepFailedError, StateDamagedError) as failure:
        if isinstance(failure.__cause__, OperationalError):
            # The database was busy or gone, no step was wrong: the edge tries the whole transaction again.
            raise failure.__cause__ from failure
        incident = record(session, failure, command, instance_id=instance_id, actor=actor, now=now)
        _hold(session, command, incident)
        return incident
    return None


def start(session: Session, command: StartProcess, *, actor: Person | None, now: datetime) -> ProcessInstance:
    """Carry out a start that can be kept for another try. Flushes.

    Raises:
        StepFailedError, NotFoundError: as ``instances.start``; ``record`` keeps the command.

    """
    return instances.start(
        session,
        command.key,
        variables=command.variables,
        business_key=command.business_key,
        title=command.title,
        unit=session.get(Unit, command.unit_id) if command.unit_id is not None else None,
        start_element_id=command.start_element_id,
        actor=actor,
        now=now,
    )


def record(  # noqa: PLR0913  # what an incident is
    session: Session,
    failure: EngineError,
    command: Command | StartProcess,
    *,
    instance_id: int | None,
    actor: Person | None,
    now: datetime,
) -> Incident:
    """Keep a command whose step failed. Flushes."""
    if instance_id is not None:
        instances.lock(session, instance_id)
    incident = Incident(
        instance_id=instance_id,
        element_id=failure.element_id if isinstance(failure, StepFailedError) else None,
        message=str(failure),
        command=instances.encode(command, actor_id=actor.id if actor else None),
        state=IncidentState.OPEN,
        failures=1,
        happened_at=now,
    )
    session.add(incident)
    session.flush()
    log.error("incident %s of instance %s: %s", incident.id, instance_id, failure)
    _note(session, incident, "incident", actor=actor, now=now)
    return incident


def list_open(session: Session) -> list[Incident]:
    """Return what still stands still, the oldest first. The caller has checked the reader."""
    found = select(Incident).where(Incident.state == IncidentState.OPEN)
    return list(session.scalars(found.options(joinedload(Incident.instance)).order_by(Incident.id)))


def get_incident(session: Session, incident_id: int, *, reader: Person, now: datetime) -> Incident:
    """Return an incident to an administrator.

    Raises:
        NotFoundError: there is none, or the reader administers nothing.

    """
    incident = session.get(Incident, incident_id)
    if incident is None or not _may_administer(session, reader, now):
        raise NotFoundError(f"no incident {incident_id} for person {reader.id}")
    return incident


def retry(session: Session, incident: Incident, *, actor: Person, now: datetime) -> bool:
    """Try an incident's command again, as its first actor's; return whether it went through. Flushes.

    If it fails again the incident stays open and tells the new reason. If what it was for does not wait any
    more, there is nothing left to do, and it is resolved.

    Raises:
        NotAllowedError: the actor administers no processes.
        ConflictError: it is resolved already.
        InstanceSuspendedError: its instance stands still by order.

    """
    if not _may_administer(session, actor, now):
        raise NotAllowedError(f"person {actor.id} may not retry incident {incident.id}")
    if incident.instance_id is not None:
        instances.lock(session, incident.instance_id)
    session.refresh(incident, with_for_update=True)
    if incident.state is not IncidentState.OPEN:
        raise ConflictError(f"incident {incident.id} is {incident.state.value}")
    try:
        _carry_out(session, incident, now=now)
    except (StepFailedError, StateDamagedError) as failure:
        incident.failures += 1
        incident.message = str(failure)
        session.flush()
        return False
    except InstanceSuspendedError:
        raise
    except ConflictError as overtaken:
        log.warning("incident %s is overtaken: %s", incident.id, overtaken)
    incident.state = IncidentState.RESOLVED
    incident.resolved_at = now
    incident.resolved_by_id = actor.id
    session.flush()
    _note(session, incident, "retried", actor=actor, now=now)
    return True


def _carry_out(session: Session, incident: Incident, *, now: datetime) -> None:
    command = instances.decode(incident.command)
    actor_id = incident.command["actor_id"]
    first_actor = session.get(Person, actor_id) if actor_id is not None else None
    if isinstance(command, StartProcess):
        incident.instance_id = start(session, command, actor=first_actor, now=now).id
    elif incident.instance_id is not None:
        instances.advance(session, incident.instance_id, command, actor=first_actor, now=now)


def _hold(session: Session, command: Command, incident: Incident) -> None:
    """Let the task or timer point at the incident, so that nobody completes or fires it twice."""
    match command:
        case CompleteTask():
            held = update(Task).where(Task.workflow_task_id == command.workflow_task_id)
            session.execute(held.values(incident_id=incident.id))
        case FireTimer():
            timer = update(Timer).where(Timer.workflow_task_id == command.workflow_task_id)
            session.execute(timer.values(incident_id=incident.id))
        case _:
            pass


def _note(session: Session, incident: Incident, kind: str, *, actor: Person | None, now: datetime) -> None:
    history.append(
        session,
        instance_id=incident.instance_id,
        kind=kind,
        actor=actor,
        now=now,
        element_id=incident.element_id,
        details={"incident": incident.id},
    )


def _may_administer(session: Session, person: Person, now: datetime) -> bool:
    authority = people.authority_of(session, person, on=people.local_day(now))
    return permissions.can_administer(session, authority)
