"""Turns a row of the outbox into the message that goes over the wire."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from engine.models import OutboxMail
from engine.text import one_line


def build_message(mail: OutboxMail, *, sender: str, domain: str) -> EmailMessage:
    """Return the message of a mail; the same row always gives the same Message-ID.

    ``sender`` is written ``Name <address>``. No value of a header can start another header.
    """
    message = EmailMessage()
    message["From"] = _address(*parseaddr(sender))
    name = mail.recipient.full_name if mail.recipient else ""
    message["To"] = _address(name, mail.address)
    message["Subject"] = _inert(mail.subject)
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = mail.message_id
    if mail.origin is not None:
        message["References"] = mail.origin.message_id
    message["Content-Language"] = mail.language
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["List-Id"] = f"Vinh Danh <{mail.kind.replace('_', '-')}.{domain}>"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    return message


def _address(name: str, address: str) -> Address:
    return Address(display_name=_inert(name), addr_spec=one_line(address))


def _inert(text: str) -> str:
    """Return a text for a header: ``EmailMessage`` decodes encoded words, line breaks in them included."""
    return one_line(text).replace("=?", "= ?")
