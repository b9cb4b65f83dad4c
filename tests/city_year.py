"""Lets a city live through a year under a clock of its own: a worker rings, people work, mails arrive."""

import random
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from itertools import chain

import killing
import pytest
from expected_mails import Dated, Letter
from mail_servers import MailServer
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import database, definitions, instances, outbox, people, tasks
from engine.calendar import Calendar, at_local_time, load_calendar
from engine.errors import NotAllowedError
from engine.models import CalendarEntry, Incident, Person, Task, TaskState
from engine.people import local_day
from processes.awards.roles import ROLES
from web import jobs
from web.wiring import Installation

MORNING, WORKING_HOUR, AFTERNOON = time(7, 30), time(9, 0), time(14, 0)
WEDNESDAY = 2
"""The day of the week on which the worker rings in the afternoon too, and has nothing to say twice."""
LADDER = "before:2,due,after:5,head:2,overseer:5"
"""What reminds of a task whose diagram says nothing."""
KINDS = ("digest", "reminder", "task", "entry")
"""What reminders are called on their envelopes; notices and invitations are no reminders."""
MOST_MOMENTS = 60
"""A worker that is to be killed has died by its so-many-th statement, or done its work before."""

Answers = Mapping[str, object] | Callable[["CityYear", Session, Task], Mapping[str, object]]
"""What is handed in at a step, or what works it out."""


@dataclass
class CityYear:
    """An installation, what its people answer, and how late they are.

    ``habits``: working days after the deadline (before it, if negative) at which a unit's people hand in;
    None: never. Where no unit is named, ``punctual`` counts.
    """

    installation: Installation
    mail: MailServer
    answers: Mapping[tuple[str, str], Answers]
    habits: Mapping[str, int | None]
    now: datetime
    punctual: int = -1
    rings: list[datetime] = field(default_factory=list[datetime])
    kills: int = 0
    seen: dict[str, list[Dated]] = field(default_factory=dict[str, list[Dated]])
    """Every task and dated thing by its page, with a deadline after the other."""

    # The worker.

    def ring(self, *, workers: int = 1) -> None:
        """Do once what every worker does at each ring of its bell, all at the same time."""
        self.rings.append(self.now)
        names = [f"worker-{number}" for number in range(1, workers + 1)]
        threads = [threading.Thread(target=self._work, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.note()

    def ring_and_be_killed(self, dice: random.Random) -> None:
        """Let a worker of its own process ring, and kill it at one of its statements."""
        engine = self.installation.engine
        engine.dispose()
        moment = dice.randint(1, MOST_MOMENTS)
        self.kills += not killing.survives(engine, moment, lambda: self._work("killed"))

    def _work(self, worker: str) -> bool:
        """Ring once, as one worker; always true, for there is nothing to repeat."""
        factory, settings = self.installation.factory, self.installation.settings
        # A worker that was away for a week was started anew, under another name.
        for job in jobs.steps_of(factory, f"{worker}:{local_day(self.now)}"):
            job.run(self.now)
        transport = outbox.SmtpTransport("127.0.0.1", self.mail.port)
        outbox.send_due(factory, now=self.now, transport=transport, sender=settings.mail_from)
        return True

    # The people.

    def let_people_work(self) -> None:
        """Let everybody hand in what he has come to; what that opens may be done the next time."""
        with database.transaction(self.installation.factory) as session:
            calendar = load_calendar(session)
            query = select(Task).where(Task.state == TaskState.OPEN).order_by(Task.id)
            ready = [task.id for task in session.scalars(query) if self._is_ready(task, calendar)]
        for task_id in ready:
            self._hand_in(task_id)
            self.note()

    def _is_ready(self, task: Task, calendar: Calendar) -> bool:
        units = {candidate.unit_code for candidate in task.candidates}
        lateness = next((self.habits[code] for code in units if code in self.habits), self.punctual)
        if lateness is None:
            return False
        if task.due_at is None:
            return local_day(task.created_at) < local_day(self.now)
        day = local_day(task.due_at)
        return local_day(self.now) >= (calendar.add_working_days(day, lateness) if lateness else day)

    def _hand_in(self, task_id: int) -> None:
        with database.transaction(self.installation.factory) as session:
            task = session.get_one(Task, task_id)
            if task.state is not TaskState.OPEN:
                return
            step = (task.instance.key, task.element_id)
            if step not in self.answers:
                pytest.fail(f"nobody knows what to answer at {step}")
            found = self.answers[step]
            given = found(self, session, task) if callable(found) else found
            answers = instances.as_context(given)
            incident = self._complete(session, task, answers)
            assert incident is None, incident.message if incident else ""

    def _complete(self, session: Session, task: Task, answers: Mapping[str, object]) -> Incident | None:
        """Let the first who may hand it in."""
        for actor in self.candidates_of(session, task):
            try:
                return tasks.complete_task(session, task, actor=actor, answers=answers, now=self.now)
            except NotAllowedError:
                continue
        pytest.fail(f"nobody may hand in {task.element_id} of {task.instance.title}")

    def candidates_of(self, session: Session, task: Task) -> list[Person]:
        """Return who is to do the task today: whoever it was given to, else all who hold a role for it."""
        if task.assignee is not None:
            return [task.assignee]
        groups = sorted((one.role, one.unit_code) for one in task.candidates)
        held = chain.from_iterable(self._holding(session, group) for group in groups)
        return list(dict.fromkeys(held))

    # What an onlooker with pencil and paper would have noted.

    def note(self) -> None:
        """Write down what has come, what was given another deadline, and what is over."""
        with database.transaction(self.installation.factory) as session:
            present = {one.page: one for one in self._standing(session)}
        for page, one in present.items():
            earlier = self.seen.setdefault(page, [])
            if not earlier or earlier[-1].ended_at is not None:
                earlier.append(one)
            elif earlier[-1].due_at != one.due_at:
                earlier[-1] = replace(earlier[-1], ended_at=self.now)
                earlier.append(replace(one, is_news=False))
        for page, earlier in self.seen.items():
            if page not in present and earlier[-1].ended_at is None:
                earlier[-1] = replace(earlier[-1], ended_at=self.now)

    def _standing(self, session: Session) -> Iterator[Dated]:
        noted = {page for page, earlier in self.seen.items() if earlier[-1].ended_at is None}
        for task in session.scalars(select(Task).where(Task.state == TaskState.OPEN)):
            page = f"/tasks/{task.id}"
            same = page in noted and self.seen[page][-1].due_at == task.due_at
            yield self.seen[page][-1] if same else self._task(session, task)
        entries = select(CalendarEntry).where(CalendarEntry.is_cancelled.is_(False))
        for entry in session.scalars(entries):
            if self.now <= (entry.ends_at or entry.starts_at):
                yield self._entry(session, entry)

    def _task(self, session: Session, task: Task) -> Dated:
        element = (
            definitions.program_of(session, task.instance.version_id)
            .diagrams[f"{task.instance.key}.bpmn"]
            .elements[task.element_id]
        )
        told = self.candidates_of(session, task)
        over = [person for person in self._holding(session, ("agency_head", "")) if person not in told]
        groups = sorted((one.role, one.unit_code) for one in task.candidates)
        heads = [
            person
            for role, unit in groups
            if (head := ROLES[role].head_role)
            for person in self._holding(session, (head, unit if ROLES[head].per_unit else ""))
        ]
        has_head = any(ROLES[role].head_role for role, _ in groups)
        return Dated(
            page=f"/tasks/{task.id}",
            ladder=element.properties.get("reminders", LADDER),
            came_at=self.now,
            due_at=task.due_at,
            ended_at=None,
            told=_addresses(told),
            is_news=True,
            heads=_addresses(heads or (over if has_head else [])),
            overseers=_addresses(over),
        )

    def _entry(self, session: Session, entry: CalendarEntry) -> Dated:
        named = [part.person for part in entry.audience if part.person is not None]
        groups = [(part.role, part.unit_code) for part in entry.audience if part.role]
        held = chain.from_iterable(self._holding(session, group) for group in groups)
        return Dated(
            page=entry.path,
            ladder=entry.ladder,
            came_at=self.now,
            due_at=entry.starts_at,
            ended_at=None,
            told=_addresses([*named, *held]),
            is_news=False,
            heads=(),
            overseers=(),
        )

    def _holding(self, session: Session, group: tuple[str, str]) -> list[Person]:
        return people.people_holding(session, *group, on=local_day(self.now))

    # The mailbox.

    def letters(self) -> list[Letter]:
        """Return the reminders the mail server took, repeats of one Message-ID folded together."""
        found: dict[str, Letter] = {}
        for content in self.mail.taken:
            message = message_from_bytes(content, policy=policy.default)
            text = message.get_body(("plain",))
            assert text is not None
            kind = str(message["List-Id"]).partition("<")[2].partition(".")[0]
            if kind.startswith(KINDS):
                moment = parsedate_to_datetime(str(message["Date"]))
                address = str(message["To"].addresses[0].addr_spec)
                pages = frozenset(self._pages(text.get_content()))
                found[str(message["Message-ID"])] = Letter(address, moment, pages)
        return list(found.values())

    def _pages(self, text: str) -> Iterator[str]:
        """Yield the pages of the things a mail lists; the last link leads to the inbox."""
        for line in text.splitlines():
            if line.startswith(f"  {self.installation.settings.base_url}/"):
                yield line.strip().removeprefix(self.installation.settings.base_url)


def days(first: date, last: date) -> Iterator[date]:
    """Yield every day, both ends included."""
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def moments_of(day: date, *, is_working: bool) -> Sequence[tuple[datetime, bool]]:
    """Return the moments of a day at which something may happen; whether it is people who work."""
    found = [(at_local_time(day, MORNING), False)]
    if is_working:
        found.append((at_local_time(day, WORKING_HOUR), True))
    if day.weekday() == WEDNESDAY:
        found.append((at_local_time(day, AFTERNOON), False))
    return found


def _addresses(found: Iterable[Person]) -> tuple[str, ...]:
    return tuple(sorted({person.email for person in found if person.email}))
