"""Schedules start a process for each unit, once an occurrence."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from factories import MONDAY, bpmn, flow, publish, start_and_end, unit, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import incidents, instances, people, schedules
from engine.models import CalendarDay, Incident, Person, ProcessInstance, Schedule, Shift

REPORT = bpmn(
    "report",
    start_and_end(),
    user_task("write", "=&quot;unit_head@&quot; + unit_code"),
    flow("start", "write", "end"),
)


ODD = bpmn(
    "odd",
    start_and_end(),
    user_task("write", "=if unit_code = &quot;first&quot; then unit_code else &quot;officer&quot;"),
    flow("start", "write", "end"),
)
DIAGRAMS = {"report": REPORT, "odd": ODD}


@pytest.fixture(autouse=True)
def _published(session: Session) -> None:
    for key, diagram in DIAGRAMS.items():
        publish(session, key, diagram)


def create(
    session: Session,
    key: str,
    *,
    unit_codes: list[str] | None = None,
    **others: Any,  # noqa: ANN401  # whatever a schedule is made of
) -> Schedule:
    """Make a schedule that starts this Monday, once a month unless it is said otherwise."""
    facts: dict[str, Any] = {"rhythm": "monthly", "first_on": date(2026, 11, 23), "now": MONDAY, **others}
    return schedules.create_schedule(session, key=key, name="Báo cáo", unit_codes=unit_codes or [], **facts)


@pytest.fixture
def quarterly(session: Session) -> Schedule:
    """Return a schedule whose first occurrence is this Monday, for two units."""
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
    schedules.pause(session, quarterly, now=MONDAY)
    session.commit()
    assert schedules.start_due(session_factory, now=MONDAY) == 0

    schedules.resume(session, quarterly, now=MONDAY)
    session.commit()
    assert schedules.start_due(session_factory, now=MONDAY) == 0


def test_a_start_that_fails_holds_up_no_other_unit(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    odd = create(session, "odd", unit_codes=[unit(session, code).code for code in ("first", "second")])
    session.commit()

    assert schedules.start_due(session_factory, now=MONDAY) == 2

    assert started(session) == [f"schedule:{odd.id}:2026-11-23:second"]
    assert session.scalars(select(Incident.element_id)).all() == ["write"]
    assert schedules.last_starts(session, [odd.id])[odd.id].failed == 1


def test_a_start_that_failed_leads_to_its_instance_once_it_was_tried_again(
    session: Session, session_factory: sessionmaker[Session], administrator: Person
) -> None:
    odd = create(session, "odd", unit_codes=[unit(session, "first").code])
    session.commit()
    schedules.start_due(session_factory, now=MONDAY)
    [made] = schedules.starts_of(session, odd, limit=10)
    assert made.became is None
    assert made.incident is not None

    made.incident.command = {**made.incident.command, "key": "report"}
    incidents.retry(session, made.incident, actor=administrator, now=MONDAY)
    session.expire_all()

    assert made.became is not None
    assert schedules.last_starts(session, [odd.id])[odd.id].failed == 0


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


def test_of_a_kind_those_units_start_that_are_there_on_the_day(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    for code in ("stays", "goes"):
        unit(session, code)
    monthly = create(session, "report", unit_kind="department")
    session.commit()
    schedules.start_due(session_factory, now=MONDAY)
    unit(session, "new")
    abolish(session, "goes")
    session.commit()

    assert schedules.start_due(session_factory, now=MONDAY + timedelta(days=31)) == 2

    keys = {f"schedule:{monthly.id}:2026-12-23:{code}" for code in ("stays", "new")}
    assert keys <= set(started(session))


def test_a_unit_that_was_abolished_gives_way_to_its_successor_once(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    for code in ("goes", "stays", "ends"):
        unit(session, code)
    monthly = create(session, "report", unit_codes=["goes", "stays", "ends"])
    session.commit()
    abolish(session, "goes", successor="stays")
    abolish(session, "ends")
    session.commit()

    assert schedules.start_due(session_factory, now=MONDAY) == 1
    assert started(session) == [f"schedule:{monthly.id}:2026-11-23:stays"]


def test_a_unit_abolished_between_two_starts_gives_its_successor_no_second_one(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    for code in ("goes", "second", "heir"):
        unit(session, code)
    create(session, "report", unit_codes=["goes", "second"])
    session.commit()
    assert schedules.start_due(session_factory, now=MONDAY, limit=1) == 1
    abolish(session, "goes", successor="heir")
    session.commit()

    assert schedules.start_due(session_factory, now=MONDAY) == 1
    assert [key and key.rpartition(":")[2] for key in started(session)] == ["goes", "second"]


def abolish(session: Session, code: str, *, successor: str = "") -> None:
    """Let a unit have ended yesterday."""
    gone = unit(session, code)
    gone.valid_until = people.local_day(MONDAY) - timedelta(days=1)
    gone.successor = unit(session, successor) if successor else None


def test_days_moved_to_one_are_one_start(session: Session, session_factory: sessionmaker[Session]) -> None:
    # Tuesday, 24/11, is a holiday.
    daily = create(
        session, "report", rhythm="cron", cron="0 8 * * *", unit_codes=[unit(session, "here").code]
    )
    session.commit()

    counts = [
        schedules.start_due(session_factory, now=MONDAY + timedelta(days=number)) for number in range(8)
    ]

    assert counts == [1, 0, 1, 1, 1, 0, 0, 1]
    assert started(session)[-1] == f"schedule:{daily.id}:2026-11-30:here"


def test_a_start_moved_back_comes_before_its_day(
    session: Session, session_factory: sessionmaker[Session]
) -> None:
    monthly = create(session, "report", first_on=date(2026, 12, 1), unit_codes=[unit(session, "here").code])
    monthly.shift = Shift.BACKWARD
    session.add(CalendarDay(day=date(2026, 12, 1), is_working=False, name="Nghỉ"))
    monthly.due_at = datetime(2026, 11, 30, 0, 30, tzinfo=UTC)
    session.commit()

    assert schedules.start_due(session_factory, now=MONDAY + timedelta(days=7)) == 1

    session.refresh(monthly)
    assert started(session) == [f"schedule:{monthly.id}:2026-12-01:here"]
    assert monthly.due_at == datetime(2027, 1, 1, 0, 30, tzinfo=UTC) - timedelta(days=1)


def test_an_instance_knows_who_set_its_schedule_up(
    session: Session, session_factory: sessionmaker[Session], officer: Person
) -> None:
    create(session, "report", unit_codes=[unit(session, "here").code], created_by=officer)
    session.commit()

    schedules.start_due(session_factory, now=MONDAY)

    instance = session.scalars(select(ProcessInstance)).one()
    assert instances.variables_at(session, instance.id, None)["starter"] == "officer"
