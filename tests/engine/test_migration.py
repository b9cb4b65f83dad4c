"""Running instances that are brought to another version of their process, and back."""
# ruff: noqa: E501 -- lines of diagrams

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from factories import LONG_AGO, MONDAY, bpmn, flow, person, service_task, start_and_end, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import definitions, history, incidents, instances, messages, migration, tasks, timers
from engine.database import transaction
from engine.errors import ConflictError, InvalidInputError, NotAllowedError
from engine.migration import Verdict
from engine.migration.journal import snapshot
from engine.models import (
    DefinitionVersion,
    InstanceMigration,
    InstanceState,
    MigrationPlan,
    MigrationState,
    Person,
    ProcessInstance,
    Reminder,
    Task,
    TaskDraft,
    TaskState,
    Timer,
)
from engine.spiff import Reason

TUESDAY = MONDAY + timedelta(days=1)
NONE: Mapping[str, str] = {}


def leave(
    *names: str, decide: str = "head", due: str = "=duration(&quot;P3D&quot;)", extra: str = ""
) -> bytes:
    """Return a process of the tasks ``names``; ``decide`` is the head's, with a deadline."""
    made = [
        user_task(name, *([decide] if name == "decide" else []), due=due if name == "decide" else "")
        for name in names
    ]
    return bpmn("leave", start_and_end(), *made, extra, flow("start", *names, "end"))


def publish(session: Session, diagram: bytes, *, key: str = "leave") -> DefinitionVersion:
    number = len(definitions.find_versions(session, key))
    author, publisher = (
        person(session, f"author_{key}_{number}"),
        person(session, f"publisher_{key}_{number}"),
    )
    version = definitions.create_draft(session, key, {f"{key}.bpmn": diagram}, author=author, now=LONG_AGO)
    definitions.publish(session, version, publisher=publisher, now=LONG_AGO)
    return version


def begin(
    session: Session, count: int = 1, *, key: str = "leave", variables: Mapping[str, object] = NONE
) -> list[ProcessInstance]:
    return [instances.start(session, key, variables=variables, actor=None, now=MONDAY) for _ in range(count)]


def open_task(session: Session, instance: ProcessInstance) -> Task:
    waiting = (Task.instance_id == instance.id, Task.state == TaskState.OPEN)
    return session.scalars(select(Task).where(*waiting).execution_options(populate_existing=True)).one()


def do(session: Session, instance: ProcessInstance, actor: Person) -> None:
    assert (
        tasks.complete_task(session, open_task(session, instance), actor=actor, answers={}, now=MONDAY)
        is None
    )


class Office:
    """An administrator who migrates, each step in a transaction of its own."""

    def __init__(self, session: Session, factory: sessionmaker[Session]) -> None:
        self.session = session
        self.factory = factory
        self.administrator = person(session, "migrator", [("administrator", "")])

    def plan(
        self, version: DefinitionVersion, *chosen: ProcessInstance, mapping: Mapping[str, str] = NONE
    ) -> MigrationPlan:
        """Decide that instances go to a version."""
        plan = migration.create_plan(
            self.session,
            version,
            chosen={instance.id: instance.revision for instance in chosen},
            mapping=mapping,
            reason="The form changed.",
            actor=self.administrator,
            now=TUESDAY,
        )
        self.session.commit()
        return plan

    def carry_out(self) -> int:
        """Do what is planned; return how much there was."""
        self.session.commit()
        done = migration.carry_out(self.factory, now=TUESDAY)
        self.session.expire_all()
        return done

    def migrate(
        self, version: DefinitionVersion, *chosen: ProcessInstance, mapping: Mapping[str, str] = NONE
    ) -> list[InstanceMigration]:
        """Plan and carry out; return what became of each instance."""
        plan = self.plan(version, *chosen, mapping=mapping)
        self.carry_out()
        return sorted(plan.instances, key=lambda entry: entry.id)

    def undo(self, entry: InstanceMigration) -> None:
        """Take back the plan of an entry."""
        migration.undo(self.session, entry.plan, actor=self.administrator, now=TUESDAY)
        self.carry_out()


@pytest.fixture
def office(session: Session, session_factory: sessionmaker[Session]) -> Office:
    return Office(session, session_factory)


@pytest.fixture
def waiting(session: Session, officer: Person, head: Person) -> ProcessInstance:
    """Return an instance of ask, check, decide that waits at ``decide``."""
    del head
    publish(session, leave("ask", "check", "decide"))
    [instance] = begin(session)
    do(session, instance, officer)
    do(session, instance, officer)
    return instance


def rows_of(session: Session, instance: ProcessInstance) -> dict[str, Any]:
    """Return everything of an instance that an undone migration must leave as it was."""
    row = session.get_one(ProcessInstance, instance.id, populate_existing=True)
    state = (row.version_id, row.workflow, row.variables, row.state, row.outcome, row.ended_at)
    return {"state": state, **snapshot(session, instance.id)}


def test_a_task_that_stays_keeps_its_row_and_all_that_hangs_on_it(
    session: Session, office: Office, waiting: ProcessInstance, head: Person
) -> None:
    task = open_task(session, waiting)
    tasks.claim(session, task, actor=head, now=MONDAY)
    tasks.save_draft(session, task, head, {"days": ["3"]}, now=MONDAY)
    tasks.add_comment(session, task, author=head, text="Soon", now=MONDAY)
    was = (task.id, task.due_at, task.assignee_id, task.created_at)
    reminders = session.scalars(
        select(Reminder.due_at).where(Reminder.task_id == task.id).order_by(Reminder.id)
    ).all()
    version = publish(
        session,
        leave("ask", "decide", "file", due="=duration(&quot;P9D&quot;)").replace(
            b'name="decide"', 'name="Duyệt đơn"'.encode()
        ),
    )

    [entry] = office.migrate(version, waiting)

    assert (entry.state, entry.problem) == (MigrationState.MIGRATED, {})
    task = open_task(session, waiting)
    assert (task.id, task.due_at, task.assignee_id, task.created_at) == was
    assert task.name == "Duyệt đơn"
    assert (
        reminders
        == session.scalars(
            select(Reminder.due_at).where(Reminder.task_id == task.id).order_by(Reminder.id)
        ).all()
    )
    assert session.get_one(TaskDraft, (task.id, head.id)).answers == {"days": ["3"]}
    assert len(tasks.list_comments(session, task)) == 1
    do(session, waiting, head)
    assert open_task(session, waiting).element_id == "file"


def test_a_new_ladder_or_deadline_is_followed_from_the_migration_on(
    session: Session, office: Office, waiting: ProcessInstance
) -> None:
    task = open_task(session, waiting)
    was = task.due_at
    assert was is not None
    ladder = {"reminders": "before:1"}
    decide = user_task("decide", "head", due="=duration(&quot;P3D&quot;)", properties=ladder)
    steps = [user_task("ask"), user_task("check"), decide]
    changed = bpmn("leave", start_and_end(), *steps, flow("start", "ask", "check", "decide", "end"))

    office.migrate(publish(session, changed), waiting)

    task = open_task(session, waiting)
    rungs = session.scalars(select(Reminder).where(Reminder.task_id == task.id)).all()
    assert [(rung.kind, rung.occurrence, rung.deadline_at) for rung in rungs] == [("before", 1, was)]


def test_the_history_says_from_where_to_where_by_whom_and_why(
    session: Session, office: Office, waiting: ProcessInstance
) -> None:
    version = publish(session, leave("ask", "agree"))

    office.migrate(version, waiting, mapping={"decide": "agree"})

    event = next(event for event in history.events_of(session, waiting.id) if event.kind == "migrated")
    assert event.actor_id == office.administrator.id
    assert event.version_id == version.id
    assert {name: event.details[name] for name in ("from", "to", "mapping", "reason")} == {
        "from": 1,
        "to": 2,
        "mapping": {"decide": "agree"},
        "reason": "The form changed.",
    }
    assert history.verify(session, waiting.id) == []


def test_a_mapped_task_goes_to_those_whom_its_new_element_names(
    session: Session, office: Office, waiting: ProcessInstance, head: Person, officer: Person
) -> None:
    task_id = open_task(session, waiting).id
    tasks.claim(session, open_task(session, waiting), actor=head, now=MONDAY)
    version = publish(session, leave("ask", "agree"))

    office.migrate(version, waiting, mapping={"decide": "agree"})

    task = open_task(session, waiting)
    assert (task.id, task.element_id, task.assignee_id) == (task_id, "agree", None)
    assert [group.role for group in task.candidates] == ["officer"]
    do(session, waiting, officer)
    assert waiting.state is InstanceState.COMPLETED


def test_instances_that_fare_alike_are_one_line(session: Session, officer: Person, head: Person) -> None:
    del head
    publish(session, leave("ask", "check", "decide"))
    [first, *_rest] = begin(session, 4)
    do(session, first, officer)
    version = publish(session, leave("ask", "decide"))

    groups = migration.find_groups(session, version, now=TUESDAY)

    assert [(group.verdict, len(group.instances)) for group in groups] == [
        (Verdict.NEEDS_MAPPING, 1),
        (Verdict.CONTINUES, 3),
    ]
    assert groups[0].instances == [(first.id, first.revision)]
    assert groups[0].findings[0].target_id == "decide"


def test_a_preview_writes_nothing(session: Session, waiting: ProcessInstance) -> None:
    session.commit()
    before = rows_of(session, waiting)
    late = '<boundaryEvent id="late" attachedToRef="decide"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>'
    version = publish(session, leave("ask", "decide", extra=late))

    [group] = migration.find_groups(session, version, now=TUESDAY)

    assert (group.armed, group.overdue) == (("late",), 1)
    assert rows_of(session, waiting) == before
    assert not session.dirty
    assert not session.new


def test_a_preview_names_an_expression_that_fails(session: Session, waiting: ProcessInstance) -> None:
    late = '<boundaryEvent id="late" attachedToRef="decide"><timerEventDefinition><timeDuration>=days</timeDuration></timerEventDefinition></boundaryEvent>'
    del waiting
    version = publish(session, leave("ask", "decide", extra=late))

    [group] = migration.find_groups(session, version, now=TUESDAY)

    assert group.verdict is Verdict.BLOCKED
    assert [(finding.element_id, finding.reason) for finding in group.findings] == [
        ("late", Reason.EXPRESSION)
    ]


def test_a_new_deadline_is_a_timer_that_fires(
    session: Session, office: Office, session_factory: sessionmaker[Session], waiting: ProcessInstance
) -> None:
    late = '<boundaryEvent id="late" attachedToRef="decide"><timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>'
    version = publish(session, leave("ask", "decide", extra=late))

    office.migrate(version, waiting)
    assert session.scalars(select(Timer.due_at)).one() == MONDAY + timedelta(hours=1)
    session.commit()

    assert timers.fire_due(session_factory, now=TUESDAY) == 1
    session.refresh(waiting)
    assert waiting.state is InstanceState.COMPLETED


@pytest.mark.parametrize("mapping", [{"decide": "agree"}, {"decide": "note"}])
def test_what_is_taken_back_is_exactly_as_it_was(
    session: Session, office: Office, waiting: ProcessInstance, head: Person, mapping: Mapping[str, str]
) -> None:
    tasks.claim(session, open_task(session, waiting), actor=head, now=MONDAY)
    session.commit()
    before = rows_of(session, waiting)
    pause = '<intermediateCatchEvent id="note"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>'
    version = publish(
        session,
        bpmn(
            "leave",
            start_and_end(),
            user_task("ask"),
            user_task("agree"),
            pause,
            flow("start", "ask", "note", "agree", "end"),
        ),
    )
    [entry] = office.migrate(version, waiting, mapping=mapping)
    assert entry.state is MigrationState.MIGRATED
    assert rows_of(session, waiting) != before

    office.undo(entry)

    after = rows_of(session, waiting)
    added = set(after["task"]) - set(before["task"])
    assert all(after["task"][key]["state"] == "cancelled" for key in added)
    assert {**after, "task": {key: row for key, row in after["task"].items() if key not in added}} == before
    assert (entry.state, entry.problem) == (MigrationState.UNDONE, {})
    assert [event.kind for event in history.events_of(session, waiting.id)][-1] == "migration_undone"
    assert history.verify(session, waiting.id) == []
    do(session, waiting, head)
    assert waiting.state is InstanceState.COMPLETED


def test_who_took_the_task_since_keeps_it_when_the_migration_is_taken_back(
    session: Session, office: Office, waiting: ProcessInstance, head: Person
) -> None:
    [entry] = office.migrate(publish(session, leave("ask", "decide")), waiting)
    tasks.claim(session, open_task(session, waiting), actor=head, now=TUESDAY)

    office.undo(entry)

    assert entry.state is MigrationState.UNDONE
    assert open_task(session, waiting).assignee_id == head.id


def test_what_has_moved_on_cannot_be_taken_back(
    session: Session, office: Office, waiting: ProcessInstance, head: Person
) -> None:
    [entry] = office.migrate(publish(session, leave("ask", "decide", "file")), waiting)
    do(session, waiting, head)

    office.undo(entry)

    assert (entry.state, entry.problem) == (MigrationState.MIGRATED, {"code": "moved_on"})
    assert open_task(session, waiting).element_id == "file"


def test_what_an_action_did_cannot_be_taken_back(
    session: Session, office: Office, waiting: ProcessInstance
) -> None:
    diagram = bpmn(
        "leave",
        start_and_end(),
        user_task("ask"),
        service_task("note", "leave.note"),
        user_task("agree"),
        flow("start", "ask", "note", "agree", "end"),
    )
    [entry] = office.migrate(publish(session, diagram), waiting, mapping={"decide": "note"})
    assert open_task(session, waiting).element_id == "agree"

    office.undo(entry)

    assert (entry.state, entry.problem) == (MigrationState.MIGRATED, {"code": "deeds"})


def test_an_instance_that_moved_since_the_preview_is_left_alone(
    session: Session, office: Office, waiting: ProcessInstance, head: Person
) -> None:
    plan = office.plan(publish(session, leave("ask", "decide")), waiting)
    do(session, waiting, head)
    before = rows_of(session, waiting)

    office.carry_out()

    [entry] = plan.instances
    assert (entry.state, entry.problem) == (MigrationState.SKIPPED, {"code": "moved_on"})
    assert rows_of(session, waiting) == before


def test_what_does_not_fit_is_left_alone_and_holds_up_no_other(
    session: Session, office: Office, officer: Person, head: Person
) -> None:
    del head
    publish(session, leave("ask", "check", "decide"))
    first, second = begin(session, 2)
    do(session, first, officer)
    before = rows_of(session, first)
    version = publish(session, leave("ask", "decide"))

    entries = office.migrate(version, first, second)

    assert [(entry.state, entry.problem) for entry in entries] == [
        (MigrationState.SKIPPED, {"code": "unsettled"}),
        (MigrationState.MIGRATED, {}),
    ]
    assert rows_of(session, first) == before


def test_a_step_that_fails_leaves_the_instance_as_it_was(
    session: Session, office: Office, waiting: ProcessInstance
) -> None:
    before = rows_of(session, waiting)
    diagram = bpmn(
        "leave",
        start_and_end(),
        user_task("ask"),
        user_task("agree", "=nobody"),
        flow("start", "ask", "agree", "end"),
    )

    [entry] = office.migrate(publish(session, diagram), waiting, mapping={"decide": "agree"})

    assert entry.state is MigrationState.SKIPPED
    assert (entry.problem["code"], entry.problem["element"]) == ("failed", "agree")
    assert rows_of(session, waiting) == before


def test_an_incident_of_a_task_is_tried_again_in_the_new_version(
    session: Session, office: Office, administrator: Person, officer: Person
) -> None:
    publish(
        session,
        bpmn(
            "leave",
            start_and_end(),
            user_task("ask"),
            user_task("next", "=nobody"),
            flow("start", "ask", "next", "end"),
        ),
    )
    [instance] = begin(session)
    incident = tasks.complete_task(
        session, open_task(session, instance), actor=officer, answers={}, now=MONDAY
    )
    assert incident is not None

    office.migrate(publish(session, leave("ask", "decide")), instance)

    assert incidents.retry(session, incident, actor=administrator, now=TUESDAY)
    assert open_task(session, instance).element_id == "decide"


CALL = bpmn(
    "leave",
    start_and_end(),
    user_task("ask"),
    '<receiveTask id="answer" messageRef="ring"/>',
    flow("start", "answer", "ask", "end"),
    declarations='<message id="ring" name="ring"><extensionElements><zeebe:subscription correlationKey="=code"/></extensionElements></message>',
)


def test_a_wait_for_a_message_survives(
    session: Session, office: Office, session_factory: sessionmaker[Session]
) -> None:
    publish(session, CALL)
    [instance] = begin(session, variables={"code": "7"})
    office.migrate(publish(session, CALL.replace(b'"ask"', b'"agree"')), instance)
    messages.throw_message(session, "ring", "7", {}, now=TUESDAY)
    session.commit()

    assert messages.deliver_due(session_factory, now=TUESDAY) == 1

    assert open_task(session, instance).element_id == "agree"


def test_only_administrators_plan_with_a_reason_to_the_version_in_use(
    session: Session, office: Office, waiting: ProcessInstance, officer: Person
) -> None:
    old = waiting.version
    version = publish(session, leave("ask", "decide"))
    chosen = {waiting.id: waiting.revision}

    def plan(
        target: DefinitionVersion,
        *,
        actor: Person = office.administrator,
        reason: str = "Why",
        mapping: Mapping[str, str] = NONE,
    ) -> None:
        migration.create_plan(
            session, target, chosen=chosen, mapping=mapping, reason=reason, actor=actor, now=TUESDAY
        )

    with pytest.raises(NotAllowedError):
        plan(version, actor=officer)
    with pytest.raises(InvalidInputError):
        plan(version, reason=" ")
    with pytest.raises(InvalidInputError):
        plan(version, mapping={"decide": "nowhere"})
    with pytest.raises(ConflictError):
        plan(old)
    with pytest.raises(InvalidInputError):
        migration.create_plan(
            session, version, chosen={}, mapping={}, reason="Why", actor=office.administrator, now=TUESDAY
        )


def test_two_administrators_at_once_migrate_each_instance_once(
    session: Session, office: Office, session_factory: sessionmaker[Session]
) -> None:
    publish(session, leave("ask", "check", "decide"))
    started = begin(session, 6)
    version = publish(session, leave("ask", "decide"))
    plans = [office.plan(version, *started), office.plan(version, *reversed(started))]

    with ThreadPoolExecutor(2) as pool:
        workers = [pool.submit(migration.carry_out, session_factory, now=TUESDAY) for _ in range(2)]
        for worker in workers:
            worker.result(timeout=60)

    session.expire_all()
    states = sorted(entry.state.value for plan in plans for entry in plan.instances)
    assert states == ["migrated"] * 6 + ["skipped"] * 6
    for instance in started:
        kinds = [event.kind for event in history.events_of(session, instance.id)]
        assert kinds.count("migrated") == 1
        assert history.verify(session, instance.id) == []


def test_a_task_is_completed_or_its_instance_migrated_but_nothing_between(
    session: Session, office: Office, session_factory: sessionmaker[Session], officer: Person, head: Person
) -> None:
    del head
    publish(session, leave("ask", "check", "decide"))
    started = begin(session, 5)
    office.plan(publish(session, leave("ask", "decide")), *started)
    task_ids = [open_task(session, instance).id for instance in started]
    session.commit()

    def complete() -> None:
        for task_id in task_ids:
            with transaction(session_factory) as own:
                actor = own.get_one(Person, officer.id)
                tasks.complete_task(own, own.get_one(Task, task_id), actor=actor, answers={}, now=TUESDAY)

    with ThreadPoolExecutor(2) as pool:
        completing = pool.submit(complete)
        pool.submit(migration.carry_out, session_factory, now=TUESDAY).result(timeout=60)
        completing.result(timeout=60)

    session.expire_all()
    for instance in started:
        [entry] = session.scalars(
            select(InstanceMigration).where(InstanceMigration.instance_id == instance.id)
        )
        expected = "decide" if entry.state is MigrationState.MIGRATED else "check"
        assert open_task(session, instance).element_id == expected
        assert history.verify(session, instance.id) == []


def test_what_is_broken_is_not_tried_for_ever(
    session: Session, office: Office, waiting: ProcessInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    plan = office.plan(publish(session, leave("ask", "decide")), waiting)
    monkeypatch.setattr("engine.migration.plans.change_version", fail)

    assert office.carry_out() == 1
    assert office.carry_out() == 0

    [entry] = plan.instances
    assert (entry.state, entry.problem) == (MigrationState.SKIPPED, {"code": "broken"})
    assert open_task(session, waiting).element_id == "decide"
