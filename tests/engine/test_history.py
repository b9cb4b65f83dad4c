"""The chain that shows whether history was touched."""

import pytest
from factories import MONDAY
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from engine import history
from engine.models import HistoryEvent, ProcessInstance


@pytest.fixture
def chain(session: Session, leave: ProcessInstance) -> ProcessInstance:
    """Return an instance with five events."""
    for number in range(3):
        history.append(
            session,
            instance_id=leave.id,
            kind="commented",
            actor=leave.started_by,
            now=MONDAY,
            details={"number": number, "text": "Đồng ý"},
        )
    return leave


def test_an_untouched_chain_holds(session: Session, chain: ProcessInstance) -> None:
    assert history.verify(session, chain.id) == []
    assert [event.number for event in history.events_of(session, chain.id)] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    "change", [{"kind": "cancelled"}, {"actor_id": None}, {"details": {"number": 7}}, {"element_id": "x"}]
)
def test_a_changed_event_shows(session: Session, chain: ProcessInstance, change: dict[str, object]) -> None:
    session.execute(
        update(HistoryEvent)
        .where(HistoryEvent.instance_id == chain.id, HistoryEvent.number == 4)
        .values(change)
    )

    assert history.verify(session, chain.id) == [
        f"instance {chain.id}, event 4: was changed after it was written",
        f"instance {chain.id}, event 5: does not follow the event before it",
    ]


def test_a_missing_event_shows(session: Session, chain: ProcessInstance) -> None:
    session.execute(
        delete(HistoryEvent).where(HistoryEvent.instance_id == chain.id, HistoryEvent.number == 2)
    )

    assert history.verify(session, chain.id)
    assert history.verify_all(session)


def test_what_belongs_to_no_instance_has_a_chain_of_its_own(session: Session) -> None:
    for _ in range(2):
        history.append(session, instance_id=None, kind="role_given", actor=None, now=MONDAY)

    assert history.verify(session, None) == []
    assert history.verify_all(session) == []


def test_the_latest_events_of_an_untouched_history_hold(session: Session, chain: ProcessInstance) -> None:
    assert chain.id
    assert history.verify_latest(session, limit=100) == []


@pytest.mark.parametrize("change", [{"kind": "cancelled"}, {"previous_hash": "x"}, {"hash": "x"}])
def test_a_touched_event_shows_among_the_latest(
    session: Session, chain: ProcessInstance, change: dict[str, object]
) -> None:
    third = (HistoryEvent.instance_id == chain.id, HistoryEvent.number == 3)
    session.execute(update(HistoryEvent).where(*third).values(change))
    session.expire_all()

    assert history.verify_latest(session, limit=100)
    assert history.verify_latest(session, limit=1) == []


def test_a_step_left_out_shows_among_the_latest(session: Session, chain: ProcessInstance) -> None:
    forged = (HistoryEvent.instance_id == chain.id, HistoryEvent.number == 4)
    session.execute(update(HistoryEvent).where(*forged).values(previous_hash="of another chain"))
    session.expire_all()

    assert any("does not follow" in line for line in history.verify_latest(session, limit=100))


def test_the_last_event_of_each_instance_is_found(session: Session, chain: ProcessInstance) -> None:
    assert history.last_events_of(session, {chain.id, 999}) == {chain.id: (5, MONDAY)}
