"""Lists the running instances of a definition with what each waits for: found, ordered, paged."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Row, Select, and_, cast, func, null, select, union_all
from sqlalchemy.orm import Session, joinedload

from engine.models import (
    Incident,
    IncidentState,
    InstanceState,
    MessageSubscription,
    ProcessInstance,
    Task,
    TaskState,
    Timer,
    Unit,
)
from engine.models.base import UtcDateTime
from engine.text import fold

PAGE_SIZE: Final = 50


@dataclass(frozen=True)
class Wait:
    """One thing that an instance waits for. ``kind`` is task, timer or message."""

    kind: str
    element_id: str
    token: UUID
    since: datetime | None
    due_at: datetime | None
    task: Task | None = None


@dataclass(frozen=True)
class Place:
    """A running instance and what it waits for."""

    instance: ProcessInstance
    waits: Sequence[Wait]
    incidents: int


@dataclass(frozen=True)
class PlacePage:
    """One page of running instances, those that have waited longest first."""

    places: Sequence[Place]
    total: int
    page: int
    page_count: int


def find_places(  # noqa: PLR0913  # which, by whom sought, which page
    session: Session,
    key: str,
    *,
    version_id: int | None = None,
    element_id: str | None = None,
    text: str = "",
    page: int = 1,
) -> PlacePage:
    """Return running instances of a definition, those at one element if it is given, that match a search.

    ``text`` is looked for in title, business key and unit, with or without marks. The caller has checked the
    reader.
    """
    found = _place_rows(key, version_id, element_id)
    words = fold(text).split()
    ids = [row.id for row in session.execute(found) if not words or _matches(row, words)]
    page_count = max(1, -(-len(ids) // PAGE_SIZE))
    page = min(max(1, page), page_count)
    shown = ids[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return PlacePage(_places(session, shown, element_id), len(ids), page, page_count)


def waits_of(session: Session, instance_ids: Sequence[int]) -> Mapping[int, list[Wait]]:
    """Return what each instance waits for, with the tasks; a fixed number of queries."""
    found: dict[int, list[Wait]] = defaultdict(list)
    open_tasks = (
        select(Task)
        .where(Task.instance_id.in_(instance_ids), Task.state == TaskState.OPEN)
        .options(joinedload(Task.assignee))
        .order_by(Task.id)
    )
    for task in session.scalars(open_tasks):
        found[task.instance_id].append(
            Wait("task", task.element_id, task.workflow_task_id, task.created_at, task.due_at, task)
        )
    timers = select(Timer).where(Timer.instance_id.in_(instance_ids)).order_by(Timer.due_at)
    for timer in session.scalars(timers):
        found[timer.instance_id].append(
            Wait("timer", timer.element_id, timer.workflow_task_id, None, timer.due_at)
        )
    messages = select(MessageSubscription).where(MessageSubscription.instance_id.in_(instance_ids))
    for wait in session.scalars(messages.order_by(MessageSubscription.waiting_since)):
        found[wait.instance_id].append(
            Wait("message", wait.element_id, wait.workflow_task_id, wait.waiting_since, None)
        )
    return found


def of_definition(key: str, version_id: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions on ``ProcessInstance`` for what runs on a definition, or on one version of it."""
    found = [ProcessInstance.state == InstanceState.RUNNING, ProcessInstance.key == key]
    return [*found, ProcessInstance.version_id == version_id] if version_id is not None else found


def wait_rows() -> CompoundSelect[int, str, datetime, datetime | None]:
    """Return all rows that say what an instance waits for: which, where, since when, and until when."""
    nothing = cast(null(), UtcDateTime())
    return union_all(
        select(
            Task.instance_id, Task.element_id, Task.created_at.label("since"), Task.due_at.label("due_at")
        ).where(Task.state == TaskState.OPEN),
        select(Timer.instance_id, Timer.element_id, nothing, nothing),
        select(
            MessageSubscription.instance_id,
            MessageSubscription.element_id,
            MessageSubscription.waiting_since,
            nothing,
        ),
    )


def _place_rows(
    key: str, version_id: int | None, element_id: str | None
) -> Select[int, str, str | None, str]:
    """Return id, title, business key and unit of running instances, those that wait longest first."""
    waits = wait_rows().subquery()
    here = and_(
        waits.c.instance_id == ProcessInstance.id,
        *([waits.c.element_id == element_id] if element_id is not None else []),
    )
    failed = select(Incident.instance_id).where(
        Incident.state == IncidentState.OPEN, func.coalesce(Incident.element_id, "") == element_id
    )
    found = (
        select(ProcessInstance.id, ProcessInstance.title, ProcessInstance.business_key, Unit.name)
        .outerjoin(Unit, ProcessInstance.unit_id == Unit.id)
        .outerjoin(waits, here)
        .where(*of_definition(key, version_id))
        .group_by(ProcessInstance.id, Unit.name)
        .order_by(func.coalesce(func.min(waits.c.since), ProcessInstance.started_at), ProcessInstance.id)
    )
    if element_id is None:
        return found
    return found.where(waits.c.instance_id.is_not(None) | ProcessInstance.id.in_(failed))


def _matches(row: Row[int, str, str | None, str], words: Iterable[str]) -> bool:
    text = fold(f"{row.title} {row.business_key or ''} {row.name or ''}")
    return all(word in text for word in words)


def _places(session: Session, ids: Sequence[int], element_id: str | None) -> list[Place]:
    instances = {
        one.id: one
        for one in session.scalars(
            select(ProcessInstance)
            .where(ProcessInstance.id.in_(ids))
            .options(joinedload(ProcessInstance.unit), joinedload(ProcessInstance.version))
        )
    }
    waits = waits_of(session, ids)
    failed = dict(
        session.execute(
            select(Incident.instance_id, func.count())
            .where(Incident.instance_id.in_(ids), Incident.state == IncidentState.OPEN)
            .group_by(Incident.instance_id)
        ).all()
    )
    return [
        Place(
            instances[one],
            [wait for wait in waits.get(one, []) if element_id in {None, wait.element_id}],
            failed.get(one, 0),
        )
        for one in ids
    ]
