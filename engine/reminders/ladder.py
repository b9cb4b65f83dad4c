"""On which working mornings the rungs of a ladder stand."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from engine.calendar import Calendar, at_local_time
from engine.clock import CITY_ZONE
from engine.ladders import Ladder

MORNING: Final = time(7, 30)
"""When the day's reminders go out."""
ESCALATIONS: Final = ("head", "overseer")
"""The rungs that tell others than those who are to do the work."""


@dataclass(frozen=True)
class Rung:
    """One reminder to come. ``kind``: before, due, after, head or overseer."""

    kind: str
    occurrence: int
    moment: datetime


def rungs_of(ladder: Ladder, due_at: datetime, calendar: Calendar) -> list[Rung]:
    """Return all rungs, past ones too, each in the morning of a working day."""
    due_day = _last_working_morning(due_at, calendar)
    rungs = [
        Rung("before", days, _morning_of(calendar.add_working_days(due_day, -days))) for days in ladder.before
    ]
    if ladder.on_due_day:
        rungs.append(Rung("due", 1, _morning_of(due_day)))
    rungs += [
        Rung("after", days, _morning_of(calendar.add_working_days(due_day, days)))
        for days in range(1, ladder.after + 1)
    ]
    rungs += [
        Rung(kind, 1, _morning_of(calendar.add_working_days(due_day, days)))
        for kind, days in zip(ESCALATIONS, (ladder.head, ladder.overseer), strict=True)
        if days is not None
    ]
    return rungs


def next_working_morning(now: datetime, calendar: Calendar) -> datetime:
    """Return ``now`` itself if reminders may go out now, else the next moment they may."""
    local = now.astimezone(CITY_ZONE)
    if not calendar.is_working_day(local.date()):
        return _morning_of(calendar.next_working_day(local.date()))
    return max(now, _morning_of(local.date()))


def _last_working_morning(due_at: datetime, calendar: Calendar) -> date:
    """Return the last working day whose morning comes before the due moment."""
    local = due_at.astimezone(CITY_ZONE)
    day = local.date() if local.time() > MORNING else local.date() - timedelta(days=1)
    return day if calendar.is_working_day(day) else calendar.add_working_days(day, -1)


def _morning_of(day: date) -> datetime:
    return at_local_time(day, MORNING)
