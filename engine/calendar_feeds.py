"""Secret addresses of people's calendars: given out once, renewed, revoked, looked up by what is asked."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from engine.models import CalendarFeed, Person

TOKEN_BYTES: Final = 32
_NOTE_READING_EVERY: Final = timedelta(minutes=10)


def open_feed(session: Session, person: Person, *, now: datetime) -> str:
    """Give the person's calendar a new secret address; the one before is revoked. Flushes.

    Returns the token, which is kept nowhere and cannot be shown again.
    """
    close_feed(session, person, now=now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(CalendarFeed(person_id=person.id, token_sha256=digest(token), created_at=now))
    session.flush()
    return token


def close_feed(session: Session, person: Person, *, now: datetime) -> None:
    """Revoke the address of the person's calendar, where it has one; it is answered no longer."""
    session.execute(update(CalendarFeed).where(_live(person)).values(revoked_at=now))


def find_feed(session: Session, person: Person) -> CalendarFeed | None:
    """Return the address of the person's calendar that is in force."""
    return session.scalar(select(CalendarFeed).where(_live(person)))


def find_reader(session: Session, token: str) -> tuple[CalendarFeed, Person] | None:
    """Return whose calendar a token opens; None where it is unknown or revoked, or the person is inactive."""
    found = select(CalendarFeed, Person).join(Person, CalendarFeed.person_id == Person.id)
    known = (CalendarFeed.token_sha256 == digest(token), CalendarFeed.revoked_at.is_(None), Person.is_active)
    row = session.execute(found.where(*known)).one_or_none()
    return (row[0], row[1]) if row else None


def is_reading_old(feed: CalendarFeed, now: datetime) -> bool:
    """Whether the last reading was noted so long ago that this one is worth a write."""
    return feed.last_read_at is None or now - feed.last_read_at >= _NOTE_READING_EVERY


def note_reading(session: Session, feed_id: int, *, now: datetime) -> None:
    """Note that a calendar program has just read the calendar. Flushes."""
    session.execute(update(CalendarFeed).where(CalendarFeed.id == feed_id).values(last_read_at=now))


def digest(token: str) -> str:
    """Return what is kept of a token: guessing is hopeless at this length, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def _live(person: Person) -> ColumnElement[bool]:
    return and_(CalendarFeed.person_id == person.id, CalendarFeed.revoked_at.is_(None))
