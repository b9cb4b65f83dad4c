"""What happened, by whom and under which version: rows are added, never changed, and chained by hash.

Kinds of an instance's events: started, task_opened, task_claimed, task_released, task_handed_over,
task_completed, task_cancelled, activity_completed, decided, event_caught, timer_fired, message_thrown,
message_received, completed, cancelled, incident, retried, commented, migrated, migration_undone, suspended,
resumed, moved, unit_succeeded.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Integer, Row, bindparam, func, insert, select, text
from sqlalchemy.orm import Session, joinedload

from engine.database import table_of
from engine.models import HistoryEvent, Person, ProcessInstance

_NO_INSTANCE_LOCK = 0x56444853
"""The key of PostgreSQL's advisory lock round the chain of what belongs to no instance."""


@dataclass(frozen=True)
class Entry:
    """One event still to be written. ``details`` is plain JSON."""

    kind: str
    element_id: str | None = None
    task_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])


def append(  # noqa: PLR0913  # the columns of an event
    session: Session,
    *,
    instance_id: int | None,
    kind: str,
    actor: Person | None,
    now: datetime,
    element_id: str | None = None,
    task_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Add one event to the history of an instance, or of no instance. Flushes."""
    entry = Entry(kind, element_id, task_id, details or {})
    append_all(session, [entry], instance_id=instance_id, actor=actor, now=now)


def append_all(  # noqa: PLR0913  # whose events, when, under what lock
    session: Session,
    entries: Sequence[Entry],
    *,
    instance_id: int | None,
    actor: Person | None,
    now: datetime,
    version_id: int | None = None,
) -> None:
    """Add events in order. The lock on the instance's row keeps the chain in one line.

    Who gives the instance's ``version_id`` says that it holds the lock already.
    """
    if not entries:
        return
    version_id = version_id or _lock_chain(session, instance_id)
    last = _last(session, instance_id)
    number, previous = (last.number, last.hash) if last else (0, "")
    rows: list[dict[str, Any]] = []
    for entry in entries:
        number += 1
        row: dict[str, Any] = {
            "instance_id": instance_id,
            "number": number,
            "happened_at": now,
            "kind": entry.kind,
            "actor_id": actor.id if actor else None,
            "element_id": entry.element_id,
            "task_id": entry.task_id,
            "version_id": version_id,
            "details": dict(entry.details),
            "previous_hash": previous,
        }
        previous = row["hash"] = _digest(row)
        rows.append(row)
    session.execute(_INSERT, rows)


def events_of(session: Session, instance_id: int) -> list[HistoryEvent]:
    """Return an instance's events, oldest first. The caller has checked that the reader may see it."""
    found = select(HistoryEvent).where(_of(instance_id)).order_by(HistoryEvent.number)
    return list(session.scalars(found.options(joinedload(HistoryEvent.actor))))


def last_events_of(session: Session, instance_ids: Collection[int]) -> dict[int, tuple[int, datetime]]:
    """Return the number and the moment of the last event of each instance that has any."""
    last = (
        select(HistoryEvent.instance_id, func.max(HistoryEvent.number), func.max(HistoryEvent.happened_at))
        .where(HistoryEvent.instance_id.in_(instance_ids))
        .group_by(HistoryEvent.instance_id)
    )
    return {key: (number, moment) for key, number, moment in session.execute(last) if key is not None}


def verify(session: Session, instance_id: int | None) -> list[str]:
    """Return what is wrong with the chain of an instance (None: of what belongs to none), in English."""
    problems: list[str] = []
    number, previous = 0, ""
    found = select(HistoryEvent).where(_of(instance_id)).order_by(HistoryEvent.number, HistoryEvent.id)
    for event in session.scalars(found.execution_options(populate_existing=True)):
        number += 1
        place = f"instance {instance_id}, event {event.number}"
        if event.number != number:
            problems.append(f"{place}: event {number} is missing or out of place")
            number = event.number
        if event.previous_hash != previous:
            problems.append(f"{place}: does not follow the event before it")
        previous = _digest({column: getattr(event, column) for column in _HASHED})
        if event.hash != previous:
            problems.append(f"{place}: was changed after it was written")
    return problems


def verify_latest(session: Session, *, limit: int) -> list[str]:
    """Return what is wrong with the latest events of all chains, in English; quick, as it reads no others."""
    problems: list[str] = []
    digests: dict[tuple[int | None, int], str] = {}
    found = session.scalars(select(HistoryEvent).order_by(HistoryEvent.id.desc()).limit(limit))
    for event in reversed(found.all()):
        place = f"instance {event.instance_id}, event {event.number}"
        before = digests.get((event.instance_id, event.number - 1))
        if before is not None and event.previous_hash != before:
            problems.append(f"{place}: does not follow the event before it")
        if event.hash != _digest({column: getattr(event, column) for column in _HASHED}):
            problems.append(f"{place}: was changed after it was written")
        digests[event.instance_id, event.number] = event.hash
    return problems


def verify_all(session: Session) -> list[str]:
    """Return what is wrong with any chain."""
    ids = session.scalars(
        select(HistoryEvent.instance_id).distinct().order_by(HistoryEvent.instance_id)
    ).all()
    return [problem for instance_id in ids for problem in verify(session, instance_id)]


_HASHED = (
    "instance_id",
    "number",
    "happened_at",
    "kind",
    "actor_id",
    "element_id",
    "task_id",
    "version_id",
    "details",
    "previous_hash",
)


def _digest(row: Mapping[str, Any]) -> str:
    facts = {column: row[column] for column in _HASHED}
    facts["happened_at"] = row["happened_at"].astimezone(UTC).isoformat()
    canonical = json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


_INSERT: Final = insert(table_of(HistoryEvent))
_LAST: Final = (
    select(HistoryEvent.number, HistoryEvent.hash)
    .where(HistoryEvent.instance_id == bindparam("instance_id", type_=Integer))
    .order_by(HistoryEvent.number.desc())
    .limit(1)
)


def _last(session: Session, instance_id: int | None) -> Row[int, str] | None:
    if instance_id is not None:
        return session.execute(_LAST, {"instance_id": instance_id}).first()
    found = select(HistoryEvent.number, HistoryEvent.hash).where(_of(None))
    return session.execute(found.order_by(HistoryEvent.number.desc()).limit(1)).first()


def _of(instance_id: int | None) -> Any:  # noqa: ANN401  # a SQL condition
    column = HistoryEvent.instance_id
    return column.is_(None) if instance_id is None else column == instance_id


def _lock_chain(session: Session, instance_id: int | None) -> int | None:
    """Keep other writers out until the transaction ends; return the version the instance runs on."""
    if instance_id is not None:
        row = select(ProcessInstance.version_id).where(ProcessInstance.id == instance_id)
        return session.scalar(row.with_for_update())
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _NO_INSTANCE_LOCK})
    return None
