"""A small installation that has never heard of awards: an officer asks for leave, his head decides."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from factories import MONDAY, bpmn, flow, person, publish, start_and_end, user_task
from migrated import migrated_database
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from engine import instances
from engine.models import Person, ProcessInstance, Task
from engine.setup import ActionCall, ActionResult, Role, Setup


@pytest.fixture
def calls() -> list[ActionCall]:
    """Return the calls the action ``leave.note`` has seen."""
    return []


@pytest.fixture
def setup(tmp_path: Path, calls: list[ActionCall]) -> Setup:
    """Return a wiring with a few roles and actions."""

    def note(call: ActionCall) -> ActionResult:
        calls.append(call)
        return {"noted": Decimal(len(calls))}

    roles = [
        Role("officer", "Chuyên viên", "Officer"),
        Role("head", "Trưởng phòng", "Head"),
        Role("unit_head", "Thủ trưởng đơn vị", "Head of unit", per_unit=True),
        Role("administrator", "Quản trị", "Administrator"),
    ]
    return Setup(
        roles={role.code: role for role in roles},
        actions={"leave.note": note},
        files=tmp_path / "files",
        administers=frozenset({"administrator"}),
        sees_everything=frozenset({"administrator"}),
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Give a database of its own that came about by migrations."""
    with migrated_database(request.param, tmp_path) as engine:
        yield engine


@pytest.fixture
def officer(session: Session) -> Person:
    """Return one of those who ask."""
    return person(session, "officer", [("officer", "")])


@pytest.fixture
def head(session: Session) -> Person:
    """Return the one who decides."""
    return person(session, "head", [("head", "")])


@pytest.fixture
def stranger(session: Session) -> Person:
    """Return somebody who holds no role."""
    return person(session, "stranger")


@pytest.fixture
def administrator(session: Session) -> Person:
    """Return who may mend what failed."""
    return person(session, "administrator", [("administrator", "")])


LEAVE = bpmn(
    "leave",
    start_and_end(),
    user_task("ask", "officer"),
    user_task("decide", "head", due="=duration(&quot;P3D&quot;)"),
    flow("start", "ask", "decide", "end"),
)


@pytest.fixture
def leave(session: Session, officer: Person) -> ProcessInstance:
    """Return a request for leave that waits to be written: the user task ``ask``."""
    publish(session, "leave", LEAVE)
    return instances.start(session, "leave", variables={"days": 3}, title="Leave", actor=officer, now=MONDAY)


@pytest.fixture
def ask(session: Session, leave: ProcessInstance) -> Task:
    """Return the first task of a request for leave."""
    return session.scalars(select(Task).where(Task.instance_id == leave.id)).one()
