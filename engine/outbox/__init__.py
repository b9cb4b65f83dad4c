"""Mail: written in the transaction of its cause, sent after it, at least once, shown and sent again."""

from engine.outbox.log import MailQuery, count_by_state, find_mails, get_mail
from engine.outbox.queue import (
    NO_ADDRESS,
    drop_mails_of_entry,
    drop_mails_of_task,
    mail_to,
    notify,
    notify_address,
)
from engine.outbox.resending import REASON_LIMIT, can_resend, resend
from engine.outbox.sending import send_due
from engine.outbox.transport import (
    MailRefusedError,
    ServerUnavailableError,
    SmtpTransport,
    Transport,
    TryLaterError,
)

__all__ = [
    "NO_ADDRESS",
    "REASON_LIMIT",
    "MailQuery",
    "MailRefusedError",
    "ServerUnavailableError",
    "SmtpTransport",
    "Transport",
    "TryLaterError",
    "can_resend",
    "count_by_state",
    "drop_mails_of_entry",
    "drop_mails_of_task",
    "find_mails",
    "get_mail",
    "mail_to",
    "notify",
    "notify_address",
    "resend",
    "send_due",
]
