"""Measures starting instances, completing their tasks and opening the inbox."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from sqlalchemy import Column, Engine, Integer, MetaData, String, Table, insert, select
from sqlalchemy.orm import Session, sessionmaker

from engine import definitions, instances, people, tasks
from engine.database import transaction
from engine.models import Person, Task, TaskState
from engine.setup import ActionCall, ActionResult, Role, Setup
from web.bench.measures import Measure, Stopwatch

NOW: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""A Monday morning: on a day nobody works, less is written."""
_KEY: Final = "bench"
_INSTANCES: Final = 200
_OFFICERS: Final = 3
_WARM_UP: Final = 5
_OPEN_TASKS: Final = 500
_INBOX_OPENINGS: Final = 20

_THREE_ROWS: Final = Table(
    "bench_row", MetaData(), Column("id", Integer, primary_key=True), Column("content", String)
)


def wiring(folder: Path) -> Setup:
    """Return what the diagram of this benchmark names, with the folders under ``folder``."""
    return Setup(
        roles={"officer": Role("officer", "Chuyên viên", "Officer")},
        actions={"bench.weigh": _weigh},
        files=folder / "files",
        keys=folder / "keys",
    )


def _weigh(call: ActionCall) -> ActionResult:
    amount = call.variables.get("amount")
    return {"weight": amount if isinstance(amount, Decimal) else Decimal(0)}


def measure_tasks(engine: Engine, factory: sessionmaker[Session], watch: Stopwatch) -> list[Measure]:
    """Run the small process on an empty database and return what its steps took."""
    _THREE_ROWS.create(engine)
    with transaction(factory) as session:
        officers = _arrange(session)
    starts = _measure_starts(factory, watch, officers)
    steps = _measure_steps(engine, factory, watch, officers)
    return [starts, *steps, _measure_inbox(factory, watch, officers)]


def _arrange(session: Session) -> list[int]:
    """Publish the process and make its candidates; return their ids."""
    author, publisher, *officers = [
        people.create_person(
            session, username=f"bench{number}", full_name=f"Bench {number}", email=f"{number}@example.org"
        )
        for number in range(_OFFICERS + 2)
    ]
    for officer in officers:
        people.give_role(session, officer, "officer", now=NOW, starts_on=date(2026, 1, 1))
    files = {"bench.bpmn": Path(__file__).with_name("bench.bpmn").read_bytes()}
    version = definitions.create_draft(session, _KEY, files, author=author, now=NOW)
    definitions.publish(session, version, publisher=publisher, now=NOW)
    return [officer.id for officer in officers]


def _measure_starts(factory: sessionmaker[Session], watch: Stopwatch, officers: list[int]) -> Measure:
    measure = Measure("start an instance")
    _start(factory, officers[0], _WARM_UP)
    for _ in range(_INSTANCES):
        with watch.measuring(measure):
            _start(factory, officers[0], 1)
    return measure


def _start(factory: sessionmaker[Session], actor_id: int, count: int) -> None:
    with transaction(factory) as session:
        actor = session.get_one(Person, actor_id)
        for _ in range(count):
            instances.start(session, _KEY, variables={"amount": 120}, title="Bench", actor=actor, now=NOW)


def _measure_steps(
    engine: Engine, factory: sessionmaker[Session], watch: Stopwatch, officers: list[int]
) -> list[Measure]:
    """Complete both tasks of every instance, with a bare transaction after each: same disk, same time."""
    first, last = Measure("complete a task, next one opens"), Measure("complete the last task")
    bare = Measure("bare transaction of three rows")
    for element_id, measure in (("propose", first), ("decide", last)):
        waiting = _open_tasks(factory, element_id)
        for task_id in waiting[:_WARM_UP]:
            _complete(factory, task_id, officers[0])
        for task_id in waiting[_WARM_UP:]:
            actor_id = officers[task_id % len(officers)]
            with watch.measuring(measure):
                _complete(factory, task_id, actor_id)
            with watch.measuring(bare):
                _write_three_rows(engine)
    return [first, last, bare]


def _open_tasks(factory: sessionmaker[Session], element_id: str) -> list[int]:
    waiting = select(Task.id).where(Task.element_id == element_id, Task.state == TaskState.OPEN)
    with factory() as session:
        return list(session.scalars(waiting.order_by(Task.id)))


def _complete(factory: sessionmaker[Session], task_id: int, actor_id: int) -> None:
    with transaction(factory) as session:
        actor = session.get_one(Person, actor_id)
        task = tasks.get_task(session, task_id, reader=actor, now=NOW)
        tasks.complete_task(session, task, actor=actor, answers={"amount": 150, "note": "xong"}, now=NOW)


def _write_three_rows(engine: Engine) -> None:
    with engine.begin() as connection:
        for number in range(3):
            connection.execute(insert(_THREE_ROWS), {"content": f"row {number}"})


def _measure_inbox(factory: sessionmaker[Session], watch: Stopwatch, officers: Iterable[int]) -> Measure:
    measure = Measure(f"open the inbox, {_OPEN_TASKS} tasks")
    officer_id, *_ = officers
    _start(factory, officer_id, _OPEN_TASKS)
    for _ in range(_INBOX_OPENINGS):
        with watch.measuring(measure), factory() as session:
            reader = session.get_one(Person, officer_id)
            tasks.inbox_mine(session, reader, NOW)
            tasks.inbox_groups(session, reader, NOW)
    return measure
