"""Sends a mail again: a new one that says so, is linked to the first, and names who wanted it and why."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import history
from engine.errors import ConflictError, InvalidInputError
from engine.mail import ComposedMail
from engine.models import MailState, OutboxMail, Person
from engine.outbox.addresses import usable_address
from engine.outbox.queue import put
from engine.text import nfc

REASON_LIMIT: Final = 500
_AGAIN: Final = {"vi": "Gửi lại: ", "en": "Sent again: "}


def can_resend(mail: OutboxMail) -> bool:
    """Whether a mail can be sent again: it is not on its way, and there is an address to send it to."""
    return mail.state is not MailState.WAITING and usable_address(mail.recipient or mail.address) != ""


def resend(session: Session, mail: OutboxMail, *, actor: Person, reason: str, now: datetime) -> OutboxMail:
    """Send a failed mail again, or a copy of one that was sent, to the person's present address. Flushes.

    Raises:
        InvalidInputError: there is no reason, or it is too long.
        ConflictError: it is on its way, or there is no address to send it to.

    """
    said = nfc(reason).strip()
    if not said or len(said) > REASON_LIMIT:
        raise InvalidInputError(f"a reason of {len(said)} characters for sending mail {mail.id} again")
    if not can_resend(mail):
        raise ConflictError(f"mail {mail.id} is {mail.state.value}, or there is no address to send it to")
    details = {"mail_id": mail.id, "reason": said}
    history.append(
        session,
        instance_id=mail.instance_id,
        kind="mail_resent",
        actor=actor,
        now=now,
        task_id=mail.task_id,
        details=details,
    )
    prefix = _AGAIN["en" if mail.language == "en" else "vi"]
    return put(
        session,
        mail.recipient or mail.address,
        ComposedMail(prefix + mail.subject.removeprefix(prefix), mail.text, mail.html),
        dedupe_key=f"{mail.dedupe_key}:again:{_times_sent_again(session, mail) + 1}",
        kind=mail.kind,
        columns={
            "task_id": mail.task_id,
            "entry_id": mail.entry_id,
            "instance_id": mail.instance_id,
            "origin_id": mail.id,
            "resent_by_id": actor.id,
            "resent_reason": said,
        },
        now=now,
    )


def _times_sent_again(session: Session, mail: OutboxMail) -> int:
    """Return how often the mail was sent again, before mails were linked to their first one too."""
    again = OutboxMail.dedupe_key.startswith(f"{mail.dedupe_key}:again:", autoescape=True)
    return session.scalar(select(func.count()).where(again)) or 0
