"""Looks up schedules, what they have started, and what was done to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from engine.errors import NotFoundError
from engine.models import HistoryEvent, Incident, IncidentState, Schedule, ScheduledStart

EVENT_KINDS: Final = (
    "schedule_created",
    "schedule_changed",
    "schedule_paused",
    "schedule_resumed",
    "schedule_retired",
)
"""The history events of schedules; their details name the schedule."""


@dataclass(frozen=True)
class LastStart:
    """The last occurrence a schedule has started, for all its units together."""

    occurs_on: date
    started_at: datetime
    count: int
    failed: int
    """How many of them still wait for another try."""


def find_schedules(session: Session, *, keys: Collection[str] | None = None) -> list[Schedule]:
    """Return the schedules of the processes ``keys`` (None: of all), the next to start first.

    The caller has checked the reader.
    """
    ordered = select(Schedule).order_by(Schedule.due_at.asc().nulls_last(), Schedule.id)
    return list(session.scalars(ordered if keys is None else ordered.where(Schedule.key.in_(keys))))


def get_schedule(session: Session, schedule_id: int, *, keys: Collection[str] | None) -> Schedule:
    """Return a schedule to somebody who may see those of ``keys`` (None: of all processes).

    Raises:
        NotFoundError: there is none, or he may not see it.

    """
    schedule = session.get(Schedule, schedule_id)
    if schedule is None or (keys is not None and schedule.key not in keys):
        raise NotFoundError(f"no schedule {schedule_id}")
    return schedule


def starts_of(session: Session, schedule: Schedule, *, limit: int) -> list[ScheduledStart]:
    """Return the last starts of a schedule, the newest first. The caller has checked the reader."""
    made = _with_outcome().where(ScheduledStart.schedule_id == schedule.id)
    return list(session.scalars(made.limit(limit)))


def starts_between(
    session: Session, schedule_ids: Collection[int], *, first: datetime, last: datetime
) -> list[ScheduledStart]:
    """Return what these schedules started from ``first`` to before ``last``, the newest first."""
    made = _with_outcome().where(
        ScheduledStart.schedule_id.in_(schedule_ids),
        ScheduledStart.started_at >= first,
        ScheduledStart.started_at < last,
    )
    return list(session.scalars(made))


def last_starts(session: Session, schedule_ids: Collection[int]) -> dict[int, LastStart]:
    """Return the last occurrence that each of the schedules has started, by the schedule's id."""
    latest = (
        select(ScheduledStart.schedule_id, func.max(ScheduledStart.occurs_on).label("occurs_on"))
        .where(ScheduledStart.schedule_id.in_(schedule_ids))
        .group_by(ScheduledStart.schedule_id)
        .subquery()
    )
    failed = case((Incident.state == IncidentState.OPEN, 1), else_=0)
    counted = (
        select(
            ScheduledStart.schedule_id,
            ScheduledStart.occurs_on,
            func.max(ScheduledStart.started_at, type_=ScheduledStart.started_at.type),
            func.count(),
            func.sum(failed),
        )
        .join(
            latest,
            and_(
                latest.c.schedule_id == ScheduledStart.schedule_id,
                latest.c.occurs_on == ScheduledStart.occurs_on,
            ),
        )
        .outerjoin(Incident, Incident.id == ScheduledStart.incident_id)
        .group_by(ScheduledStart.schedule_id, ScheduledStart.occurs_on)
    )
    return {
        schedule_id: LastStart(occurs_on, started_at, count, failed)
        for schedule_id, occurs_on, started_at, count, failed in session.execute(counted)
    }


def history_of(session: Session, schedule: Schedule) -> list[HistoryEvent]:
    """Return what was done to a schedule, the newest first. The caller has checked the reader."""
    found = select(HistoryEvent).where(
        HistoryEvent.instance_id.is_(None),
        HistoryEvent.kind.in_(EVENT_KINDS),
        HistoryEvent.details["schedule"].as_integer() == schedule.id,
    )
    newest_first = found.order_by(HistoryEvent.number.desc())
    return list(session.scalars(newest_first.options(joinedload(HistoryEvent.actor))))


def _with_outcome() -> Select[ScheduledStart]:
    outcome = (
        joinedload(ScheduledStart.instance),
        selectinload(ScheduledStart.incident).selectinload(Incident.instance),
    )
    newest_first = select(ScheduledStart).order_by(ScheduledStart.started_at.desc(), ScheduledStart.id.desc())
    return newest_first.options(*outcome)
