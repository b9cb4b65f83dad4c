"""Votes that arrive while the ballot is being closed: what was accepted is counted, the rest is told so."""

import threading

import pytest
from institution import MONDAY, Institution
from sqlalchemy import func, select

from engine import database, people
from engine.errors import ConflictError
from processes.awards.models import AgendaLine, BallotChoice, BallotEnvelope, BallotTurnout, Choice

MEMBERS = [f"extra_{number}" for number in range(12)]
BOUND_SECONDS = 30


@pytest.fixture
def meeting(city: Institution, monkeypatch: pytest.MonkeyPatch) -> int:
    """Open a ballot in a council with many members."""
    with database.transaction(city.factory) as session:
        for name in MEMBERS:
            member = people.create_person(session, username=name, full_name=name)
            people.give_role(session, member, "council_member", now=MONDAY)
            city.staff[name] = member.id
    dossier_id = city.to_council("Trần Thị Bình", "Lê Văn An")
    present = [*city.members(), *(str(city.staff[name]) for name in MEMBERS)]
    monkeypatch.setattr(city, "members", lambda: present)
    return city.call_council(dossier_id)


@pytest.mark.parametrize("ahead", [0, 4, 11])
def test_votes_against_the_closing_are_counted_exactly(city: Institution, meeting: int, ahead: int) -> None:
    """``ahead`` members have voted before; the others vote, and one of those again, while it closes."""
    city.vote(meeting, "chair", Choice.AGREE, Choice.AGREE)
    for name in MEMBERS[:ahead]:
        city.vote(meeting, name, Choice.DISAGREE, Choice.DISAGREE)
    accepted: list[str] = []
    failures: list[BaseException] = []
    begin = threading.Barrier(len(MEMBERS) + 1, timeout=BOUND_SECONDS)

    def vote(name: str) -> None:
        begin.wait()
        try:
            city.vote(meeting, name, Choice.AGREE, Choice.BLANK)
        except ConflictError:
            return
        except Exception as failure:  # noqa: BLE001  # told to the test below
            failures.append(failure)
        else:
            accepted.append(name)

    threads = [threading.Thread(target=vote, args=(name,), daemon=True) for name in MEMBERS]
    for thread in threads:
        thread.start()
    begin.wait()
    city.complete("secretary", "close_voting")
    for thread in threads:
        thread.join(timeout=BOUND_SECONDS)

    assert not failures
    assert not any(thread.is_alive() for thread in threads)
    kept_earlier = len(set(MEMBERS[:ahead]) - set(accepted))
    with database.transaction(city.factory) as session:
        lines = session.scalars(select(AgendaLine).order_by(AgendaLine.position)).all()
        found = [(line.agree_count, line.disagree_count, line.blank_count) for line in lines]
        turnout = set(session.scalars(select(BallotTurnout.person_id)))
        assert session.scalar(select(func.count()).select_from(BallotEnvelope)) == 0
        choices = session.scalar(select(func.count()).select_from(BallotChoice))
    voted = {city.staff[name] for name in {"chair", *MEMBERS[:ahead], *accepted}}
    assert found == [(1 + len(accepted), kept_earlier, 0), (1, kept_earlier, len(accepted))]
    assert turnout == voted
    assert choices == 2 * len(voted)


def test_one_member_at_two_machines_has_one_sheet(city: Institution, meeting: int) -> None:
    begin = threading.Barrier(4, timeout=BOUND_SECONDS)
    codes: list[str] = []

    def vote() -> None:
        begin.wait()
        codes.append(city.vote(meeting, "chair", Choice.AGREE, Choice.DISAGREE))

    threads = [threading.Thread(target=vote, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=BOUND_SECONDS)
    city.complete("secretary", "close_voting")

    assert len(codes) == len(set(codes)) == 4
    with database.transaction(city.factory) as session:
        assert session.scalar(select(func.count()).select_from(BallotChoice)) == 2
