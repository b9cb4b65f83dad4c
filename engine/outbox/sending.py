"""Takes mails out of the outbox, one at a time, by any number of workers."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Final

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from engine import setup
from engine.database import table_of
from engine.models import DeliveryAttempt, MailState, OutboxMail
from engine.outbox.message import build_message
from engine.outbox.transport import MailRefusedError, ServerUnavailableError, Transport, TryLaterError
from engine.text import mask_address, one_line

LEASE: Final = timedelta(minutes=10)
"""How long a worker may take for one mail before another one tries it: longer than any conversation."""
DELAYS: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, *[360] * 11))
"""How long to wait after each failure; after the last of them, three days on, the mail has failed."""
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Claim:
    mail_id: int
    attempt: int
    address: str
    message: EmailMessage


def send_due(
    factory: sessionmaker[Session], *, now: datetime, transport: Transport, sender: str, limit: int = 100
) -> int:
    """Send what is due and return how many mails the server took.

    The attempt is counted and committed before the server is spoken to, and no transaction is open
    meanwhile; a worker that dies leaves a lease that runs out. So a mail may go out twice, with the same
    Message-ID, but is never lost. A server that cannot be reached ends the round.
    """
    sent = 0
    for _ in range(limit):
        claim = _claim_one(factory, now=now, sender=sender)
        if claim is None:
            break
        try:
            reply = transport.send(claim.message, claim.address)
        except MailRefusedError as error:
            _settle(factory, claim, MailState.FAILED, str(error), now=now)
        except TryLaterError as error:
            _put_off(factory, claim, str(error), now=now)
            if isinstance(error, ServerUnavailableError):
                break
        else:
            _settle(factory, claim, MailState.SENT, reply, now=now)
            sent += 1
    return sent


def _claim_one(factory: sessionmaker[Session], *, now: datetime, sender: str) -> _Claim | None:
    """Count an attempt at the mail due longest and keep the others away from it; None if there is none.

    A mail that cannot even be built has failed: it would come first for ever.
    """
    with factory.begin() as session:
        while (mail := session.scalar(_due(now))) is not None:
            mail.attempts += 1
            mail.due_at = now + LEASE
            try:
                message = build_message(mail, sender=sender, domain=setup.of(session).mail_domain)
            except (ValueError, IndexError, LookupError) as error:
                mail.state, mail.due_at, mail.last_error = MailState.FAILED, None, one_line(repr(error))
                session.flush()
                continue
            return _Claim(mail.id, mail.attempts, mail.address, message)
    return None


def _due(now: datetime) -> Select[OutboxMail]:
    return (
        select(OutboxMail)
        .where(OutboxMail.state == MailState.WAITING, OutboxMail.due_at <= now)
        .order_by(OutboxMail.due_at, OutboxMail.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=OutboxMail)
    )


def _settle(
    factory: sessionmaker[Session], claim: _Claim, state: MailState, reply: str, *, now: datetime
) -> None:
    """Write down how it ended. What the server took is sent, whatever happened to the row meanwhile."""
    is_taken = state is MailState.SENT
    with factory.begin() as session:
        session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == claim.mail_id, OutboxMail.state != MailState.SENT)
            .values(
                state=state,
                sent_at=now if is_taken else None,
                due_at=None,
                last_error="" if is_taken else reply,
            )
        )
        _note(session, claim, reply, is_taken=is_taken, now=now)
    if not is_taken:
        _LOG.warning("mail %s to %s refused: %s", claim.mail_id, mask_address(claim.address), reply)


def _note(session: Session, claim: _Claim, reply: str, *, is_taken: bool, now: datetime) -> None:
    """Keep the server's answer to an attempt."""
    session.execute(
        insert(table_of(DeliveryAttempt)).values(
            mail_id=claim.mail_id, number=claim.attempt, tried_at=now, is_taken=is_taken, reply=reply
        )
    )


def _put_off(factory: sessionmaker[Session], claim: _Claim, error: str, *, now: datetime) -> None:
    """Try again later, unless another worker took over after the lease or the mail was dropped."""
    given_up = claim.attempt > len(DELAYS)
    changes = (
        {"state": MailState.FAILED, "due_at": None}
        if given_up
        else {"due_at": now + DELAYS[claim.attempt - 1]}
    )
    with factory.begin() as session:
        session.execute(
            update(OutboxMail)
            .where(
                OutboxMail.id == claim.mail_id,
                OutboxMail.state == MailState.WAITING,
                OutboxMail.attempts == claim.attempt,
            )
            .values(**changes, last_error=error)
        )
        _note(session, claim, error, is_taken=False, now=now)
    _LOG.warning("mail %s, attempt %s: %s", claim.mail_id, claim.attempt, error)
