"""Mail: written in the transaction of its cause, sent after it, at least once, shown and sent again."""

from engine.outbox.queue import (
    drop_mails_of_entry,
    drop_mails_of_task,
    enqueue,
    find_mails,
    get_mail,
    is_address,
    mail_to,
    notify,
    notify_address,
    resend,
)
from engine.outbox.sending import send_due
from engine.outbox.transport import (
    MailRefusedError,
    ServerUnavailableError,
    SmtpTransport,
    Transport,
    TryLaterError,
)

__all__ = [
    "MailRefusedError",
    "ServerUnavailableError",
    "SmtpTransport",
    "Transport",
    "TryLaterError",
    "drop_mails_of_entry",
    "drop_mails_of_task",
    "enqueue",
    "find_mails",
    "get_mail",
    "is_address",
    "mail_to",
    "notify",
    "notify_address",
    "resend",
    "send_due",
]
