"""Messages: kept until somebody wants them, delivered once."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from factories import MONDAY, bpmn, flow, publish, service_task, start_and_end, unit, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import history, incidents, instances, messages
from engine.models import (
    Incident,
    InstanceState,
    Message,
    MessageSubscription,
    Person,
    ProcessInstance,
    Task,
)
from engine.setup import Setup

DECLARED = (
    '<message id="answer" name="answered"><extensionElements>'
    '<zeebe:subscription correlationKey="=code"/></extensionElements></message>'
)
CATCH = (
    '<intermediateCatchEvent id="wait"><messageEventDefinition id="m" messageRef="answer"/>'
    "</intermediateCatchEvent>"
)
WAITING = bpmn(
    "waiting",
    start_and_end(),
    CATCH,
    user_task("read"),
    flow("start", "wait", "read", "end"),
    declarations=DECLARED,
)


@pytest.fixture
def waiting(session: Session, officer: Person) -> ProcessInstance:
    """Return an instance that waits for the message ``answered`` with the key ``a``."""
    publish(session, "waiting", WAITING)
    return start(session, officer)


def start(session: Session, actor: Person, code: str = "a", now: datetime = MONDAY) -> ProcessInstance:
    return instances.start(session, "waiting", variables={"code": code}, actor=actor, now=now)


def waits(session: Session, instance: ProcessInstance) -> list[str]:
    found = select(MessageSubscription.name).where(MessageSubscription.instance_id == instance.id)
    return list(session.scalars(found))


def throw(session: Session, key: str = "a", *, name: str = "answered", **variables: int | str) -> Message:
    message = messages.throw_message(session, name, key, instances.as_context(variables), now=MONDAY)
    session.commit()
    return message


def test_a_message_reaches_the_wait_with_its_key(
    session: Session, session_factory: sessionmaker[Session], waiting: ProcessInstance, officer: Person
) -> None:
    other = start(session, officer, "b")
    message = throw(session, result=7)

    assert messages.deliver_due(session_factory, MONDAY) == 1

    session.expire_all()
    assert message.delivered_at == MONDAY
    assert message.due_at is None
    assert waits(session, waiting) == []
    assert waits(session, other) == ["answered"]
    assert instances.variables_at(session, waiting.id, None)["result"] == Decimal(7)
    assert "message_received" in [event.kind for event in history.events_of(session, waiting.id)]


def test_a_message_nobody_wants_yet_is_tried_less_and_less_often(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    message = throw(session)
    tries: list[int] = []
    now = MONDAY
    for _ in range(5):
        assert messages.deliver_due(session_factory, now) == 0
        session.expire_all()
        assert message.due_at is not None
        tries.append(int((message.due_at - now).total_seconds()))
        now = message.due_at
        session.commit()

    assert tries == [1, 5, 30, 60, 60]


def test_a_message_thrown_too_early_arrives_when_somebody_waits(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    publish(session, "waiting", WAITING)
    message = throw(session)
    messages.deliver_due(session_factory, MONDAY)
    instance = start(session, officer)
    session.commit()

    assert messages.deliver_due(session_factory, MONDAY) == 1

    session.expire_all()
    assert message.delivered_at == MONDAY
    assert waits(session, instance) == []


def test_a_message_expires(session: Session, session_factory: sessionmaker[Session], officer: Person) -> None:
    publish(session, "waiting", WAITING)
    message = throw(session)
    later = MONDAY + timedelta(days=400)

    assert messages.deliver_due(session_factory, later) == 0

    session.expire_all()
    assert (message.due_at, message.delivered_at) == (None, None)
    start(session, officer, now=later)
    session.commit()
    assert messages.deliver_due(session_factory, later) == 0


def test_an_instance_that_waits_twice_is_served_once_a_message(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    twice = (
        '<parallelGateway id="fork"/>',
        CATCH,
        CATCH.replace('id="wait"', 'id="also"').replace('id="m"', 'id="m2"'),
    )
    paths = (flow("start", "fork", "wait", "end"), flow("fork", "also", "end"))
    publish(session, "waiting", bpmn("waiting", start_and_end(), *twice, *paths, declarations=DECLARED))
    instance = start(session, officer)
    throw(session)

    messages.deliver_due(session_factory, MONDAY)

    session.expire_all()
    assert waits(session, instance) == ["answered"]


def test_a_message_starts_the_process_that_begins_with_it(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    begin = '<startEvent id="start"><messageEventDefinition id="m" messageRef="order"/></startEvent>'
    diagram = bpmn(
        "ordered",
        begin,
        '<endEvent id="end"/>',
        user_task("read"),
        flow("start", "read", "end"),
        declarations='<message id="order" name="order_placed"/>',
    )
    publish(session, "ordered", diagram)
    home = unit(session, "so_y_te")
    throw(session, "", name="order_placed", business_key="order:4", unit_code="so_y_te", title="Order 4")

    for _ in range(2):
        messages.deliver_due(session_factory, MONDAY)

    instance = session.scalars(select(ProcessInstance)).one()
    assert (instance.key, instance.business_key, instance.title) == ("ordered", "order:4", "Order 4")
    assert instance.unit_id == home.id
    assert session.scalars(select(Task.element_id)).all() == ["read"]


def test_one_instance_throws_what_another_waits_for(
    session: Session, session_factory: sessionmaker[Session], waiting: ProcessInstance, officer: Person
) -> None:
    send = (
        '<intermediateThrowEvent id="send"><messageEventDefinition id="m" messageRef="answer"/>'
        "</intermediateThrowEvent>"
    )
    diagram = bpmn("sending", start_and_end(), send, flow("start", "send", "end"), declarations=DECLARED)
    publish(session, "sending", diagram)
    sender = instances.start(session, "sending", variables={"code": "a"}, actor=officer, now=MONDAY)
    session.commit()

    assert messages.deliver_due(session_factory, MONDAY) == 1

    session.expire_all()
    assert sender.state is InstanceState.COMPLETED
    assert waits(session, waiting) == []
    assert "message_thrown" in [event.kind for event in history.events_of(session, sender.id)]


def test_a_delivery_that_fails_is_an_incident_and_others_get_their_message(
    session: Session,
    session_factory: sessionmaker[Session],
    setup: Setup,
    officer: Person,
    administrator: Person,
) -> None:
    broken = {"is": True}

    def fail(call: object) -> None:
        assert call is not None
        if broken["is"]:
            raise ValueError("broken")

    assert isinstance(setup.actions, dict)
    setup.actions["test.fail"] = fail
    body = (start_and_end(), CATCH, service_task("fail", "test.fail"), flow("start", "wait", "fail", "end"))
    publish(session, "failing", bpmn("failing", *body, declarations=DECLARED))
    publish(session, "waiting", WAITING)
    bad = instances.start(session, "failing", variables={"code": "a"}, actor=officer, now=MONDAY)
    good = start(session, officer)
    throw(session)

    messages.deliver_due(session_factory, MONDAY)

    session.expire_all()
    assert waits(session, good) == []
    incident = session.scalars(select(Incident)).one()
    assert incident.instance_id == bad.id
    broken["is"] = False
    assert incidents.retry(session, incident, actor=administrator, now=MONDAY)
    assert bad.state is InstanceState.COMPLETED
