"""Several people and workers at the same moment: nothing is done twice, nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from factories import MONDAY, bpmn, flow, person, publish, service_task, start_and_end, unit, user_task
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine import history, instances, messages, people, schedules, tasks, timers
from engine.database import transaction
from engine.errors import ConflictError
from engine.models import HistoryEvent, InstanceState, Person, ProcessInstance, Task, TaskState, Timer
from engine.setup import ActionCall


def at_once(*jobs: Callable[[], str]) -> list[str]:
    """Run jobs in threads that start together; return what each returned."""
    barrier = Barrier(len(jobs))

    def run(job: Callable[[], str]) -> str:
        barrier.wait(timeout=30)
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs, timeout=60))


def completing(factory: sessionmaker[Session], task_id: int, person_id: int) -> Callable[[], str]:
    def complete() -> str:
        try:
            with transaction(factory) as session:
                actor = session.get_one(Person, person_id)
                task = tasks.get_task(session, task_id, reader=actor, now=MONDAY)
                tasks.complete_task(session, task, actor=actor, answers={}, now=MONDAY)
        except ConflictError:
            return "too late"
        return "done"

    return complete


def claiming(factory: sessionmaker[Session], task_id: int, person_id: int) -> Callable[[], str]:
    def claim() -> str:
        try:
            with transaction(factory) as session:
                actor = session.get_one(Person, person_id)
                tasks.claim(session, session.get_one(Task, task_id), actor=actor, now=MONDAY)
        except ConflictError:
            return "too late"
        return "done"

    return claim


@pytest.mark.parametrize("attempt", range(5))
def test_two_who_complete_one_task_leave_one_completion(
    session: Session, session_factory: sessionmaker[Session], ask: Task, officer: Person, attempt: int
) -> None:
    second = person(session, f"second{attempt}", [("officer", "")])
    session.commit()

    outcomes = at_once(
        completing(session_factory, ask.id, officer.id), completing(session_factory, ask.id, second.id)
    )

    assert sorted(outcomes) == ["done", "too late"]
    completions = select(func.count()).where(HistoryEvent.kind == "task_completed")
    assert session.scalar(completions) == 1
    assert history.verify(session, ask.instance_id) == []


def test_two_who_claim_one_task_leave_one_owner(
    session: Session, session_factory: sessionmaker[Session], ask: Task, officer: Person
) -> None:
    second = person(session, "second", [("officer", "")])
    session.commit()

    outcomes = at_once(
        claiming(session_factory, ask.id, officer.id), claiming(session_factory, ask.id, second.id)
    )

    assert sorted(outcomes) == ["done", "too late"]


PARALLEL = bpmn(
    "parallel",
    start_and_end(),
    '<parallelGateway id="fork"/><parallelGateway id="join"/>',
    *(user_task(f"task{number}") for number in range(4)),
    *(flow("fork", f"task{number}", "join") for number in range(4)),
    flow("start", "fork"),
    flow("join", "end"),
)


def test_tasks_of_one_instance_completed_at_once_all_survive(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    publish(session, "parallel", PARALLEL)
    instance = instances.start(session, "parallel", variables={}, actor=officer, now=MONDAY)
    task_ids = session.scalars(select(Task.id).where(Task.instance_id == instance.id)).all()
    session.commit()

    outcomes = at_once(*(completing(session_factory, task_id, officer.id) for task_id in task_ids))

    session.expire_all()
    assert outcomes == ["done"] * 4
    assert instance.state is InstanceState.COMPLETED
    assert history.verify(session, instance.id) == []


def timed(key: str, calls_action: str) -> bytes:
    wait = (
        '<intermediateCatchEvent id="wait"><timerEventDefinition id="t"><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )
    body = (start_and_end(), wait, service_task("note", calls_action))
    return bpmn(key, *body, flow("start", "wait", "note", "end"))


def test_four_workers_fire_each_timer_once(
    session: Session,
    session_factory: sessionmaker[Session],
    officer: Person,
    calls: list[ActionCall],
) -> None:
    publish(session, "timed", timed("timed", "leave.note"))
    for _ in range(12):
        instances.start(session, "timed", variables={}, actor=officer, now=MONDAY)
    session.commit()
    later = MONDAY + timedelta(hours=2)

    def work() -> str:
        return str(timers.fire_due(session_factory, now=later))

    at_once(work, work, work, work)
    timers.fire_due(session_factory, now=later)

    assert len(calls) == 12
    assert session.scalar(select(func.count()).select_from(Timer)) == 0
    ended = select(func.count()).where(ProcessInstance.state == InstanceState.COMPLETED)
    assert session.scalar(ended) == 12


def test_a_person_and_a_timer_at_the_same_moment_do_not_block_each_other(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    escalate = (
        '<boundaryEvent id="late" attachedToRef="work" cancelActivity="false"><timerEventDefinition id="t">'
        "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>"
    )
    body = (start_and_end(), user_task("work"), escalate, '<endEvent id="told"/>')
    publish(session, "lateness", bpmn("lateness", *body, flow("start", "work", "end"), flow("late", "told")))
    found: list[Task] = []
    for _ in range(6):
        instance = instances.start(session, "lateness", variables={}, actor=officer, now=MONDAY)
        found += session.scalars(select(Task).where(Task.instance_id == instance.id))
    session.commit()

    def work() -> str:
        return str(timers.fire_due(session_factory, now=MONDAY + timedelta(hours=2)))

    at_once(work, work, *(completing(session_factory, task.id, officer.id) for task in found))

    states = session.scalars(select(Task.state).execution_options(populate_existing=True)).all()
    assert states == [TaskState.COMPLETED] * 6
    assert session.scalar(select(func.count()).select_from(Timer)) == 0


def test_four_workers_deliver_a_message_once(
    session: Session,
    session_factory: sessionmaker[Session],
    officer: Person,
    calls: list[ActionCall],
) -> None:
    wait = (
        '<intermediateCatchEvent id="wait"><messageEventDefinition id="m" messageRef="answer"/>'
        "</intermediateCatchEvent>"
    )
    declared = (
        '<message id="answer" name="answered"><extensionElements>'
        '<zeebe:subscription correlationKey="=code"/></extensionElements></message>'
    )
    body = (start_and_end(), wait, service_task("note", "leave.note"), flow("start", "wait", "note", "end"))
    publish(session, "waiting", bpmn("waiting", *body, declarations=declared))
    for code in ("a", "b", "a"):
        instances.start(session, "waiting", variables={"code": code}, actor=officer, now=MONDAY)
    messages.throw_message(session, "answered", "a", {}, now=MONDAY)
    session.commit()

    def work() -> str:
        return str(messages.deliver_due(session_factory, MONDAY))

    outcomes = at_once(work, work, work, work)

    assert sorted(outcomes) == ["0", "0", "0", "1"]
    assert len(calls) == 1


def test_four_workers_start_a_schedule_once_for_each_unit(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    diagram = bpmn("plain", start_and_end(), user_task("read"), flow("start", "read", "end"))
    publish(session, "plain", diagram)
    codes = [f"unit_{number}" for number in range(5)]
    for code in codes:
        unit(session, code)
    schedules.create_schedule(
        session,
        key="plain",
        name="Plain",
        rhythm="monthly",
        first_on=people.local_day(MONDAY),
        unit_codes=codes,
        now=MONDAY,
    )
    session.commit()

    def work() -> str:
        return str(schedules.start_due(session_factory, now=MONDAY))

    at_once(work, work, work, work)
    schedules.start_due(session_factory, now=MONDAY)

    assert session.scalar(select(func.count()).select_from(ProcessInstance)) == len(codes)
