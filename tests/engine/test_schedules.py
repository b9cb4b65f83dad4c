"""Schedules start a process for each unit, once an occurrence."""

from datetime import UTC, date, datetime, timedelta

import pytest
from factories import MONDAY, bpmn, flow, publish, start_and_end, unit, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import instances, schedules
from engine.errors import InvalidInputError
from engine.models import Incident, ProcessInstance, Schedule

REPORT = bpmn(
    "report",
    start_and_end(),
    user_task("write", "=&quot;unit_head@&quot; + unit_code"),
    flow("start", "write", "end"),
)


@pytest.fixture
def quarterly(session: Session) -> Schedule:
    """Return a schedule whose first occurrence is this Monday, for two units."""
    publish(session, "report", REPORT)
    for code in ("so_y_te", "so_noi_vu"):
        unit(session, code)
    return schedules.create_schedule(
        session,
        key="report",
        name="Báo cáo quý",
        rhythm="quarterly",
        first_on=date(2026, 11, 23),
        unit_codes=["so_y_te", "so_noi_vu"],
        variables={"year": 2026},
        now=MONDAY - timedelta(days=3),
    )


def started(session: Session) -> list[str | None]:
    return list(session.scalars(select(ProcessInstance.business_key).order_by(ProcessInstance.id)))


def test_each_unit_gets_its_instance_once(
    session: Session, session_factory: sessionmaker[Session], quarterly: Schedule
) -> None:
    session.commit()

    assert schedules.start_due(session_factory, now=MONDAY) == 2
    assert schedules.start_due(session_factory, now=MONDAY) == 0

    instance = session.scalars(select(ProcessInstance).order_by(ProcessInstance.id)).first()
    assert instance is not None
    assert instance.title == "Báo cáo quý · so_y_te"
    variables = instances.variables_at(session, instance.id, None)
    assert (variables["unit_code"], variables["scheduled_on"]) == ("so_y_te", date(2026, 11, 23))
    session.refresh(quarterly)
    assert quarterly.due_at == datetime(2027, 2, 23, 0, 30, tzinfo=UTC)


def test_nothing_starts_before_its_time(
    session: Session, session_factory: sessionmaker[Session], quarterly: Schedule
) -> None:
    half_past_seven = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
    assert quarterly.due_at == half_past_seven
    session.commit()

    assert schedules.start_due(session_factory, now=half_past_seven - timedelta(seconds=1)) == 0


def test_after_a_downtime_only_the_latest_occurrence_is_made_up_for(
    session: Session, session_factory: sessionmaker[Session], quarterly: Schedule
) -> None:
    session.commit()

    assert schedules.start_due(session_factory, now=datetime(2027, 9, 1, tzinfo=UTC)) == 2

    assert started(session) == [
        f"schedule:{quarterly.id}:2027-08-23:so_y_te",
        f"schedule:{quarterly.id}:2027-08-23:so_noi_vu",
    ]


def test_a_paused_schedule_starts_nothing_and_makes_up_for_nothing(
    session: Session, session_factory: sessionmaker[Session], quarterly: Schedule
) -> None:
    schedules.pause(session, quarterly)
    session.commit()
    assert schedules.start_due(session_factory, now=MONDAY) == 0

    schedules.resume(session, quarterly, now=MONDAY)
    session.commit()
    assert schedules.start_due(session_factory, now=MONDAY) == 0


def test_a_start_that_fails_holds_up_no_other_unit(
    session: Session, session_factory: sessionmaker[Session], quarterly: Schedule
) -> None:
    home = unit(session, "so_y_te")
    home.code = "gone"
    session.commit()

    assert schedules.start_due(session_factory, now=MONDAY) == 2

    assert started(session) == [f"schedule:{quarterly.id}:2026-11-23:so_noi_vu"]
    assert session.scalars(select(Incident.element_id)).all() == ["write"]


def test_a_single_start_has_no_next_one(session: Session, session_factory: sessionmaker[Session]) -> None:
    publish(session, "plain", bpmn("plain", start_and_end(), user_task("read"), flow("start", "read", "end")))
    once = schedules.create_schedule(
        session,
        key="plain",
        name="Once",
        rhythm="once",
        first_on=date(2026, 11, 23),
        unit_codes=[],
        now=MONDAY,
    )
    session.commit()

    assert schedules.start_due(session_factory, now=MONDAY) == 1

    session.refresh(once)
    assert once.due_at is None


@pytest.mark.parametrize(
    ("rhythm", "units", "first_on"),
    [
        ("daily", [], date(2026, 12, 1)),
        ("monthly", ["nowhere"], date(2026, 12, 1)),
        ("once", [], date(2026, 11, 20)),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(
    session: Session, rhythm: str, units: list[str], first_on: date
) -> None:
    with pytest.raises(InvalidInputError):
        schedules.create_schedule(
            session, key="plain", name="Odd", rhythm=rhythm, first_on=first_on, unit_codes=units, now=MONDAY
        )


@pytest.mark.parametrize(
    ("rhythm", "first_on", "expected"),
    [
        ("monthly", date(2026, 1, 31), ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        ("quarterly", date(2025, 11, 30), ["2025-11-30", "2026-02-28"]),
        ("half_yearly", date(2025, 12, 15), ["2025-12-15"]),
        ("yearly", date(2024, 2, 29), ["2024-02-29", "2025-02-28", "2026-02-28"]),
        ("once", date(2026, 2, 1), ["2026-02-01"]),
    ],
)
def test_the_rhythm_keeps_to_the_day_of_the_month(rhythm: str, first_on: date, expected: list[str]) -> None:
    schedule = Schedule(rhythm=rhythm, first_on=first_on)

    found = schedules.occurrences(schedule, date(2026, 4, 30))

    assert [day.isoformat() for day in found] == expected


def test_an_occurrence_on_a_day_off_moves_to_the_next_working_day(session: Session) -> None:
    saturday = date(2026, 11, 28)
    moved, kept = (
        schedules.create_schedule(
            session,
            key="plain",
            name="Weekend",
            rhythm="monthly",
            first_on=saturday,
            unit_codes=[],
            shift_to_working_day=is_shifted,
            now=MONDAY,
        )
        for is_shifted in (True, False)
    )

    assert moved.due_at == datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
    assert kept.due_at == datetime(2026, 11, 28, 0, 30, tzinfo=UTC)
