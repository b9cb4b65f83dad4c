"""Tells which sequence flows the last step took, in all instances of a dry run."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from engine import definitions
from engine.instances.host import StepHost
from engine.models import ProcessInstance
from engine.spiff import Execution


def flows_taken(session: Session, now: datetime) -> set[str]:
    """Return the flows that tokens have taken since the walks were forgotten."""
    return {flow for _, execution in _executions(session, now) for flow in execution.taken_flow_ids}


def forget_walks(session: Session, now: datetime) -> None:
    """Let ``flows_taken`` count from here. Flushes."""
    for instance, execution in _executions(session, now):
        execution.forget_walk()
        instance.workflow, instance.variables = execution.save()
    session.flush()


def _executions(session: Session, now: datetime) -> Iterator[tuple[ProcessInstance, Execution]]:
    blobs = [undefer(ProcessInstance.workflow), undefer(ProcessInstance.variables)]
    for instance in session.scalars(select(ProcessInstance).options(*blobs)):
        program = definitions.program_of(session, instance.version_id)
        host = StepHost(session, instance, actor=None, now=now)
        yield instance, Execution.load(program, instance.key, instance.workflow, instance.variables, host)
