"""Moves what an abolished unit leaves behind to its heir: tasks, instances, schedules, people and roles."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from engine import instances, people, reminders
from engine.instances.offering import groups_of, offer
from engine.models import (
    CalendarEntryAudience,
    Delegation,
    InstanceState,
    Person,
    RoleHolding,
    Schedule,
    Task,
    TaskCandidate,
    TaskState,
    Unit,
)


def give_tasks(session: Session, instance_id: int, unit: Unit, heir: Unit, *, now: datetime) -> None:
    """Let a running instance and its open tasks be the heir's. Locks the instance; flushes.

    Who has one of the tasks keeps it only if he holds its role in the heir too. The heir's people are told;
    reminders and digests look for their receivers when they go out.
    """
    instance = instances.lock(session, instance_id)
    if instance.state is InstanceState.RUNNING and instance.unit_id == unit.id:
        instance.unit = heir
    offered = select(TaskCandidate.task_id).where(TaskCandidate.unit_code == unit.code)
    found = select(Task).where(
        Task.instance_id == instance_id, Task.state == TaskState.OPEN, Task.id.in_(offered)
    )
    for task in session.scalars(found.order_by(Task.id).execution_options(populate_existing=True)).all():
        groups = {(role, heir.code if code == unit.code else code) for role, code in groups_of(task)}
        offer(session, task, sorted(groups), now=now)
        reminders.announce(session, task, now)


def move_dates(session: Session, unit: Unit, heir: Unit) -> None:
    """Let dated things that concern the unit's people concern the heir's. Flushes."""
    session.execute(
        update(CalendarEntryAudience)
        .where(CalendarEntryAudience.unit_code == unit.code)
        .values(unit_code=heir.code)
    )


def move_schedules(session: Session, unit: Unit, heir: Unit) -> None:
    """Let every schedule start for the heir what it started for the unit. Flushes."""
    for schedule in session.scalars(select(Schedule).order_by(Schedule.id).with_for_update()):
        if unit.code in schedule.unit_codes:
            named = (heir.code if code == unit.code else code for code in schedule.unit_codes)
            schedule.unit_codes = list(dict.fromkeys(named))
            schedule.revision += 1
    session.flush()


def move_household(session: Session, unit: Unit, heir: Unit, *, actor: Person | None, now: datetime) -> None:
    """End the roles and delegations of the unit with its last day; its people and sub-units are the heir's.

    Flushes.
    """
    last_day = unit.valid_until or people.local_day(now)
    held = select(RoleHolding).where(RoleHolding.unit_id == unit.id).order_by(RoleHolding.id)
    for holding in session.scalars(held).all():
        if holding.ends_on is None or holding.ends_on > last_day:
            people.end_role(session, holding, last_day=last_day, now=now, actor=actor)
    lent = Delegation.unit_id == unit.id
    session.execute(delete(Delegation).where(lent, Delegation.starts_on > last_day))
    session.execute(update(Delegation).where(lent, Delegation.ends_on > last_day).values(ends_on=last_day))
    session.execute(update(Person).where(Person.unit_id == unit.id).values(unit_id=heir.id))
    for part in session.scalars(select(Unit).where(Unit.parent_id == unit.id)).all():
        part.parent_id = heir.id if part.id != heir.id else unit.parent_id
    session.flush()
    session.expire_all()
