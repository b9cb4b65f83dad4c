"""Whose ladder is followed: a task's own, the one given to its process, the process's own, the usual one."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions
from engine.errors import InvalidInputError
from engine.ladders import DEFAULT_LADDER, Ladder, parse_ladder
from engine.models import CalendarEntry, ProcessLadder, Task
from engine.reminders.subjects import Subject

PROPERTY: Final = "reminders"
"""Of a user task or of a process."""


def ladder_of_process(session: Session, key: str) -> str | None:
    """Return the ladder an administrator has given a process; None where none was given."""
    return session.scalar(select(ProcessLadder.ladder).where(ProcessLadder.key == key))


def ladder_of(session: Session, subject: Subject) -> Ladder:
    """Return the ladder that a task or an entry follows."""
    if isinstance(subject, CalendarEntry):
        return _read(subject.ladder)
    own, of_process = _drawn(session, subject)
    if own is not None:
        return _read(own)
    given = subject.instance.given_ladder
    found = given.ladder if given is not None else of_process
    return DEFAULT_LADDER if found is None else _read(found)


def has_own_ladder(session: Session, task: Task) -> bool:
    """Whether the diagram gives the task a ladder of its own, which no other takes the place of."""
    return _drawn(session, task)[0] is not None


def _drawn(session: Session, task: Task) -> tuple[str | None, str | None]:
    """Return the ladders that the diagram gives the task and its process."""
    program = definitions.program_of(session, task.instance.version_id)
    for diagram in program.diagrams.values():
        element = diagram.elements.get(task.element_id)
        if element is not None:
            process = diagram.processes.get(element.process_id)
            return element.properties.get(PROPERTY), process.properties.get(PROPERTY) if process else None
    return None, None


def _read(text: str) -> Ladder:
    """Read a ladder; what the checks of a published version did not yet refuse is the usual one."""
    try:
        return parse_ladder(text)
    except InvalidInputError:
        return DEFAULT_LADDER
