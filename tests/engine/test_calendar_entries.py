"""Tests of dated things: whom they concern, what is told of them, and what becomes of it when they change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from factories import bpmn, flow, person, publish, start_and_end, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import instances, operations, reminders
from engine.calendar_entries import cancel_entry, find_entries, put_entry
from engine.errors import InvalidInputError, NotFoundError
from engine.models import CalendarEntry, MailState, OutboxMail, Person, Reminder
from engine.setup import Role, Setup

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
KEY = "meeting:5"
ROLES = (
    Role("member", "Thành viên", "Member"),
    Role("unit_head", "Thủ trưởng", "Unit head", per_unit=True),
    Role("administrator", "Quản trị", "Administrator"),
)


def at(text: str) -> datetime:
    """Read a wall-clock time of the city: ``23/11 09:00``, of 2026."""
    return datetime.strptime(f"2026 {text}", "%Y %d/%m %H:%M").replace(tzinfo=CITY)


@pytest.fixture
def setup(setup: Setup) -> Setup:
    return replace(setup, roles={role.code: role for role in ROLES}, administers=frozenset({"administrator"}))


@pytest.fixture
def member(session_factory: sessionmaker[Session]) -> Person:
    with session_factory.begin() as session:
        return person(session, "member", [("member", "")])


def put(  # noqa: PLR0913  # what may differ from one meeting to another
    factory: sessionmaker[Session],
    *,
    starts: str,
    now: str = "23/11 09:00",
    place: str = "Phòng họp 2",
    title: str = "Họp Hội đồng",
    audience: Sequence[str] = ("member",),
    ladder: str = "before:2,due",
    tells: bool = True,
) -> None:
    with factory.begin() as session:
        put_entry(
            session,
            key=KEY,
            title=title,
            title_en="Council session",
            starts_at=at(starts),
            place=place,
            path="/council/5",
            audience=audience,
            ladder=ladder,
            tells=tells,
            now=at(now),
        )


def cancel(factory: sessionmaker[Session], now: str) -> None:
    with factory.begin() as session:
        cancel_entry(session, KEY, now=at(now))


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


def test_a_dated_thing_is_reminded_of_by_its_ladder(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    assert member.is_active
    put(session_factory, starts="04/12 08:00")
    ring(session_factory, "01/12 08:00", "02/12 07:30", "03/12 07:30", "04/12 07:30", "07/12 07:30")

    assert mails(session_factory) == [
        ("reminder_before", "member", "02/12 07:30"),
        ("reminder_due", "member", "04/12 07:30"),
    ]


@pytest.mark.parametrize(
    ("starts", "tells", "told"),
    [
        ("23/11 15:00", True, [("reminder_due", "member", "23/11 09:00")]),
        ("23/11 15:00", False, []),
        ("25/11 15:00", True, []),
    ],
)
def test_what_starts_before_any_reminder_is_told_at_once(
    session_factory: sessionmaker[Session],
    member: Person,
    starts: str,
    told: Sequence[tuple[str, str, str]],
    *,
    tells: bool,
) -> None:
    assert member.is_active
    put(session_factory, starts=starts, tells=tells)

    assert mails(session_factory) == told


def test_those_invited_are_told_once_of_another_day_and_reminded_of_it_anew(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    assert member.is_active
    put(session_factory, starts="04/12 08:00")
    ring(session_factory, "02/12 07:30")
    put(session_factory, starts="11/12 08:00", now="02/12 10:00")
    put(session_factory, starts="11/12 08:00", now="02/12 11:00")
    ring(session_factory, "03/12 07:30", "04/12 07:30", "09/12 07:30", "11/12 07:30")

    assert mails(session_factory)[1:] == [
        ("entry_moved", "member", "03/12 07:30"),
        ("reminder_before", "member", "09/12 07:30"),
        ("reminder_due", "member", "11/12 07:30"),
    ]


def test_who_would_come_in_vain_tomorrow_is_told_at_once(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    assert member.is_active
    put(session_factory, starts="30/11 08:00")
    put(session_factory, starts="11/12 08:00", now="29/11 16:00")  # a Sunday

    assert mails(session_factory) == [("entry_moved", "member", "29/11 16:00")]


def test_a_cancelled_thing_drops_its_reminders_and_says_so(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    put(session_factory, starts="04/12 08:00")
    cancel(session_factory, "03/12 09:00")
    ring(session_factory, "04/12 07:30", "07/12 07:30")

    assert mails(session_factory) == [("entry_cancelled", "member", "03/12 09:00")]
    with session_factory() as session:
        assert session.scalars(select(Reminder).where(Reminder.due_at.is_not(None))).all() == []
        [entry] = find_entries(session, member, first=at("01/12 00:00"), last=at("31/12 00:00"))
        assert (entry.is_cancelled, entry.sequence) == (True, 1)


def test_what_waits_for_the_morning_is_dropped_with_the_entry(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    assert member.is_active
    put(session_factory, starts="18/12 08:00")
    put(session_factory, starts="25/12 08:00", now="01/12 10:00")
    cancel(session_factory, "01/12 11:00")
    ring(session_factory, "02/12 07:30")

    assert mails(session_factory) == [("entry_cancelled", "member", "02/12 07:30")]


def test_another_title_alone_is_told_to_nobody(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    put(session_factory, starts="18/12 08:00")
    put(session_factory, starts="18/12 08:00", title="Họp Hội đồng đợt 2", now="01/12 10:00")
    ring(session_factory, "02/12 07:30")

    assert mails(session_factory) == []
    with session_factory() as session:
        [entry] = find_entries(session, member, first=at("01/12 00:00"), last=at("31/12 00:00"))
        assert (entry.title, entry.sequence) == ("Họp Hội đồng đợt 2", 1)


def test_a_caller_may_tell_of_the_move_himself(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    assert member.is_active
    put(session_factory, starts="24/11 08:00", tells=False)
    put(session_factory, starts="25/11 08:00", tells=False)

    assert mails(session_factory) == []


def test_a_cancelled_thing_that_is_on_again_is_reminded_of(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    assert member.is_active
    put(session_factory, starts="18/12 08:00")
    cancel(session_factory, "01/12 09:00")
    put(session_factory, starts="18/12 08:00", now="01/12 15:00")
    ring(session_factory, "02/12 07:30", "16/12 07:30")

    assert mails(session_factory) == [
        ("entry_moved", "member", "02/12 07:30"),
        ("reminder_before", "member", "16/12 07:30"),
    ]


def test_it_concerns_roles_in_units_and_single_people(session_factory: sessionmaker[Session]) -> None:
    with session_factory.begin() as session:
        own = person(session, "own", [("unit_head", "so_y_te")])
        other = person(session, "other", [("unit_head", "so_tai_chinh")])
        guest = person(session, "guest")
    put(session_factory, starts="04/12 08:00", audience=["unit_head@so_y_te", f"person:{guest.id}"])

    with session_factory() as session:
        found = [
            find_entries(session, one, first=at("01/12 00:00"), last=at("31/12 00:00"), now=at("23/11 09:00"))
            for one in (own, other, guest)
        ]
    assert [len(entries) for entries in found] == [1, 0, 1]


def test_an_instance_that_is_cancelled_cancels_what_it_entered(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    assert member.is_active
    with session_factory.begin() as session:
        administrator = person(session, "admin", [("administrator", "")])
        task = user_task("write", "member", properties={"reminders": "none"})
        publish(session, "meeting", bpmn("meeting", start_and_end(), task, flow("start", "write", "end")))
        instance = instances.start(session, "meeting", variables={}, actor=None, now=at("23/11 09:00"))
        for key, starts in (("past", "20/11 08:00"), ("to_come", "24/11 08:00")):
            put_entry(
                session,
                key=key,
                title="Họp",
                starts_at=at(starts),
                audience=["member"],
                instance=instance,
                now=at("20/11 07:00"),
            )
        instances.cancel(session, instance, actor=administrator, reason="Thôi", now=at("23/11 10:00"))

    with session_factory() as session:
        states = {entry.key: entry.is_cancelled for entry in session.scalars(select(CalendarEntry))}
    assert states == {"past": False, "to_come": True}
    assert mails(session_factory) == [("entry_cancelled", "member", "23/11 10:00")]


def test_what_a_suspended_instance_entered_waits_and_holds_up_nobody(
    session_factory: sessionmaker[Session], member: Person
) -> None:
    with session_factory.begin() as session:
        administrator = person(session, "admin", [("administrator", "")])
        task = user_task("write", "member", properties={"reminders": "none"})
        publish(session, "meeting", bpmn("meeting", start_and_end(), task, flow("start", "write", "end")))
        instance = instances.start(session, "meeting", variables={}, actor=None, now=at("23/11 09:00"))
        where = {"audience": [f"person:{member.id}"], "now": at("23/11 09:00")}
        for key, of_instance in (("held", instance), ("free", None)):
            starts_at = at("30/11 08:00")
            put_entry(session, key=key, title=key, starts_at=starts_at, instance=of_instance, **where)  # type: ignore[arg-type]  # of one kind each
        operations.suspend(session, instance, actor=administrator, reason="Chờ", now=at("23/11 10:00"))
    ring(session_factory, "25/11 08:00", "26/11 08:00")

    with session_factory() as session:
        [mail] = session.scalars(select(OutboxMail).where(OutboxMail.kind == "reminder_before"))
        assert mail.subject == "free"


@pytest.mark.parametrize(
    ("audience", "ladder"),
    [
        ([], "due"),
        (["stranger"], "due"),
        (["person:x"], "due"),
        (["member"], "head:2"),
        (["member"], "often"),
    ],
)
def test_what_cannot_be_entered_is_refused(
    session_factory: sessionmaker[Session], audience: Sequence[str], ladder: str
) -> None:
    with pytest.raises(InvalidInputError):
        put(session_factory, starts="04/12 08:00", audience=audience, ladder=ladder)


def test_what_was_never_entered_cannot_be_cancelled(session_factory: sessionmaker[Session]) -> None:
    with pytest.raises(NotFoundError):
        cancel(session_factory, "23/11 09:00")
