"""Starting, advancing and cancelling instances."""

from collections.abc import Mapping
from decimal import Decimal
from uuid import uuid4

import pytest
from factories import MONDAY, bpmn, flow, person, publish, service_task, start_and_end, unit, user_task
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import history, instances, setup, tasks
from engine.errors import ConflictError, NotAllowedError, NotFoundError, StepFailedError
from engine.instances import CompleteTask
from engine.models import (
    InstanceState,
    MessageSubscription,
    Person,
    ProcessInstance,
    Task,
    TaskState,
    Timer,
)
from engine.setup import ActionCall


def open_tasks(session: Session, instance: ProcessInstance) -> list[Task]:
    found = select(Task).where(Task.instance_id == instance.id, Task.state == TaskState.OPEN)
    return list(session.scalars(found.order_by(Task.id)))


def kinds(session: Session, instance: ProcessInstance) -> list[str]:
    return [event.kind for event in history.events_of(session, instance.id)]


def test_a_new_instance_waits_at_its_first_task(session: Session, leave: ProcessInstance, ask: Task) -> None:
    assert leave.state is InstanceState.RUNNING
    assert (ask.element_id, ask.page) == ("ask", "plain")
    assert [(group.role, group.unit_code) for group in ask.candidates] == [("officer", "")]
    assert instances.variables_at(session, leave.id, None) == {"days": Decimal(3)}


def test_what_is_not_published_does_not_start(session: Session) -> None:
    with pytest.raises(NotFoundError):
        instances.start(session, "nothing", variables={}, actor=None, now=MONDAY)


def test_a_due_date_given_as_a_duration_counts_from_the_creation(
    session: Session, leave: ProcessInstance, ask: Task, officer: Person
) -> None:
    tasks.complete_task(session, ask, actor=officer, answers={}, now=MONDAY)

    (decide,) = open_tasks(session, leave)
    assert decide.due_at is not None
    assert (decide.due_at - MONDAY).days == 3


def test_the_history_tells_what_happened_in_order(
    session: Session, leave: ProcessInstance, ask: Task, officer: Person, head: Person
) -> None:
    tasks.complete_task(session, ask, actor=officer, answers={"reason": "rest"}, now=MONDAY)
    tasks.complete_task(session, open_tasks(session, leave)[0], actor=head, answers={}, now=MONDAY)

    assert kinds(session, leave) == [
        "started",
        "task_opened",
        "task_completed",
        "task_opened",
        "task_completed",
        "completed",
    ]
    assert history.verify(session, leave.id) == []


def test_a_service_task_runs_its_action_and_keeps_its_result(
    session: Session, officer: Person, calls: list[ActionCall]
) -> None:
    body = (start_and_end(), service_task("note", "leave.note"), user_task("read"))
    publish(session, "noting", bpmn("noting", *body, flow("start", "note", "read", "end")))

    instance = instances.start(session, "noting", variables={"days": 2}, actor=officer, now=MONDAY)

    assert calls[0].element.id == "note"
    assert calls[0].variables["days"] == Decimal(2)
    assert instances.variables_at(session, instance.id, None)["noted"] == Decimal(1)


def test_answers_go_through_the_record_action_of_their_task(
    session: Session, officer: Person, calls: list[ActionCall]
) -> None:
    task = user_task("write", properties={"record": "leave.note"})
    publish(session, "writing", bpmn("writing", start_and_end(), task, flow("start", "write", "end")))
    instance = instances.start(session, "writing", variables={"days": 2}, actor=officer, now=MONDAY)
    (write,) = open_tasks(session, instance)

    tasks.complete_task(session, write, actor=officer, answers={"days": 5}, now=MONDAY)

    assert calls[0].task is write
    assert calls[0].variables["days"] == Decimal(5)
    assert instances.variables_at(session, instance.id, None) == {"days": Decimal(5), "noted": Decimal(1)}
    assert tasks.answers_of(session, write) == {"days": Decimal(5)}


def test_a_task_for_a_role_nobody_knows_is_a_failed_step(session: Session, officer: Person) -> None:
    diagram = bpmn("odd", start_and_end(), user_task("read", "=whom"), flow("start", "read", "end"))
    publish(session, "odd", diagram)

    with pytest.raises(StepFailedError) as failure:
        instances.start(session, "odd", variables={"whom": "wizard"}, actor=officer, now=MONDAY)

    assert failure.value.element_id == "read"
    assert session.scalar(select(func.count()).select_from(ProcessInstance)) == 0


@pytest.mark.parametrize(
    ("holds", "expected"), [([("unit_head", "so_y_te")], "thuy"), ([], None)], ids=["holder", "no_longer"]
)
def test_the_named_assignee_must_hold_the_candidate_group(
    session: Session, officer: Person, holds: list[tuple[str, str]], expected: str | None
) -> None:
    unit(session, "so_y_te")
    person(session, "thuy", holds)
    task = user_task("sign", "=&quot;unit_head@&quot; + unit_code", assignee="=who")
    publish(session, "signing", bpmn("signing", start_and_end(), task, flow("start", "sign", "end")))
    facts: Mapping[str, object] = {"unit_code": "so_y_te", "who": "thuy"}

    instance = instances.start(session, "signing", variables=facts, actor=officer, now=MONDAY)

    (sign,) = open_tasks(session, instance)
    assert (sign.assignee.username if sign.assignee else None) == expected


def test_a_command_for_what_does_not_wait_is_a_conflict(session: Session, leave: ProcessInstance) -> None:
    with pytest.raises(ConflictError):
        instances.advance(session, leave.id, CompleteTask(uuid4()), actor=None, now=MONDAY)


def test_an_action_must_not_advance_its_own_instance(session: Session, officer: Person) -> None:
    def meddle(call: ActionCall) -> None:
        wait = session.scalars(select(Task.workflow_task_id).where(Task.element_id == "other")).one()
        instances.advance(call.session, call.instance.id, CompleteTask(wait), actor=call.actor, now=call.now)

    wiring = setup.of(session)
    session.info["setup"] = setup.Setup(
        roles=wiring.roles, actions={**wiring.actions, "leave.meddle": meddle}
    )
    body = (
        start_and_end(),
        '<parallelGateway id="fork"/>',
        user_task("first"),
        user_task("other"),
        service_task("meddle", "leave.meddle"),
    )
    paths = (flow("start", "fork", "first", "meddle", "end"), flow("fork", "other", "end"))
    publish(session, "meddling", bpmn("meddling", *body, *paths))
    instance = instances.start(session, "meddling", variables={}, actor=officer, now=MONDAY)
    first = next(task for task in open_tasks(session, instance) if task.element_id == "first")

    incident = tasks.complete_task(session, first, actor=officer, answers={}, now=MONDAY)

    assert incident is not None
    assert [task.element_id for task in open_tasks(session, instance)] == ["first", "other"]


def test_cancelling_takes_back_all_that_waits(
    session: Session, leave: ProcessInstance, ask: Task, administrator: Person
) -> None:
    instances.cancel(session, leave, actor=administrator, reason="written twice", now=MONDAY)

    assert (leave.state, leave.outcome) == (InstanceState.CANCELLED, "written twice")
    assert ask.state is TaskState.CANCELLED
    assert session.scalars(select(Timer)).all() == []
    assert session.scalars(select(MessageSubscription)).all() == []
    with pytest.raises(ConflictError):
        instances.cancel(session, leave, actor=administrator, reason="again", now=MONDAY)


def test_only_an_administrator_cancels(session: Session, leave: ProcessInstance, officer: Person) -> None:
    with pytest.raises(NotAllowedError):
        instances.cancel(session, leave, actor=officer, reason="no more", now=MONDAY)


def test_progress_names_what_is_done_by_which_flows_and_what_waits(
    session: Session, leave: ProcessInstance, ask: Task, officer: Person
) -> None:
    tasks.complete_task(session, ask, actor=officer, answers={}, now=MONDAY)

    progress = instances.progress_of(session, leave.id)
    assert progress.active == {"decide"}
    assert {"start", "ask"} <= progress.done
    assert progress.taken == {"start__ask", "ask__decide"}


def test_an_instance_is_found_only_by_those_it_concerns(
    session: Session, leave: ProcessInstance, officer: Person, stranger: Person, head: Person
) -> None:
    assert instances.get_instance(session, leave.id, reader=officer, now=MONDAY) is leave
    for reader in (stranger, head):
        with pytest.raises(NotFoundError):
            instances.get_instance(session, leave.id, reader=reader, now=MONDAY)
    with pytest.raises(NotFoundError):
        instances.get_instance(session, leave.id + 1, reader=officer, now=MONDAY)


def test_what_a_caller_has_just_set_survives_the_lock(session: Session, leave: ProcessInstance) -> None:
    leave.title = "Changed"

    instances.lock(session, leave.id)

    assert leave.title == "Changed"
