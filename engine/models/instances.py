"""Process instances, and what they wait for besides people."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base, enum_type
from engine.models.definitions import DefinitionVersion
from engine.models.people import Person, Unit


class InstanceState(enum.Enum):
    """Where a process instance stands."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class ProcessInstance(Base):
    """One run of a version, pinned to it."""

    __tablename__ = "process_instance"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("definition_version.id"), index=True)
    key: Mapped[str] = mapped_column(index=True)
    """The definition's key, repeated for look-ups."""
    business_key: Mapped[str | None] = mapped_column(index=True)
    """What it is about, in the words of the layer above: ``application:17``."""
    title: Mapped[str] = mapped_column(default="")
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    state: Mapped[InstanceState] = mapped_column(enum_type(InstanceState), default=InstanceState.RUNNING)
    revision: Mapped[int] = mapped_column(default=0)
    workflow: Mapped[bytes] = mapped_column(deferred=True)
    """Tokens: what ``engine.spiff`` wrote, compressed, with checksum and version."""
    variables: Mapped[bytes] = mapped_column(deferred=True)
    """Scopes of variables, likewise."""
    outcome: Mapped[str] = mapped_column(default="")
    """The id of the end event reached, or why it was cancelled."""
    started_at: Mapped[datetime]
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    """Since when it stands still by an administrator's order; None while it may go on."""

    version: Mapped[DefinitionVersion] = relationship()
    unit: Mapped[Unit | None] = relationship()
    started_by: Mapped[Person | None] = relationship()
    given_ladder: Mapped["ProcessLadder | None"] = relationship(
        primaryjoin="foreign(ProcessInstance.key) == ProcessLadder.key", viewonly=True
    )
    """What its tasks are reminded by, instead of what the diagram says of the process."""


class ProcessLadder(Base):
    """The ladder an administrator has given a process; it goes before that of the diagram of the process."""

    __tablename__ = "process_ladder"

    key: Mapped[str] = mapped_column(primary_key=True)
    """The key of the definition."""
    ladder: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    changed_by: Mapped[Person] = relationship()


class Timer(Base):
    """A due moment of a timer event of an instance."""

    __tablename__ = "timer"

    workflow_task_id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element_id: Mapped[str]
    due_at: Mapped[datetime] = mapped_column(index=True)
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    """Its firing failed: it stands still until this incident is resolved."""


class MessageSubscription(Base):
    """An instance waits for a message, known by name and key."""

    __tablename__ = "message_subscription"
    __table_args__ = (Index("ix_message_subscription_name_key", "name", "correlation_key"),)

    workflow_task_id: Mapped[UUID] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element_id: Mapped[str]
    name: Mapped[str]
    correlation_key: Mapped[str]
    waiting_since: Mapped[datetime]
    held_message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    """It came while the instance was suspended: it is handed over when the instance goes on."""


class Message(Base):
    """A message on its way to instances; delivered by the transaction after the one that threw it."""

    __tablename__ = "message"
    __table_args__ = (
        Index(
            "ix_message_waiting_name_key",
            "name",
            "correlation_key",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    correlation_key: Mapped[str]
    variables: Mapped[bytes]
    thrown_at: Mapped[datetime]
    thrown_by_instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When to try again; none once delivered or expired."""
    expires_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
