"""What comes in the next 30 days, by day: own deadlines, calendar entries, starts by schedule."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, takewhile
from typing import Final

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.calendar import at_local_time, load_calendar
from engine.clock import CITY_ZONE
from engine.models import CalendarEntry, Schedule, Task, Unit
from engine.people import Authority, local_day
from engine.schedules import Rhythm
from processes.awards.permissions import units_of
from web import access
from web.i18n import gettext as _
from web.i18n import pick

DAYS_AHEAD: Final = 30
SHOWN: Final = 25


@dataclass(frozen=True)
class Coming:
    """Something with a date: when, what, where it leads."""

    at: datetime
    name: str
    sub: str
    address: str
    is_cancelled: bool = False

    @property
    def day(self) -> date:
        """The day it falls on in the city."""
        return self.at.astimezone(CITY_ZONE).date()


@dataclass(frozen=True)
class Day:
    """One day of the list."""

    day: date
    things: Sequence[Coming]


def by_day(things: Sequence[Coming]) -> list[Day]:
    """Return things in order of time, those of a day together; no more than are shown."""
    ordered = sorted(things, key=lambda one: one.at)[:SHOWN]
    return [Day(day, list(members)) for day, members in groupby(ordered, key=lambda one: one.day)]


def end_of(now: datetime) -> datetime:
    """Return the end of the last day looked ahead to."""
    return at_local_time(local_day(now) + timedelta(days=DAYS_AHEAD + 1), datetime.min.time())


def of_tasks(tasks: Sequence[Task], *, after: date, until: datetime) -> list[Coming]:
    """Return the deadlines of tasks that fall after a day."""
    return [
        Coming(
            task.due_at,
            _("Hạn: %(name)s", name=pick(task.name, task.name_en)),
            task.instance.title,
            url_for("tasks.show", task_id=task.id),
        )
        for task in tasks
        if task.due_at is not None and local_day(task.due_at) > after and task.due_at < until
    ]


def of_entries(entries: Sequence[CalendarEntry], *, after: date) -> list[Coming]:
    """Return dated things that begin after a day, cancelled ones too."""
    return [
        Coming(
            entry.starts_at,
            pick(entry.title, entry.title_en),
            entry.place,
            entry.path,
            is_cancelled=entry.is_cancelled,
        )
        for entry in entries
        if local_day(entry.starts_at) > after
    ]


def of_schedules(session: Session, authority: Authority, *, now: datetime, until: datetime) -> list[Coming]:
    """Return the starts of each schedule that concerns the person: of his units, or that he may see."""
    seen = access.schedules_seen(authority)
    kinds = _kinds_of(session, units_of(authority))
    if seen == frozenset() and not kinds:
        return []
    going_on = (Schedule.is_paused.is_(False), Schedule.retired_at.is_(None))
    found = session.scalars(select(Schedule).where(Schedule.due_at > now, Schedule.due_at < until, *going_on))
    coming: list[Coming] = []
    calendar = load_calendar(session)
    for one in found:
        may_see = seen is None or one.key in seen
        concerns = one.unit_kind in kinds.values() or not kinds.keys().isdisjoint(one.unit_codes)
        if may_see or concerns:
            address = url_for("schedules.show", schedule_id=one.id) if may_see else ""
            name = _("Tự mở: %(name)s", name=pick(one.name, one.name_en))
            starts = takewhile(lambda start: start.due_at < until, Rhythm.of(one).after(now, calendar))
            coming += [Coming(start.due_at, name, "", address) for start in starts]
    return coming


def _kinds_of(session: Session, codes: Collection[str]) -> dict[str, str]:
    """Return the kind of each unit."""
    found = select(Unit.code, Unit.kind).where(Unit.code.in_(codes))
    return dict(session.execute(found).all()) if codes else {}
