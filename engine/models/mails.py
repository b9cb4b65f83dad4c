"""Reminders and the mails they lead to."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base, enum_type
from engine.models.people import Person


class Reminder(Base):
    """One rung of a task's ladder: before, on, after the due moment; then the head."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("task_id", "kind", "occurrence"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    kind: Mapped[str]
    """before, due, after, head."""
    occurrence: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """None once sent or dropped."""
    sent_at: Mapped[datetime | None]


class MailState(enum.Enum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Given up after many tries, or refused for good."""
    DROPPED = "dropped"
    """Superseded: the work was done before it went out."""


class OutboxMail(Base):
    """A mail to one recipient: written in the transaction of its cause, sent after it."""

    __tablename__ = "outbox_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(unique=True)
    """One mail per (task, kind, recipient, occurrence)."""
    message_id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    address: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    created_at: Mapped[datetime]
    state: Mapped[MailState] = mapped_column(enum_type(MailState), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When to try next; none once sent, failed or dropped."""
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")

    recipient: Mapped[Person | None] = relationship()


class DigestItem(Base):
    """A reminder that waits for the morning mail of a person."""

    __tablename__ = "digest_item"
    __table_args__ = (UniqueConstraint("dedupe_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    kind: Mapped[str]
    added_at: Mapped[datetime]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"))
