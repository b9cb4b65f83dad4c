"""Abolishing a unit: from the day after its last, all it still has to do is its successor's.

What happened stays as it was: variables, completed instances and papers go on naming the old unit, and are
found through ``engine.people.heirs``. What is open moves: tasks, running instances, schedules, dates, people.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, sessionmaker

from engine import history, setup
from engine.errors import InvalidInputError
from engine.models import (
    InstanceState,
    Person,
    ProcessInstance,
    RoleHolding,
    Schedule,
    Task,
    TaskCandidate,
    TaskState,
    Unit,
)
from engine.people.authority import local_day
from engine.people.estate import give_tasks, move_dates, move_household, move_schedules
from engine.people.heirs import heir_of, is_abolished

LONGEST_PAST: Final = timedelta(days=90)
"""So long after a unit's last day its end may still be entered."""
_LOG: Final = logging.getLogger(__name__)


class NotSucceededError(InvalidInputError):
    """A unit cannot be abolished so.

    ``code``: itself, abolished (it is so already), successor_ends (the successor is there no longer than the
    unit), cycle, long_past, before_start, or held_up (a vote, say, on what the units have to do with).
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Handover:
    """How much of a unit goes to its successor, in numbers of rows."""

    tasks: int
    instances: int
    schedules: int
    people: int
    roles: int
    """Roles that end with the unit."""
    is_done: bool = False
    """Whether it has gone over; else it does when the last day is over."""


def foresee_handover(session: Session, unit: Unit, *, on: date) -> Handover:
    """Count what would go to a successor that day, as things stand now."""
    held = or_(RoleHolding.ends_on.is_(None), RoleHolding.ends_on >= on)
    return Handover(
        tasks=_count(session, select(Task.id).where(_is_open_of(unit))),
        instances=_count(session, select(ProcessInstance.id).where(_is_running_of(unit))),
        schedules=sum(unit.code in codes for codes in session.scalars(select(Schedule.unit_codes))),
        people=_count(session, select(Person.id).where(Person.unit_id == unit.id, Person.is_active)),
        roles=_count(session, select(RoleHolding.id).where(RoleHolding.unit_id == unit.id, held)),
    )


def abolish_unit(  # noqa: PLR0913  # which unit, by whom, when
    session: Session, unit: Unit, *, successor: Unit, last_day: date, actor: Person, now: datetime
) -> Handover:
    """Let a unit end with ``last_day``, and hand over to its successor at once if that day is over. Flushes.

    Otherwise the worker hands over on the day after (``hand_over_due``); roles end by themselves.

    Raises:
        NotSucceededError: it cannot end so; its ``code`` says why.

    """
    _lock(session, unit)
    today = local_day(now)
    check_succession(session, unit, successor=successor, last_day=last_day, now=now)
    unit.valid_until, unit.successor, unit.handed_over_at = last_day, successor, None
    session.flush()
    _note(session, "unit_abolished", unit, actor=actor, now=now)
    if last_day < today:
        return _hand_over(session, unit, actor=actor, now=now)
    return foresee_handover(session, unit, on=today)


def check_succession(session: Session, unit: Unit, *, successor: Unit, last_day: date, now: datetime) -> None:
    """Refuse what ``abolish_unit`` would refuse, and change nothing.

    Raises:
        NotSucceededError: the unit cannot end so.

    """
    today = local_day(now)
    if unit.id == successor.id:
        raise NotSucceededError("itself", f"unit {unit.code} cannot succeed itself")
    if unit.successor_id is not None:
        raise NotSucceededError("abolished", f"unit {unit.code} ends on {unit.valid_until} already")
    if successor.valid_until is not None and successor.valid_until <= max(last_day, today):
        raise NotSucceededError("successor_ends", f"unit {successor.code} ends on {successor.valid_until}")
    if _is_before(unit, successor):
        raise NotSucceededError("cycle", f"unit {unit.code} is to succeed {successor.code}")
    if last_day < today - LONGEST_PAST:
        raise NotSucceededError("long_past", f"{last_day} is more than {LONGEST_PAST.days} days past")
    if unit.valid_from is not None and last_day < unit.valid_from:
        raise NotSucceededError("before_start", f"unit {unit.code} is there from {unit.valid_from} on")
    if last_day < today and setup.of(session).holds_up_succession(session, unit, successor):
        raise NotSucceededError("held_up", f"unit {unit.code} cannot go to {successor.code} just now")


def keep_unit(session: Session, unit: Unit, *, actor: Person, now: datetime) -> None:
    """Call off the end of a unit before its work has gone over. Flushes.

    Raises:
        NotSucceededError: it is not to end, or its last day is over.

    """
    _lock(session, unit)
    if unit.successor is None or is_abolished(unit, on=local_day(now)):
        raise NotSucceededError("abolished", f"unit {unit.code} has no end to come")
    _note(session, "unit_kept", unit, actor=actor, now=now)
    unit.successor, unit.valid_until = None, None
    session.flush()


def hand_over_due(factory: sessionmaker[Session], *, now: datetime) -> int:
    """Hand over each unit whose last day is over, in a transaction of its own; return how many there were.

    One that the layer above holds up, or that fails, stays for the next ring.
    """
    tried: set[int] = set()
    done = 0
    while (is_done := _hand_over_next(factory, tried, now=now)) is not None:
        done += is_done
    return done


def _hand_over_next(factory: sessionmaker[Session], tried: set[int], *, now: datetime) -> bool | None:
    """Hand over the unit that ended longest ago; whether it went over, None if there is none left to try."""
    try:
        with factory.begin() as session:
            unit = session.scalar(_waiting(tried, local_day(now)))
            if unit is None:
                return None
            tried.add(unit.id)
            if setup.of(session).holds_up_succession(session, unit, heir_of(unit, on=local_day(now))):
                return False
            _hand_over(session, unit, actor=None, now=now)
    except Exception:
        if not tried:
            raise
        _LOG.exception("handing over a unit failed: one of %s", sorted(tried))
        return False
    return True


def _waiting(tried: Collection[int], today: date) -> Select[Unit]:
    is_due = (Unit.successor_id.is_not(None), Unit.handed_over_at.is_(None), Unit.valid_until < today)
    found = select(Unit).where(*is_due, Unit.id.not_in(tried)).order_by(Unit.valid_until, Unit.id)
    return found.limit(1).with_for_update(skip_locked=True, key_share=True)


def _hand_over(session: Session, unit: Unit, *, actor: Person | None, now: datetime) -> Handover:
    today = local_day(now)
    heir, foreseen = heir_of(unit, on=today), foresee_handover(session, unit, on=today)
    of_task = select(Task.instance_id).where(_is_open_of(unit))
    concerned = or_(ProcessInstance.id.in_(of_task), _is_running_of(unit))
    for instance_id in session.scalars(
        select(ProcessInstance.id).where(concerned).order_by(ProcessInstance.id)
    ).all():
        give_tasks(session, instance_id, unit, heir, now=now)
        _note(session, "unit_succeeded", unit, instance_id=instance_id, actor=actor, now=now)
    move_schedules(session, unit, heir)
    move_dates(session, unit, heir)
    move_household(session, unit, heir, actor=actor, now=now)
    setup.of(session).follow_succession(session, unit, heir, now)
    unit.handed_over_at = now
    session.flush()
    _note(session, "unit_handed_over", unit, actor=actor, now=now)
    return replace(foreseen, is_done=True)


def _lock(session: Session, unit: Unit) -> None:
    """Read the unit as it now stands and keep other ends off it; new instances may still name it."""
    session.flush()  # what is read anew must not undo what somebody has just set
    session.refresh(unit, with_for_update={"key_share": True})


def _is_before(unit: Unit, other: Unit) -> bool:
    """Whether ``other`` is to be succeeded by ``unit``, directly or through others."""
    later: Unit | None = other
    while later is not None and later.id != unit.id:
        later = later.successor
    return later is not None


def _is_open_of(unit: Unit) -> ColumnElement[bool]:
    offered = select(TaskCandidate.task_id).where(TaskCandidate.unit_code == unit.code)
    return (Task.state == TaskState.OPEN) & Task.id.in_(offered)


def _is_running_of(unit: Unit) -> ColumnElement[bool]:
    return (ProcessInstance.state == InstanceState.RUNNING) & (ProcessInstance.unit_id == unit.id)


def _count(session: Session, found: Select[int]) -> int:
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _note(  # noqa: PLR0913  # the columns of an event
    session: Session,
    kind: str,
    unit: Unit,
    *,
    actor: Person | None,
    now: datetime,
    instance_id: int | None = None,
) -> None:
    """Write what became of a unit: its names of that day, for who reads the history years later."""
    successor, last_day = unit.successor, unit.valid_until
    if successor is None or last_day is None:
        raise ValueError(f"unit {unit.code} has no successor")
    details = {
        "unit": {"code": unit.code, "name": unit.name, "name_en": unit.name_en},
        "successor": {"code": successor.code, "name": successor.name, "name_en": successor.name_en},
        "from": (last_day + timedelta(days=1)).isoformat(),
    }
    history.append(session, instance_id=instance_id, kind=kind, actor=actor, now=now, details=details)
