"""The moves of the demo's people: each is one transaction, as if they had clicked."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import database, files, messages, people, tasks, timers
from engine.clock import CITY_ZONE
from engine.errors import StepFailedError
from engine.feel import to_feel
from engine.models import Person, ProcessInstance, Task, TaskState, Unit
from engine.people import Authority
from processes.awards import ballots, council, decisions, dossiers
from processes.awards.models import Choice, CouncilSession, Dossier, Nominee

_OPENS_HOUR: Final = 8
_CLOSES_HOUR: Final = 17
_SATURDAY: Final = 5

PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n0000000105 00000 n \n"
    b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n168\n%%EOF\n"
)
"""An empty page: the demo's papers say nothing but their names."""


class Moves:
    """Acts as the demo's people at a moment that only goes forward, never past ``until``."""

    def __init__(self, factory: sessionmaker[Session], *, start: datetime, until: datetime) -> None:
        self.factory = factory
        self.now = start
        self.until = until

    def wait(self, hours: float) -> None:
        """Let time pass to the next hour somebody is in the office, then deliver messages and fire timers."""
        self.now = min(in_office(self.now + timedelta(hours=hours)), self.until)
        self.settle()

    def wait_until(self, moment: datetime) -> None:
        """Let time pass until a moment, if it is still to come."""
        self.wait(max(0.0, (moment - self.now) / timedelta(hours=1)))

    def settle(self) -> None:
        """Deliver what was thrown until nothing moves any more."""
        while messages.deliver_due(self.factory, now=self.now) + timers.fire_due(self.factory, now=self.now):
            pass

    @contextmanager
    def acting_as(self, username: str) -> Generator[tuple[Session, Person, Authority]]:
        """Open a transaction with the person and what he may do today."""
        with database.transaction(self.factory) as session:
            person = session.scalars(select(Person).where(Person.username == username)).one()
            yield session, person, people.authority_of(session, person, on=people.local_day(self.now))

    def complete(self, username: str, element_id: str, about: str, **answers: object) -> None:
        """Hand in the open task of an element in the instance of that business key."""
        with self.factory() as session:
            found = select(ProcessInstance.id).where(ProcessInstance.business_key == about)
            instance_id = session.scalars(found).one()
        self.hand_in(username, element_id, instance_id, answers)

    def complete_of(self, username: str, element_id: str, instance_id: int, **answers: object) -> None:
        """Hand in the open task of an element in an instance."""
        self.hand_in(username, element_id, instance_id, answers)

    def hand_in(
        self,
        username: str,
        element_id: str,
        instance_id: int,
        answers: Mapping[str, object],
        *,
        nth: int = 0,
    ) -> None:
        """Hand in the ``nth`` open task of an element in an instance."""
        with self.acting_as(username) as (session, person, _):
            query = select(Task).where(
                Task.element_id == element_id,
                Task.state == TaskState.OPEN,
                Task.instance_id == instance_id,
            )
            task = session.scalars(query.order_by(Task.id)).all()[nth]
            given = to_feel(answers)
            incident = tasks.complete_task(
                session,
                task,
                actor=person,
                answers=given if isinstance(given, dict) else {},
                now=self.now,
            )
            if incident is not None:
                raise StepFailedError(incident.message, element_id=element_id)
        self.settle()

    def begin(self, username: str, unit_code: str) -> int:
        """Begin a dossier of a unit and return its id."""
        with self.acting_as(username) as (session, person, _):
            unit = session.scalars(select(Unit).where(Unit.code == unit_code)).one()
            return dossiers.start_nomination(session, unit=unit, actor=person, now=self.now).id

    def add_paper(self, username: str, name: str) -> int:
        """Hand in a file and return the upload's id."""
        with self.acting_as(username) as (session, person, _):
            return files.store_upload(session, PAPER, name, person=person, now=self.now).id

    def verdicts(self, dossier_id: int, said: Mapping[str, tuple[str, str]]) -> list[dict[str, object]]:
        """Return the rows of an appraisal: all are accepted but those of whom something is said."""
        with database.transaction(self.factory) as session:
            nominees = session.get_one(Dossier, dossier_id).nominees
            return [_verdict(nominee, said.get(nominee.name, ("accept", ""))) for nominee in nominees]

    def withdraw(self, username: str, dossier_id: int, reason: str) -> None:
        """Take a dossier back."""
        with self.acting_as(username) as (session, person, authority):
            dossiers.withdraw(
                session,
                session.get_one(Dossier, dossier_id),
                actor=person,
                authority=authority,
                reason=reason,
                now=self.now,
            )
        self.settle()

    def call_session(self, username: str) -> int:
        """Call a council session and return its id."""
        with self.acting_as(username) as (session, person, authority):
            return council.create_session(session, actor=person, authority=authority, now=self.now).id

    def members(self, session_id: int) -> list[str]:
        """Return the usernames of a session's members."""
        with database.transaction(self.factory) as session:
            meeting = session.get_one(CouncilSession, session_id)
            return sorted(member.person.username for member in meeting.members)

    def member_ids(self, session_id: int, usernames: Sequence[str]) -> list[str]:
        """Return what the attendance form calls these members."""
        with database.transaction(self.factory) as session:
            members = session.get_one(CouncilSession, session_id).members
            return [str(member.person_id) for member in members if member.person.username in usernames]

    def vote(self, username: str, session_id: int, against: Sequence[str] = ()) -> None:
        """Agree to every line the member may vote on, but those of the names in ``against``."""
        with self.acting_as(username) as (session, person, _):
            meeting = session.get_one(CouncilSession, session_id)
            excluded = ballots.excluded_lines(session, meeting, person)
            choices = {
                line.id: Choice.DISAGREE if line.nominee.name in against else Choice.AGREE
                for line in meeting.lines
                if line.id not in excluded
            }
            ballots.cast(session, meeting, member=person, choices=choices, now=self.now)

    def draft(self, username: str, subject: str) -> int:
        """Begin a draft decision and return its id."""
        with self.acting_as(username) as (session, person, authority):
            return decisions.start_decision(
                session, subject=subject, actor=person, authority=authority, now=self.now
            ).id


def in_office(moment: datetime) -> datetime:
    """Return the moment, or the next morning of a weekday where it lies outside office hours."""
    local = moment.astimezone(CITY_ZONE)
    if local.hour >= _CLOSES_HOUR:
        local = (local + timedelta(days=1)).replace(hour=_OPENS_HOUR)
    local = local.replace(hour=max(local.hour, _OPENS_HOUR))
    while local.weekday() >= _SATURDAY:
        local = (local + timedelta(days=1)).replace(hour=_OPENS_HOUR)
    return local.astimezone(UTC)


def _verdict(nominee: Nominee, said: tuple[str, str]) -> dict[str, object]:
    return {"nominee_id": nominee.id, "verdict": said[0], "reason": said[1]}
