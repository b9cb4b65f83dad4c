"""Starts what is due: each unit's instance once, in a transaction of its own, by any number of workers."""

import logging
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import incidents, people
from engine.calendar import load_calendar
from engine.database import transaction
from engine.errors import NotFoundError, StepFailedError
from engine.feel import Value
from engine.instances import StartProcess
from engine.models import Person, Schedule, ScheduledStart, Unit
from engine.schedules.rhythms import Occurrence, Rhythm
from engine.schedules.terms import variables_of
from engine.schedules.units import load_choice

log = logging.getLogger(__name__)


def start_due(factory: sessionmaker[Session], *, now: datetime, limit: int = 1000) -> int:
    """Start what is due, each unit's instance in a transaction of its own; return how many.

    After a downtime only the latest occurrence is made up for. Any number of workers may call it at once. A
    start that fails becomes an incident and holds up no other unit.
    """
    started = 0
    with factory() as session:
        due = (Schedule.due_at <= now, Schedule.is_paused.is_(False))
        ids = session.scalars(select(Schedule.id).where(*due).order_by(Schedule.due_at, Schedule.id)).all()
    for schedule_id in ids:
        try:
            while started < limit and _start_next(factory, schedule_id, now):
                started += 1
        except Exception:
            # One broken schedule must not keep the others waiting; it is tried again at the next ring.
            log.exception("schedule %s could not start", schedule_id)
    return started


def _start_next(factory: sessionmaker[Session], schedule_id: int, now: datetime) -> bool:
    """Start the occurrence for the next unit that has none; once all have one, plan the next occurrence."""
    with transaction(factory) as session:
        due = (Schedule.id == schedule_id, Schedule.due_at <= now, Schedule.is_paused.is_(False))
        schedule = session.scalar(select(Schedule).where(*due).with_for_update(skip_locked=True))
        if schedule is None:
            return False
        rhythm, working_days = Rhythm.of(schedule), load_calendar(session)
        occurrence = rhythm.latest(now, working_days)
        left = [] if occurrence is None else _units_left(session, schedule, occurrence, now)
        if occurrence is not None and left:
            _start(session, schedule, occurrence, left[0], now)
            return True
        following = rhythm.next_after(now, working_days)
        schedule.due_at = following.due_at if following is not None else None
        return False


def _units_left(
    session: Session, schedule: Schedule, occurrence: Occurrence, now: datetime
) -> list[Unit | None]:
    """Return for whom the occurrence is still to start: of the units as they are now, or once without one.

    What a unit that was abolished since has got counts for its successor.
    """
    made = select(ScheduledStart.unit_code).where(
        ScheduledStart.schedule_id == schedule.id, ScheduledStart.occurs_on == occurrence.occurs_on
    )
    codes, today = set(session.scalars(made)), people.local_day(now)
    if not schedule.unit_codes and not schedule.unit_kind:
        return [] if codes else [None]
    done = codes | set(people.heirs_of(session, codes, on=today).values())
    choice = load_choice(session, unit_codes=schedule.unit_codes, unit_kind=schedule.unit_kind)
    return [unit for unit in choice.on(today) if unit.code not in done]


def _start(
    session: Session, schedule: Schedule, occurrence: Occurrence, unit: Unit | None, now: datetime
) -> None:
    """Start one unit's instance, and note that it was started: even one that failed is not started twice."""
    unit_code = unit.code if unit else ""
    made = ScheduledStart(
        schedule_id=schedule.id, occurs_on=occurrence.occurs_on, unit_code=unit_code, started_at=now
    )
    session.add(made)
    session.flush()
    command = StartProcess(
        key=schedule.key,
        variables=_variables(session, schedule, occurrence, unit_code),
        business_key=f"schedule:{schedule.id}:{occurrence.occurs_on.isoformat()}:{unit_code}",
        title=f"{schedule.name} · {unit.name}" if unit else schedule.name,
        unit_id=unit.id if unit else None,
    )
    try:
        made.instance_id = incidents.start(session, command, actor=None, now=now).id
    except (StepFailedError, NotFoundError) as failure:
        incident = incidents.record(session, failure, command, instance_id=None, actor=None, now=now)
        made.incident_id = incident.id


def _variables(
    session: Session, schedule: Schedule, occurrence: Occurrence, unit_code: str
) -> dict[str, Value]:
    """Return what an instance begins with; who set the schedule up stands for who begins a process."""
    variables = {**variables_of(schedule), "unit_code": unit_code, "scheduled_on": occurrence.occurs_on}
    creator = session.get(Person, schedule.created_by_id) if schedule.created_by_id is not None else None
    return variables if creator is None else {**variables, "starter": creator.username}
