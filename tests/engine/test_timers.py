"""Timers fire when they are due, once, whatever happened in between."""

from datetime import timedelta

from factories import MONDAY, bpmn, flow, publish, start_and_end, user_task
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from engine import history, instances, tasks, timers
from engine.models import InstanceState, Person, ProcessInstance, Task, TaskState, Timer


def boundary(duration: str, *, interrupting: bool) -> bytes:
    kind = "timeCycle" if duration.startswith("R") else "timeDuration"
    event = (
        f'<boundaryEvent id="late" attachedToRef="work" cancelActivity="{str(interrupting).lower()}">'
        f'<timerEventDefinition id="t"><{kind}>{duration}</{kind}></timerEventDefinition></boundaryEvent>'
    )
    paths = (flow("start", "work", "end"), flow("late", "escalate", "end"))
    return bpmn("timed", start_and_end(), user_task("work"), event, user_task("escalate", "head"), *paths)


def started(session: Session, actor: Person, diagram: bytes) -> ProcessInstance:
    publish(session, "timed", diagram)
    instance = instances.start(session, "timed", variables={}, actor=actor, now=MONDAY)
    session.commit()
    return instance


def states(session: Session) -> dict[str, TaskState]:
    session.expire_all()
    return {task.element_id: task.state for task in session.scalars(select(Task).order_by(Task.id))}


def test_a_timer_that_is_not_due_does_nothing(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    started(session, officer, boundary("PT1H", interrupting=True))

    assert timers.fire_due(session_factory, now=MONDAY + timedelta(minutes=59)) == 0

    assert states(session) == {"work": TaskState.OPEN}


def test_an_interrupting_timer_takes_the_task_away(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    instance = started(session, officer, boundary("PT1H", interrupting=True))

    assert timers.fire_due(session_factory, now=MONDAY + timedelta(hours=1)) == 1

    assert states(session) == {"work": TaskState.CANCELLED, "escalate": TaskState.OPEN}
    told = [event.kind for event in history.events_of(session, instance.id)]
    assert told == ["started", "task_opened", "timer_fired", "task_cancelled", "task_opened"]


def test_a_task_done_in_time_takes_its_timer_away(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    instance = started(session, officer, boundary("PT1H", interrupting=True))
    task = session.scalars(select(Task)).one()
    tasks.complete_task(session, task, actor=officer, answers={}, now=MONDAY)
    session.commit()

    assert timers.fire_due(session_factory, now=MONDAY + timedelta(hours=2)) == 0

    assert instance.state is InstanceState.COMPLETED
    assert session.scalars(select(Timer)).all() == []


def test_a_repeating_timer_makes_up_for_a_downtime_once(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    started(session, officer, boundary("R/PT1H", interrupting=False))

    fired = timers.fire_due(session_factory, now=MONDAY + timedelta(days=3, minutes=5))

    assert fired == 1
    due = session.scalars(select(Timer.due_at)).one()
    assert MONDAY + timedelta(days=3, minutes=5) < due <= MONDAY + timedelta(days=3, minutes=65)


def test_a_row_whose_timer_is_gone_is_dropped(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    started(session, officer, boundary("PT1H", interrupting=True))
    task = session.scalars(select(Task)).one()
    session.execute(update(Timer).values(workflow_task_id=task.workflow_task_id))
    session.commit()

    timers.fire_due(session_factory, now=MONDAY + timedelta(hours=2))

    assert session.scalars(select(Timer)).all() == []
    assert states(session) == {"work": TaskState.OPEN}
