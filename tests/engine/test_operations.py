"""What an administrator does to one instance: it stands still, goes on, and its token is moved."""
# ruff: noqa: E501 -- lines of diagrams

from collections.abc import Callable
from datetime import timedelta

import pytest
from factories import MONDAY, bpmn, flow, publish, service_task, start_and_end, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import history, incidents, instances, messages, operations, reminders, tasks, timers
from engine.errors import (
    ConflictError,
    InstanceSuspendedError,
    InvalidInputError,
    NotAllowedError,
    StepFailedError,
)
from engine.models import (
    InstanceState,
    Message,
    MessageSubscription,
    Person,
    ProcessInstance,
    Reminder,
    Task,
    TaskState,
)

WEDNESDAY = MONDAY + timedelta(days=2)
"""The day before is a public holiday."""

ERRAND = bpmn(
    "errand",
    start_and_end(),
    '<parallelGateway id="fork"/>',
    user_task("write", due="=duration(&quot;P1D&quot;)"),
    user_task("check"),
    service_task("note", "leave.note"),
    '<receiveTask id="answer" messageRef="ring"/>',
    '<intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent>',
    flow("start", "fork", "write", "check", "end"),
    flow("fork", "answer", "note", "end"),
    flow("fork", "pause", "end"),
    declarations='<message id="ring" name="ring"><extensionElements><zeebe:subscription correlationKey="=code"/></extensionElements></message>',
)


@pytest.fixture
def errand(session: Session, officer: Person) -> ProcessInstance:
    """Return an instance that waits for a person, a message and a timer at once."""
    publish(session, "errand", ERRAND)
    return instances.start(session, "errand", variables={"code": "7"}, actor=officer, now=MONDAY)


def open_elements(session: Session, instance: ProcessInstance) -> list[str]:
    waiting = (Task.instance_id == instance.id, Task.state == TaskState.OPEN)
    return sorted(session.scalars(select(Task.element_id).where(*waiting)))


def write_task(session: Session, instance: ProcessInstance) -> Task:
    return session.scalars(
        select(Task).where(Task.instance_id == instance.id, Task.element_id == "write")
    ).one()


def kinds(session: Session, instance: ProcessInstance) -> list[str]:
    return [event.kind for event in history.events_of(session, instance.id)]


def test_nothing_happens_while_an_instance_stands_still_and_all_of_it_when_it_goes_on(
    session: Session,
    session_factory: sessionmaker[Session],
    errand: ProcessInstance,
    officer: Person,
    administrator: Person,
) -> None:
    operations.suspend(session, errand, actor=administrator, reason="A mistake", now=MONDAY)
    messages.throw_message(session, "ring", "7", {}, now=MONDAY)
    session.commit()

    assert timers.fire_due(session_factory, now=WEDNESDAY) == 0
    messages.deliver_due(session_factory, now=WEDNESDAY)
    reminders.send_due(session_factory, now=WEDNESDAY)
    session.expire_all()
    assert "timer_fired" not in kinds(session, errand)
    assert "message_received" not in kinds(session, errand)
    assert session.scalars(select(Reminder.sent_at).where(Reminder.sent_at.is_not(None))).all() == []
    task = write_task(session, errand)
    with pytest.raises(InstanceSuspendedError):
        tasks.complete_task(session, task, actor=officer, answers={}, now=WEDNESDAY)
    with pytest.raises(InstanceSuspendedError):
        tasks.claim(session, task, actor=officer, now=WEDNESDAY)
    assert tasks.inbox_groups(session, officer, WEDNESDAY) == []

    operations.resume(session, errand, actor=administrator, reason="Mended", now=WEDNESDAY)
    session.commit()
    assert timers.fire_due(session_factory, now=WEDNESDAY) == 1
    assert reminders.send_due(session_factory, now=WEDNESDAY) > 0
    session.expire_all()
    told = kinds(session, errand)
    assert [told.count(kind) for kind in ("suspended", "resumed", "timer_fired", "message_received")] == [
        1,
        1,
        1,
        1,
    ]
    assert [task.element_id for task in tasks.inbox_groups(session, officer, WEDNESDAY)] == ["write"]
    assert session.scalars(select(MessageSubscription)).all() == []
    assert tasks.complete_task(session, task, actor=officer, answers={}, now=WEDNESDAY) is None
    assert history.verify(session, errand.id) == []


def test_a_message_for_one_that_stands_still_reaches_the_others_once(
    session: Session, session_factory: sessionmaker[Session], errand: ProcessInstance, administrator: Person
) -> None:
    publish(session, "other", ERRAND.replace(b'"errand"', b'"other"'))
    other = instances.start(session, "other", variables={"code": "7"}, actor=None, now=MONDAY)
    operations.suspend(session, errand, actor=administrator, reason="A mistake", now=MONDAY)
    messages.throw_message(session, "ring", "7", {}, now=MONDAY)
    session.commit()

    assert messages.deliver_due(session_factory, now=MONDAY) == 1
    assert messages.deliver_due(session_factory, now=WEDNESDAY) == 0
    session.expire_all()
    assert kinds(session, other).count("message_received") == 1
    operations.resume(session, errand, actor=administrator, reason="Mended", now=WEDNESDAY)

    assert kinds(session, errand).count("message_received") == 1
    assert kinds(session, other).count("message_received") == 1


def test_a_second_message_waits_for_its_own_turn(
    session: Session, session_factory: sessionmaker[Session], errand: ProcessInstance, administrator: Person
) -> None:
    operations.suspend(session, errand, actor=administrator, reason="A mistake", now=MONDAY)
    for _ in range(2):
        messages.throw_message(session, "ring", "7", {}, now=MONDAY)
    session.commit()

    messages.deliver_due(session_factory, now=MONDAY)
    session.expire_all()

    assert len(session.scalars(select(Message).where(Message.delivered_at.is_(None))).all()) == 1


def test_a_draft_is_kept_while_the_instance_stands_still(
    session: Session, errand: ProcessInstance, officer: Person, administrator: Person
) -> None:
    operations.suspend(session, errand, actor=administrator, reason="A mistake", now=MONDAY)

    tasks.save_draft(session, write_task(session, errand), officer, {"note": ["x"]}, now=MONDAY)

    draft = tasks.find_draft(session, write_task(session, errand), officer)
    assert draft is not None
    assert draft.answers == {"note": ["x"]}


def start_towards_nobody(session: Session, officer: Person) -> ProcessInstance:
    """Start an instance whose first task waits and whose next cannot be given to anybody."""
    steps = (user_task("ask"), user_task("next", "=nobody"), flow("start", "ask", "next", "end"))
    publish(session, "errand", bpmn("errand", start_and_end(), *steps))
    return instances.start(session, "errand", variables={}, actor=officer, now=MONDAY)


def test_an_incident_is_not_resolved_by_a_retry_while_its_instance_stands_still(
    session: Session, officer: Person, administrator: Person
) -> None:
    instance = start_towards_nobody(session, officer)
    task = session.scalars(select(Task).where(Task.instance_id == instance.id)).one()
    incident = tasks.complete_task(session, task, actor=officer, answers={}, now=MONDAY)
    assert incident is not None
    operations.suspend(session, instance, actor=administrator, reason="A mistake", now=MONDAY)

    with pytest.raises(InstanceSuspendedError):
        incidents.retry(session, incident, actor=administrator, now=MONDAY)

    assert incident.resolved_at is None


def test_a_moved_token_closes_its_task_and_opens_another(
    session: Session, errand: ProcessInstance, administrator: Person
) -> None:
    operations.move(
        session, errand, "write", "check", actor=administrator, reason="Written already", now=WEDNESDAY
    )

    assert open_elements(session, errand) == ["check"]
    assert write_task(session, errand).state is TaskState.CANCELLED
    event = next(event for event in history.events_of(session, errand.id) if event.kind == "moved")
    assert (event.actor_id, event.element_id) == (administrator.id, "write")
    assert event.details == {"to": "check", "reason": "Written already"}
    assert history.verify(session, errand.id) == []


def test_a_moved_token_runs_on_to_the_end(
    session: Session, errand: ProcessInstance, administrator: Person
) -> None:
    for element_id in ("write", "answer", "pause"):
        operations.move(session, errand, element_id, "end", actor=administrator, reason="Void", now=WEDNESDAY)

    assert errand.state is InstanceState.COMPLETED


def test_where_a_token_can_be_moved(session: Session, errand: ProcessInstance) -> None:
    movable = operations.movable(session, errand, now=MONDAY)

    assert sorted(movable) == ["answer", "pause", "write"]
    assert set(movable["write"]) == {"end", "fork", "check", "note", "answer", "pause"}


@pytest.mark.parametrize(
    "move",
    [
        ("check", "write", ConflictError),
        ("write", "nowhere", InvalidInputError),
        ("write", "start", InvalidInputError),
    ],
)
def test_a_token_cannot_be_moved_from_where_none_is_nor_to_what_cannot_be_entered(
    session: Session,
    errand: ProcessInstance,
    administrator: Person,
    move: tuple[str, str, type[Exception]],
) -> None:
    element_id, target_id, error = move

    with pytest.raises(error):
        operations.move(
            session, errand, element_id, target_id, actor=administrator, reason="Why", now=WEDNESDAY
        )

    assert open_elements(session, errand) == ["write"]


def test_a_move_whose_step_fails_changes_nothing(
    session: Session, officer: Person, administrator: Person
) -> None:
    instance = start_towards_nobody(session, officer)

    with pytest.raises(StepFailedError):
        operations.move(session, instance, "ask", "next", actor=administrator, reason="Why", now=WEDNESDAY)

    assert open_elements(session, instance) == ["ask"]
    assert "moved" not in kinds(session, instance)


Operation = Callable[[Session, ProcessInstance, Person, str], None]
OPERATIONS: list[Operation] = [
    lambda session, instance, actor, reason: operations.suspend(
        session, instance, actor=actor, reason=reason, now=MONDAY
    ),
    lambda session, instance, actor, reason: operations.move(
        session, instance, "write", "check", actor=actor, reason=reason, now=MONDAY
    ),
]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_operations_are_the_administrators_and_have_a_reason(
    session: Session, errand: ProcessInstance, officer: Person, administrator: Person, operation: Operation
) -> None:
    with pytest.raises(NotAllowedError):
        operation(session, errand, officer, "Why")
    with pytest.raises(InvalidInputError):
        operation(session, errand, administrator, "  ")


def test_what_stands_still_is_not_suspended_again_nor_moved_and_what_goes_on_is_not_resumed(
    session: Session, errand: ProcessInstance, administrator: Person
) -> None:
    with pytest.raises(ConflictError):
        operations.resume(session, errand, actor=administrator, reason="Why", now=MONDAY)
    operations.suspend(session, errand, actor=administrator, reason="Why", now=MONDAY)
    for operation in OPERATIONS:
        with pytest.raises(ConflictError):
            operation(session, errand, administrator, "Why")


def test_what_stands_still_can_be_cancelled(
    session: Session, errand: ProcessInstance, administrator: Person
) -> None:
    operations.suspend(session, errand, actor=administrator, reason="Why", now=MONDAY)

    instances.cancel(session, errand, actor=administrator, reason="Void", now=MONDAY)

    assert errand.state is InstanceState.CANCELLED
