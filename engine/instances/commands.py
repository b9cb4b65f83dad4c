"""What can be asked of an instance, and how a command is kept for another try."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from engine.errors import InvalidInputError
from engine.feel import Value, from_json, to_json


@dataclass(frozen=True)
class StartProcess:
    """Start the latest published version of ``key``."""

    key: str
    variables: Mapping[str, Value]
    business_key: str | None = None
    title: str = ""
    unit_id: int | None = None
    start_element_id: str | None = None


@dataclass(frozen=True)
class CompleteTask:
    """Take a user task's answers and go on."""

    workflow_task_id: UUID
    answers: Mapping[str, Value] = field(default_factory=dict[str, Value])


@dataclass(frozen=True)
class FireTimer:
    """Let a timer that is due fire."""

    workflow_task_id: UUID


@dataclass(frozen=True)
class DeliverMessage:
    """Hand a message to one wait."""

    workflow_task_id: UUID
    name: str
    variables: Mapping[str, Value]
    message_id: int


Command: TypeAlias = CompleteTask | FireTimer | DeliverMessage
"""What moves a running instance on."""


def encode(command: Command | StartProcess, *, actor_id: int | None) -> dict[str, Any]:
    """Return a command as JSON, with whose it is."""
    kind = type(command).__name__
    facts: dict[str, Any] = {"kind": kind, "actor_id": actor_id, **vars(command)}
    for name in ("answers", "variables"):
        if name in facts:
            facts[name] = to_json(dict(facts[name]))
    if "workflow_task_id" in facts:
        facts["workflow_task_id"] = str(facts["workflow_task_id"])
    return facts


def decode(facts: Mapping[str, Any]) -> Command | StartProcess:
    """Return the command that ``encode`` wrote.

    Raises:
        InvalidInputError: it is of no known kind.

    """
    given = {name: value for name, value in facts.items() if name not in {"kind", "actor_id"}}
    for name in ("answers", "variables"):
        if name in given:
            given[name] = from_json(given[name])
    if "workflow_task_id" in given:
        given["workflow_task_id"] = UUID(given["workflow_task_id"])
    for kind in (StartProcess, CompleteTask, FireTimer, DeliverMessage):
        if kind.__name__ == facts.get("kind"):
            return kind(**given)
    raise InvalidInputError(f"command of unknown kind {facts.get('kind')!r}")
