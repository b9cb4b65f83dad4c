"""Secret addresses of calendars, and whether a worker lives."""

from datetime import timedelta

import pytest
from factories import MONDAY
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine import calendar_feeds, heartbeat
from engine.models import CalendarFeed, Heartbeat, Person


def test_a_token_opens_the_calendar_of_its_person(session: Session, officer: Person) -> None:
    token = calendar_feeds.open_feed(session, officer, now=MONDAY)

    found = calendar_feeds.find_reader(session, token)

    assert found is not None
    assert found[1] is officer


def test_two_tokens_are_never_alike(session: Session, officer: Person, head: Person) -> None:
    tokens = {calendar_feeds.open_feed(session, who, now=MONDAY) for who in (officer, head, officer)}

    assert len(tokens) == 3


def test_a_renewed_revoked_or_unknown_token_opens_nothing(
    session: Session, officer: Person, head: Person
) -> None:
    renewed = calendar_feeds.open_feed(session, officer, now=MONDAY)
    calendar_feeds.open_feed(session, officer, now=MONDAY)
    revoked = calendar_feeds.open_feed(session, head, now=MONDAY)
    calendar_feeds.close_feed(session, head, now=MONDAY)

    assert [calendar_feeds.find_reader(session, one) for one in (renewed, revoked, "")] == [None] * 3
    assert calendar_feeds.find_feed(session, head) is None


def test_an_inactive_person_has_no_calendar(session: Session, officer: Person) -> None:
    token = calendar_feeds.open_feed(session, officer, now=MONDAY)
    officer.is_active = False
    session.flush()

    assert calendar_feeds.find_reader(session, token) is None


def test_a_person_has_one_address_at_most(session: Session, officer: Person) -> None:
    calendar_feeds.open_feed(session, officer, now=MONDAY)
    session.add(CalendarFeed(person_id=officer.id, token_sha256="second", created_at=MONDAY))

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_reading_is_noted_now_and_then(session: Session, officer: Person) -> None:
    token = calendar_feeds.open_feed(session, officer, now=MONDAY)
    found = calendar_feeds.find_reader(session, token)
    assert found is not None
    feed = found[0]
    assert calendar_feeds.is_reading_old(feed, MONDAY)

    calendar_feeds.note_reading(session, feed.id, now=MONDAY)
    session.refresh(feed)

    assert not calendar_feeds.is_reading_old(feed, MONDAY + timedelta(minutes=9))
    assert calendar_feeds.is_reading_old(feed, MONDAY + timedelta(minutes=10))


def test_the_last_beat_of_any_worker_counts(session: Session) -> None:
    assert heartbeat.is_silent(heartbeat.last_beat(session), MONDAY)
    session.add_all(
        Heartbeat(worker=f"worker {minutes}", beat_at=MONDAY - timedelta(minutes=minutes))
        for minutes in (1, 60)
    )
    session.flush()

    assert heartbeat.last_beat(session) == MONDAY - timedelta(minutes=1)
    assert not heartbeat.is_silent(heartbeat.last_beat(session), MONDAY)
    assert heartbeat.is_silent(heartbeat.last_beat(session), MONDAY + timedelta(minutes=3))
