"""Kills a worker in the middle of a schedule's starts, at each of its statements: each unit gets one."""

from collections import Counter
from datetime import timedelta

import killing
import pytest
from factories import MONDAY, bpmn, flow, publish, start_and_end, unit, user_task
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from engine import database, history, people, schedules
from engine.models import ProcessInstance, Schedule, ScheduledStart
from engine.setup import Role, Setup

UNITS = ("first", "second", "third")
LAST_MOMENT = 400
STRIDE = 3
"""Every third moment is struck; with the first of each round moved on, all are in the end."""


@pytest.fixture
def setup() -> Setup:
    return Setup(roles={"head": Role("head", "Thủ trưởng", "Head", per_unit=True)})


def prepare(factory: sessionmaker[Session]) -> int:
    """Plan a report of three units that is due."""
    with database.transaction(factory) as session:
        body = (start_and_end(), user_task("write", "=&quot;head@&quot; + unit_code"))
        publish(session, "report", bpmn("report", *body, flow("start", "write", "end")))
        codes = [unit(session, code).code for code in UNITS]
        return schedules.create_schedule(
            session,
            key="report",
            name="Báo cáo",
            rhythm="monthly",
            unit_codes=codes,
            first_on=people.local_day(MONDAY),
            now=MONDAY,
        ).id


def finish(factory: sessionmaker[Session]) -> bool:
    """Start what is due; return whether nothing is left."""
    schedules.start_due(factory, now=MONDAY)
    with factory() as session:
        return session.scalars(select(Schedule.id).where(Schedule.due_at <= MONDAY)).first() is None


def check_whole(factory: sessionmaker[Session]) -> int:
    """Check that every start noted has its instance and every instance its note; return how many."""
    with factory() as session:
        made = session.scalars(select(ScheduledStart)).all()
        instances = session.scalars(select(ProcessInstance.id)).all()
        assert sorted(one.instance_id or 0 for one in made) == sorted(instances)
        assert set(Counter(one.unit_code for one in made).values()) <= {1}
        assert history.verify_all(session) == []
        return len(made)


@pytest.mark.parametrize("first", range(1, STRIDE + 1))
def test_a_worker_killed_at_any_statement_starts_each_unit_once(
    database_engine: Engine, session_factory: sessionmaker[Session], first: int
) -> None:
    schedule_id = prepare(session_factory)
    database_engine.dispose()
    left: set[int] = set()
    for moment in range(first, LAST_MOMENT, STRIDE):
        has_survived = killing.survives(database_engine, moment, lambda: finish(session_factory))
        made = check_whole(session_factory)
        database_engine.dispose()
        if has_survived:
            break
        left.add(made)

    # Kills must have come before, between and after the starts, else this shows nothing.
    assert left == set(range(len(UNITS) + 1))
    schedules.start_due(session_factory, now=MONDAY)
    assert check_whole(session_factory) == len(UNITS)
    with session_factory() as session:
        due_at = session.get_one(Schedule, schedule_id).due_at
        assert due_at is not None
        assert due_at > MONDAY + timedelta(days=27)
