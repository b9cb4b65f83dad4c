"""The mails that wait, were sent or failed: written once per cause and recipient."""

import hashlib
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import Select, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine import history, setup
from engine.errors import ConflictError, NotFoundError
from engine.mail import ComposedMail, MailFacts, Notice
from engine.models import MailState, OutboxMail, Person
from engine.people import authority_of, local_day
from engine.text import escape_like, one_line

NO_ADDRESS: Final = "the person has no e-mail address"
_ADDRESS: Final = re.compile(r"[^@\s,;<>\"()]{1,64}@[^@\s,;<>\"()]{1,190}")
_PAGE: Final = 50


def enqueue(  # noqa: PLR0913  # the columns of a mail
    session: Session,
    *,
    dedupe_key: str,
    kind: str,
    recipient: Person | str,
    subject: str,
    text: str,
    html: str,
    now: datetime,
    task_id: int | None = None,
    entry_id: int | None = None,
    instance_id: int | None = None,
) -> OutboxMail:
    """Put a mail into the outbox; the same ``dedupe_key`` again gives the mail that is there. Flushes.

    A person without an address gets a failed mail, so that somebody sees it. A text is an address outside.
    """
    present = _find(session, dedupe_key)
    if present is not None:
        return present
    return _insert(
        session,
        ComposedMail(subject, text, html),
        dedupe_key=dedupe_key,
        kind=kind,
        recipient=recipient,
        now=now,
        task_id=task_id,
        entry_id=entry_id,
        instance_id=instance_id,
    )


def mail_to(  # noqa: PLR0913  # the facts of a mail and what it belongs to
    session: Session,
    recipient: Person,
    facts: MailFacts,
    *,
    dedupe_key: str,
    task_id: int | None = None,
    entry_id: int | None = None,
    instance_id: int | None = None,
) -> OutboxMail:
    """Let the composer word the facts and put the mail into the outbox; once per key. Flushes."""
    present = _find(session, dedupe_key)
    if present is not None:
        return present
    return _insert(
        session,
        setup.of(session).compose_mail(facts),
        dedupe_key=dedupe_key,
        kind=facts.kind,
        recipient=recipient,
        now=facts.now,
        task_id=task_id,
        entry_id=entry_id,
        instance_id=instance_id,
    )


def notify(  # noqa: PLR0913  # whom, what, once per what
    session: Session,
    *,
    kind: str,
    recipients: Iterable[Person],
    facts: Notice,
    dedupe: str,
    now: datetime,
    task_id: int | None = None,
    entry_id: int | None = None,
    instance_id: int | None = None,
) -> list[OutboxMail]:
    """Tell people something at once, each in his language. Flushes.

    ``kind``: result, invitation or notice. ``dedupe`` names the cause, e.g. ``invitation:session:7``; a
    person is told of it once, however often it is called. Inactive people are told nothing.
    """
    told = {person.id: person for person in recipients if person.is_active}
    return [
        mail_to(
            session,
            person,
            MailFacts(kind, person.language, person.full_name, now, notice=facts),
            dedupe_key=f"{dedupe}:{person.id}",
            task_id=task_id,
            entry_id=entry_id,
            instance_id=instance_id,
        )
        for person in told.values()
    ]


def notify_address(  # noqa: PLR0913  # whom, what, once per what
    session: Session,
    *,
    kind: str,
    address: str,
    name: str,
    facts: Notice,
    dedupe: str,
    now: datetime,
    instance_id: int | None = None,
) -> OutboxMail:
    """Tell somebody outside, known by name and address alone, something at once, in Vietnamese. Flushes."""
    composed = setup.of(session).compose_mail(MailFacts(kind, "vi", name, now, notice=facts))
    return enqueue(
        session,
        dedupe_key=dedupe,
        kind=kind,
        recipient=address,
        subject=composed.subject,
        text=composed.text,
        html=composed.html,
        now=now,
        instance_id=instance_id,
    )


def is_address(text: str) -> bool:
    """Whether a text can be the address of a mail."""
    return _ADDRESS.fullmatch(text) is not None


def drop_mails_of_task(session: Session, task_id: int) -> None:
    """Give up the mails about a task that have not gone out yet: the work is done."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.task_id == task_id, OutboxMail.state == MailState.WAITING)
        .values(state=MailState.DROPPED, due_at=None)
    )


def drop_mails_of_entry(session: Session, entry_id: int) -> None:
    """Give up the mails about a calendar entry that have not gone out yet: it is cancelled."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.entry_id == entry_id, OutboxMail.state == MailState.WAITING)
        .values(state=MailState.DROPPED, due_at=None)
    )


def resend(session: Session, mail: OutboxMail, *, actor: Person, now: datetime) -> OutboxMail:
    """Send a failed mail again, or a copy of one that was sent, to the person's present address. Flushes.

    Raises:
        ConflictError: it is on its way.

    """
    if mail.state is MailState.WAITING:
        raise ConflictError(f"mail {mail.id} is {mail.state.value}")
    history.append(
        session,
        instance_id=mail.instance_id,
        kind="mail_resent",
        actor=actor,
        now=now,
        task_id=mail.task_id,
        details={"mail_id": mail.id},
    )
    copies = session.scalars(
        select(OutboxMail.id).where(
            OutboxMail.dedupe_key.startswith(f"{mail.dedupe_key}:again:", autoescape=True)
        )
    ).all()
    return enqueue(
        session,
        dedupe_key=f"{mail.dedupe_key}:again:{len(copies) + 1}",
        kind=mail.kind,
        recipient=mail.recipient or mail.address,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        now=now,
        task_id=mail.task_id,
        entry_id=mail.entry_id,
        instance_id=mail.instance_id,
    )


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
    session: Session,
    *,
    state: MailState | None = None,
    query: str = "",
    offset: int = 0,
    limit: int = _PAGE,
) -> list[OutboxMail]:
    """Return mails, newest first; the caller has checked that the reader is an administrator."""
    found: Select[OutboxMail] = (
        select(OutboxMail)
        .outerjoin(Person, OutboxMail.recipient_id == Person.id)
        .order_by(OutboxMail.id.desc())
        .offset(offset)
        .limit(limit)
    )
    if state is not None:
        found = found.where(OutboxMail.state == state)
    for word in query.split():
        pattern = f"%{escape_like(word)}%"
        found = found.where(
            or_(
                Person.search_text.like(pattern, escape="\\"),
                OutboxMail.address.ilike(pattern, escape="\\"),
                OutboxMail.kind.like(pattern, escape="\\"),
            )
        )
    return list(session.scalars(found))


def _insert(  # noqa: PLR0913  # the columns of a mail
    session: Session,
    composed: ComposedMail,
    *,
    dedupe_key: str,
    kind: str,
    recipient: Person | str,
    now: datetime,
    task_id: int | None,
    entry_id: int | None,
    instance_id: int | None,
) -> OutboxMail:
    """Add a mail whose key was not there a moment ago; somebody may be faster."""
    person = recipient if isinstance(recipient, Person) else None
    address = (recipient.email or "" if isinstance(recipient, Person) else recipient).strip()
    usable = is_address(address)
    mail = OutboxMail(
        dedupe_key=dedupe_key,
        message_id=_message_id(session, dedupe_key),
        kind=kind,
        recipient_id=person.id if person else None,
        address=address if usable else "",
        language=person.language if person else "vi",
        subject=one_line(composed.subject),
        text=composed.text,
        html=composed.html,
        task_id=task_id,
        entry_id=entry_id,
        instance_id=instance_id,
        created_at=now,
        state=MailState.WAITING if usable else MailState.FAILED,
        due_at=now if usable else None,
        last_error="" if usable else NO_ADDRESS,
    )
    try:
        with session.begin_nested():
            session.add(mail)
    except IntegrityError:
        present = _find(session, dedupe_key)
        if present is None:
            raise
        return present
    return mail


def _is_administrator(session: Session, reader: Person, now: datetime) -> bool:
    authority = authority_of(session, reader, on=local_day(now))
    return any(authority.holds_any(role) for role in setup.of(session).administers)


def _find(session: Session, dedupe_key: str) -> OutboxMail | None:
    return session.scalar(select(OutboxMail).where(OutboxMail.dedupe_key == dedupe_key))


def _message_id(session: Session, dedupe_key: str) -> str:
    digest = hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]
    return f"<{digest}@{setup.of(session).mail_domain}>"
