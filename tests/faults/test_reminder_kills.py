"""Kills workers in the middle of reminding, two at a time: after a week of downtime each is told once."""

import os
import signal
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from factories import bpmn, flow, person, publish, start_and_end, user_task
from sqlalchemy import Engine, event, exists, select
from sqlalchemy.orm import Session, sessionmaker

from engine import instances, reminders
from engine.calendar_entries import put_entry
from engine.models import DigestItem, OutboxMail, Reminder
from engine.setup import Role, Setup

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
BEFORE = datetime(2026, 11, 25, 9, 0, tzinfo=CITY)
DUE = datetime(2026, 12, 4, 17, 0, tzinfo=CITY)
BACK = datetime(2026, 12, 14, 10, 0, tzinfo=CITY)
"""When the workers run again."""
LADDER = "before:2,due,after:3,head:2,overseer:3"
TASKS = 4
MOST_MOMENTS = 400


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    roles = (
        Role("officer", "Chuyên viên", "Officer", head_role="head"),
        Role("head", "Trưởng phòng", "Head"),
        Role("overseer", "Trưởng ban", "Overseer"),
    )
    return Setup(
        roles={role.code: role for role in roles}, overseer_role="overseer", files=tmp_path / "files"
    )


def prepare(factory: sessionmaker[Session]) -> None:
    """Let tasks fall due while no worker runs, and a meeting come close."""
    with factory.begin() as session:
        for name in ("officer", "head", "overseer"):
            person(session, name, [(name, "")])
        task = user_task("write", due=DUE.isoformat(), properties={"reminders": LADDER})
        publish(session, "leave", bpmn("leave", start_and_end(), task, flow("start", "write", "end")))
        for number in range(TASKS):
            instances.start(session, "leave", variables={}, title=f"Đơn {number}", actor=None, now=BEFORE)
        put_entry(
            session,
            key="meeting:1",
            title="Họp giao ban",
            starts_at=datetime(2026, 12, 15, 8, 0, tzinfo=CITY),
            audience=["officer"],
            ladder="before:2",
            now=BEFORE,
        )


def victim(engine: Engine, factory: sessionmaker[Session], moment: int) -> int:
    """Fork a worker that kills itself at its ``moment``-th statement or commit; return its process id."""
    child = os.fork()
    if child:
        return child
    passed = 0

    def strike(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        # Connections of the parent are not this process's to use or to close.
        engine.dispose(close=False)
        for name in ("before_cursor_execute", "commit"):
            event.listen(engine, name, strike)
        reminders.send_due(factory, now=BACK)
    finally:
        os._exit(0)


def is_done(factory: sessionmaker[Session]) -> bool:
    """Whether nothing is left to be said."""
    with factory() as session:
        rungs = session.scalar(select(exists().where(Reminder.due_at <= BACK)))
        items = session.scalar(select(exists().where(DigestItem.mail_id.is_(None))))
        return not rungs and not items


def test_workers_killed_while_reminding_leave_nothing_out_and_say_nothing_twice(
    database_engine: Engine, session_factory: sessionmaker[Session]
) -> None:
    prepare(session_factory)
    deaths = 0
    for moment in range(1, MOST_MOMENTS, 2):
        database_engine.dispose()
        workers = [victim(database_engine, session_factory, moment + more) for more in (0, 7)]
        deaths += sum(os.WIFSIGNALED(os.waitpid(worker, 0)[1]) for worker in workers)
        if is_done(session_factory):
            break
        time.sleep(0.01)  # the server has not noticed yet that the ones before are dead
    assert deaths > 20, "fewer would show that the kills came before the work"

    with session_factory() as session:
        mails = session.scalars(select(OutboxMail).order_by(OutboxMail.address)).all()
        told = [(mail.kind, mail.address.partition("@")[0]) for mail in mails]
        assert told == [("digest", "head"), ("digest", "officer"), ("digest", "overseer")]
        for mail in mails:
            lines = Counter(line for line in mail.text.splitlines() if line.startswith("write: "))
            assert lines == {f"write: Đơn {number}": 1 for number in range(TASKS)}
        assert all(reminder.sent_at for reminder in session.scalars(select(Reminder)))
        assert len(session.scalars(select(DigestItem)).all()) == 3 * TASKS + 1
