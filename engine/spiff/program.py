"""A bundle's diagrams, built once into what runs, and shared by all its instances."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.diagram import Diagram, Element
from engine.errors import InvalidInputError, NotFoundError
from engine.ingest.reader import read_diagram
from engine.spiff.dialect import build_scopes
from engine.spiff.workflow import ScopeSpec


@dataclass(frozen=True)
class Program:
    """What a bundle runs; never changed, so that threads share it."""

    sha256: str
    diagrams: Mapping[str, Diagram]
    """File name -> diagram."""
    scopes: Mapping[str, ScopeSpec] = field(repr=False)
    """Processes by their id, sub-processes by ``process id/id``."""

    @property
    def process_ids(self) -> list[str]:
        """The processes of all diagrams."""
        return [process_id for diagram in self.diagrams.values() for process_id in diagram.processes]

    def process_key(self, process_id: str) -> str | None:
        """Return the key of a process's scope, or None if the bundle has no such process."""
        return process_id if process_id in self.process_ids else None

    def element(self, element_id: str, process_id: str | None = None) -> Element:
        """Return the facts of an element, of one process or of any.

        Raises:
            NotFoundError: there is none of this id.

        """
        for diagram in self.diagrams.values():
            element = diagram.elements.get(element_id)
            if element is not None and process_id in {None, element.process_id}:
                return element
        raise NotFoundError(f"no element {element_id} in program {self.sha256[:12]}")


def compile_program(sha256: str, files: Mapping[str, bytes]) -> Program:
    """Build the program of a bundle whose files passed the checks; the caller keeps it by ``sha256``.

    Raises:
        InvalidInputError: something in a diagram is not executed, or two processes have one id.

    """
    diagrams = {
        name: read_diagram(name, content) for name, content in sorted(files.items()) if name.endswith(".bpmn")
    }
    return program_of(sha256, diagrams)


def program_of(sha256: str, diagrams: Mapping[str, Diagram]) -> Program:
    """Build the program of diagrams that have been read.

    Raises:
        InvalidInputError: something in a diagram is not executed, or two processes have one id.

    """
    scopes: dict[str, ScopeSpec] = {}
    for diagram in diagrams.values():
        for scope in build_scopes(diagram):
            if scope.name in scopes:
                raise InvalidInputError(f"two processes have the id {scope.name}")
            scopes[scope.name] = scope
    return Program(sha256, diagrams, scopes)
