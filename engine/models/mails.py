"""Reminders and the mails they lead to."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base, enum_type
from engine.models.calendar_entries import CalendarEntry
from engine.models.people import Person
from engine.models.tasks import Task


class Reminder(Base):
    """One rung of a ladder: before, on, after a deadline; then the head, then the overseer.

    The deadline is that of a task, or the beginning of a calendar entry. A deadline that moves has its own
    rungs; those of the one before that were sent stay, as sent.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        CheckConstraint("(task_id IS NULL) <> (entry_id IS NULL)", name="task_or_entry"),
        UniqueConstraint("task_id", "deadline_at", "kind", "occurrence"),
        UniqueConstraint("entry_id", "deadline_at", "kind", "occurrence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_entry.id"), index=True)
    deadline_at: Mapped[datetime]
    """The moment it reminds of."""
    kind: Mapped[str]
    """before, due, after, head, overseer."""
    occurrence: Mapped[int] = mapped_column(default=1)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """None once sent or dropped."""
    sent_at: Mapped[datetime | None]


class MailState(enum.Enum):
    """Where a mail stands."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    """Given up after many tries, refused for good, or without an address to go to."""
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
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_entry.id"), index=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    origin_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"), index=True)
    """The mail this one repeats, by the order of ``resent_by``; or, without one, stands in for."""
    resent_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resent_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    state: Mapped[MailState] = mapped_column(enum_type(MailState), default=MailState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When to try next; none once sent, failed or dropped."""
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")

    recipient: Mapped[Person | None] = relationship(foreign_keys=[recipient_id])
    resent_by: Mapped[Person | None] = relationship(foreign_keys=[resent_by_id])
    origin: Mapped["OutboxMail | None"] = relationship(
        remote_side="OutboxMail.id", back_populates="followers"
    )
    followers: Mapped[list["OutboxMail"]] = relationship(back_populates="origin", order_by="OutboxMail.id")
    answers: Mapped[list["DeliveryAttempt"]] = relationship(order_by="DeliveryAttempt.number")


class DeliveryAttempt(Base):
    """One try to hand a mail to the server, and what the server answered.

    A number that is missing below ``OutboxMail.attempts`` is a try whose worker ended before the answer.
    """

    __tablename__ = "delivery_attempt"

    mail_id: Mapped[int] = mapped_column(ForeignKey("outbox_mail.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    tried_at: Mapped[datetime]
    is_taken: Mapped[bool]
    """Whether the server took the mail; it answers for the way from there on."""
    reply: Mapped[str]
    """The server's words with its code, often with the number under which it keeps the mail; or the error."""


class DigestItem(Base):
    """A reminder of a task or a calendar entry that waits for the morning mail of a person."""

    __tablename__ = "digest_item"
    __table_args__ = (
        CheckConstraint("(task_id IS NULL) <> (entry_id IS NULL)", name="task_or_entry"),
        UniqueConstraint("dedupe_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("calendar_entry.id"), index=True)
    kind: Mapped[str]
    added_at: Mapped[datetime]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"))

    task: Mapped[Task | None] = relationship()
    entry: Mapped[CalendarEntry | None] = relationship()
