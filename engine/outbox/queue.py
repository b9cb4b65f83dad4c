"""Puts mails into the outbox: once per cause and recipient, in the transaction of the cause."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine import setup
from engine.mail import ComposedMail, MailFacts, Notice
from engine.models import MailState, OutboxMail, Person
from engine.outbox.addresses import stand_ins_for, usable_address
from engine.people import local_day
from engine.text import one_line

NO_ADDRESS: Final = "the person has no e-mail address"

Columns = Mapping[str, int | str | None]
"""What a mail is about, and which mail it follows."""


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
    """Let the composer word the facts and put the mail into the outbox; once per key. Flushes.

    Where the person has no address, the mail has failed, and his head gets one that says so; without a head,
    those who oversee all deadlines. What holds a secret of the person goes to nobody else.
    """
    present = find_by_key(session, dedupe_key)
    if present is not None:
        return present
    about = {"task_id": task_id, "entry_id": entry_id, "instance_id": instance_id}
    mail = _write(session, recipient, facts, dedupe_key, about)
    is_secret = facts.notice is not None and facts.notice.is_personal
    if not mail.address and not is_secret:
        for other in stand_ins_for(session, recipient, on=local_day(facts.now)):
            passed_on = replace(
                facts,
                language=other.language,
                recipient_name=other.full_name,
                in_place_of=recipient.full_name,
            )
            key = f"{dedupe_key}:in_place:{other.id}"
            _write(session, other, passed_on, key, {**about, "origin_id": mail.id})
    return mail


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
    """Tell a body outside, known by name and address alone, something at once, in Vietnamese. Flushes."""
    present = find_by_key(session, dedupe)
    if present is not None:
        return present
    told = MailFacts(kind, "vi", name, now, notice=facts, is_to_body=True)
    return _write(session, address, told, dedupe, {"instance_id": instance_id})


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


def find_by_key(session: Session, dedupe_key: str) -> OutboxMail | None:
    """Return the mail that was written under a key."""
    return session.scalar(select(OutboxMail).where(OutboxMail.dedupe_key == dedupe_key))


def put(  # noqa: PLR0913  # the columns of a mail
    session: Session,
    recipient: Person | str,
    composed: ComposedMail,
    *,
    dedupe_key: str,
    kind: str,
    columns: Columns,
    now: datetime,
) -> OutboxMail:
    """Add a mail whose key was not there a moment ago; somebody may be faster. Flushes.

    A text as recipient is an address outside. Without a usable address the mail has failed.
    """
    person = recipient if isinstance(recipient, Person) else None
    address = usable_address(recipient)
    mail = OutboxMail(
        dedupe_key=dedupe_key,
        message_id=_message_id(session, dedupe_key),
        kind=kind,
        recipient_id=person.id if person else None,
        address=address,
        language=person.language if person else "vi",
        subject=one_line(composed.subject),
        text=composed.text,
        html=composed.html,
        created_at=now,
        state=MailState.WAITING if address else MailState.FAILED,
        due_at=now if address else None,
        last_error="" if address else NO_ADDRESS,
        **columns,
    )
    try:
        with session.begin_nested():
            session.add(mail)
    except IntegrityError:
        present = find_by_key(session, dedupe_key)
        if present is None:
            raise
        return present
    return mail


def _write(
    session: Session, recipient: Person | str, facts: MailFacts, dedupe_key: str, columns: Columns
) -> OutboxMail:
    composed = setup.of(session).compose_mail(facts)
    return put(
        session,
        recipient,
        composed,
        dedupe_key=dedupe_key,
        kind=facts.kind,
        columns=columns,
        now=facts.now,
    )


def _message_id(session: Session, dedupe_key: str) -> str:
    digest = hashlib.sha256(dedupe_key.encode()).hexdigest()[:32]
    return f"<{digest}@{setup.of(session).mail_domain}>"
