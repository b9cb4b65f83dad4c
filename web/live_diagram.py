"""Finds the diagrams of an instance and what the viewer marks in them."""

from sqlalchemy.orm import Session

from engine import definitions
from engine.diagram import Diagram
from engine.models import ProcessInstance


def diagram_of(session: Session, instance: ProcessInstance, element_id: str) -> Diagram:
    """Return the diagram of the instance's bundle that has an element."""
    program = definitions.program_of(session, instance.version_id)
    found = (one for one in program.diagrams.values() if element_id in one.elements)
    return next(found, main_diagram(session, instance))


def main_diagram(session: Session, instance: ProcessInstance) -> Diagram:
    """Return the diagram that holds the instance's main process."""
    program = definitions.program_of(session, instance.version_id)
    return next(one for one in program.diagrams.values() if instance.key in one.processes)
