"""What people are to be told of tasks and dated things in a time that has passed: worked out anew.

It shares no code with what sends reminders: it is told when a thing came, when it was due and when it was
done, walks through the moments at which a worker rang, and says who should have found what in his mailbox.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from engine.calendar import Calendar, at_local_time
from engine.clock import CITY_ZONE

MORNING = time(7, 30)
ESCALATIONS = ("head", "overseer")


class Letter(NamedTuple):
    """One mail: to whom, when, and of which things, by their pages."""

    address: str
    at: datetime
    pages: frozenset[str]


@dataclass(frozen=True)
class Dated:
    """A task or a dated thing, as long as it had one and the same deadline."""

    page: str
    """``/tasks/5``."""
    ladder: str
    came_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    """Done, cancelled, over, or given another deadline; none while it stands."""
    told: tuple[str, ...]
    """Addresses of those whom it concerns."""
    is_news: bool
    """Whether its coming is told: of a task it is. Who is invited, or given a later day, is told by a notice
    of its own."""
    heads: tuple[str, ...]
    overseers: tuple[str, ...]

    def is_open(self, moment: datetime) -> bool:
        """Whether there is anything to be said of it."""
        return self.came_at <= moment and (self.ended_at is None or self.ended_at > moment)


def expected(things: Sequence[Dated], rings: Sequence[datetime], calendar: Calendar) -> list[Letter]:
    """Return every mail about these things, in no order."""
    at_once = [letter for one in things for letter in _at_once(one, rings, calendar)]
    return at_once + list(_digests(things, rings, calendar))


def rungs(one: Dated, calendar: Calendar) -> Iterator[tuple[str, datetime]]:
    """Yield what the ladder says, past and to come: the kind, and its working morning.

    Lateness that is there from the first moment is told from that moment on.
    """
    if one.due_at is None or one.ladder == "none":
        return
    local = one.due_at.astimezone(CITY_ZONE)
    day = local.date() if local.time() > MORNING else local.date() - timedelta(days=1)
    while not calendar.is_working_day(day):
        day -= timedelta(days=1)
    for step in one.ladder.split(","):
        kind, _, count = step.partition(":")
        if kind == "due":
            yield kind, _morning(day)
        elif kind == "before":
            yield kind, _morning(_working_days_from(day, -int(count), calendar))
        elif kind == "after":
            for number in range(1, int(count) + 1):
                yield kind, _morning(_working_days_from(day, number, calendar))
        else:
            moment = _morning(_working_days_from(day, int(count), calendar))
            yield kind, max(moment, _next_working_morning(one.came_at, calendar))


def _at_once(one: Dated, rings: Sequence[datetime], calendar: Calendar) -> Iterator[Letter]:
    """Yield what does not wait for a morning: an urgent task that came, or one that is late when it comes."""
    if one.is_news and _is_urgent(one, calendar):
        for address in one.told:
            yield Letter(address, one.came_at, frozenset({one.page}))
    for kind, moment in rungs(one, calendar):
        ring = _ring_at_once(rings, moment, calendar)
        if kind in ESCALATIONS and ring is not None and one.is_open(ring):
            for address in one.heads if kind == "head" else one.overseers:
                yield Letter(address, ring, frozenset({one.page}))


def _digests(things: Sequence[Dated], rings: Sequence[datetime], calendar: Calendar) -> Iterator[Letter]:
    """Yield the mails of each morning: everything that has come up since the one before and still stands."""
    waiting: dict[str, list[tuple[datetime, Dated]]] = {}
    planned = sorted(_news(things, rings, calendar), key=lambda news: news[0])
    mornings: set[date] = set()
    for ring in rings:
        morning = _morning(_day(ring))
        while planned and planned[0][0] <= ring:
            moment, address, one = planned.pop(0)
            waiting.setdefault(address, []).append((moment, one))
        if not calendar.is_working_day(_day(ring)) or ring < morning or _day(ring) in mornings:
            continue
        mornings.add(_day(ring))
        for address, news in waiting.items():
            told = frozenset(one.page for moment, one in news if moment <= morning and one.is_open(ring))
            waiting[address] = [(moment, one) for moment, one in news if moment > morning]
            if told:
                yield Letter(address, ring, told)


def _news(
    things: Sequence[Dated], rings: Sequence[datetime], calendar: Calendar
) -> Iterator[tuple[datetime, str, Dated]]:
    """Yield what waits for a morning's mail: since when, for whom, of what."""
    for one in things:
        if one.is_news and not _is_urgent(one, calendar):
            for address in one.told:
                yield one.came_at, address, one
        for kind, moment in rungs(one, calendar):
            is_told_at_once = kind in ESCALATIONS and _ring_at_once(rings, moment, calendar) is not None
            if not is_told_at_once and (kind in ESCALATIONS or moment > one.came_at):
                readers = {"head": one.heads, "overseer": one.overseers}.get(kind, one.told)
                for address in readers:
                    yield moment, address, one


def _is_urgent(one: Dated, calendar: Calendar) -> bool:
    came_on = _day(one.came_at)
    if one.due_at is None or not calendar.is_working_day(came_on):
        return False
    return _day(one.due_at) <= _working_days_from(came_on, 2, calendar)


def _ring_at_once(rings: Sequence[datetime], moment: datetime, calendar: Calendar) -> datetime | None:
    """Return when lateness that showed at a moment is told at once; none where a morning's mail tells it."""
    for ring in rings:
        day = _day(ring)
        if ring >= moment and calendar.is_working_day(day) and ring >= _morning(day):
            return ring if moment > _morning(day) else None
    return None


def _next_working_morning(moment: datetime, calendar: Calendar) -> datetime:
    day = _day(moment)
    if calendar.is_working_day(day):
        return max(moment, _morning(day))
    return _morning(_working_days_from(day, 1, calendar))


def _working_days_from(day: date, count: int, calendar: Calendar) -> date:
    step = 1 if count > 0 else -1
    while count:
        day += timedelta(days=step)
        if calendar.is_working_day(day):
            count -= step
    return day


def _day(moment: datetime) -> date:
    return moment.astimezone(CITY_ZONE).date()


def _morning(day: date) -> datetime:
    return at_local_time(day, MORNING)


def by_reader(letters: Sequence[Letter]) -> Mapping[str, list[tuple[datetime, list[str]]]]:
    """Return letters grouped by address, in order: what a failing comparison prints."""
    found: dict[str, list[tuple[datetime, list[str]]]] = {}
    for letter in sorted(letters, key=lambda one: (one.address, one.at, sorted(one.pages))):
        found.setdefault(letter.address, []).append((letter.at, sorted(letter.pages)))
    return found
