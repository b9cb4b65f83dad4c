"""What the live diagram of an instance marks: steps done, steps where it stands now."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions
from engine.diagram import Diagram
from engine.models import HistoryEvent, MessageSubscription, ProcessInstance, Task, TaskState

DONE_KINDS = ("activity_completed", "task_completed", "message_received", "timer_fired", "started")
WAITING_KINDS = frozenset({"intermediateCatchEvent", "receiveTask"})


@dataclass(frozen=True)
class LiveDiagram:
    """Ids of elements to mark, for the viewer's data attributes."""

    done: list[str]
    active: list[str]


def of_instance(session: Session, instance: ProcessInstance) -> LiveDiagram:
    """Return the marks of an instance; two queries."""
    diagram = main_diagram(session, instance)
    past = session.scalars(
        select(HistoryEvent.element_id)
        .where(HistoryEvent.instance_id == instance.id, HistoryEvent.kind.in_(DONE_KINDS))
        .distinct()
    )
    waits = session.scalars(
        select(MessageSubscription.element_id).where(MessageSubscription.instance_id == instance.id)
    )
    work = session.scalars(
        select(Task.element_id).where(Task.instance_id == instance.id, Task.state == TaskState.OPEN)
    )
    caught = {one for one in waits if one in diagram.elements and diagram.elements[one].kind in WAITING_KINDS}
    active = {*work, *caught}
    done = {one for one in past if one} - active
    return LiveDiagram(sorted(done), sorted(active))


def diagram_of(session: Session, instance: ProcessInstance, element_id: str) -> Diagram:
    """Return the diagram of the instance's bundle that has an element."""
    program = definitions.program_of(session, instance.version_id)
    found = (one for one in program.diagrams.values() if element_id in one.elements)
    return next(found, main_diagram(session, instance))


def main_diagram(session: Session, instance: ProcessInstance) -> Diagram:
    """Return the diagram that holds the instance's main process."""
    program = definitions.program_of(session, instance.version_id)
    return next(one for one in program.diagrams.values() if instance.key in one.processes)
