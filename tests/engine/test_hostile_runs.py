"""Hostile definitions that the check lets through run within limits: they wait, end or become incidents."""

import json
import tempfile
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Required, TypedDict

import pytest
from factories import MONDAY, person
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import database, definitions, instances, messages, people, permissions, tasks, timers
from engine.errors import InvalidInputError, StepFailedError
from engine.ingest import read_diagram
from engine.models import Incident, Message, Person, ProcessInstance, Task, TaskState
from engine.setup import Role, Setup

HOSTILE = Path(__file__).resolve().parents[2] / ".." / "shared" / "hostile"
BOUND_SECONDS = 10
ROUNDS = 3
ROLES = ("unit_officer", "unit_head", "chairman", "administrator")
KINDS = {"graph", "feel", "python", "authority", "xml"}

pytestmark = pytest.mark.skipif(
    not HOSTILE.is_dir(), reason="the hostile definitions are not beside the checkout"
)

Case = TypedDict(
    "Case",
    {
        "id": Required[str],
        "file": Required[str],
        "kind": Required[str],
        "expect": Required[str],
        "with": list[str],
    },
    total=False,
)


def cases() -> list[Case]:
    """Return the diagrams that may or must be accepted."""
    manifest = HOSTILE / "manifest.json"
    found: list[Case] = json.loads(manifest.read_text()) if manifest.is_file() else []
    return [case for case in found if case["kind"] in KINDS and is_runnable(case)]


def is_runnable(case: Case) -> bool:
    is_benign = case["expect"] == "accept" and case["kind"] in {"graph", "feel"}
    return case["file"].endswith(".bpmn") and (case["expect"] == "either" or is_benign)


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    """Return a wiring with the roles that hostile definitions name."""
    roles = {code: Role(code, code, code) for code in ROLES}
    return Setup(roles=roles, files=tmp_path / "files", administers=frozenset({"administrator"}))


@pytest.fixture
def factory(session_factory: sessionmaker[Session]) -> sessionmaker[Session]:
    """Return a maker of sessions on a database with three people, none of whom holds two roles."""
    with database.transaction(session_factory) as session:
        for role in ("unit_officer", "unit_head", "chairman"):
            person(session, role, [(role, "")])
        for name in ("author", "publisher"):
            person(session, name)
    return session_factory


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["id"])
def test_hostile_diagram_runs_within_limits(
    factory: sessionmaker[Session], case: Case, caplog: pytest.LogCaptureFixture
) -> None:
    key = publish(factory, case)
    if key:
        within_bound(lambda: run(factory, key))

    assert not [record for record in caplog.records if record.exc_info], caplog.text
    assert not list(Path(tempfile.gettempdir()).glob("canary/*"))


def publish(factory: sessionmaker[Session], case: Case) -> str:
    """Publish a case and return its key; nothing, if it is refused here."""
    names = [case["file"], "note.form", *case.get("with", [])]
    files = {name: (HOSTILE / name).read_bytes() for name in names}
    try:
        key = next(iter(read_diagram(case["file"], files[case["file"]]).processes))
        with database.transaction(factory) as session:
            version = definitions.create_draft(
                session, key, files, author=named(session, "author"), now=MONDAY
            )
            definitions.publish(session, version, publisher=named(session, "publisher"), now=MONDAY)
    except InvalidInputError:
        assert case["expect"] == "either"
        return ""
    return key


def named(session: Session, username: str) -> Person:
    return session.scalars(select(Person).where(Person.username == username)).one()


def within_bound(work: Callable[[], None]) -> None:
    """Do something in a thread; whoever hangs is left behind and told."""
    failures: list[BaseException] = []

    def watched() -> None:
        try:
            work()
        except BaseException as failure:  # noqa: BLE001  # raised again below
            failures.append(failure)

    thread = threading.Thread(target=watched, daemon=True)
    thread.start()
    thread.join(timeout=BOUND_SECONDS)
    assert not thread.is_alive(), f"still running after {BOUND_SECONDS} seconds"
    for failure in failures:
        raise failure


def run(factory: sessionmaker[Session], key: str) -> None:
    """Start an instance, and let its people, messages and timers do what they can for a few days."""
    try:
        with database.transaction(factory) as session:
            instances.start(session, key, variables={}, actor=None, now=MONDAY)
    except StepFailedError:
        return
    for day in range(ROUNDS):
        now = MONDAY + timedelta(days=day)
        with database.transaction(factory) as session:
            for task in waiting(session)[:5]:
                actor = session.scalars(
                    select(Person).where(Person.username == task.candidates[0].role)
                ).one()
                tasks.complete_task(session, task, actor=actor, answers={"note": "x"}, now=now)
        messages.deliver_due(factory, now=now, limit=20)
        timers.fire_due(factory, now=now, limit=20)


def waiting(session: Session) -> list[Task]:
    found = select(Task).where(Task.state == TaskState.OPEN, Task.incident_id.is_(None))
    return list(session.scalars(found.order_by(Task.id)))


def need(case_id: str) -> Case:
    return next(case for case in cases() if case["id"] == case_id)


def start_case(factory: sessionmaker[Session], case_id: str, *, copies: int = 1) -> list[int]:
    key = publish(factory, need(case_id))
    assert key
    with database.transaction(factory) as session:
        begun = [
            instances.start(session, key, variables={}, actor=None, now=MONDAY).id for _copy in range(copies)
        ]
        for task in waiting(session):
            actor = named(session, "unit_officer")
            tasks.complete_task(session, task, actor=actor, answers={"note": "unit_officer"}, now=MONDAY)
    return begun


def test_a_name_in_an_answer_gives_nobody_a_task_he_is_no_candidate_of(
    factory: sessionmaker[Session],
) -> None:
    """The officer names himself as the one who decides; the head's task stays the head's."""
    start_case(factory, "auth_assignee_submitted")

    with database.transaction(factory) as session:
        (decision,) = waiting(session)
        assert decision.assignee is None
        for username, may in (("unit_officer", False), ("chairman", False), ("unit_head", True)):
            person_ = named(session, username)
            authority = people.authority_of(session, person_, on=people.local_day(MONDAY))
            assert permissions.can_complete(authority, decision) is may


def test_a_key_that_is_the_same_for_all_reaches_one_instance(factory: sessionmaker[Session]) -> None:
    begun = start_case(factory, "auth_message_foreign", copies=3)
    with database.transaction(factory) as session:
        messages.throw_message(session, "council_result", "*", {}, now=MONDAY)
    messages.deliver_due(factory, now=MONDAY)

    assert states(factory, begun) == ["completed", "running", "running"]


def test_an_empty_key_is_an_incident_and_reaches_nobody(factory: sessionmaker[Session]) -> None:
    begun = start_case(factory, "auth_message_empty_key", copies=2)
    with database.transaction(factory) as session:
        messages.throw_message(session, "auth_message_empty_key", "", {}, now=MONDAY)
    messages.deliver_due(factory, now=MONDAY)

    assert states(factory, begun) == ["running", "running"]
    with database.transaction(factory) as session:
        assert len(session.scalars(select(Incident)).all()) == 2


def states(factory: sessionmaker[Session], begun: list[int]) -> list[str]:
    with database.transaction(factory) as session:
        return [session.get_one(ProcessInstance, number).state.value for number in begun]


def test_a_star_is_no_pattern_of_keys(factory: sessionmaker[Session]) -> None:
    """Who waits under the key ``*`` gets no message meant for another."""
    (number,) = start_case(factory, "auth_message_foreign")
    with database.transaction(factory) as session:
        messages.throw_message(session, "council_result", "HS-2026-0001", {}, now=MONDAY)
    messages.deliver_due(factory, now=MONDAY)

    with database.transaction(factory) as session:
        assert session.get_one(ProcessInstance, number).state.value == "running"
        assert session.scalars(select(Message)).one().delivered_at is None


def test_a_variable_named_current_user_is_plain_data(factory: sessionmaker[Session]) -> None:
    (number,) = start_case(factory, "auth_output_current_user")

    with database.transaction(factory) as session:
        instance = session.get_one(ProcessInstance, number)
        done = session.scalars(select(Task)).one()
        assert instance.state.value == "completed"
        assert done.completed_by_id == named(session, "unit_officer").id
        assert not list(session.scalars(select(Person).where(Person.username == "current_user")))
