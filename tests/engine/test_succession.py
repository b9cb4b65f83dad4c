"""Tests of units that are abolished: who takes over, when, and how it can be told years later."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import pytest
from factories import LONG_AGO, MONDAY, bpmn, flow, person, publish, start_and_end, unit, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import calendar_entries, history, instances, people, permissions, starting, tasks
from engine.models import (
    HistoryEvent,
    Person,
    ProcessInstance,
    RoleHolding,
    Schedule,
    Task,
    Unit,
)
from engine.people import succession
from engine.people.succession import NotSucceededError
from engine.setup import Setup

YESTERDAY = date(2026, 11, 22)
TODAY = date(2026, 11, 23)
HEAD = "unit_head"

REPORT = bpmn(
    "report",
    start_and_end(),
    user_task("write", "=&quot;unit_head@&quot; + unit_code", due="=duration(&quot;P9D&quot;)"),
    user_task("sign", "=&quot;unit_head@&quot; + unit_code"),
    flow("start", "write", "sign", "end"),
)


@dataclass
class Merger:
    """Two units with a head each, of which the old one goes into the new."""

    session: Session
    old: Unit
    new: Unit
    old_head: Person
    new_head: Person
    administrator: Person

    def abolish(
        self, gone: Unit | None = None, to: Unit | None = None, *, last_day: date = YESTERDAY
    ) -> succession.Handover:
        """Let a unit (the old one) end, for another (the new one)."""
        return succession.abolish_unit(
            self.session,
            gone or self.old,
            successor=to or self.new,
            last_day=last_day,
            actor=self.administrator,
            now=MONDAY,
        )


@pytest.fixture
def merger(session: Session, administrator: Person) -> Merger:
    old_head = person(session, "old_head", [(HEAD, "old")], home="old")
    new_head = person(session, "new_head", [(HEAD, "new")], home="new")
    return Merger(session, unit(session, "old"), unit(session, "new"), old_head, new_head, administrator)


@pytest.fixture
def report(session: Session, merger: Merger) -> ProcessInstance:
    """Return a report of the old unit that its head has begun to write."""
    publish(session, "report", REPORT)
    made = instances.start(
        session,
        "report",
        variables={"unit_code": "old"},
        title="Report",
        unit=merger.old,
        actor=None,
        now=MONDAY,
    )
    tasks.claim(session, open_task(session, made), actor=merger.old_head, now=MONDAY)
    return made


def open_task(session: Session, instance: ProcessInstance) -> Task:
    is_open = (Task.instance_id == instance.id, Task.completed_at.is_(None))
    return session.scalars(select(Task).where(*is_open)).one()


def groups(task: Task) -> set[tuple[str, str]]:
    return {(one.role, one.unit_code) for one in task.candidates}


def kinds(session: Session, instance: ProcessInstance | None) -> list[str]:
    of = HistoryEvent.instance_id
    found = select(HistoryEvent.kind).where(of == instance.id if instance else of.is_(None))
    return list(session.scalars(found.order_by(HistoryEvent.number)))


def test_open_work_goes_to_the_successor_and_the_history_says_so(
    session: Session, merger: Merger, report: ProcessInstance
) -> None:
    done = merger.abolish()

    task = open_task(session, report)
    assert (done.is_done, done.tasks, done.instances, done.people, done.roles) == (True, 1, 1, 1, 1)
    assert (groups(task), task.assignee, report.unit) == ({(HEAD, "new")}, None, merger.new)
    event = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "unit_succeeded")).one()
    assert (event.instance_id, event.actor, event.details["from"]) == (
        report.id,
        merger.administrator,
        "2026-11-23",
    )
    assert event.details["unit"]["name"] == "old"
    assert event.details["successor"]["name"] == "new"
    assert kinds(session, None)[-3:] == ["unit_abolished", "role_ended", "unit_handed_over"]
    assert history.verify_all(session) == []
    tasks.claim(session, task, actor=merger.new_head, now=MONDAY)


def test_later_tasks_of_the_old_unit_are_offered_to_the_successor(
    session: Session, merger: Merger, report: ProcessInstance
) -> None:
    merger.abolish()

    tasks.complete_task(session, open_task(session, report), actor=merger.new_head, answers={}, now=MONDAY)

    later = open_task(session, report)
    assert (later.element_id, groups(later)) == ("sign", {(HEAD, "new")})
    assert instances.variables_at(session, report.id, None)["unit_code"] == "old"


def test_work_begun_for_the_old_unit_is_the_successors(
    session: Session, merger: Merger, report: ProcessInstance
) -> None:
    merger.abolish()

    late = instances.start(
        session, "report", variables={"unit_code": "old"}, unit=merger.old, actor=None, now=MONDAY
    )

    assert (late.unit, groups(open_task(session, late))) == (merger.new, {(HEAD, "new")})
    assert report.id != late.id


def test_roles_of_the_old_unit_end_with_it(session: Session, merger: Merger) -> None:
    before = people.people_holding(session, HEAD, "old", on=TODAY)

    merger.abolish()

    assert (before, people.people_holding(session, HEAD, "old", on=TODAY)) == (
        [merger.old_head],
        [merger.new_head],
    )
    assert people.authority_of(session, merger.old_head, on=TODAY).reach == frozenset()
    assert people.people_holding(session, HEAD, "old", on=YESTERDAY) == [merger.old_head]
    assert session.scalars(
        select(RoleHolding.ends_on).where(RoleHolding.person_id == merger.old_head.id)
    ).one() == (YESTERDAY)
    assert merger.old_head.unit == merger.new


def test_who_works_in_both_keeps_the_task(session: Session, merger: Merger, report: ProcessInstance) -> None:
    session.add(RoleHolding(person=merger.old_head, role=HEAD, unit=merger.new, starts_on=date(2026, 1, 1)))

    merger.abolish()

    assert open_task(session, report).assignee == merger.old_head


def test_the_successor_sees_what_the_old_unit_had_finished(
    session: Session, merger: Merger, report: ProcessInstance
) -> None:
    for _ in range(2):
        tasks.complete_task(
            session, open_task(session, report), actor=merger.old_head, answers={}, now=MONDAY
        )
    authority = people.authority_of(session, merger.new_head, on=TODAY)
    assert not permissions.can_see_instance(session, authority, report.id)

    merger.abolish()

    authority = people.authority_of(session, merger.new_head, on=TODAY)
    assert permissions.can_see_instance(session, authority, report.id)
    assert (report.unit, kinds(session, report)[-1]) == (merger.old, "completed")


def test_a_holder_in_the_successor_reaches_back_but_begins_nothing_for_the_old_unit(
    session: Session, merger: Merger
) -> None:
    merger.abolish()

    authority = people.authority_of(session, merger.new_head, on=TODAY)

    assert authority.holds(HEAD, "old")
    assert authority.units_of(HEAD) == {"new"}
    assert not people.authority_of(session, merger.new_head, on=YESTERDAY).holds(HEAD, "old")
    assert starting.find_beginnings(session, authority) == []


def test_work_passes_along_a_chain_of_successors(
    session: Session, merger: Merger, report: ProcessInstance
) -> None:
    newest = unit(session, "newest")
    newest_head = person(session, "newest_head", [(HEAD, "newest")])
    merger.abolish()

    merger.abolish(merger.new, newest)

    assert groups(open_task(session, report)) == {(HEAD, "newest")}
    assert people.people_holding(session, HEAD, "old", on=TODAY) == [newest_head]
    assert people.authority_of(session, newest_head, on=TODAY).inherited == {(HEAD, "old"), (HEAD, "new")}
    assert people.predecessors_of(session, newest, on=TODAY) == [merger.new, merger.old]
    assert kinds(session, report).count("unit_succeeded") == 2
    assert people.authority_of(session, merger.new_head, on=TODAY).reach == frozenset()


def test_schedules_start_for_the_successor_once(session: Session, merger: Merger) -> None:
    lists = [["old", "other"], ["new", "old"], ["other"]]
    made = [
        Schedule(key="report", name="Q", rhythm="yearly", first_on=TODAY, unit_codes=codes, variables={})
        for codes in lists
    ]
    session.add_all(made)
    session.flush()

    done = merger.abolish()

    assert done.schedules == 2
    assert [one.unit_codes for one in made] == [["new", "other"], ["new"], ["other"]]
    assert [one.revision for one in made] == [1, 1, 0]


def test_dates_of_the_old_unit_stand_in_the_calendars_of_the_successors_people(
    session: Session, merger: Merger
) -> None:
    put = partial(
        calendar_entries.put_entry,
        session,
        title="Visit",
        starts_at=MONDAY + timedelta(days=9),
        audience=["unit_head@old"],
        now=MONDAY,
    )
    put(key="visit:1")

    merger.abolish()
    put(key="visit:2")

    found = calendar_entries.find_entries(
        session, merger.new_head, first=MONDAY, last=MONDAY + timedelta(days=30)
    )
    assert [entry.key for entry in found] == ["visit:1", "visit:2"]


def test_a_day_to_come_changes_nothing_until_it_is_over(
    session: Session, merger: Merger, session_factory: sessionmaker[Session], report: ProcessInstance
) -> None:
    foreseen = merger.abolish(last_day=TODAY)
    session.commit()

    assert (foreseen.is_done, foreseen.tasks) == (False, 1)
    assert succession.hand_over_due(session_factory, now=MONDAY) == 0
    assert people.people_holding(session, HEAD, "old", on=TODAY) == [merger.old_head]
    session.commit()

    tomorrow = MONDAY + timedelta(days=1)
    assert succession.hand_over_due(session_factory, now=tomorrow) == 1
    assert succession.hand_over_due(session_factory, now=tomorrow) == 0
    session.expire_all()
    task = open_task(session, report)
    assert (groups(task), task.assignee, merger.old.handed_over_at) == ({(HEAD, "new")}, None, tomorrow)
    assert kinds(session, report).count("unit_succeeded") == 1
    assert people.people_holding(session, HEAD, "old", on=TODAY + timedelta(days=1)) == [merger.new_head]


def test_an_end_to_come_can_be_called_off(
    session: Session, merger: Merger, session_factory: sessionmaker[Session]
) -> None:
    merger.abolish(last_day=TODAY)

    succession.keep_unit(session, merger.old, actor=merger.administrator, now=MONDAY)

    session.commit()
    assert (merger.old.valid_until, merger.old.successor) == (None, None)
    assert succession.hand_over_due(session_factory, now=MONDAY + timedelta(days=9)) == 0
    assert kinds(session, None) == ["unit_abolished", "unit_kept"]


def test_what_has_gone_over_cannot_be_called_off(session: Session, merger: Merger) -> None:
    merger.abolish()

    with pytest.raises(NotSucceededError):
        succession.keep_unit(session, merger.old, actor=merger.administrator, now=MONDAY)


def code_of_refusal(
    merger: Merger, gone: Unit | None = None, to: Unit | None = None, last_day: date = YESTERDAY
) -> str:
    with pytest.raises(NotSucceededError) as refused:
        merger.abolish(gone, to, last_day=last_day)
    return refused.value.code


def test_a_succession_that_makes_no_sense_is_refused(session: Session, merger: Merger) -> None:
    gone, later = unit(session, "gone"), unit(session, "later")
    merger.abolish(gone, merger.new)
    merger.abolish(later, merger.old, last_day=TODAY + timedelta(days=30))
    merger.old.valid_from = date(2026, 10, 1)

    def code(unit: Unit, to: Unit, last_day: date = YESTERDAY) -> str:
        return code_of_refusal(merger, unit, to, last_day)

    assert code(merger.old, merger.old) == "itself"
    assert code(gone, merger.old) == "abolished"
    assert code(merger.old, gone) == "successor_ends"
    assert code(merger.old, later, TODAY + timedelta(days=30)) == "successor_ends"
    assert code(merger.old, later) == "cycle"
    assert code(merger.old, merger.new, TODAY - timedelta(days=91)) == "long_past"
    assert code(merger.old, merger.new, date(2026, 9, 30)) == "before_start"
    assert (merger.old.valid_until, merger.old.successor) == (None, None)


def always(_session: Session, _unit: Unit, _heir: Unit) -> bool:
    return True


def test_what_the_layer_above_holds_up_waits(
    session: Session, merger: Merger, session_factory: sessionmaker[Session]
) -> None:
    setup: Setup = session.info["setup"]
    held = replace(setup, holds_up_succession=always)
    session.info["setup"] = session_factory.kw["info"]["setup"] = held
    assert code_of_refusal(merger) == "held_up"
    merger.abolish(last_day=TODAY)
    session.commit()
    tomorrow = MONDAY + timedelta(days=1)

    assert succession.hand_over_due(session_factory, now=tomorrow) == 0

    session.info["setup"] = session_factory.kw["info"]["setup"] = setup
    assert succession.hand_over_due(session_factory, now=tomorrow) == 1


def test_no_role_is_given_in_a_unit_that_is_gone(session: Session, merger: Merger) -> None:
    merger.abolish()

    with pytest.raises(people.AppointmentError) as refused:
        people.give_role(session, merger.old_head, HEAD, unit=merger.old, now=MONDAY)

    assert refused.value.code == "unit_gone"


def test_long_ago_is_before(merger: Merger) -> None:
    merger.abolish()

    assert people.heir_of(merger.old, on=people.local_day(LONG_AGO)) == merger.old
    assert people.heir_of(merger.old, on=TODAY) == merger.new
    assert people.is_same_body(merger.old, merger.new, on=TODAY)
    assert not people.is_same_body(merger.old, merger.new, on=YESTERDAY)
