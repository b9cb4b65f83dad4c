"""When a task is to be reminded of: so many working days before, on the day, after it; then the head."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from engine.calendar import Calendar, at_local_time
from engine.clock import CITY_ZONE

MORNING: Final = time(7, 30)
"""When the day's reminders go out."""
_STEP: Final = re.compile(r"(before|after|head):([1-9][0-9]?)|(due|none)", re.ASCII)
_MOST_AFTER: Final = 20


@dataclass(frozen=True)
class Ladder:
    """Counts of working days; a ladder without rungs reminds nobody."""

    before: tuple[int, ...] = ()
    on_due_day: bool = False
    after: int = 0
    """On each of so many working days after the due day."""
    head: int | None = None
    """So many working days after the due day the head of the role is told."""


DEFAULT_LADDER: Final = Ladder(before=(2,), on_due_day=True, after=5, head=2)


@dataclass(frozen=True)
class Rung:
    """One reminder to come. ``kind``: before, due, after or head."""

    kind: str
    occurrence: int
    moment: datetime


def parse_ladder(text: str) -> Ladder:
    """Read ``before:3,due,after:1,head:2``, each part optional, or ``none``; bad text is the default."""
    steps = [_STEP.fullmatch(part.strip()) for part in text.split(",")]
    found = [step for step in steps if step is not None]
    if len(found) != len(steps):
        return DEFAULT_LADDER
    counts = [(step[1], int(step[2])) for step in found if step[1]]
    plain = {step[3] for step in found if step[3]}
    return Ladder(
        before=tuple(sorted({count for kind, count in counts if kind == "before"}, reverse=True)),
        on_due_day="due" in plain,
        after=min(_MOST_AFTER, max((count for kind, count in counts if kind == "after"), default=0)),
        head=max((count for kind, count in counts if kind == "head"), default=None),
    )


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
    if ladder.head is not None:
        rungs.append(Rung("head", 1, _morning_of(calendar.add_working_days(due_day, ladder.head))))
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
