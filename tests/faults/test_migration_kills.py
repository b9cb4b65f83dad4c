"""Kills a process in the middle of a migration, at each of its statements: old state or new, no other."""
# ruff: noqa: E501 -- lines of diagrams

from pathlib import Path

import killing
import pytest
from factories import LONG_AGO, MONDAY, bpmn, flow, person, start_and_end, user_task
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from engine import database, definitions, history, instances, migration, tasks
from engine.migration.journal import snapshot
from engine.models import (
    DefinitionVersion,
    InstanceMigration,
    MigrationState,
    Person,
    ProcessInstance,
    Task,
    TaskState,
)
from engine.setup import Role, Setup

MOST_MOMENTS = 500
LATE = '<boundaryEvent id="late" attachedToRef="{}"><timerEventDefinition><timeDuration>P9D</timeDuration></timerEventDefinition></boundaryEvent>'
OLD = bpmn(
    "errand",
    start_and_end(),
    '<parallelGateway id="fork"/>',
    user_task("write", due="=duration(&quot;P3D&quot;)"),
    user_task("check"),
    '<receiveTask id="answer" messageRef="ring"/>',
    LATE.format("check"),
    flow("start", "fork", "write", "end"),
    flow("fork", "check", "end"),
    flow("fork", "answer", "end"),
    declarations='<message id="ring" name="ring"><extensionElements><zeebe:subscription correlationKey="=code"/></extensionElements></message>',
)
NEW = (
    OLD.replace(b'"write"', b'"draft"')
    .replace(b'__write"', b'__draft"')
    .replace(b'"write__', b'"draft__')
    .replace(b'attachedToRef="check"', b'attachedToRef="draft"')
    .replace(b'<userTask id="check" name="check">', b'<userTask id="check" name="Check">')
)


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return Setup(
        roles={"officer": Role("officer", "Chuyên viên", "Officer")},
        files=tmp_path / "files",
        administers=frozenset({"administrator"}),
    )


def prepare(factory: sessionmaker[Session]) -> int:
    """Start an instance that waits for two people, a message and a timer; plan its migration."""
    with database.transaction(factory) as session:
        officer = person(session, "officer", [("officer", "")])
        administrator = person(session, "administrator", [("administrator", "")])
        publish(session, OLD, officer, administrator)
        instance = instances.start(session, "errand", variables={"code": "7"}, actor=officer, now=MONDAY)
        write = session.scalars(select(Task).where(Task.element_id == "write")).one()
        tasks.claim(session, write, actor=officer, now=MONDAY)
        version = publish(session, NEW, officer, administrator)
        migration.create_plan(
            session,
            version,
            chosen={instance.id: instance.revision},
            mapping={"write": "draft"},
            reason="The form changed.",
            actor=administrator,
            now=MONDAY,
        )
        return instance.id


def publish(session: Session, diagram: bytes, author: Person, publisher: Person) -> DefinitionVersion:
    version = definitions.create_draft(
        session, "errand", {"errand.bpmn": diagram}, author=author, now=LONG_AGO
    )
    definitions.publish(session, version, publisher=publisher, now=LONG_AGO)
    return version


def survives(engine: Engine, factory: sessionmaker[Session], moment: int) -> bool:
    """Migrate in a forked process that dies at a moment; return whether it came to its end before."""
    return killing.survives(engine, moment, lambda: migration.carry_out(factory, now=MONDAY) > 0)


def standing(factory: sessionmaker[Session], instance_id: int) -> tuple[MigrationState, int, object]:
    """Return what the tables say of the instance and its migration."""
    with factory() as session:
        entry = session.scalars(select(InstanceMigration)).one()
        instance = session.get_one(ProcessInstance, instance_id)
        facts = (instance.version_id, instance.revision, instance.workflow, instance.variables)
        return entry.state, instance.version_id, (facts, snapshot(session, instance_id))


def kill_at_every_moment(
    engine: Engine, factory: sessionmaker[Session], instance_id: int, *, wanted: MigrationState
) -> int:
    """Kill at one moment after another until the work is done; between, nothing may have changed."""
    before = standing(factory, instance_id)
    engine.dispose()
    for moment in range(1, MOST_MOMENTS):
        has_survived = survives(engine, factory, moment)
        now = standing(factory, instance_id)
        engine.dispose()
        if now[0] is wanted:
            assert now[1] != before[1]
            return moment
        assert now == before, f"a kill at moment {moment} left something between"
        assert not has_survived
    pytest.fail("the migration never came to its end")


def check_whole(factory: sessionmaker[Session], instance_id: int, *names: str) -> None:
    """Check that tokens, rows and history tell the same, and that the instance can go on to its end."""
    with database.transaction(factory) as session:
        waiting = select(Task).where(Task.instance_id == instance_id, Task.state == TaskState.OPEN)
        open_tasks = session.scalars(waiting.order_by(Task.id)).all()
        assert sorted(task.element_id for task in open_tasks) == sorted(names)
        assert instances.progress_of(session, instance_id).active >= set(names)
        assert history.verify_all(session) == []


def test_a_migration_killed_at_any_statement_leaves_the_old_state_or_the_new(
    database_engine: Engine, session_factory: sessionmaker[Session]
) -> None:
    instance_id = prepare(session_factory)

    moments = kill_at_every_moment(
        database_engine, session_factory, instance_id, wanted=MigrationState.MIGRATED
    )
    # Fewer would show that the kills came before the work.
    assert moments > 40
    check_whole(session_factory, instance_id, "draft", "check")

    with database.transaction(session_factory) as session:
        plan = session.scalars(select(InstanceMigration)).one().plan
        migration.undo(session, plan, actor=plan.created_by, now=MONDAY)
    moments = kill_at_every_moment(
        database_engine, session_factory, instance_id, wanted=MigrationState.UNDONE
    )
    assert moments > 30
    check_whole(session_factory, instance_id, "write", "check")
