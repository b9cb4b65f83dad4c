"""Claiming, completing and handing over tasks."""

from decimal import Decimal

import pytest
from factories import MONDAY, bpmn, flow, person, publish, start_and_end, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history, instances, people, tasks
from engine.errors import ConflictError, InvalidInputError, NotAllowedError, TaskAlreadyCompletedError
from engine.models import InstanceState, Person, ProcessInstance, Task, TaskState


def open_task(session: Session, instance: ProcessInstance) -> Task:
    found = select(Task).where(Task.instance_id == instance.id, Task.state == TaskState.OPEN)
    return session.scalars(found).one()


def test_only_a_candidate_may_complete_a_task(session: Session, ask: Task, head: Person) -> None:
    with pytest.raises(NotAllowedError):
        tasks.complete_task(session, ask, actor=head, answers={}, now=MONDAY)

    assert ask.state is TaskState.OPEN


def test_completing_the_last_task_ends_the_instance(
    session: Session, leave: ProcessInstance, ask: Task, officer: Person, head: Person
) -> None:
    tasks.complete_task(session, ask, actor=officer, answers={"reason": "rest"}, now=MONDAY)
    tasks.complete_task(session, open_task(session, leave), actor=head, answers={}, now=MONDAY)

    assert leave.state is InstanceState.COMPLETED
    assert leave.outcome == "end"


def test_completing_twice_is_a_conflict(session: Session, ask: Task, officer: Person) -> None:
    tasks.complete_task(session, ask, actor=officer, answers={}, now=MONDAY)

    with pytest.raises(TaskAlreadyCompletedError):
        tasks.complete_task(session, ask, actor=officer, answers={}, now=MONDAY)


def test_a_completed_task_tells_who_did_it_and_what_he_said(
    session: Session, ask: Task, officer: Person
) -> None:
    answers = {"reason": "nghỉ", "days": 3}

    tasks.complete_task(session, ask, actor=officer, answers=answers, now=MONDAY)

    assert (ask.state, ask.completed_by_id, ask.completed_at) == (TaskState.COMPLETED, officer.id, MONDAY)
    assert tasks.answers_of(session, ask) == {"reason": "nghỉ", "days": Decimal(3)}


def test_a_claimed_task_is_nobody_elses(session: Session, ask: Task, officer: Person) -> None:
    second = person(session, "second", [("officer", "")])
    tasks.claim(session, ask, actor=officer, now=MONDAY)

    with pytest.raises(ConflictError):
        tasks.claim(session, ask, actor=second, now=MONDAY)
    with pytest.raises(NotAllowedError):
        tasks.complete_task(session, ask, actor=second, answers={}, now=MONDAY)
    assert ask.assignee is officer


def test_only_a_candidate_may_claim(session: Session, ask: Task, head: Person) -> None:
    with pytest.raises(NotAllowedError):
        tasks.claim(session, ask, actor=head, now=MONDAY)


def test_a_released_task_is_open_to_all_candidates_again(
    session: Session, ask: Task, officer: Person
) -> None:
    second = person(session, "second", [("officer", "")])
    tasks.claim(session, ask, actor=officer, now=MONDAY)

    tasks.release(session, ask, actor=officer, now=MONDAY)

    tasks.claim(session, ask, actor=second, now=MONDAY)
    assert ask.assignee is second


def test_only_its_owner_releases_a_task(session: Session, ask: Task, officer: Person) -> None:
    second = person(session, "second", [("officer", "")])
    tasks.claim(session, ask, actor=officer, now=MONDAY)

    with pytest.raises(NotAllowedError):
        tasks.release(session, ask, actor=second, now=MONDAY)


def test_a_task_is_handed_over_to_another_candidate_with_a_reason(
    session: Session, ask: Task, officer: Person
) -> None:
    second = person(session, "second", [("officer", "")])
    tasks.claim(session, ask, actor=officer, now=MONDAY)

    tasks.hand_over(session, ask, to=second, actor=officer, reason="đi công tác", now=MONDAY)

    assert ask.assignee is second
    event = history.events_of(session, ask.instance_id)[-1]
    assert (event.kind, event.details) == ("task_handed_over", {"to": second.id, "reason": "đi công tác"})


def test_a_task_is_handed_over_to_nobody_but_its_candidates(
    session: Session, ask: Task, officer: Person, head: Person
) -> None:
    with pytest.raises(NotAllowedError):
        tasks.hand_over(session, ask, to=head, actor=officer, reason="busy", now=MONDAY)


def test_handing_over_needs_a_reason(session: Session, ask: Task, officer: Person) -> None:
    second = person(session, "second", [("officer", "")])

    with pytest.raises(InvalidInputError):
        tasks.hand_over(session, ask, to=second, actor=officer, reason="  ", now=MONDAY)


def test_an_administrator_hands_over_the_task_of_somebody_who_is_away(
    session: Session, ask: Task, officer: Person, administrator: Person, stranger: Person
) -> None:
    second = person(session, "second", [("officer", "")])
    tasks.claim(session, ask, actor=officer, now=MONDAY)

    with pytest.raises(NotAllowedError):
        tasks.hand_over(session, ask, to=second, actor=stranger, reason="ill", now=MONDAY)
    tasks.hand_over(session, ask, to=second, actor=administrator, reason="ill", now=MONDAY)

    assert ask.assignee is second


CHECKED = bpmn(
    "checked",
    start_and_end(),
    user_task("write", "officer"),
    user_task("check", "officer", properties={"not_same_person_as": "write"}),
    flow("start", "write", "check", "end"),
)


def test_who_wrote_may_not_check(session: Session, officer: Person) -> None:
    second = person(session, "second", [("officer", "")])
    publish(session, "checked", CHECKED)
    instance = instances.start(session, "checked", variables={}, actor=officer, now=MONDAY)
    tasks.complete_task(session, open_task(session, instance), actor=officer, answers={}, now=MONDAY)
    check = open_task(session, instance)

    assert tasks.barred_from(session, check) == {officer.id}
    with pytest.raises(NotAllowedError):
        tasks.claim(session, check, actor=officer, now=MONDAY)
    with pytest.raises(NotAllowedError):
        tasks.complete_task(session, check, actor=officer, answers={}, now=MONDAY)
    with pytest.raises(NotAllowedError):
        tasks.hand_over(session, check, to=officer, actor=second, reason="busy", now=MONDAY)
    tasks.complete_task(session, check, actor=second, answers={}, now=MONDAY)

    assert instance.state is InstanceState.COMPLETED


def test_a_delegate_acts_for_a_candidate(session: Session, ask: Task, officer: Person) -> None:
    delegate = person(session, "delegate")
    day = people.local_day(MONDAY)
    people.delegate(
        session,
        giver=officer,
        taker=delegate,
        role="officer",
        starts_on=day,
        ends_on=day,
        reason="leave",
        now=MONDAY,
    )

    tasks.complete_task(session, ask, actor=delegate, answers={}, now=MONDAY)

    assert ask.completed_by_id == delegate.id
