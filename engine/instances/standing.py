"""Counts where the running instances of a definition stand, since when, and how long each step usually takes.

What waits is a row of a task, a timer or a subscription, so that no state is loaded, however many run. An
event on the edge of an activity only watches: nobody stands there.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

from engine import definitions
from engine.calendar import Calendar
from engine.clock import CITY_ZONE
from engine.diagram import Element
from engine.instances.places import of_definition, wait_rows
from engine.models import Incident, IncidentState, ProcessInstance, Task, TaskState
from engine.models.base import UtcDateTime

MEASURED: Final = 200
"""So many of the latest completions of a step say how long it usually takes."""


@dataclass
class Standing:
    """One element where instances stand, or where steps have failed."""

    element_id: str
    version_ids: list[int] = field(default_factory=list[int])
    """The versions that have instances here."""
    instances: int = 0
    oldest_at: datetime | None = None
    """Since when the first of them has been here; of timers it is not known."""
    overdue: int = 0
    """How many of them have a task past its deadline."""
    incidents: int = 0


@dataclass(frozen=True, order=True)
class Span:
    """How long a step took: in working days as deadlines count them, and by the clock."""

    working_days: int
    elapsed: timedelta


def find_standings(
    session: Session, key: str, *, version_id: int | None = None, now: datetime
) -> list[Standing]:
    """Return the elements where running instances of a definition stand, the fullest first.

    Without ``version_id`` the versions are counted together, by the ids of elements. The caller has checked
    the reader.
    """
    found: dict[str, Standing] = defaultdict(lambda: Standing(""))
    watching = _Watching(session)
    for version, element_id, instances, oldest_at, overdue in session.execute(
        _standing_rows(key, version_id, now)
    ):
        if watching.is_watch(version, element_id):
            continue
        one = found[element_id]
        one.version_ids.append(version)
        one.instances += instances
        one.overdue += overdue
        one.oldest_at = min(filter(None, (one.oldest_at, oldest_at)), default=None)
    for version, element_id, count in session.execute(_incident_rows(key, version_id)):
        one = found[element_id]
        one.incidents += count
        if version not in one.version_ids:
            one.version_ids.append(version)
    for element_id, one in found.items():
        one.element_id = element_id
    return sorted(found.values(), key=lambda one: (-one.instances, one.element_id))


def usual_spans(
    session: Session, key: str, calendar: Calendar, *, version_id: int | None = None
) -> dict[str, Span]:
    """Return the median time between the opening and the completion of each user task of a definition.

    Measured on the last 200 completions of each; a step nobody has completed yet is left out. Both ends are
    kept for tasks alone: of timers and messages it is not known when their wait began.
    """
    of_version = [ProcessInstance.version_id == version_id] if version_id is not None else []
    latest = (
        func.row_number().over(partition_by=Task.element_id, order_by=Task.completed_at.desc()).label("place")
    )
    numbered = (
        select(Task.element_id, Task.created_at, Task.completed_at, latest)
        .join(ProcessInstance, Task.instance_id == ProcessInstance.id)
        .where(Task.state == TaskState.COMPLETED, ProcessInstance.key == key, *of_version)
        .subquery()
    )
    measure = _Measure(calendar)
    spans: dict[str, list[Span]] = defaultdict(list)
    for element_id, began, ended in session.execute(
        select(numbered.c.element_id, numbered.c.created_at, numbered.c.completed_at).where(
            numbered.c.place <= MEASURED
        )
    ):
        spans[element_id].append(measure.between(began, ended))
    return {element_id: sorted(some)[(len(some) - 1) // 2] for element_id, some in spans.items()}


def is_watch(element: Element | None) -> bool:
    """Whether what waits there only watches an activity or a scope, and no token stands there."""
    return element is not None and element.kind in {"boundaryEvent", "startEvent"}


class _Watching:
    """Tells by its version's diagrams whether an element only watches."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[int, frozenset[str]] = {}

    def is_watch(self, version_id: int, element_id: str) -> bool:
        """Whether nobody stands at the element."""
        if version_id not in self._known:
            program = definitions.program_of(self._session, version_id)
            elements = [one for diagram in program.diagrams.values() for one in diagram.elements.values()]
            self._known[version_id] = frozenset(one.id for one in elements if is_watch(one))
        return element_id in self._known[version_id]


class _Measure:
    """Counts the working days between moments; each day of the calendar is asked for once."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._known: dict[tuple[int, int], int] = {}

    def between(self, began: datetime, ended: datetime) -> Span:
        """Return how long it took."""
        first, last = began.astimezone(CITY_ZONE).date(), ended.astimezone(CITY_ZONE).date()
        pair = (first.toordinal(), last.toordinal())
        if pair not in self._known:
            self._known[pair] = self._calendar.working_days_between(first, last)
        return Span(self._known[pair], ended - began)


def _standing_rows(
    key: str, version_id: int | None, now: datetime
) -> Select[int, str, int, datetime | None, int]:
    waits = wait_rows().subquery()
    late = case((waits.c.due_at < now, waits.c.instance_id))
    return (
        select(
            ProcessInstance.version_id,
            waits.c.element_id,
            func.count(waits.c.instance_id.distinct()),
            func.min(waits.c.since, type_=UtcDateTime()),
            func.count(late.distinct()),
        )
        .join(ProcessInstance, waits.c.instance_id == ProcessInstance.id)
        .where(*of_definition(key, version_id))
        .group_by(ProcessInstance.version_id, waits.c.element_id)
        .order_by(ProcessInstance.version_id, waits.c.element_id)
    )


def _incident_rows(key: str, version_id: int | None) -> Select[int, str, int]:
    return (
        select(ProcessInstance.version_id, func.coalesce(Incident.element_id, ""), func.count())
        .join(ProcessInstance, Incident.instance_id == ProcessInstance.id)
        .where(Incident.state == IncidentState.OPEN, *of_definition(key, version_id))
        .group_by(ProcessInstance.version_id, Incident.element_id)
    )
