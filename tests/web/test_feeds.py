"""The calendar at a secret address: what it holds, who may read it, and that nobody learns the address."""

import logging
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from city import START, City, person_named
from factories import MONDAY, bpmn, flow, publish, start_and_end, user_task
from icalendar import Calendar, Event
from sqlalchemy import select, update

from engine import calendar_entries, calendar_feeds, clock, database, history, instances, tasks
from engine.models import CalendarFeed, Person, Task
from web.commands.access_log import AccessLogger
from web.log_lines import LineFormatter

DAY = timedelta(days=1)
HTTP_NOT_FOUND = 404


@pytest.fixture
def token(city: City) -> str:
    with database.transaction(city.installation.factory) as session:
        return calendar_feeds.open_feed(session, person_named(session, "unit_officer"), now=clock.now())


def start_work(city: City, *, due: str = '=date and time("2036-11-28T17:00:00@Asia/Ho_Chi_Minh")') -> int:
    """Start a process with one task of the unit's officers; return the task's id."""
    body = (start_and_end(), user_task("report", "unit_officer@so_y_te", due=due.replace('"', "&quot;")))
    with database.transaction(city.installation.factory) as session:
        publish(session, "work", bpmn("work", *body, flow("start", "report", "end")))
        started = instances.start(
            session, "work", variables={}, title="BC-01 · Sở Y tế", unit=None, actor=None, now=clock.now()
        )
        return session.scalars(select(Task.id).where(Task.instance_id == started.id)).one()


def put_meeting(city: City, *, starts_at: datetime, place: str = "Phòng họp số 2") -> None:
    with database.transaction(city.installation.factory) as session:
        calendar_entries.put_entry(
            session,
            key="meeting:1",
            title="Phiên họp Hội đồng",
            title_en="Council session",
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            place=place,
            path="/council/1",
            audience=["unit_officer@so_y_te"],
            now=clock.now(),
        )


def read(city: City, token: str) -> Calendar:
    answer = city.client().get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    return Calendar.from_ical(answer.data)


def only(events: Sequence[Event]) -> Event:
    assert len(events) == 1
    return events[0]


def moment(event: Event, name: str) -> datetime:
    value = event.decoded(name)
    assert isinstance(value, datetime)
    return value


def test_an_open_task_stands_on_its_due_day(city: City, token: str) -> None:
    task_id = start_work(city)

    event = only(read(city, token).events)

    assert event.start == date(2036, 11, 28)
    assert event.end == date(2036, 11, 29)
    assert event["SUMMARY"] == "Hạn: report · BC-01 · Sở Y tế"
    assert event.uid == f"task-{task_id}@127.0.0.1"
    assert str(event["URL"]).endswith(f"/tasks/{task_id}")
    assert event["TRANSP"] == "TRANSPARENT"


def test_a_deadline_within_the_day_says_its_hour(city: City, token: str) -> None:
    start_work(city, due='=date and time("2036-11-28T10:30:00@Asia/Ho_Chi_Minh")')

    assert str(only(read(city, token).events)["SUMMARY"]).startswith("Hạn 10:30: report")


def test_a_moved_deadline_has_a_higher_sequence(city: City, token: str) -> None:
    task_id = start_work(city)
    before = only(read(city, token).events)
    with database.transaction(city.installation.factory) as session:
        task = session.get_one(Task, task_id)
        task.due_at = (task.due_at or MONDAY) + DAY
        history.append(
            session, instance_id=task.instance_id, kind="migrated", actor=None, now=clock.now() + DAY
        )

    after = only(read(city, token).events)

    assert after.uid == before.uid
    assert after.start == date(2036, 11, 29)
    assert after.sequence > before.sequence
    assert moment(after, "LAST-MODIFIED") - moment(before, "LAST-MODIFIED") >= DAY


def test_a_finished_task_leaves_the_calendar(city: City, token: str) -> None:
    task_id = start_work(city)
    assert len(read(city, token).events) == 1
    with database.transaction(city.installation.factory) as session:
        task, officer = session.get_one(Task, task_id), person_named(session, "unit_officer")
        tasks.complete_task(session, task, actor=officer, answers={}, now=clock.now())

    assert read(city, token).events == []


def test_a_dated_thing_has_its_time_and_place(city: City, token: str) -> None:
    starts_at = clock.now().replace(microsecond=0) + 3 * DAY
    put_meeting(city, starts_at=starts_at)

    event = only(read(city, token).events)

    assert moment(event, "DTSTART") == starts_at
    assert moment(event, "DTEND") == starts_at + timedelta(hours=2)
    assert event["LOCATION"] == "Phòng họp số 2"
    assert event.sequence == 0


def test_a_moved_and_then_cancelled_thing_says_so(city: City, token: str) -> None:
    starts_at = clock.now() + 3 * DAY
    put_meeting(city, starts_at=starts_at)
    put_meeting(city, starts_at=starts_at + DAY)
    moved = only(read(city, token).events)
    with database.transaction(city.installation.factory) as session:
        calendar_entries.cancel_entry(session, "meeting:1", now=clock.now())

    cancelled = only(read(city, token).events)

    assert moved.sequence == 1
    assert "Đã dời, trước là" in str(moved["DESCRIPTION"])
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled.sequence == 2
    assert str(cancelled["SUMMARY"]) == "Đã hủy: Phiên họp Hội đồng"
    assert cancelled.uid == moved.uid


def test_what_concerns_others_is_not_in_it(city: City) -> None:
    start_work(city)
    put_meeting(city, starts_at=clock.now() + DAY)
    with database.transaction(city.installation.factory) as session:
        token = calendar_feeds.open_feed(session, person_named(session, "other_officer"), now=clock.now())

    assert read(city, token).events == []


def test_it_speaks_the_language_of_the_person(city: City, token: str) -> None:
    put_meeting(city, starts_at=clock.now() + DAY)
    start_work(city)
    with database.transaction(city.installation.factory) as session:
        person_named(session, "unit_officer").language = "en"

    summaries = {str(event["SUMMARY"]) for event in read(city, token).events}

    assert summaries == {"Council session", "Due: report · BC-01 · Sở Y tế"}


def test_it_tells_programs_how_often_to_ask(city: City, token: str) -> None:
    text = city.client().get(f"/calendar/{token}.ics").text

    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in text
    assert "X-PUBLISHED-TTL:PT1H" in text
    assert "X-WR-CALNAME:" in text


def test_what_has_not_changed_is_not_sent_again(city: City, token: str) -> None:
    start_work(city)
    client = city.client()
    first = client.get(f"/calendar/{token}.ics")

    again = client.get(f"/calendar/{token}.ics", headers={"If-None-Match": first.headers["ETag"]})
    put_meeting(city, starts_at=clock.now() + DAY)
    changed = client.get(f"/calendar/{token}.ics", headers={"If-None-Match": first.headers["ETag"]})

    assert (again.status_code, again.data) == (304, b"")
    assert changed.status_code == 200


def test_the_token_is_long_and_only_its_digest_is_kept(city: City, token: str) -> None:
    with city.installation.factory() as session:
        feed = session.scalars(select(CalendarFeed)).one()

    assert len(token) >= 43  # 32 bytes in base 64
    assert feed.token_sha256 == calendar_feeds.digest(token)
    assert token not in {str(value) for value in vars(feed).values()}


def test_an_unknown_a_revoked_and_an_inactive_calendar_are_answered_alike(city: City) -> None:
    answers: list[tuple[int, str]] = []
    with database.transaction(city.installation.factory) as session:
        officer, head = person_named(session, "unit_officer"), person_named(session, "unit_head")
        revoked = calendar_feeds.open_feed(session, officer, now=START)
        calendar_feeds.close_feed(session, officer, now=START)
        inactive = calendar_feeds.open_feed(session, head, now=START)
        session.execute(update(Person).where(Person.id == head.id).values(is_active=False))
    for one in ("x" * 43, revoked, inactive):
        answer = city.client().get(f"/calendar/{one}.ics")
        body = re.sub(r'(csrf-token" content|csrf_token" value)="[^"]*"', "", answer.text)
        answers.append((answer.status_code, body.replace(one, "")))

    assert answers[0][0] == HTTP_NOT_FOUND
    assert len(set(answers)) == 1


def test_a_new_address_ends_the_one_before(city: City) -> None:
    city.app.config["WTF_CSRF_ENABLED"] = False
    client = city.client("unit_officer")
    addresses = [
        re.findall(r'value="[^"]*(/calendar/[^"]+\.ics)"', client.post("/profile/calendar").text)[0]
        for _time in range(2)
    ]

    assert city.client().get(addresses[0]).status_code == HTTP_NOT_FOUND
    assert city.client().get(addresses[1]).status_code == 200
    assert addresses[1] not in client.get("/profile").text


def test_a_revoked_address_is_answered_no_longer(city: City, token: str) -> None:
    city.app.config["WTF_CSRF_ENABLED"] = False

    city.client("unit_officer").post("/profile/calendar/revoke")

    assert city.client().get(f"/calendar/{token}.ics").status_code == HTTP_NOT_FOUND


def test_the_page_says_when_the_calendar_was_last_read(city: City, token: str) -> None:
    client = city.client("unit_officer")
    before = client.get("/profile").text
    city.client().get(f"/calendar/{token}.ics")

    assert "chưa lần nào" in before
    assert "chưa lần nào" not in client.get("/profile").text


def test_who_guesses_is_slowed_down(city: City) -> None:
    client = city.client()
    statuses = {client.get(f"/calendar/{number:043d}.ics").status_code for number in range(40)}

    assert statuses == {HTTP_NOT_FOUND, 429}


def test_no_log_holds_the_token(
    city: City, token: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/calendar/{token}.ics"

    def fail(*_what: object, **_how: object) -> bytes:
        raise RuntimeError(f"cannot write {path}")

    monkeypatch.setattr("web.feed_calendar.write_calendar", fail)
    with caplog.at_level(logging.DEBUG):
        assert city.client().get(path).status_code == 500

    lines = [LineFormatter().format(record) for record in caplog.records]
    assert lines
    assert not [line for line in lines if token in line]


def test_the_log_of_requests_leaves_secret_addresses_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def atoms(*_request: object) -> dict[str, object]:
        return {
            "r": "GET /calendar/abc-DEF_1.ics?x=1 HTTP/1.1",
            "f": "https://x/directives/received/tok",
            "B": 7,
        }

    monkeypatch.setattr("gunicorn.glogging.Logger.atoms", atoms)
    logger = AccessLogger.__new__(AccessLogger)

    assert logger.atoms(None, None, {}, None) == {
        "r": "GET /calendar/...?x=1 HTTP/1.1",
        "f": "https://x/directives/received/...",
        "B": 7,
    }
