"""What the pages of a council session show: its agenda, members, my ballot, its minutes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.models import Person
from engine.people import Authority
from processes.awards import ballots, council, counting, permissions, rules
from processes.awards.models import (
    AgendaLine,
    BallotKind,
    BallotSession,
    CouncilMember,
    CouncilSession,
    CouncilState,
    Dossier,
    ExclusionKind,
    VoteExclusion,
)
from processes.awards.stages import COUNCIL_STATE_NAMES, word

EXCLUSION_NAMES: Mapping[ExclusionKind, tuple[str, str]] = {
    ExclusionKind.OWN_UNIT: ("Đơn vị của ủy viên", "The member's own unit"),
    ExclusionKind.OWN_NOMINATION: ("Ủy viên là người được đề nghị", "The member is the nominee"),
    ExclusionKind.DECLARED: ("Ủy viên khai báo xung đột lợi ích", "Declared conflict of interest"),
}


@dataclass(frozen=True)
class SessionRow:
    """One row of the list of sessions."""

    id: int
    code: str
    number: int
    year: int
    meets_at: datetime | None
    place: str
    line_count: int
    state: str
    chip: str


@dataclass(frozen=True)
class Candidate:
    """A dossier that may be put on the agenda."""

    dossier_id: int
    code: str
    unit: str
    award: str
    award_en: str
    nominee_count: int


@dataclass(frozen=True)
class LineFacts:
    """One line of the agenda."""

    id: int
    position: int
    name: str
    about: str
    unit: str
    dossier_id: int
    dossier_code: str
    achievement: str
    exclusion: str
    """Why the reader does not vote on it; empty where he does."""
    exclusion_reason: str
    agree_count: int | None
    disagree_count: int | None
    blank_count: int | None
    required_count: int | None
    electorate_count: int | None
    is_passed: bool | None


@dataclass(frozen=True)
class LineGroup:
    """The lines of one award, which share one rule."""

    award: str
    award_kind: str
    rule: str
    article: str
    is_secret: bool
    lines: list[LineFacts]


@dataclass(frozen=True)
class MemberFacts:
    """One member of the session."""

    person_id: int
    name: str
    job_title: str
    is_chair: bool
    is_present: bool | None
    has_voted: bool
    """Whether an envelope lies in the box; never when, never what."""


@dataclass(frozen=True)
class SessionFacts:
    """All that the page of a session shows, in one language."""

    id: int
    code: str
    number: int
    year: int
    state: CouncilState
    state_name: str
    chip: str
    meets_at: datetime | None
    closes_at: datetime | None
    place: str
    groups: list[LineGroup]
    members: list[MemberFacts]
    quorum: int
    present_count: int
    voted_count: int
    is_ballot_open: bool
    is_member: bool
    has_voted: bool
    minutes_note: str
    signed_at: datetime | None
    signed_by: str
    opening: int
    """2 or more: the ballot had to be opened again."""

    @property
    def line_count(self) -> int:
        """How many lines the agenda has."""
        return sum(len(group.lines) for group in self.groups)

    @property
    def passed_count(self) -> int:
        """How many lines passed; 0 before counting."""
        return sum(line.is_passed is True for group in self.groups for line in group.lines)


def find_sessions(session: Session, *, reader: Authority, language: str = "vi") -> list[SessionRow]:
    """Return all sessions the reader may see, the newest first."""
    query = select(CouncilSession).order_by(CouncilSession.year.desc(), CouncilSession.number.desc())
    if not permissions.can_see_council(reader):
        mine = select(CouncilMember.session_id).where(CouncilMember.person_id == reader.person_id)
        query = query.where(CouncilSession.id.in_(mine))
    return [_session_row(meeting, language) for meeting in session.scalars(query)]


def _session_row(meeting: CouncilSession, language: str) -> SessionRow:
    words = COUNCIL_STATE_NAMES[meeting.state]
    return SessionRow(
        meeting.id,
        meeting.code,
        meeting.number,
        meeting.year,
        meeting.meets_at,
        meeting.place,
        len(meeting.lines),
        word(words, language),
        words[2],
    )


def agenda_candidates(session: Session, meeting: CouncilSession | None = None) -> list[Candidate]:
    """Return the dossiers that may be put on the agenda: those that wait, and those already on it."""
    present = [line.dossier for line in meeting.lines] if meeting else []
    found = {dossier.id: dossier for dossier in [*present, *council.waiting_dossiers(session)]}
    return [_candidate(dossier) for dossier in found.values()]


def _candidate(dossier: Dossier) -> Candidate:
    award = dossier.award
    accepted = [
        nominee for nominee in dossier.nominees if nominee.verdict and nominee.verdict.value == "accept"
    ]
    return Candidate(
        dossier.id,
        dossier.code,
        dossier.unit.name,
        award.name if award else "",
        award.name_en if award else "",
        len(accepted),
    )


def session_facts(
    session: Session, meeting: CouncilSession, *, reader: Person, language: str, now: datetime
) -> SessionFacts:
    """Gather what the page of a session shows; the caller has looked it up for its reader."""
    voted = ballots.voters(session, meeting)
    ballot = session.get(BallotSession, meeting.id)
    words = COUNCIL_STATE_NAMES[meeting.state]
    return SessionFacts(
        id=meeting.id,
        code=meeting.code,
        number=meeting.number,
        year=meeting.year,
        state=meeting.state,
        state_name=word(words, language),
        chip=words[2],
        meets_at=meeting.meets_at,
        closes_at=meeting.closes_at,
        place=meeting.place,
        groups=_groups(session, meeting, reader, language),
        members=_members(meeting, voted),
        quorum=rules.quorum(len(meeting.members), meeting.quorum_percent),
        present_count=sum(member.is_present is True for member in meeting.members),
        voted_count=len(voted),
        is_ballot_open=ballots.is_open(session, meeting, now),
        is_member=council.is_member(session, meeting, reader.id),
        has_voted=reader.id in voted,
        minutes_note=meeting.minutes_note,
        signed_at=meeting.signed_at,
        signed_by=meeting.signed_by.full_name if meeting.signed_by else "",
        opening=ballot.opening if ballot else 0,
    )


def _members(meeting: CouncilSession, voted: Iterable[int]) -> list[MemberFacts]:
    has_voted = set(voted)
    ordered = sorted(meeting.members, key=lambda member: (not member.is_chair, member.person.sort_key))
    return [
        MemberFacts(
            member.person_id,
            member.person.full_name,
            member.job_title,
            member.is_chair,
            member.is_present,
            member.person_id in has_voted,
        )
        for member in ordered
    ]


def _groups(session: Session, meeting: CouncilSession, reader: Person, language: str) -> list[LineGroup]:
    mine = _exclusions(session, meeting, reader)
    return [
        _group(meeting, list(lines), mine, language)
        for _, lines in groupby(meeting.lines, key=lambda line: line.award_id)
    ]


def _exclusions(session: Session, meeting: CouncilSession, reader: Person) -> dict[int, VoteExclusion]:
    query = (
        select(VoteExclusion)
        .join(AgendaLine)
        .where(AgendaLine.session_id == meeting.id, VoteExclusion.person_id == reader.id)
    )
    return {exclusion.line_id: exclusion for exclusion in session.scalars(query)}


def _group(
    meeting: CouncilSession,
    lines: list[AgendaLine],
    mine: Mapping[int, VoteExclusion],
    language: str,
) -> LineGroup:
    first = lines[0]
    rule = counting.rule_of(first)
    base = rules.base_count(
        rule,
        entitled=max(line.electorate_count or len(meeting.members) for line in lines),
        present=sum(member.is_present is True for member in meeting.members),
    )
    vi, en = rules.vote_sentence(rule, base)
    return LineGroup(
        award=first.award.label(language),
        award_kind=first.award.kind.value,
        rule=en if language == "en" else vi,
        article=first.article,
        is_secret=first.ballot is BallotKind.SECRET,
        lines=[_line_facts(line, mine.get(line.id), language) for line in lines],
    )


def _line_facts(line: AgendaLine, exclusion: VoteExclusion | None, language: str) -> LineFacts:
    nominee, dossier = line.nominee, line.dossier
    vi, en = EXCLUSION_NAMES[exclusion.kind] if exclusion else ("", "")
    return LineFacts(
        id=line.id,
        position=line.position,
        name=nominee.name,
        about=", ".join(part for part in (nominee.job_title, nominee.workplace) if part),
        unit=(dossier.unit.name_en if language == "en" else "") or dossier.unit.name,
        dossier_id=dossier.id,
        dossier_code=dossier.code,
        achievement=nominee.achievement,
        exclusion=en if language == "en" else vi,
        exclusion_reason=exclusion.reason if exclusion else "",
        agree_count=line.agree_count,
        disagree_count=line.disagree_count,
        blank_count=line.blank_count,
        required_count=line.required_count,
        electorate_count=line.electorate_count,
        is_passed=line.is_passed,
    )
