"""Carries schedules over the migration by which they have cron lines, ends and shifts, and back."""

from datetime import UTC, date, datetime, time
from typing import Any

from migrated import TABLES
from sqlalchemy import Engine, select, text

from engine import database, schema
from engine.feel import to_json
from engine.models import Schedule, ScheduledStart, Shift
from engine.setup import Setup

BELOW = "engine_0003"
OLD = "SELECT id, rhythm, shift_to_working_day, is_paused FROM schedule ORDER BY id"


def schedule(number: int, **others: Any) -> Schedule:  # noqa: ANN401  # columns
    facts: dict[str, Any] = {
        "rhythm": "monthly",
        "first_on": date(2026, 1, 5),
        "unit_codes": [],
        "variables": to_json({}),
    }
    return Schedule(id=number, key="report", name="Báo cáo", **{**facts, **others})


def test_schedules_are_carried_down_and_up_again(migrated: Engine) -> None:
    factory = database.session_factory(migrated, Setup())
    started_at = datetime(2026, 1, 5, 0, 30, tzinfo=UTC)
    with factory.begin() as session:
        session.add_all(
            [
                schedule(1, shift=Shift.NONE),
                schedule(2, shift=Shift.BACKWARD, starts_at=time(14), ends_on=date(2027, 1, 1)),
                schedule(3, rhythm="cron", cron="30 7 1 * *"),
                schedule(4, retired_at=started_at),
            ]
        )
        session.flush()
        session.add(
            ScheduledStart(schedule_id=1, occurs_on=date(2026, 1, 5), unit_code="", started_at=started_at)
        )

    schema.downgrade(migrated, TABLES, target=BELOW)
    with migrated.connect() as connection:
        rows = [(row[0], row[1], bool(row[2]), bool(row[3])) for row in connection.execute(text(OLD))]
    assert rows == [
        (1, "monthly", False, False),
        (2, "monthly", True, False),
        (3, "once", True, False),
        (4, "monthly", True, True),
    ]

    schema.upgrade(migrated, TABLES)
    with factory() as session:
        kept = session.get_one(Schedule, 1)
        assert (kept.shift, kept.starts_at, kept.ends_on, kept.cron) == (Shift.NONE, time(7, 30), None, "")
        assert session.get_one(Schedule, 2).shift is Shift.FORWARD
        made = session.scalars(select(ScheduledStart)).one()
        assert made.started_at == datetime(2026, 1, 5, tzinfo=UTC)
