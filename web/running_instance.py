"""Gathers what the page of one instance shows: its diagram, what it waits for, its values, what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, history, instances, operations, tasks
from engine.dry_runs import write_value
from engine.feel import Value
from engine.instances import Wait
from engine.models import Incident, IncidentState, InstanceState, ProcessInstance, VersionState
from engine.spiff import StateDamagedError
from web import deadlines, live_diagram, route_log
from web.deadlines import Deadline
from web.running_steps import Steps, holder_of

SHOWN_LETTERS: Final = 600
"""A longer value is cut: the page is for looking, not for copying."""


@dataclass(frozen=True)
class WaitLine:
    """One thing the instance waits for. ``kind`` is task, timer or message."""

    kind: str
    step: str
    holder: str
    wait: Wait
    deadline: Deadline | None


def gather(
    session: Session, instance: ProcessInstance, *, may_operate: bool, now: datetime
) -> dict[str, Any]:
    """Return everything the template needs. The caller has checked the reader."""
    versions = definitions.find_versions(session, instance.key)
    steps = Steps(session, instance.version, versions)
    waits = instances.waits_of(session, [instance.id])[instance.id]
    diagram = live_diagram.main_diagram(session, instance)
    failed = session.scalars(
        select(Incident).where(Incident.instance_id == instance.id, Incident.state == IncidentState.OPEN)
    ).all()
    is_running = instance.state is InstanceState.RUNNING
    return {
        "instance": instance,
        "version": instance.version,
        "newer": next((one for one in versions if _is_newer(one.state, one.number, instance)), None),
        "waits": [_line(wait, steps, now) for wait in sorted(waits, key=lambda one: _is_watch(one, steps))],
        "incidents": failed,
        "incident_steps": {one.id: steps.name(one.element_id or "") for one in failed},
        "failed": sorted({one.element_id for one in failed if one.element_id}),
        "log": route_log.tell(
            history.events_of(session, instance.id),
            tasks.tasks_of_instance(session, instance.id),
            diagram,
            now,
        ),
        "may_operate": may_operate and is_running,
        **_state(session, instance, steps, waits, moves=may_operate and is_running, now=now),
    }


def _state(  # noqa: PLR0913  # whose state, seen by whom
    session: Session,
    instance: ProcessInstance,
    steps: Steps,
    waits: Sequence[Wait],
    *,
    moves: bool,
    now: datetime,
) -> dict[str, Any]:
    """Return what only the stored state knows; ``is_damaged`` where it cannot be read."""
    try:
        return {
            "is_damaged": False,
            "live": instances.progress_of(session, instance.id),
            "values": _values(instances.variables_at(session, instance.id, None)),
            "local_values": _local_values(session, instance, steps, waits),
            "movable": _movable(session, instance, steps, now) if moves else [],
        }
    except StateDamagedError:
        return {"is_damaged": True, "live": None, "values": [], "local_values": [], "movable": []}


def _movable(
    session: Session, instance: ProcessInstance, steps: Steps, now: datetime
) -> list[tuple[str, str, Sequence[tuple[str, str]]]]:
    """Return from where tokens can be moved, and where to: ids with names."""
    return [
        (element_id, steps.name(element_id), [(target, steps.name(target)) for target in targets])
        for element_id, targets in operations.movable(session, instance, now=now).items()
        if targets
    ]


def _local_values(
    session: Session, instance: ProcessInstance, steps: Steps, waits: Sequence[Wait]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return, by step, what only that step sees: of one member of many, of a called process."""
    found = instances.local_variables(session, instance.id, [wait.token for wait in waits])
    named = [(steps.name(wait.element_id), _values(found.get(wait.token, {}))) for wait in waits]
    return [(name, values) for name, values in named if values]


def _values(variables: Mapping[str, Value]) -> list[tuple[str, str]]:
    """Return names and values as FEEL writes them, long ones cut."""
    return [(name, _cut(write_value(value))) for name, value in sorted(variables.items())]


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_LETTERS else f"{text[:SHOWN_LETTERS]}…"


def _is_watch(wait: Wait, steps: Steps) -> bool:
    return instances.is_watch(steps.find(wait.element_id))


def _line(wait: Wait, steps: Steps, now: datetime) -> WaitLine:
    deadline = deadlines.describe(wait.due_at, now) if wait.kind == "task" else None
    return WaitLine(wait.kind, steps.name(wait.element_id), holder_of(wait), wait, deadline)


def _is_newer(state: VersionState, number: int, instance: ProcessInstance) -> bool:
    return state is VersionState.PUBLISHED and number != instance.version.number
