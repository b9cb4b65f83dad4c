"""What happened, and what went wrong."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base, enum_type
from engine.models.instances import ProcessInstance
from engine.models.people import Person


class HistoryEvent(Base):
    """What happened, once and for ever: rows are added, never changed."""

    __tablename__ = "history_event"
    __table_args__ = (UniqueConstraint("instance_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    """None for what belongs to no instance: a publication, a role given."""
    number: Mapped[int]
    """1, 2, 3 ... within the instance."""
    happened_at: Mapped[datetime]
    kind: Mapped[str]
    """started, task_opened, task_claimed, task_completed, timer_fired, message_received, cancelled ..."""
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    element_id: Mapped[str | None]
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("definition_version.id"))
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str]
    hash: Mapped[str]

    actor: Mapped[Person | None] = relationship()


class IncidentState(enum.Enum):
    """Where an incident stands."""

    OPEN = "open"
    RESOLVED = "resolved"


class Incident(Base):
    """A step that failed: kept with its command, shown, tried again."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    element_id: Mapped[str | None]
    message: Mapped[str]
    command: Mapped[dict[str, Any]]
    """What to try again, as ``engine.instances`` writes its commands."""
    state: Mapped[IncidentState] = mapped_column(enum_type(IncidentState), default=IncidentState.OPEN)
    failures: Mapped[int] = mapped_column(default=1)
    happened_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    instance: Mapped[ProcessInstance | None] = relationship()
