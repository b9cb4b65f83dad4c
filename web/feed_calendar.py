"""Words a person's deadlines and dated things as a calendar that Outlook, Google and Apple show alike.

Deadlines are all-day events and no to-dos (VTODO): Google and Outlook leave to-dos of a subscribed calendar
out, Apple shows them in another program. They take no time in the calendar (TRANSP, and Outlook's own word
for it). Calendars learn of a change by SEQUENCE and LAST-MODIFIED: an entry counts its changes; a task has
the number of the last event of its instance, which grows whenever its deadline is moved. What is done leaves
the calendar; what is cancelled stays as cancelled, so that it is not missed silently.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from flask_babel import force_locale
from icalendar import Calendar, Component, Event
from icalendar.enums import STATUS, TRANSP
from sqlalchemy.orm import Session

from engine import calendar_entries, history, setup, tasks
from engine.calendar import END_OF_WORK
from engine.clock import CITY_ZONE
from engine.models import CalendarEntry, CalendarFeed, Person, Task
from web import formats
from web.i18n import gettext as _
from web.i18n import pick

PAST: Final = timedelta(days=90)
FUTURE: Final = timedelta(days=400)
REFRESH: Final = timedelta(hours=1)
NOTHING: Final[Mapping[str, str]] = {}


def write_calendar(
    session: Session, feed: CalendarFeed, person: Person, *, base_url: str, now: datetime
) -> bytes:
    """Return the person's calendar in his language, as a file of RFC 5545; links begin with ``base_url``."""
    domain = setup.of(session).mail_domain
    with force_locale(person.language):
        calendar = Calendar.new(
            name=_("Vinh Danh: %(name)s", name=person.full_name),
            description=_("Hạn của việc, phiên họp, cuộc kiểm tra và các ngày hẹn khác."),
            method="PUBLISH",
            prodid="-//Vinh Danh//Calendar//VI",
            uid=f"calendar-{feed.id}@{domain}",
        )
        _add(calendar, "REFRESH-INTERVAL", REFRESH, {"VALUE": "DURATION"})
        # Outlook asks by this older word.
        _add(calendar, "X-PUBLISHED-TTL", "PT1H")
        _add(calendar, "X-WR-TIMEZONE", str(CITY_ZONE))
        for event in [
            *_of_tasks(session, person, domain=domain, base_url=base_url, now=now),
            *_of_entries(session, person, domain=domain, base_url=base_url, now=now),
        ]:
            calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def _of_tasks(
    session: Session, person: Person, *, domain: str, base_url: str, now: datetime
) -> Sequence[Event]:
    own = [*tasks.inbox_mine(session, person, now), *tasks.inbox_groups(session, person, now)]
    dated = [task for task in own if task.due_at is not None]
    last = history.last_events_of(session, {task.instance_id for task in dated})
    return [
        _of_task(task, *last.get(task.instance_id, (0, task.created_at)), domain=domain, base_url=base_url)
        for task in dated
    ]


def _of_task(task: Task, sequence: int, changed_at: datetime, *, domain: str, base_url: str) -> Event:
    due = (task.due_at or changed_at).astimezone(CITY_ZONE)
    name = pick(task.name, task.name_en)
    summary = _("Hạn: %(name)s", name=name)
    if due.time() != END_OF_WORK:
        summary = _("Hạn %(time)s: %(name)s", time=formats.time_of_day(due), name=name)
    address = f"{base_url}/tasks/{task.id}"
    event = Event.new(
        uid=f"task-{task.id}@{domain}",
        summary=" · ".join(part for part in (summary, task.instance.title) if part),
        description="\n".join(
            [
                task.instance.title,
                _("Hạn %(moment)s", moment=formats.moment(due)),
                _("Mở việc: %(address)s", address=address),
            ]
        ),
        start=due.date(),
        end=due.date() + timedelta(days=1),
        transparency=TRANSP.TRANSPARENT,
        status=STATUS.CONFIRMED,
        sequence=sequence,
        stamp=changed_at,
        last_modified=changed_at,
        url=address,
    )
    _add(event, "X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    return event


def _of_entries(
    session: Session, person: Person, *, domain: str, base_url: str, now: datetime
) -> Sequence[Event]:
    found = calendar_entries.find_entries(session, person, first=now - PAST, last=now + FUTURE, now=now)
    return [_of_entry(entry, domain=domain, base_url=base_url) for entry in found]


def _of_entry(entry: CalendarEntry, *, domain: str, base_url: str) -> Event:
    title = pick(entry.title, entry.title_en)
    address = f"{base_url}{entry.path}"
    moved = entry.moved_from_at
    lines = [_("Đã dời, trước là %(moment)s", moment=formats.moment(moved))] if moved else []
    if entry.is_cancelled:
        # Not every calendar shows the status of what is subscribed.
        title = _("Đã hủy: %(name)s", name=title)
    return Event.new(
        uid=f"entry-{entry.id}@{domain}",
        summary=title,
        description="\n".join([*lines, _("Xem: %(address)s", address=address)]),
        location=entry.place or None,
        start=entry.starts_at,
        end=entry.ends_at,
        status=STATUS.CANCELLED if entry.is_cancelled else STATUS.CONFIRMED,
        sequence=entry.sequence,
        stamp=entry.changed_at,
        last_modified=entry.changed_at,
        url=address,
    )


def _add(part: Component, name: str, value: object, parameters: Mapping[str, str] = NOTHING) -> None:
    part.add(name, value, dict(parameters))  # pyright: ignore[reportUnknownMemberType]  # typed in part
