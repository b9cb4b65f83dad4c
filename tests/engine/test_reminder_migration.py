"""Carries reminders over the migration by which deadlines have ladders of their own, and back."""

from datetime import datetime, timedelta

from factories import MONDAY, bpmn, flow, person, publish, start_and_end, user_task
from migrated import TABLES
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from engine import calendar_entries, database, instances, reminders, schema
from engine.models import DigestItem, OutboxMail, Reminder, Task
from engine.setup import Role, Setup

BELOW = "engine_0004"
SETUP = Setup(roles={"officer": Role("officer", "Chuyên viên", "Officer")})


def fill(session: Session) -> datetime:
    """Let a task be reminded of, move its deadline, and enter a meeting; return the new deadline."""
    person(session, "officer", [("officer", "")])
    due_at = MONDAY + timedelta(days=14)
    task = user_task("write", due=due_at.isoformat(), properties={"reminders": "before:2,due"})
    publish(session, "leave", bpmn("leave", start_and_end(), task, flow("start", "write", "end")))
    instances.start(session, "leave", variables={}, actor=None, now=MONDAY)
    for rung in session.scalars(select(Reminder).where(Reminder.kind == "before")):
        rung.sent_at, rung.due_at = rung.due_at, None
    session.flush()
    open_task = session.scalars(select(Task)).one()
    moved_to = due_at + timedelta(days=7)
    reminders.move_deadline(session, open_task, moved_to, now=MONDAY)
    calendar_entries.put_entry(
        session, key="meeting:1", title="Họp", starts_at=moved_to, audience=["officer"], now=MONDAY
    )
    return moved_to


def test_reminders_are_carried_down_and_up_again(migrated: Engine) -> None:
    factory = database.session_factory(migrated, SETUP)
    with factory.begin() as session:
        moved_to = fill(session)
        mails = len(session.scalars(select(OutboxMail)).all())
        items = len(session.scalars(select(DigestItem)).all())

    schema.downgrade(migrated, TABLES, target=BELOW)
    with migrated.connect() as connection:
        rungs = connection.execute(text("SELECT kind, sent_at IS NULL FROM reminder ORDER BY kind")).all()
        assert [tuple(rung) for rung in rungs] == [("before", True), ("due", True)]
    schema.upgrade(migrated, TABLES)

    with factory() as session:
        rows = session.scalars(select(Reminder).order_by(Reminder.kind)).all()
        assert [(row.kind, row.deadline_at) for row in rows] == [("before", moved_to), ("due", moved_to)]
        assert len(session.scalars(select(OutboxMail)).all()) == mails
        assert len(session.scalars(select(DigestItem)).all()) == items
