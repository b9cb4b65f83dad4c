"""The recipients' list of a directive as distribution: what was delivered to whom, who has read it.

Reading is proved by an act, never by a visit: programs that look through mails open every link in them.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from engine import outbox
from engine.errors import ConflictError, NotFoundError
from engine.models import MailState, OutboxMail, Person
from processes.awards.models.directives import (
    Directive,
    DirectiveDelivery,
    DirectiveRecipient,
    DirectiveState,
)

REMIND_AGAIN_AFTER: Final = timedelta(hours=20)
"""Who was written to more recently is not reminded again."""
REMINDER: Final = "Nhắc người chưa đọc chỉ thị"
AGAIN: Final = "Gửi lại thông báo từ trang của chỉ thị"
_SENT: Final = (DirectiveState.IN_FORCE, DirectiveState.CLOSED)


@dataclass(frozen=True)
class DeliveryRow:
    """One notice: to whom, what became of its mails, whether it was read."""

    delivery: DirectiveDelivery
    mails: tuple[OutboxMail, ...]
    """The first one and those sent again, in this order."""

    @property
    def last_mail(self) -> OutboxMail | None:
        """The mail that counts for trying again."""
        return self.mails[-1] if self.mails else None

    @property
    def delivered_at(self) -> datetime | None:
        """When the mail server took the first of them."""
        taken = [mail.sent_at for mail in self.mails if mail.sent_at is not None]
        return min(taken) if taken else None

    def can_send_again(self) -> bool:
        """Whether there is a mail that is not on its way already."""
        last = self.last_mail
        return last is not None and last.state is not MailState.WAITING and outbox.can_resend(self.mails[0])

    def may_be_reminded(self, now: datetime) -> bool:
        """Whether a reminder would tell something: unread, written to, and not just now."""
        last = self.last_mail
        if self.delivery.read_at is not None or last is None or not self.can_send_again():
            return False
        return (last.sent_at or last.created_at) <= now - REMIND_AGAIN_AFTER


@dataclass(frozen=True)
class RecipientRow:
    """One line of the recipients' list and the notices it led to."""

    recipient: DirectiveRecipient
    deliveries: tuple[DeliveryRow, ...]

    @property
    def read_count(self) -> int:
        """How many of them have read it."""
        return sum(row.delivery.read_at is not None for row in self.deliveries)


def recipient_rows(session: Session, directive: Directive) -> list[RecipientRow]:
    """Return the recipients' list in the order of the document; a fixed number of queries."""
    lines = session.scalars(
        select(DirectiveRecipient)
        .where(DirectiveRecipient.directive_id == directive.id)
        .order_by(DirectiveRecipient.position)
        .options(selectinload(DirectiveRecipient.deliveries).selectinload(DirectiveDelivery.person))
    ).all()
    mails = _mails_of(session, [delivery for line in lines for delivery in line.deliveries])
    return [
        RecipientRow(
            line, tuple(DeliveryRow(one, mails.get(one.mail_id or 0, ())) for one in line.deliveries)
        )
        for line in lines
    ]


def unread_of(session: Session, directive: Directive, *, person_id: int) -> list[DirectiveDelivery]:
    """Return the notices of a directive that were sent to a person and not confirmed yet."""
    return list(
        session.scalars(
            select(DirectiveDelivery)
            .join(DirectiveRecipient)
            .where(
                DirectiveRecipient.directive_id == directive.id,
                DirectiveDelivery.person_id == person_id,
                DirectiveDelivery.read_at.is_(None),
            )
        )
    )


def confirm_reading(session: Session, directive: Directive, *, person: Person, now: datetime) -> None:
    """Record that a person who is signed in has received a directive; the first time counts. Flushes."""
    for delivery in unread_of(session, directive, person_id=person.id):
        delivery.read_at = now
    session.flush()


def find_by_token(session: Session, token: str) -> DirectiveDelivery:
    """Return the notice whose mail carried this secret.

    Raises:
        NotFoundError: none did, or its directive is not sent (any more).

    """
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = session.scalars(select(DirectiveDelivery).where(DirectiveDelivery.token_sha256 == digest)).first()
    if found is None or found.recipient.directive.state not in _SENT:
        raise NotFoundError("no notice of a directive has this secret")
    return found


def confirm_delivery(session: Session, delivery: DirectiveDelivery, *, now: datetime) -> None:
    """Record that a notice has arrived, as whoever holds the secret of its mail says. Flushes.

    The first time counts. A person may stand in several lines of the list: he has read all of them.
    """
    if delivery.person is not None:
        confirm_reading(session, delivery.recipient.directive, person=delivery.person, now=now)
    elif delivery.read_at is None:
        delivery.read_at = now
        session.flush()


def rows_to_remind(rows: Sequence[RecipientRow], *, now: datetime) -> list[DeliveryRow]:
    """Return whom a reminder would go to: each person and each address once."""
    found: dict[tuple[int | None, str], DeliveryRow] = {}
    for line in rows:
        for row in line.deliveries:
            if row.may_be_reminded(now):
                found.setdefault((row.delivery.person_id, row.delivery.address), row)
    return list(found.values())


def remind_unread(session: Session, directive: Directive, *, actor: Person, now: datetime) -> int:
    """Send the notice again to everybody who has not read it; return how many mails that is. Flushes.

    It is the same mail with the same link, since the secret stands in that mail alone.
    """
    rows = rows_to_remind(recipient_rows(session, directive), now=now)
    for row in rows:
        _send_again(session, row, actor=actor, reason=REMINDER, now=now)
    return len(rows)


def send_again(
    session: Session, directive: Directive, delivery_id: int, *, actor: Person, now: datetime
) -> None:
    """Send one notice again. Flushes.

    Raises:
        NotFoundError: the directive has no such notice.
        ConflictError: its mail is on its way, or it had no address.

    """
    rows = [row for line in recipient_rows(session, directive) for row in line.deliveries]
    row = next((one for one in rows if one.delivery.id == delivery_id), None)
    if row is None:
        raise NotFoundError(f"directive {directive.id} has no delivery {delivery_id}")
    _send_again(session, row, actor=actor, reason=AGAIN, now=now)


def _send_again(session: Session, row: DeliveryRow, *, actor: Person, reason: str, now: datetime) -> None:
    if not row.can_send_again():
        raise ConflictError(f"delivery {row.delivery.id} has no mail to send again")
    outbox.resend(session, row.mails[0], actor=actor, reason=reason, now=now)


def _mails_of(
    session: Session, deliveries: Sequence[DirectiveDelivery]
) -> Mapping[int, tuple[OutboxMail, ...]]:
    """Return the mails of notices by the id of the first one, those sent again after it."""
    numbers = [one.mail_id for one in deliveries if one.mail_id is not None]
    query = select(OutboxMail).where(OutboxMail.id.in_(numbers))
    found = session.scalars(query.options(selectinload(OutboxMail.followers)))
    return {mail.id: (mail, *mail.followers) for mail in found}
