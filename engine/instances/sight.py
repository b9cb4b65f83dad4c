"""Reads instances without changing them: for pages, forms and the live diagram."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from engine import clock, definitions, people, permissions
from engine.errors import ConflictError, NotFoundError
from engine.feel import Value
from engine.instances.host import StepHost
from engine.models import InstanceState, Person, ProcessInstance
from engine.spiff import Execution


@dataclass(frozen=True)
class Progress:
    """Where an instance stands in its diagrams, called ones included."""

    done: frozenset[str]
    """Ids of the elements that tokens have passed."""
    active: frozenset[str]
    """Ids of the elements where tokens are."""
    taken: frozenset[str]
    """Ids of the sequence flows that tokens have taken."""


def get_instance(
    session: Session, instance_id: int, *, reader: Person, now: datetime | None = None
) -> ProcessInstance:
    """Return an instance that the reader may see today, or at ``now``.

    Raises:
        NotFoundError: there is none, or it is none of his.

    """
    authority = people.authority_of(session, reader, on=people.local_day(now or clock.now()))
    seen = (ProcessInstance.id == instance_id, permissions.visible_to(session, authority))
    instance = session.scalar(select(ProcessInstance).where(*seen))
    if instance is None:
        raise NotFoundError(f"no instance {instance_id} for person {reader.id}")
    return instance


def progress_of(session: Session, instance_id: int) -> Progress:
    """Return what is done, by which flows, and what waits. The caller has checked the reader."""
    execution, instance = _load(session, instance_id)
    is_running = instance.state is InstanceState.RUNNING
    return Progress(
        frozenset(execution.completed_element_ids),
        frozenset(execution.active_element_ids) if is_running else frozenset(),
        frozenset(execution.taken_flow_ids),
    )


def variables_at(session: Session, instance_id: int, workflow_task_id: UUID | None) -> Mapping[str, Value]:
    """Return all variables in reach of a waiting element, or (None) of the process. For the system alone."""
    return _load(session, instance_id)[0].variables_at(workflow_task_id)


def local_variables(
    session: Session, instance_id: int, tokens: Iterable[UUID]
) -> dict[UUID, Mapping[str, Value]]:
    """Return what each waiting element sees otherwise than its process. The caller has checked the reader.

    A token that has moved on meanwhile is left out.
    """
    execution, _instance = _load(session, instance_id)
    common = execution.variables_at(None)
    found: dict[UUID, Mapping[str, Value]] = {}
    for token in tokens:
        with suppress(ConflictError):
            reach = execution.variables_at(token)
            found[token] = {
                name: value
                for name, value in reach.items()
                if name not in common or common[name] is not value
            }
    return found


def _load(session: Session, instance_id: int) -> tuple[Execution, ProcessInstance]:
    blobs = [undefer(ProcessInstance.workflow), undefer(ProcessInstance.variables)]
    instance = session.get(ProcessInstance, instance_id, options=blobs, populate_existing=True)
    if instance is None:
        raise NotFoundError(f"no instance {instance_id}")
    program = definitions.program_of(session, instance.version_id)
    host = StepHost(session, instance, actor=None, now=instance.started_at)
    return Execution.load(program, instance.key, instance.workflow, instance.variables, host), instance
