"""What the steps of a dry run do, each in one transaction; a rehearsal does the same and takes it back."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import incidents, instances, people, tasks
from engine.dry_runs import cast
from engine.dry_runs.written import write_value
from engine.errors import NotFoundError, StepFailedError
from engine.feel import Value
from engine.instances import DeliverMessage, StartProcess
from engine.models import DefinitionVersion, MessageSubscription, Person

Act = Callable[[Session], Mapping[str, Any]]
"""Returns plain JSON: what was done; ``failure`` holds the words of a step that failed."""


def starting(key: str, variables: Mapping[str, Value], start_element_id: str | None, *, now: datetime) -> Act:
    """Return what starts an instance; a first step that fails leaves an incident."""

    def act(session: Session) -> Mapping[str, Any]:
        unit_code = variables.get("unit_code")
        unit = people.find_unit(session, unit_code) if isinstance(unit_code, str) else None
        command = StartProcess(
            key,
            variables,
            title=_title(session),
            unit_id=unit.id if unit else None,
            start_element_id=start_element_id,
        )
        facts = {"element_id": start_element_id, "variables": shown(variables)}
        try:
            incidents.start(session, command, actor=None, now=now)
        except StepFailedError as failure:
            incidents.record(session, failure, command, instance_id=None, actor=None, now=now)
            return {**facts, "failure": str(failure)}
        return facts

    return act


def completing(task_id: int, answers: Mapping[str, Value], actor_id: int, *, now: datetime) -> Act:
    """Return what hands in a task."""

    def act(session: Session) -> Mapping[str, Any]:
        actor = session.get_one(Person, actor_id)
        task = tasks.get_task(session, task_id, reader=actor, now=now)
        incident = tasks.complete_task(session, task, actor=actor, answers=answers, now=now)
        facts = {"element_id": task.element_id, "actor": actor.full_name, "answers": shown(answers)}
        return {**facts, "failure": incident.message if incident else ""}

    return act


def sending(wait: UUID, variables: Mapping[str, Value], *, now: datetime) -> Act:
    """Return what throws a message and brings it to the token that waits for it."""

    def act(session: Session) -> Mapping[str, Any]:
        row = session.get(MessageSubscription, wait)
        if row is None:
            raise NotFoundError(f"nothing waits for a message at {wait}")
        message = instances.throw_message(session, row.name, row.correlation_key, variables, now=now)
        message.due_at, message.delivered_at = None, now
        command = DeliverMessage(wait, row.name, variables, message.id)
        facts = {"element_id": row.element_id, "name": row.name, "variables": shown(variables)}
        incident = incidents.attempt(session, row.instance_id, command, actor=None, now=now)
        return {**facts, "failure": incident.message if incident else ""}

    return act


def retrying(incident_id: int, *, now: datetime) -> Act:
    """Return what tries a failed step again."""

    def act(session: Session) -> Mapping[str, Any]:
        player = cast.player_of(session)
        incident = incidents.get_incident(session, incident_id, reader=player, now=now)
        is_mended = incidents.retry(session, incident, actor=player, now=now)
        return {"element_id": incident.element_id, "failure": "" if is_mended else incident.message}

    return act


def _title(session: Session) -> str:
    """Return the name of what is played, as the invented people read it."""
    version = session.scalars(select(DefinitionVersion)).one()
    speaks_english = cast.player_of(session).language == "en"
    return (version.name_en if speaks_english else "") or version.name


def shown(variables: Mapping[str, Value]) -> dict[str, str]:
    """Return variables as the player reads them."""
    return {name: write_value(value) for name, value in variables.items()}
