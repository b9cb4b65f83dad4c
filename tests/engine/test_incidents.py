"""A step that fails: nothing is lost, nothing is done twice, and it can be tried again."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from factories import MONDAY, bpmn, flow, person, publish, service_task, start_and_end, user_task
from sqlalchemy import select, update
from sqlalchemy.orm import Session, sessionmaker

from engine import history, incidents, instances, setup, tasks, timers
from engine.errors import (
    BpmnError,
    ConflictError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    TaskAlreadyCompletedError,
)
from engine.models import (
    Incident,
    IncidentState,
    InstanceState,
    Person,
    ProcessInstance,
    Task,
    TaskComment,
    TaskState,
    Timer,
)
from engine.setup import Action, ActionCall, ActionResult

BUGGY = bpmn(
    "buggy",
    start_and_end(),
    user_task("write"),
    service_task("send", "test.send"),
    flow("start", "write", "send", "end"),
)
SECRET = "a-very-secret-word"


class Switch:
    """An action that fails until it is mended, after it has written a row."""

    def __init__(self) -> None:
        self.is_broken = True
        self.calls: list[ActionCall] = []

    def __call__(self, call: ActionCall) -> ActionResult:
        """Write a comment, then fail or not."""
        self.calls.append(call)
        task = call.session.scalars(select(Task).limit(1)).one()
        call.session.add(
            TaskComment(
                task_id=task.id,
                instance_id=call.instance.id,
                author_id=task.completed_by_id or 0,
                text="sent",
                written_at=call.now,
            )
        )
        call.session.flush()
        if self.is_broken:
            raise ValueError(SECRET)
        return {"sent": True}


def with_action(session: Session, name: str, action: Action) -> None:
    """Let the session, and those of its factory, know one more action."""
    wiring = setup.of(session)
    session.info["setup"] = setup.Setup(
        roles=wiring.roles,
        actions={**wiring.actions, name: action},
        administers=wiring.administers,
        sees_everything=wiring.sees_everything,
    )


@pytest.fixture
def switch(session: Session) -> Switch:
    """Return the action that the diagram ``buggy`` calls."""
    action = Switch()
    with_action(session, "test.send", action)
    return action


@pytest.fixture
def written(session: Session, switch: Switch, officer: Person) -> Task:
    """Return a task that was handed in, whose next step failed."""
    assert switch.is_broken
    publish(session, "buggy", BUGGY)
    instance = instances.start(session, "buggy", variables={}, actor=officer, now=MONDAY)
    task = session.scalars(select(Task).where(Task.instance_id == instance.id)).one()
    tasks.complete_task(session, task, actor=officer, answers={"text": "xin chào"}, now=MONDAY)
    return task


def only(session: Session) -> Incident:
    return session.scalars(select(Incident)).one()


def test_a_task_whose_next_step_fails_counts_as_handed_in(
    session: Session, written: Task, officer: Person
) -> None:
    assert (written.state, written.incident_id) == (TaskState.OPEN, only(session).id)
    assert tasks.inbox_groups(session, officer, MONDAY) == []
    assert tasks.waiting_for_others(session, officer, MONDAY) == [written]
    with pytest.raises(TaskAlreadyCompletedError):
        tasks.complete_task(session, written, actor=officer, answers={}, now=MONDAY)


def test_what_the_failed_step_wrote_is_undone(session: Session, written: Task) -> None:
    assert session.scalars(select(TaskComment)).all() == []
    assert history.verify(session, written.instance_id) == []


def test_an_incident_names_its_element_but_no_values(
    session: Session, written: Task, caplog: pytest.LogCaptureFixture
) -> None:
    incident = only(session)

    assert (incident.element_id, incident.instance_id) == ("send", written.instance_id)
    assert "test.send" in incident.message
    assert SECRET not in incident.message
    assert SECRET not in caplog.text


def test_no_value_reaches_the_log(
    session: Session, officer: Person, switch: Switch, caplog: pytest.LogCaptureFixture
) -> None:
    publish(session, "buggy", BUGGY)
    instance = instances.start(session, "buggy", variables={}, actor=officer, now=MONDAY)
    task = session.scalars(select(Task).where(Task.instance_id == instance.id)).one()

    with caplog.at_level(logging.DEBUG):
        tasks.complete_task(session, task, actor=officer, answers={"text": SECRET}, now=MONDAY)

    assert len(switch.calls) == 1
    assert "incident" in caplog.text
    assert SECRET not in caplog.text


def test_a_retry_finishes_what_the_person_began(
    session: Session, written: Task, switch: Switch, officer: Person, administrator: Person
) -> None:
    switch.is_broken = False

    assert incidents.retry(session, only(session), actor=administrator, now=MONDAY + timedelta(hours=1))

    incident, instance = only(session), session.get_one(ProcessInstance, written.instance_id)
    assert (incident.state, incident.resolved_by_id) == (IncidentState.RESOLVED, administrator.id)
    assert (written.state, written.completed_by_id) == (TaskState.COMPLETED, officer.id)
    assert instance.state is InstanceState.COMPLETED
    assert switch.calls[-1].actor is officer
    assert instances.variables_at(session, instance.id, None) == {"text": "xin chào", "sent": True}
    assert history.verify(session, instance.id) == []


def test_a_retry_that_fails_leaves_the_incident_open(
    session: Session, written: Task, administrator: Person
) -> None:
    assert not incidents.retry(session, only(session), actor=administrator, now=MONDAY)

    assert (only(session).state, only(session).failures) == (IncidentState.OPEN, 2)
    assert written.state is TaskState.OPEN
    assert incidents.list_open(session) == [only(session)]


def test_an_incident_is_retried_once(
    session: Session, written: Task, switch: Switch, administrator: Person
) -> None:
    switch.is_broken = False
    incidents.retry(session, only(session), actor=administrator, now=MONDAY)

    with pytest.raises(ConflictError):
        incidents.retry(session, only(session), actor=administrator, now=MONDAY)
    assert written.state is TaskState.COMPLETED


def test_only_an_administrator_sees_and_retries_incidents(
    session: Session, written: Task, officer: Person
) -> None:
    incident = only(session)
    assert incident.id == written.incident_id

    with pytest.raises(NotFoundError):
        incidents.get_incident(session, incident.id, reader=officer, now=MONDAY)
    with pytest.raises(NotAllowedError):
        incidents.retry(session, incident, actor=officer, now=MONDAY)


def test_cancelling_closes_the_incidents_of_an_instance(
    session: Session, written: Task, administrator: Person
) -> None:
    instance = session.get_one(ProcessInstance, written.instance_id)

    instances.cancel(session, instance, actor=administrator, reason="hopeless", now=MONDAY)

    assert incidents.list_open(session) == []


def test_damaged_state_is_an_incident_of_its_instance_alone(
    session: Session, leave: ProcessInstance, ask: Task, officer: Person
) -> None:
    damaged = update(ProcessInstance).where(ProcessInstance.id == leave.id).values(workflow=b"rubbish")
    session.execute(damaged, execution_options={"synchronize_session": False})

    incident = tasks.complete_task(session, ask, actor=officer, answers={}, now=MONDAY)

    assert incident is not None
    assert incident.instance_id == leave.id


def failing(error: Callable[[], Exception]) -> Action:
    def fail(_: ActionCall) -> ActionResult:
        raise error()

    return fail


def recorded(session: Session, officer: Person, error: Callable[[], Exception]) -> Task:
    """Start a process whose only task is recorded by an action that fails."""
    with_action(session, "test.record", failing(error))
    task = user_task("write", properties={"record": "test.record"})
    publish(session, "recording", bpmn("recording", start_and_end(), task, flow("start", "write", "end")))
    instance = instances.start(session, "recording", variables={}, actor=officer, now=MONDAY)
    return session.scalars(select(Task).where(Task.instance_id == instance.id)).one()


def test_what_the_person_did_wrong_is_told_to_him(session: Session, officer: Person) -> None:
    task = recorded(session, officer, lambda: InvalidInputError("no such award"))

    with pytest.raises(InvalidInputError):
        tasks.complete_task(session, task, actor=officer, answers={}, now=MONDAY)

    assert session.scalars(select(Incident)).all() == []
    assert (task.state, task.incident_id) == (TaskState.OPEN, None)


def test_what_the_record_action_did_wrong_is_an_incident(session: Session, officer: Person) -> None:
    task = recorded(session, officer, lambda: KeyError("x"))

    incident = tasks.complete_task(session, task, actor=officer, answers={}, now=MONDAY)

    assert incident is not None
    assert incident.element_id == "write"


def test_an_error_of_the_diagram_takes_its_path(session: Session, officer: Person) -> None:
    with_action(session, "test.send", failing(lambda: BpmnError("refused")))
    boundary = (
        '<boundaryEvent id="refused" attachedToRef="send"><errorEventDefinition id="e" errorRef="r"/>'
        "</boundaryEvent>"
    )
    body = (start_and_end(), service_task("send", "test.send"), boundary, user_task("mend"))
    diagram = bpmn(
        "erring",
        *body,
        flow("start", "send", "end"),
        flow("refused", "mend", "end"),
        declarations='<error id="r" errorCode="refused"/>',
    )
    publish(session, "erring", diagram)

    instance = instances.start(session, "erring", variables={}, actor=officer, now=MONDAY)

    waiting = session.scalars(select(Task.element_id).where(Task.instance_id == instance.id)).all()
    assert waiting == ["mend"]
    assert "event_caught" in [event.kind for event in history.events_of(session, instance.id)]


def test_a_timer_that_fails_stands_still_and_holds_up_no_other(
    session: Session,
    session_factory: sessionmaker[Session],
    setup: setup.Setup,
    officer: Person,
    administrator: Person,
) -> None:
    broken = {"is": True}

    def sometimes(call: ActionCall) -> ActionResult:
        if broken["is"] and call.variables["name"] == "bad":
            raise ValueError(SECRET)
        return None

    assert isinstance(setup.actions, dict)
    setup.actions["test.sometimes"] = sometimes
    wait = (
        '<intermediateCatchEvent id="wait"><timerEventDefinition id="t"><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
    )
    body = (start_and_end(), wait, service_task("send", "test.sometimes"))
    publish(session, "timed", bpmn("timed", *body, flow("start", "wait", "send", "end")))
    bad = instances.start(session, "timed", variables={"name": "bad"}, actor=officer, now=MONDAY)
    good = instances.start(session, "timed", variables={"name": "good"}, actor=officer, now=MONDAY)
    session.commit()
    later = MONDAY + timedelta(hours=2)

    for _ in range(2):
        timers.fire_due(session_factory, now=later)

    session.expire_all()
    assert (bad.state, good.state) == (InstanceState.RUNNING, InstanceState.COMPLETED)
    incident = only(session)
    assert session.scalars(select(Timer.incident_id)).all() == [incident.id]
    broken["is"] = False
    assert incidents.retry(session, incident, actor=administrator, now=later)
    assert bad.state is InstanceState.COMPLETED
    assert session.scalars(select(Timer)).all() == []


def test_a_second_person_does_not_take_what_stands_still(session: Session, written: Task) -> None:
    second = person(session, "second", [("officer", "")])

    with pytest.raises(TaskAlreadyCompletedError):
        tasks.claim(session, written, actor=second, now=MONDAY)
