"""Measures the secret ballot of a large council session: casting one sheet, and closing."""

from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session, sessionmaker

from engine import people
from engine.database import transaction
from engine.models import Person
from processes.awards import ballots
from processes.awards.models import (
    AgendaLine,
    Award,
    AwardKind,
    BallotKind,
    Choice,
    CouncilMember,
    CouncilSession,
    Dossier,
    Nominee,
    NomineeKind,
    VoteBase,
)
from web.bench.measures import Measure, Stopwatch
from web.bench.tasks import NOW

_MEMBERS: Final = 30
_LINES: Final = 849
"""As many as one round brought in the city."""


def measure_ballots(factory: sessionmaker[Session], watch: Stopwatch) -> list[Measure]:
    """Hold one ballot and return what casting and closing took."""
    with transaction(factory) as session:
        meeting = _call(session)
        ballots.open_ballot(session, meeting, now=NOW)
        session_id, member_ids = meeting.id, [member.person_id for member in meeting.members]
    casting = Measure(f"cast a ballot of {_LINES} lines")
    closing = Measure(f"close it, {_MEMBERS} members")
    for member_id in member_ids:
        with watch.measuring(casting):
            _cast(factory, session_id, member_id)
    with watch.measuring(closing), transaction(factory) as session:
        ballots.close_ballot(session, session.get_one(CouncilSession, session_id), now=NOW)
    return [casting, closing]


def _call(session: Session) -> CouncilSession:
    """Arrange a session of the council with its members and agenda."""
    members = [
        people.create_person(session, username=f"member{number}", full_name=f"Member {number}")
        for number in range(_MEMBERS)
    ]
    dossier = _dossier(session, members[0])
    meeting = CouncilSession(
        code="PH-2026-01",
        year=2026,
        number=1,
        created_at=NOW,
        created_by_id=members[0].id,
        members=[CouncilMember(person=person) for person in members],
    )
    session.add(meeting)
    session.flush()
    _put_on_agenda(session, meeting, dossier)
    return meeting


def _dossier(session: Session, author: Person) -> Dossier:
    award = Award(
        slug="bench",
        name="Bench",
        name_en="Bench",
        kind=AwardKind.TITLE,
        category="danh_hieu_ca_nhan",
        scope="co_so",
        recipients=[],
        deciders=[],
        submitters=[],
        position=1,
    )
    unit = people.create_unit(session, code="bench", name="Bench", kind="department")
    dossier = Dossier(code="HS-2026-0001", unit=unit, award=award, created_at=NOW, created_by_id=author.id)
    session.add(dossier)
    session.flush()
    nominees = [
        {"dossier_id": dossier.id, "position": number, "kind": NomineeKind.INDIVIDUAL, "name": f"N{number}"}
        for number in range(_LINES)
    ]
    session.execute(insert(Nominee), nominees)
    return dossier


def _put_on_agenda(session: Session, meeting: CouncilSession, dossier: Dossier) -> None:
    nominees = session.scalars(
        select(Nominee.id).where(Nominee.dossier_id == dossier.id).order_by(Nominee.id)
    )
    lines = [
        {
            "session_id": meeting.id,
            "dossier_id": dossier.id,
            "nominee_id": nominee_id,
            "award_id": dossier.award_id,
            "position": position,
            "threshold_percent": 90,
            "must_exceed": False,
            "base": VoteBase.ALL_MEMBERS,
            "ballot": BallotKind.SECRET,
            "article": "bench",
        }
        for position, nominee_id in enumerate(nominees, start=1)
    ]
    session.execute(insert(AgendaLine), lines)


def _cast(factory: sessionmaker[Session], session_id: int, member_id: int) -> None:
    with transaction(factory) as session:
        meeting = session.get_one(CouncilSession, session_id)
        choices = {line.id: Choice.AGREE for line in meeting.lines}
        member = session.get_one(Person, member_id)
        ballots.cast(session, meeting, member=member, choices=choices, now=NOW)
