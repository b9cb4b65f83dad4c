"""Tests of the worker: what rings, what a failure holds up, how it shows that it is alive."""

import threading
from datetime import datetime, timedelta

import pytest
from city import START, City, person_named
from sqlalchemy import select

from engine import clock, database
from engine.models import Heartbeat
from processes.awards import ballot_keys, ballots
from processes.awards.models import BallotSession, CouncilSession
from web import jobs
from web.jobs import Heart, Job


def test_a_job_that_fails_holds_up_no_other(caplog: pytest.LogCaptureFixture) -> None:
    rung: list[datetime] = []

    def fail(_now: datetime) -> None:
        raise ValueError("broken")

    jobs.ring([Job("first", fail), Job("second", rung.append)])

    assert len(rung) == 1
    assert "the job first failed" in caplog.text


def test_a_worker_shows_that_it_is_alive_now_and_then(city: City) -> None:
    factory, now = city.installation.factory, clock.now()
    heart = Heart(factory, "one")
    Heart(factory, "gone").beat(now - timedelta(days=2))
    for seconds in (0, 5, 20):
        heart.beat(now + timedelta(seconds=seconds))

    with factory() as session:
        beats = session.scalars(select(Heartbeat)).all()

    assert [(beat.worker, beat.beat_at) for beat in beats] == [("one", now + timedelta(seconds=20))]


def test_the_worker_rings_until_it_is_told_to_end(city: City) -> None:
    ended = threading.Event()
    worker = threading.Thread(target=jobs.work, args=(city.installation, ended))
    worker.start()
    try:
        assert _wait_for_beat(city)
    finally:
        ended.set()
        worker.join(timeout=30)

    assert not worker.is_alive()


def _wait_for_beat(city: City) -> bool:
    for _ in range(100):
        with city.installation.factory() as session:
            if session.scalar(select(Heartbeat.worker)):
                return True
        threading.Event().wait(0.1)
    return False


def test_the_worker_destroys_the_keys_of_closed_ballots(city: City) -> None:
    keys = city.installation.settings.keys
    with database.transaction(city.installation.factory) as session:
        secretary = person_named(session, "council_secretary")
        meetings = [
            CouncilSession(code=f"PH-{n}", year=2026, number=n, created_at=START, created_by_id=secretary.id)
            for n in (1, 2)
        ]
        session.add_all(meetings)
        session.flush()
        for meeting in meetings:
            ballots.open_ballot(session, meeting, now=START)
        session.get_one(BallotSession, meetings[0].id).closed_at = START
    jobs.ring([jobs.keys_of(city.installation)])

    assert ballot_keys.sessions_with_keys(keys) == {meetings[1].id}
