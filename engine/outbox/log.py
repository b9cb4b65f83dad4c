"""The delivery log: which mail went to whom, when, about what; for administrators and for its recipient."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from engine import setup
from engine.calendar import at_local_time
from engine.errors import NotFoundError
from engine.models import MailState, OutboxMail, Person
from engine.people import authority_of, local_day
from engine.text import escape_like


@dataclass(frozen=True)
class MailQuery:
    """Which mails of the log are wanted; what is empty narrows nothing."""

    words: str = ""
    """Each is part of the recipient's name, of the address or of the subject."""
    state: MailState | None = None
    kind: str = ""
    first_on: date | None = None
    """From this day on the mail was written or sent."""
    last_on: date | None = None
    task_id: int | None = None
    instance_id: int | None = None
    entry_id: int | None = None


def get_mail(session: Session, mail_id: int, *, reader: Person, now: datetime) -> OutboxMail:
    """Return a mail to its recipient or to an administrator.

    Raises:
        NotFoundError: there is none, or the reader is neither.

    """
    mail = session.get(OutboxMail, mail_id)
    if mail is not None and (mail.recipient_id == reader.id or _is_administrator(session, reader, now)):
        return mail
    raise NotFoundError(f"mail {mail_id} for person {reader.id}")


def find_mails(
    session: Session, query: MailQuery, *, offset: int = 0, limit: int | None = 50
) -> list[OutboxMail]:
    """Return mails without their texts, newest first; the caller has checked that the reader may see them."""
    found = _wanted(query).options(
        defer(OutboxMail.text),
        defer(OutboxMail.html),
        joinedload(OutboxMail.recipient),
        joinedload(OutboxMail.resent_by),
        selectinload(OutboxMail.answers),
    )
    return list(session.scalars(found.order_by(OutboxMail.id.desc()).offset(offset).limit(limit)))


def count_by_state(session: Session, query: MailQuery) -> dict[MailState, int]:
    """Return how many of the mails wanted stand where, whatever state is asked for."""
    found = _wanted(replace(query, state=None))
    counted = found.with_only_columns(OutboxMail.state, func.count()).group_by(OutboxMail.state)
    return dict(list(session.execute(counted)))


def _wanted(query: MailQuery) -> Select[OutboxMail]:
    found = select(OutboxMail).outerjoin(Person, OutboxMail.recipient_id == Person.id)
    exact = {
        OutboxMail.state: query.state,
        OutboxMail.kind: query.kind or None,
        OutboxMail.task_id: query.task_id,
        OutboxMail.instance_id: query.instance_id,
        OutboxMail.entry_id: query.entry_id,
    }
    found = found.where(*(column == value for column, value in exact.items() if value is not None))
    return found.where(*_of_days(query), *(_has_word(word) for word in query.words.split()))


def _has_word(word: str) -> ColumnElement[bool]:
    pattern = f"%{escape_like(word)}%"
    return or_(
        Person.search_text.like(pattern, escape="\\"),
        OutboxMail.address.ilike(pattern, escape="\\"),
        OutboxMail.subject.icontains(word, autoescape=True),
    )


def _of_days(query: MailQuery) -> list[ColumnElement[bool]]:
    """Return the conditions on the day in the city on which a mail was sent, or else written."""
    moment = func.coalesce(OutboxMail.sent_at, OutboxMail.created_at)
    found: list[ColumnElement[bool]] = []
    if query.first_on is not None:
        found.append(moment >= at_local_time(query.first_on, time()))
    if query.last_on is not None:
        found.append(moment < at_local_time(query.last_on + timedelta(days=1), time()))
    return found


def _is_administrator(session: Session, reader: Person, now: datetime) -> bool:
    authority = authority_of(session, reader, on=local_day(now))
    return any(authority.holds_any(role) for role in setup.of(session).administers)
