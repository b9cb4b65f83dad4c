"""Sessions of the council: call one, set its agenda, declare conflicts, open, count, send results."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from engine import instances, people
from engine.errors import ConflictError, NotAllowedError, NotFoundError
from engine.models import Person
from engine.people import Authority, is_same_body, local_day
from engine.text import fold, nfc
from processes.awards import catalogue, permissions, registers
from processes.awards.errors import AnswerError
from processes.awards.models import (
    AgendaLine,
    CouncilMember,
    CouncilSession,
    CouncilState,
    Dossier,
    DossierStage,
    ExclusionKind,
    Nominee,
    Verdict,
    VoteExclusion,
)

BEFORE_THE_BALLOT = (CouncilState.PLANNING, CouncilState.INVITED)


def can_manage(authority: Authority) -> bool:
    """Whether the person may call sessions."""
    return permissions.can_manage_council(authority)


def create_session(session: Session, *, actor: Person, authority: Authority, now: datetime) -> CouncilSession:
    """Call a session with today's members and start its process. Flushes.

    Raises:
        NotAllowedError: the actor is no secretary.

    """
    if not can_manage(authority):
        raise NotAllowedError(f"person {actor.id} may not call a council session")
    year = local_day(now).year
    number = registers.next_number(session, "council_session", year)
    meeting = CouncilSession(
        code=registers.code("PH", year, number, width=2),
        year=year,
        number=number,
        created_at=now,
        created_by_id=actor.id,
        quorum_percent=catalogue.rule_set_on(session, local_day(now)).quorum_percent,
    )
    meeting.members[:] = _todays_members(session, now)
    session.add(meeting)
    session.flush()
    instance = instances.start(
        session,
        "council_session",
        variables={"session_id": meeting.id, "session_code": meeting.code},
        business_key=f"council_session:{meeting.id}",
        title=f"{meeting.code} · Phiên họp Hội đồng lần thứ {number} năm {year}",
        actor=actor,
        now=now,
    )
    meeting.instance_id = instance.id
    session.flush()
    return meeting


def _todays_members(session: Session, now: datetime) -> list[CouncilMember]:
    on = local_day(now)
    chairs = {person.id for person in people.people_holding(session, "council_chair", on=on)}
    found = {
        person.id: person
        for role in ("council_chair", "council_member")
        for person in people.people_holding(session, role, on=on)
    }
    return [
        CouncilMember(
            person=person, job_title=person.job_title, unit_id=person.unit_id, is_chair=person.id in chairs
        )
        for person in found.values()
    ]


def get_session(session: Session, session_id: int, *, reader: Authority) -> CouncilSession:
    """Return a session the reader may see.

    Raises:
        NotFoundError: there is none, or he is none of the council's people.

    """
    meeting = session.get(CouncilSession, session_id)
    if meeting is None or not can_see(session, meeting, reader):
        raise NotFoundError(f"no council session {session_id} for person {reader.person_id}")
    return meeting


def can_see(session: Session, meeting: CouncilSession, reader: Authority) -> bool:
    """Whether the reader is of the council, was a member of this session, or sees everything."""
    return permissions.can_see_council(reader) or is_member(session, meeting, reader.person_id)


def is_member(session: Session, meeting: CouncilSession, person_id: int) -> bool:
    """Whether the person is on the session's list of members."""
    return session.get(CouncilMember, (meeting.id, person_id)) is not None


def open_ballots_of(session: Session, person: Person, *, now: datetime) -> list[CouncilSession]:
    """Return the sessions in which the person may vote at this moment."""
    mine = exists().where(CouncilMember.session_id == CouncilSession.id, CouncilMember.person_id == person.id)
    query = select(CouncilSession).where(CouncilSession.state == CouncilState.VOTING, mine)
    return [
        meeting
        for meeting in session.scalars(query.order_by(CouncilSession.closes_at))
        if meeting.closes_at is None or now < meeting.closes_at
    ]


def waiting_dossiers(session: Session) -> list[Dossier]:
    """Return the dossiers that wait for a session and are on no agenda of one that is still to vote."""
    planned = exists().where(
        AgendaLine.dossier_id == Dossier.id,
        AgendaLine.session_id == CouncilSession.id,
        CouncilSession.state.in_(BEFORE_THE_BALLOT),
    )
    query = (
        select(Dossier)
        .where(Dossier.stage == DossierStage.AWAITING_COUNCIL, Dossier.withdrawn_at.is_(None), ~planned)
        .order_by(Dossier.award_id, Dossier.id)
    )
    return list(session.scalars(query))


def set_agenda(session: Session, meeting: CouncilSession, dossiers: Sequence[Dossier]) -> None:
    """Put the accepted nominees of the dossiers on the agenda, grouped by award; rules are copied. Flushes.

    Raises:
        ConflictError: the ballot has been opened.

    """
    if meeting.state not in BEFORE_THE_BALLOT:
        raise ConflictError(f"council session {meeting.id} is {meeting.state.value}")
    if not dossiers:
        raise AnswerError("Chọn ít nhất một hồ sơ.", "Choose at least one dossier.")
    session.execute(
        VoteExclusion.__table__.delete().where(  # type: ignore[attr-defined]  # a table has delete()
            VoteExclusion.line_id.in_(select(AgendaLine.id).where(AgendaLine.session_id == meeting.id))
        )
    )
    meeting.lines.clear()
    session.flush()
    ordered = sorted(
        dossiers, key=lambda dossier: (dossier.award.position if dossier.award else 0, dossier.id)
    )
    meeting.lines[:] = [
        _line(session, nominee, position) for position, nominee in enumerate(_accepted(ordered), start=1)
    ]
    session.flush()


def _accepted(dossiers: Sequence[Dossier]) -> list[Nominee]:
    return [
        nominee for dossier in dossiers for nominee in dossier.nominees if nominee.verdict is Verdict.ACCEPT
    ]


def _line(session: Session, nominee: Nominee, position: int) -> AgendaLine:
    dossier = nominee.dossier
    rule = catalogue.get_rule(session, dossier.rule_set_id or 0, dossier.award_id or 0)
    return AgendaLine(
        dossier_id=dossier.id,
        nominee=nominee,
        award_id=rule.award_id,
        position=position,
        threshold_percent=rule.threshold_percent,
        must_exceed=rule.must_exceed,
        base=rule.base,
        ballot=rule.ballot,
        article=rule.article,
    )


def declare_conflict(
    session: Session, meeting: CouncilSession, *, line_id: int, member: Person, reason: str
) -> None:
    """Let a member leave the vote on a line because of a conflict of interest. Flushes.

    Raises:
        ConflictError: the ballot has been opened; the electorate is frozen.
        NotAllowedError: no member of this session.

    """
    if meeting.state not in BEFORE_THE_BALLOT:
        raise ConflictError(f"the electorate of council session {meeting.id} is frozen")
    if not is_member(session, meeting, member.id):
        raise NotAllowedError(f"person {member.id} is no member of council session {meeting.id}")
    text = nfc(reason).strip()
    if not text:
        raise AnswerError("Ghi lý do không bỏ phiếu.", "Give the reason for not voting.")
    _exclude(session, _line_of(meeting, line_id), member.id, ExclusionKind.DECLARED, text)
    session.flush()


def revoke_conflict(session: Session, meeting: CouncilSession, *, line_id: int, member: Person) -> None:
    """Take a declared conflict back before the ballot opens. Flushes."""
    if meeting.state not in BEFORE_THE_BALLOT:
        raise ConflictError(f"the electorate of council session {meeting.id} is frozen")
    found = session.get(VoteExclusion, (_line_of(meeting, line_id).id, member.id))
    if found is not None and found.kind is ExclusionKind.DECLARED:
        session.delete(found)
        session.flush()


def _line_of(meeting: CouncilSession, line_id: int) -> AgendaLine:
    for line in meeting.lines:
        if line.id == line_id:
            return line
    raise NotFoundError(f"no line {line_id} in council session {meeting.id}")


def freeze_electorate(session: Session, meeting: CouncilSession, *, now: datetime) -> None:
    """Exclude members from lines of their own unit or about themselves; fix each electorate. Flushes.

    A unit and the one it has gone into are one.
    """
    today = local_day(now)
    for line in meeting.lines:
        for member in meeting.members:
            kind = _ground(line, member, on=today)
            if kind is not None:
                _exclude(session, line, member.person_id, kind, "")
    session.flush()
    counted = (
        select(VoteExclusion.line_id, func.count())
        .join(AgendaLine)
        .where(AgendaLine.session_id == meeting.id)
        .group_by(VoteExclusion.line_id)
    )
    excluded = dict(session.execute(counted).all())
    for line in meeting.lines:
        line.electorate_count = len(meeting.members) - excluded.get(line.id, 0)
        line.dossier.stage = DossierStage.VOTING
    session.flush()


def _ground(line: AgendaLine, member: CouncilMember, *, on: date) -> ExclusionKind | None:
    if member.unit is not None and is_same_body(member.unit, line.dossier.unit, on=on):
        return ExclusionKind.OWN_UNIT
    if fold(line.nominee.name) == fold(member.person.full_name):
        return ExclusionKind.OWN_NOMINATION
    return None


def _exclude(session: Session, line: AgendaLine, person_id: int, kind: ExclusionKind, reason: str) -> None:
    found = session.get(VoteExclusion, (line.id, person_id))
    if found is None:
        session.add(VoteExclusion(line_id=line.id, person_id=person_id, kind=kind, reason=reason))
    elif kind is ExclusionKind.DECLARED and found.kind is ExclusionKind.DECLARED:
        found.reason = reason


def record_attendance(session: Session, meeting: CouncilSession, present: Collection[int]) -> None:
    """Note which members are present, by person id. Flushes."""
    for member in meeting.members:
        member.is_present = member.person_id in present
    session.flush()
