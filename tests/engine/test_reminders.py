"""Tests of who is reminded of what, when, how often, and in which mail."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from factories import bpmn, flow, person, publish, start_and_end, unit, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import instances, people, reminders, tasks
from engine.calendar import Calendar, override_day
from engine.errors import InvalidInputError, NotAllowedError
from engine.models import HistoryEvent, MailState, OutboxMail, Person, ProcessLadder, Reminder, Task
from engine.reminders import DEFAULT_LADDER
from engine.reminders.ladder import next_working_morning, rungs_of
from engine.setup import Role, Setup

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
ROLES = (
    Role("officer", "Chuyên viên", "Officer", head_role="head"),
    Role("head", "Trưởng ban", "Head"),
    Role("unit_officer", "Cán bộ", "Unit officer", per_unit=True, head_role="unit_head"),
    Role("unit_head", "Thủ trưởng", "Unit head", per_unit=True),
)


def at(text: str) -> datetime:
    """Read a wall-clock time of the city: ``23/11 09:00``, of 2026."""
    return datetime.strptime(f"2026 {text}", "%Y %d/%m %H:%M").replace(tzinfo=CITY)


@pytest.fixture
def setup(setup: Setup) -> Setup:
    return replace(setup, roles={role.code: role for role in ROLES})


@pytest.fixture
def officer(session_factory: sessionmaker[Session]) -> Person:
    with session_factory.begin() as session:
        return person(session, "officer", [("officer", "")])


def open_task(  # noqa: PLR0913  # when a task is due, for whom, how it is reminded of
    factory: sessionmaker[Session],
    *,
    due: str,
    now: str = "23/11 09:00",
    key: str = "leave",
    groups: str = "officer",
    ladder: str = "",
) -> int:
    """Publish a process of one task that is due at a time, start it, and return the task's id."""
    properties = {"reminders": ladder} if ladder else {}
    task = user_task("write", groups, due=at(due).isoformat(), properties=properties)
    with factory.begin() as session:
        publish(session, key, bpmn(key, start_and_end(), task, flow("start", "write", "end")))
        instance = instances.start(
            session, key, variables={}, title=f"Nghỉ phép {key}", actor=None, now=at(now)
        )
        return session.scalars(select(Task.id).where(Task.instance_id == instance.id)).one()


def ring(factory: sessionmaker[Session], *moments: str) -> None:
    for moment in moments:
        reminders.send_due(factory, now=at(moment))


def mails(factory: sessionmaker[Session]) -> Sequence[tuple[str, str, str]]:
    """Return kind, receiver and moment of every mail that is not dropped, in order."""
    with factory() as session:
        found = session.scalars(
            select(OutboxMail).where(OutboxMail.state != MailState.DROPPED).order_by(OutboxMail.id)
        )
        return [
            (mail.kind, mail.address.partition("@")[0], f"{mail.created_at.astimezone(CITY):%d/%m %H:%M}")
            for mail in found
        ]


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (
            "04/12 17:00",
            ["before 02/12", "due 04/12", "after 07/12", "after 08/12", "head 08/12", "overseer 11/12"],
        ),
        (
            "06/12 17:00",
            ["before 02/12", "due 04/12", "after 07/12", "after 08/12", "head 08/12", "overseer 11/12"],
        ),  # a Sunday
        (
            "07/12 07:00",
            ["before 02/12", "due 04/12", "after 07/12", "after 08/12", "head 08/12", "overseer 11/12"],
        ),
        (
            "24/02 17:00",
            ["before 13/02", "due 24/02", "after 25/02", "after 26/02", "head 26/02", "overseer 03/03"],
        ),  # after Tết
    ],
)
def test_rungs_stand_on_working_mornings(due: str, expected: list[str]) -> None:
    rungs = rungs_of(replace(DEFAULT_LADDER, after=2), at(due), Calendar())

    assert [f"{rung.kind} {rung.moment.astimezone(CITY):%d/%m}" for rung in rungs] == expected
    assert {f"{rung.moment.astimezone(CITY):%H:%M}" for rung in rungs} == {"07:30"}


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("23/11 09:00", "23/11 09:00"),
        ("23/11 05:00", "23/11 07:30"),
        ("21/11 09:00", "23/11 07:30"),
        ("17/02 09:00", "23/02 07:30"),
    ],
)
def test_nothing_is_sent_at_night_on_weekends_and_in_tet(now: str, morning: str) -> None:
    assert next_working_morning(at(now), Calendar()) == at(morning)


def test_a_task_is_announced_and_reminded_of_until_its_head_is_told(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    with session_factory.begin() as session:
        person(session, "boss", [("head", "")])
    assert officer.is_active
    open_task(session_factory, due="04/12 17:00")
    for day in [f"{number}/11" for number in range(23, 31)] + [f"{number}/12" for number in range(1, 18)]:
        ring(session_factory, f"{day} 07:29", f"{day} 07:30", f"{day} 07:32", f"{day} 16:00")

    assert mails(session_factory) == [
        ("task_assigned", "officer", "25/11 07:30"),
        ("reminder_before", "officer", "02/12 07:30"),
        ("reminder_due", "officer", "04/12 07:30"),
        ("reminder_after", "officer", "07/12 07:30"),
        ("reminder_after", "officer", "08/12 07:30"),
        ("reminder_head", "boss", "08/12 07:30"),
        ("reminder_after", "officer", "09/12 07:30"),
        ("reminder_after", "officer", "10/12 07:30"),
        ("reminder_after", "officer", "11/12 07:30"),
    ]


def test_an_urgent_task_is_announced_at_once(session_factory: sessionmaker[Session], officer: Person) -> None:
    assert officer.is_active
    open_task(session_factory, due="26/11 17:00")

    assert mails(session_factory) == [("task_assigned", "officer", "23/11 09:00")]


def test_a_digest_lists_all_of_a_morning_in_one_mail(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    open_task(session_factory, due="04/12 17:00", key="first", ladder="due")
    open_task(session_factory, due="04/12 09:00", key="second", ladder="due")
    ring(session_factory, "25/11 07:30", "04/12 07:30")

    assert mails(session_factory) == [
        ("digest", "officer", "25/11 07:30"),
        ("digest", "officer", "04/12 07:30"),
    ]


def test_done_work_is_not_spoken_of(session_factory: sessionmaker[Session], officer: Person) -> None:
    task_id = open_task(session_factory, due="26/11 17:00")
    with session_factory.begin() as session:
        actor = session.get_one(Person, officer.id)
        task = tasks.get_task(session, task_id, reader=actor, now=at("23/11 10:00"))
        tasks.complete_task(session, task, actor=actor, answers={}, now=at("23/11 10:00"))

    ring(session_factory, "26/11 08:00", "30/11 08:00")

    assert mails(session_factory) == []
    with session_factory() as session:
        assert session.scalars(select(Reminder).where(Reminder.due_at.is_not(None))).all() == []


def test_after_a_downtime_each_task_is_spoken_of_once(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    open_task(session_factory, due="26/11 17:00", ladder="before:1,due,after:3")
    ring(session_factory, "01/12 14:00", "01/12 14:02")

    assert mails(session_factory)[1:] == [("reminder_after", "officer", "01/12 14:00")]


def test_a_claimed_task_concerns_its_assignee_alone(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    with session_factory.begin() as session:
        person(session, "colleague", [("officer", "")])
    task_id = open_task(session_factory, due="04/12 17:00", ladder="due")
    with session_factory.begin() as session:
        session.get_one(Task, task_id).assignee_id = officer.id
    ring(session_factory, "25/11 08:00", "04/12 08:00")

    assert [receiver for _, receiver, _ in mails(session_factory)] == ["officer", "officer"]


def test_who_acts_for_the_assignee_is_reminded_too(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    task_id = open_task(session_factory, due="04/12 17:00", ladder="due")
    with session_factory.begin() as session:
        session.get_one(Task, task_id).assignee_id = officer.id
        people.delegate(
            session,
            giver=session.get_one(Person, officer.id),
            taker=person(session, "deputy"),
            role="officer",
            starts_on=at("01/12 00:00").date(),
            ends_on=at("31/12 00:00").date(),
            reason="Đi học",
            now=at("23/11 09:00"),
        )
    ring(session_factory, "04/12 08:00")

    assert {receiver for _, receiver, _ in mails(session_factory)} == {"officer", "deputy"}


def test_the_head_of_the_same_unit_is_told(session_factory: sessionmaker[Session]) -> None:
    with session_factory.begin() as session:
        person(session, "own", [("unit_head", "so_y_te")])
        person(session, "other", [("unit_head", "so_tai_chinh")])
    open_task(session_factory, due="26/11 17:00", groups="unit_officer@so_y_te", ladder="head:1")
    ring(session_factory, "27/11 07:31")

    assert mails(session_factory) == [("reminder_head", "own", "27/11 07:31")]


def test_a_task_that_is_no_longer_ones_own_falls_out_of_the_digest(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    task_id = open_task(session_factory, due="04/12 17:00", ladder="none")
    with session_factory.begin() as session:
        other = person(session, "other", [("officer", "")])
        session.get_one(Task, task_id).assignee_id = other.id
    assert officer.is_active
    ring(session_factory, "25/11 08:00")

    assert mails(session_factory) == []


def with_overseer(setup: Setup) -> Setup:
    roles = {**setup.roles, "overseer": Role("overseer", "Trưởng ban", "Overseer")}
    return replace(setup, roles=roles, overseer_role="overseer")


@pytest.fixture
def overseen(session_factory: sessionmaker[Session], setup: Setup) -> sessionmaker[Session]:
    """Return sessions of a house in which somebody oversees all deadlines."""
    session_factory.configure(info={"setup": with_overseer(setup)})
    with session_factory.begin() as session:
        person(session, "overseer", [("overseer", "")])
        person(session, "boss", [("head", "")])
    return session_factory


def test_who_oversees_is_told_of_what_is_late_for_long(
    overseen: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    open_task(overseen, due="26/11 17:00", ladder="head:1,overseer:2")
    ring(overseen, "27/11 07:30", "27/11 08:00", "30/11 07:30", "30/11 08:00", "01/12 07:30")

    assert mails(overseen)[1:] == [
        ("reminder_head", "boss", "27/11 07:30"),
        ("reminder_overseer", "overseer", "30/11 07:30"),
    ]


def test_after_a_week_of_downtime_each_gets_one_mail(
    overseen: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    for number in range(3):
        open_task(
            overseen, due="26/11 17:00", key=f"leave{number}", ladder="before:1,due,after:5,head:1,overseer:2"
        )
    told_before = len(mails(overseen))
    ring(overseen, "04/12 14:00", "04/12 14:02", "04/12 16:00")

    assert sorted(mails(overseen)[told_before:]) == [
        ("digest", "boss", "04/12 14:00"),
        ("digest", "officer", "04/12 14:00"),
        ("digest", "overseer", "04/12 14:00"),
    ]


def test_lateness_that_shows_during_the_day_is_told_at_once(
    overseen: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    open_task(overseen, due="20/11 17:00", now="23/11 10:00", ladder="head:1")
    ring(overseen, "23/11 10:01")

    assert ("reminder_head", "boss", "23/11 10:01") in mails(overseen)


def test_a_unit_without_a_head_is_reported_to_who_oversees(overseen: sessionmaker[Session]) -> None:
    with overseen.begin() as session:
        person(session, "clerk", [("unit_officer", "so_y_te")])
    open_task(overseen, due="26/11 17:00", groups="unit_officer@so_y_te", ladder="head:1")
    ring(overseen, "27/11 07:31")

    assert mails(overseen)[-1] == ("reminder_head", "overseer", "27/11 07:31")


def test_work_that_nobody_can_do_is_reported_once(overseen: sessionmaker[Session]) -> None:
    with overseen.begin() as session:
        unit(session, "so_y_te")
    open_task(overseen, due="04/12 17:00", groups="unit_officer@so_y_te", ladder="before:1,due")
    ring(overseen, "25/11 07:31", "03/12 07:31", "04/12 07:31")

    assert mails(overseen) == [("task_unheld", "overseer", "25/11 07:31")]


def test_what_was_suspended_is_told_when_it_goes_on_and_holds_up_nobody(
    overseen: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    held = open_task(overseen, due="04/12 17:00", key="held", ladder="due")
    open_task(overseen, due="04/12 17:00", key="free", ladder="due")
    ring(overseen, "25/11 08:00")
    with overseen.begin() as session:
        session.get_one(Task, held).instance.suspended_at = at("01/12 09:00")
    ring(overseen, "04/12 07:30")
    with overseen.begin() as session:
        session.get_one(Task, held).instance.suspended_at = None
    ring(overseen, "04/12 10:00", "07/12 07:30")

    assert mails(overseen)[1:] == [
        ("reminder_due", "officer", "04/12 07:30"),
        ("reminder_after", "officer", "07/12 07:30"),
    ]


def test_a_ladder_given_to_a_process_replaces_the_usual_one_for_open_tasks_too(
    session_factory: sessionmaker[Session], setup: Setup, officer: Person
) -> None:
    session_factory.configure(info={"setup": replace(setup, administers=frozenset({"head"}))})
    own = open_task(session_factory, due="04/12 17:00", key="own", ladder="due")
    usual = open_task(session_factory, due="04/12 17:00", key="usual")
    with session_factory.begin() as session:
        boss = person(session, "boss", [("head", "")])
        for key in ("own", "usual"):
            count = reminders.set_process_ladder(session, key, "before:3", actor=boss, now=at("23/11 10:00"))
            assert count == (key == "usual")
        with pytest.raises(InvalidInputError):
            reminders.set_process_ladder(session, "usual", "often", actor=boss, now=at("23/11 10:00"))
        with pytest.raises(NotAllowedError):
            reminders.set_process_ladder(session, "usual", None, actor=officer, now=at("23/11 10:00"))

    with session_factory.begin() as session:
        planned = select(Reminder.task_id, Reminder.kind, Reminder.occurrence).order_by(Reminder.task_id)
        assert [tuple(row) for row in session.execute(planned)] == [(own, "due", 1), (usual, "before", 3)]
        assert reminders.ladder_of_process(session, "usual") == "before:3"
        event = session.scalars(select(HistoryEvent).order_by(HistoryEvent.id.desc())).first()
        assert event is not None
        assert (event.kind, event.details) == (
            "process_ladder_changed",
            {"key": "usual", "from": None, "to": "before:3"},
        )
        boss = session.scalars(select(Person).where(Person.username == "boss")).one()
        assert reminders.set_process_ladder(session, "usual", None, actor=boss, now=at("23/11 11:00")) == 1
        kinds = select(Reminder.kind).where(Reminder.task_id == usual)
        assert {"before", "due", "after", "head", "overseer"} == set(session.scalars(kinds))


def test_a_new_task_follows_the_ladder_given_to_its_process(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    with session_factory.begin() as session:
        giver = session.get_one(Person, officer.id)
        session.add(ProcessLadder(key="leave", ladder="due", changed_at=at("20/11 09:00"), changed_by=giver))
    open_task(session_factory, due="04/12 17:00")

    with session_factory() as session:
        assert waiting_rungs(session) == [("due", "04/12 07:30")]


def test_a_new_task_follows_the_ladder_of_its_process_in_the_diagram(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    ladder = (
        '<extensionElements><zeebe:properties><zeebe:property name="reminders" value="before:1"/>'
        "</zeebe:properties></extensionElements>"
    )
    task = user_task("write", due=at("04/12 17:00").isoformat())
    with session_factory.begin() as session:
        publish(session, "leave", bpmn("leave", ladder, start_and_end(), task, flow("start", "write", "end")))
        instances.start(session, "leave", variables={}, actor=None, now=at("23/11 09:00"))

        assert waiting_rungs(session) == [("before", "03/12 07:30")]


def test_who_does_the_task_is_told_of_its_new_deadline(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    task_id = open_task(session_factory, due="11/12 17:00", ladder="none")
    ring(session_factory, "25/11 07:30")
    for due, now in (("18/12 17:00", "25/11 09:00"), ("26/11 17:00", "25/11 10:00")):
        with session_factory.begin() as session:
            reminders.move_deadline(session, session.get_one(Task, task_id), at(due), now=at(now))
    ring(session_factory, "26/11 07:30")

    assert mails(session_factory)[1:] == [
        ("task_moved", "officer", "25/11 10:00"),
        ("reminder_due", "officer", "26/11 07:30"),
    ]


def test_a_holiday_decided_later_moves_the_reminder(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    open_task(session_factory, due="04/12 17:00", ladder="due")
    ring(session_factory, "25/11 08:00")
    with session_factory.begin() as session:
        override_day(session, at("04/12 00:00").date(), is_working=False, name="Nghỉ bù")
    ring(session_factory, "04/12 08:00", "05/12 08:00", "07/12 08:00")

    assert mails(session_factory)[1:] == [("reminder_after", "officer", "07/12 08:00")]


def test_many_workers_remind_once(session_factory: sessionmaker[Session], officer: Person) -> None:
    assert officer.is_active
    for number in range(5):
        open_task(session_factory, due="04/12 17:00", key=f"leave{number}", ladder="due,head:1")
    ring(session_factory, "25/11 08:00")
    work = partial(reminders.send_due, session_factory, now=at("04/12 08:00"))
    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)
    work()

    assert mails(session_factory)[1:] == [("digest", "officer", "04/12 08:00")]


def waiting_rungs(session: Session) -> list[tuple[str, str]]:
    """Return kind and moment of what is planned, the nearest first."""
    planned = select(Reminder).where(Reminder.due_at.is_not(None)).order_by(Reminder.due_at)
    return [
        (rung.kind, f"{rung.due_at.astimezone(CITY):%d/%m %H:%M}")
        for rung in session.scalars(planned)
        if rung.due_at
    ]


def test_a_plan_made_anew_keeps_what_was_sent(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    task_id = open_task(session_factory, due="27/11 17:00", ladder="before:1,due")
    ring(session_factory, "26/11 08:00")
    with session_factory.begin() as session:
        reminders.plan_for(session, session.get_one(Task, task_id), at("26/11 09:00"))

        assert waiting_rungs(session) == [("due", "27/11 07:30")]


def test_a_deadline_that_moves_has_a_ladder_of_its_own(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    task_id = open_task(session_factory, due="27/11 17:00", ladder="before:1,due")
    ring(session_factory, "26/11 08:00")
    with session_factory.begin() as session:
        task = session.get_one(Task, task_id)
        reminders.move_deadline(session, task, at("04/12 17:00"), now=at("26/11 09:00"))

        assert waiting_rungs(session) == [("before", "03/12 07:30"), ("due", "04/12 07:30")]


def test_a_deadline_that_moves_back_is_not_reminded_of_twice(
    session_factory: sessionmaker[Session], officer: Person
) -> None:
    assert officer.is_active
    task_id = open_task(session_factory, due="27/11 17:00", ladder="before:1,due")
    ring(session_factory, "26/11 08:00")
    with session_factory.begin() as session:
        task = session.get_one(Task, task_id)
        for due in ("04/12 17:00", "27/11 17:00"):
            reminders.move_deadline(session, task, at(due), now=at("26/11 09:00"))

        assert waiting_rungs(session) == [("due", "27/11 07:30")]
