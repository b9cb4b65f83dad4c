"""Every path of a council session, walked by its people's answers."""

from datetime import timedelta

import pytest
from institution import Institution
from sqlalchemy import select

from engine import calendar_entries, database, instances
from engine.errors import ConflictError, NotAllowedError
from engine.models import OutboxMail, ProcessInstance
from processes.awards import council, council_page
from processes.awards.errors import AnswerError
from processes.awards.models import (
    Choice,
    CouncilMember,
    CouncilSession,
    CouncilState,
    Dossier,
    DossierStage,
)

FIGHTER = "cstd_tinh"


def test_a_session_runs_from_agenda_to_minutes(city: Institution) -> None:
    dossier_id = city.to_council("Trần Thị Bình")
    session_id = city.call_council(dossier_id)
    assert city.open_elements() == ["close_voting"]
    city.vote_all(session_id, Choice.AGREE)
    city.finish_council()

    assert city.outcome("council_session") == "session_ended"
    with database.transaction(city.factory) as session:
        meeting = session.get_one(CouncilSession, session_id)
        facts = council_page.session_facts(
            session, meeting, reader=city.person(session, "chair"), language="vi", now=city.now
        )
        assert meeting.state is CouncilState.SIGNED
        assert (facts.passed_count, facts.voted_count, facts.present_count) == (1, 2, 3)
        assert facts.signed_by == "chair"
        assert session.get_one(Dossier, dossier_id).stage is DossierStage.AWAITING_DECISION
        kinds = list(session.scalars(select(OutboxMail.kind).where(OutboxMail.kind == "invitation")))
        assert len(kinds) == 3


def test_ninety_percent_of_the_electorate_is_needed_for_a_city_fighter(city: Institution) -> None:
    session_id = city.call_council(city.to_council("Trần Thị Bình", award=FIGHTER))
    city.vote(session_id, "chair", Choice.AGREE)
    city.finish_council()

    with database.transaction(city.factory) as session:
        (line,) = session.get_one(CouncilSession, session_id).lines
        assert (line.required_count, line.agree_count, line.is_passed) == (2, 1, False)
        assert "Hội đồng không thông qua: 1 phiếu đồng ý" in line.nominee.result_reason


def test_without_a_quorum_the_council_meets_again(city: Institution) -> None:
    dossier_id = city.to_council("Trần Thị Bình")
    city.call_session()
    city.make_agenda(dossier_id)
    city.complete("secretary", "open_session", present_members=city.members()[:1])

    assert city.open_elements() == ["make_agenda"]
    city.make_agenda(dossier_id)
    city.complete("secretary", "open_session", present_members=city.members())
    assert city.open_elements() == ["close_voting"]


def test_the_meeting_stands_in_the_calendars_of_its_members_and_moves_there(city: Institution) -> None:
    dossier_id = city.to_council("Trần Thị Bình")
    city.call_session()
    city.make_agenda(dossier_id)
    first_at = city.now + timedelta(hours=1)
    city.complete("secretary", "open_session", present_members=city.members()[:1])
    city.later(days=7)
    city.make_agenda(dossier_id)

    with database.transaction(city.factory) as session:
        member = city.person(session, "member_1")
        [entry] = calendar_entries.find_entries(
            session, member, first=city.now, last=city.now + timedelta(days=1), now=city.now
        )
        assert (entry.place, entry.sequence) == ("Phòng họp số 1", 1)
        assert (entry.moved_from_at, entry.starts_at) == (first_at, city.now + timedelta(hours=1))
        kinds = session.scalars(select(OutboxMail.kind).where(OutboxMail.recipient_id == member.id)).all()
        assert "entry_moved" not in kinds, "the second invitation says it"


def test_a_meeting_that_is_called_off_is_told_to_its_members(city: Institution) -> None:
    city.call_session()
    city.make_agenda(city.to_council("Trần Thị Bình"))
    with database.transaction(city.factory) as session:
        meeting = session.scalars(select(CouncilSession)).one()
        instance = session.get_one(ProcessInstance, meeting.instance_id)
        instances.cancel(session, instance, actor=None, reason="Bận", now=city.now)

    with database.transaction(city.factory) as session:
        told = select(OutboxMail.recipient_id).where(OutboxMail.kind == "entry_cancelled")
        members = {member.person_id for member in session.scalars(select(CouncilMember))}
        assert members <= set(session.scalars(told))


def test_the_ballot_closes_by_itself_at_its_hour(city: Institution) -> None:
    session_id = city.call_council(city.to_council("Trần Thị Bình"))
    city.vote_all(session_id, Choice.AGREE)
    city.later(hours=5)

    assert city.open_elements() == ["sign_minutes"]


def test_an_empty_box_is_not_closed_by_hand(city: Institution) -> None:
    city.call_council(city.to_council("Trần Thị Bình"))

    with pytest.raises(AnswerError):
        city.complete("secretary", "close_voting")


def test_an_agenda_holds_only_dossiers_that_wait(city: Institution) -> None:
    waiting = city.to_council("Trần Thị Bình")
    appraised = city.submit("Lê Văn An")
    with pytest.raises(AnswerError):
        city.call_council(appraised)

    city.make_agenda(waiting)
    with database.transaction(city.factory) as session:
        assert council.waiting_dossiers(session) == []


def test_a_declared_conflict_is_frozen_at_opening(city: Institution) -> None:
    dossier_id = city.to_council("Trần Thị Bình", "Lê Văn An")
    session_id = city.call_session()
    city.make_agenda(dossier_id)
    declare(city, session_id, "member_1")
    city.complete("secretary", "open_session", present_members=city.members())

    with database.transaction(city.factory) as session:
        lines = session.get_one(CouncilSession, session_id).lines
        assert [line.electorate_count for line in lines] == [1, 2]
    city.vote(session_id, "member_1", Choice.AGREE)
    with pytest.raises(ConflictError):
        declare(city, session_id, "chair")


def test_a_member_added_later_does_not_vote_in_a_session_that_was_called(city: Institution) -> None:
    session_id = city.call_council(city.to_council("Trần Thị Bình"))

    with database.transaction(city.factory) as session:
        assert session.get(CouncilMember, (session_id, city.staff["clerk"])) is None
    with pytest.raises(NotAllowedError):
        city.vote(session_id, "clerk", Choice.AGREE)


def test_only_the_secretary_calls_a_session(city: Institution) -> None:
    with pytest.raises(NotAllowedError):
        city.call_session("clerk")


def declare(city: Institution, session_id: int, name: str) -> None:
    with database.transaction(city.factory) as session:
        meeting = session.get_one(CouncilSession, session_id)
        council.declare_conflict(
            session,
            meeting,
            line_id=meeting.lines[0].id,
            member=city.person(session, name),
            reason="Em ruột.",
        )
