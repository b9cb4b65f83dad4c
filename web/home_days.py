"""What comes in the next 30 days, by day: own deadlines, calendar entries, starts by schedule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.calendar import at_local_time
from engine.clock import CITY_ZONE
from engine.models import CalendarEntry, Schedule, Task
from engine.people import Authority, local_day
from processes.awards.permissions import sees_everything, units_of
from web import access
from web.i18n import gettext as _
from web.i18n import ngettext, pick

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
    """Return the starts by schedule that concern the person: his units', or all to those who plan them."""
    sees_all = access.can_plan_inspections(authority) or sees_everything(authority)
    sees_all = sees_all or access.can_see_definitions(authority)
    units = units_of(authority)
    if not sees_all and not units:
        return []
    found = session.scalars(
        select(Schedule).where(Schedule.due_at > now, Schedule.due_at < until, Schedule.is_paused.is_(False))
    )
    return [
        Coming(
            one.due_at,
            _("Tự mở: %(name)s", name=pick(one.name, one.name_en)),
            ngettext("%(num)s đơn vị", "%(num)s đơn vị", len(one.unit_codes)) if sees_all else "",
            url_for("inspections.index"),
        )
        for one in found
        if one.due_at is not None and (sees_all or units & set(one.unit_codes))
    ]
