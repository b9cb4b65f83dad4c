"""Administrators are told of failed steps: of the first at once, of more once an hour."""

from datetime import datetime, timedelta

import pytest
from city import START, City
from factories import bpmn, flow, publish, start_and_end, user_task
from sqlalchemy import select

from engine import clock, database, instances
from engine.models import Incident, IncidentState, OutboxMail
from processes.awards.roles import ADMINISTERS
from web import incident_alerts
from web.jobs import Heart

HOUR = timedelta(hours=1)
NOW = START + timedelta(days=1)


def fail(city: City, element_id: str = "send") -> None:
    with database.transaction(city.installation.factory) as session:
        session.add(Incident(element_id=element_id, message="secret value", command={}, happened_at=START))


def tell(city: City, now: datetime) -> int:
    return incident_alerts.tell_due(city.installation.factory, now=now)


def mails(city: City) -> list[OutboxMail]:
    with city.installation.factory() as session:
        found = select(OutboxMail).where(OutboxMail.kind == incident_alerts.KIND).order_by(OutboxMail.id)
        return list(session.scalars(found))


def test_without_incidents_nobody_is_told(city: City) -> None:
    assert tell(city, NOW) == 0
    assert mails(city) == []


def test_the_first_incident_is_told_at_once_and_once(city: City) -> None:
    fail(city)

    assert tell(city, NOW) == len(ADMINISTERS)
    assert tell(city, NOW) == 0
    assert tell(city, NOW + 2 * HOUR) == 0
    assert len(mails(city)) == len(ADMINISTERS)


def test_more_incidents_are_told_together_after_an_hour(city: City) -> None:
    fail(city)
    tell(city, NOW)
    fail(city, "sign")
    fail(city, "count")

    assert tell(city, NOW + HOUR / 2) == 0
    assert tell(city, NOW + HOUR) == len(ADMINISTERS)
    assert "3 sự cố" in mails(city)[-1].subject
    assert "count" in mails(city)[-1].text


def test_what_is_mended_is_told_no_more(city: City) -> None:
    fail(city)
    fail(city)
    tell(city, NOW)
    with database.transaction(city.installation.factory) as session:
        newest = session.get_one(Incident, 2)
        newest.state, newest.resolved_at = IncidentState.RESOLVED, NOW

    assert tell(city, NOW + 2 * HOUR) == 0


def test_a_mail_names_the_step_and_no_value(city: City) -> None:
    fail(city)
    tell(city, NOW)

    [first, *_rest] = mails(city)
    assert "send" in first.text
    assert "/incidents" in first.text
    assert "secret value" not in first.text + first.html


def test_a_mail_calls_the_step_by_its_name(city: City) -> None:
    step = user_task("send", "clerk").replace('name="send"', 'name="Gửi quyết định"')
    with database.transaction(city.installation.factory) as session:
        publish(session, "errand", bpmn("errand", start_and_end(), step, flow("start", "send", "end")))
        instance = instances.start(session, "errand", variables={}, title="Việc 7", actor=None, now=START)
        failed = Incident(instance=instance, element_id="send", message="no", command={}, happened_at=START)
        session.add(failed)
    tell(city, NOW)

    assert "Việc 7 · Gửi quyết định" in mails(city)[0].text


def test_of_many_incidents_some_are_counted(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.incident_alerts.LISTED", 1)
    fail(city, "first")
    fail(city, "second")
    tell(city, NOW)

    text = mails(city)[0].text
    assert "Còn 1 sự cố khác" in text
    assert "first" not in text


def test_the_page_says_loudly_that_no_worker_answers(city: City) -> None:
    client = city.client("process_administrator")
    assert "Hệ thống hẹn giờ chưa chạy lần nào" in client.get("/incidents").text

    Heart(city.installation.factory, "gone").beat(clock.now() - 2 * HOUR)
    assert "Hệ thống hẹn giờ không chạy từ" in client.get("/incidents").text

    Heart(city.installation.factory, "alive").beat(clock.now())
    assert "notice--stop" not in client.get("/incidents").text
