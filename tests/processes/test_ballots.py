"""The sealed ballot keeps its promise: who voted how is nowhere, what was voted is counted."""

from pathlib import Path

import pytest
from institution import Institution
from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from engine import database
from engine.errors import ConflictError, NotAllowedError
from engine.setup import Setup
from processes.awards import ballot_keys, ballots
from processes.awards.errors import AnswerError
from processes.awards.models import (
    AgendaLine,
    BallotChoice,
    BallotEnvelope,
    BallotReceipt,
    BallotSession,
    BallotTurnout,
    Choice,
    CouncilSession,
    ExclusionKind,
    VoteExclusion,
)

AGREE, DISAGREE, BLANK = Choice.AGREE, Choice.DISAGREE, Choice.BLANK


@pytest.fixture
def meeting(city: Institution) -> int:
    """Open a ballot on two nominees of the department to which member_2 belongs."""
    return city.call_council(city.to_council("Trần Thị Bình", "Lê Văn An"))


def counts(session: Session, session_id: int) -> list[tuple[int | None, int | None, int | None]]:
    lines = session.get_one(CouncilSession, session_id).lines
    return [(line.agree_count, line.disagree_count, line.blank_count) for line in lines]


def test_choices_are_counted_line_by_line(city: Institution, meeting: int) -> None:
    city.vote(meeting, "member_1", AGREE, DISAGREE)
    city.vote(meeting, "chair", AGREE, BLANK)
    city.complete("secretary", "close_voting")

    with database.transaction(city.factory) as session:
        assert counts(session, meeting) == [(2, 0, 0), (0, 1, 1)]


def test_members_of_the_nominating_unit_leave_the_vote_and_its_base(city: Institution, meeting: int) -> None:
    with database.transaction(city.factory) as session:
        found = session.scalars(select(VoteExclusion)).all()
        assert {(item.person_id, item.kind) for item in found} == {
            (city.staff["member_2"], ExclusionKind.OWN_UNIT)
        }
        assert {line.electorate_count for line in session.scalars(select(AgendaLine))} == {2}
    city.vote(meeting, "member_2")


def test_a_line_that_is_not_the_members_is_refused(city: Institution, meeting: int) -> None:
    with database.transaction(city.factory) as session:
        found = session.get_one(CouncilSession, meeting)
        choices = {line.id: AGREE for line in found.lines}
        member = city.person(session, "member_2")
        with pytest.raises(AnswerError):
            ballots.cast(session, found, member=member, choices=choices, now=city.now)


def test_every_line_must_be_chosen(city: Institution, meeting: int) -> None:
    with database.transaction(city.factory) as session:
        found = session.get_one(CouncilSession, meeting)
        choices = {found.lines[0].id: AGREE}
        member = city.person(session, "chair")
        with pytest.raises(AnswerError):
            ballots.cast(session, found, member=member, choices=choices, now=city.now)


def test_only_members_vote(city: Institution, meeting: int) -> None:
    with pytest.raises(NotAllowedError):
        city.vote(meeting, "secretary", AGREE, AGREE)


def test_the_last_sheet_of_a_member_counts_and_its_receipt_proves_it(city: Institution, meeting: int) -> None:
    first = city.vote(meeting, "chair", DISAGREE, DISAGREE)
    last = city.vote(meeting, "chair", AGREE, AGREE)
    city.complete("secretary", "close_voting")

    with database.transaction(city.factory) as session:
        found = session.get_one(CouncilSession, meeting)
        assert counts(session, meeting) == [(1, 0, 0), (1, 0, 0)]
        assert ballots.receipt_is_counted(session, found, last)
        assert not ballots.receipt_is_counted(session, found, first)
        assert not ballots.receipt_is_counted(session, found, "not a code")


def test_nobody_votes_after_the_closing_hour(city: Institution, meeting: int) -> None:
    city.vote(meeting, "chair", AGREE, AGREE)
    city.later(hours=5)

    assert city.open_elements() == ["sign_minutes"]
    with pytest.raises(ConflictError):
        city.vote(meeting, "member_1", AGREE, AGREE)


def test_closing_leaves_single_choices_and_no_envelope(city: Institution, meeting: int) -> None:
    city.vote_all(meeting, AGREE, DISAGREE)
    city.complete("secretary", "close_voting")

    with database.transaction(city.factory) as session:
        assert session.scalar(select(func.count()).select_from(BallotEnvelope)) == 0
        assert session.scalar(select(func.count()).select_from(BallotChoice)) == 4
        assert session.scalar(select(func.count()).select_from(BallotReceipt)) == 2
        turnout = set(session.scalars(select(BallotTurnout.person_id)))
        assert turnout == {city.staff["member_1"], city.staff["chair"]}
        columns = {column["name"] for column in inspect(session.connection()).get_columns("ballot_choice")}
        assert columns == {"token", "line_id", "choice"}


def test_all_envelopes_are_equally_long(city: Institution, meeting: int) -> None:
    city.vote(meeting, "chair", AGREE, BLANK)
    city.vote(meeting, "member_1", DISAGREE, DISAGREE)
    city.vote(meeting, "member_2")

    with database.transaction(city.factory) as session:
        assert len(set(session.scalars(select(func.length(BallotEnvelope.sealed))))) == 1


def test_the_key_is_a_file_of_its_owner_alone_and_is_destroyed_after_closing(
    city: Institution, meeting: int, setup: Setup
) -> None:
    (key,) = setup.keys.glob("*.key")
    assert key.stat().st_mode & 0o777 == 0o600
    secret = key.read_bytes()
    city.vote(meeting, "chair", AGREE, AGREE)
    city.complete("secretary", "close_voting")

    assert not key.exists()
    with database.transaction(city.factory) as session:
        assert session.get_one(BallotSession, meeting).public_key != secret


def test_neither_key_nor_sheet_is_in_the_database_file(city: Institution, meeting: int, setup: Setup) -> None:
    if city.engine.dialect.name != "sqlite":
        pytest.skip("the file is SQLite's")
    (key,) = setup.keys.glob("*.key")
    secret = key.read_bytes()
    receipt = city.vote(meeting, "chair", AGREE, AGREE)
    sheet = bytes.fromhex(receipt.replace("-", "")) + bytes([1, 1])
    path = Path(str(city.engine.url.database))
    before = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))
    city.complete("secretary", "close_voting")
    after = b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))

    assert secret not in before + after
    assert sheet not in before + after
    assert receipt.encode() not in before + after


def test_a_closing_that_is_rolled_back_keeps_the_key(city: Institution, meeting: int, setup: Setup) -> None:
    city.vote(meeting, "chair", AGREE, AGREE)
    with city.factory() as session:
        ballots.close_ballot(session, session.get_one(CouncilSession, meeting), now=city.now)
        session.rollback()

    ballots.destroy_closed_keys(city.engine, setup.keys)
    assert ballot_keys.sessions_with_keys(setup.keys) == {meeting}


def test_a_key_left_by_a_crash_is_destroyed_at_the_next_start(
    city: Institution, meeting: int, setup: Setup
) -> None:
    (key,) = setup.keys.glob("*.key")
    secret = key.read_bytes()
    city.vote(meeting, "chair", AGREE, AGREE)
    city.complete("secretary", "close_voting")
    key.write_bytes(secret)

    ballots.destroy_closed_keys(city.engine, setup.keys)
    assert not key.exists()


def test_with_the_key_lost_members_vote_again(city: Institution, meeting: int, setup: Setup) -> None:
    city.vote(meeting, "chair", AGREE, AGREE)
    ballot_keys.destroy_keys(setup.keys, meeting)
    city.complete("secretary", "close_voting")

    assert city.open_elements() == ["close_voting"]
    with database.transaction(city.factory) as session:
        assert session.get_one(BallotSession, meeting).opening == 2
        assert not ballots.voters(session, session.get_one(CouncilSession, meeting))
    city.vote_all(meeting, DISAGREE, AGREE)
    city.complete("secretary", "close_voting")
    with database.transaction(city.factory) as session:
        assert counts(session, meeting) == [(0, 2, 0), (2, 0, 0)]
