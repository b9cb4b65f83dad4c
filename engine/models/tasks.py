"""Tasks, and what people leave at them: drafts, remarks, files."""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from engine.models.base import Base, enum_type
from engine.models.instances import ProcessInstance
from engine.models.people import Person


class TaskState(enum.Enum):
    """Where a task stands."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class Task(Base):
    """One piece of work waiting for, or done by, a person."""

    __tablename__ = "task"
    __table_args__ = (
        CheckConstraint(
            "(state = 'completed') = (completed_at IS NOT NULL)", name="completed_at_iff_completed"
        ),
        Index(
            "ix_task_open_due",
            "due_at",
            "id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_task_assignee_open",
            "assignee_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    workflow_task_id: Mapped[UUID] = mapped_column(unique=True)
    """SpiffWorkflow's id. One diagram element may have many: each reviewer's opinion."""
    element_id: Mapped[str]
    """The id of the user task in the diagram, e.g. ``approve_leave``."""
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    form_id: Mapped[str | None]
    page: Mapped[str | None]
    """Property ``page`` of the element: the name of a page of its own instead of the form's."""
    state: Mapped[TaskState] = mapped_column(enum_type(TaskState), default=TaskState.OPEN)
    priority: Mapped[int] = mapped_column(default=50)
    created_at: Mapped[datetime]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    incident_id: Mapped[int | None] = mapped_column(ForeignKey("incident.id"))
    """Handed in, but the step after it failed: the answers wait in this incident."""

    instance: Mapped[ProcessInstance] = relationship()
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    completed_by: Mapped[Person | None] = relationship(foreign_keys=[completed_by_id])
    candidates: Mapped[list["TaskCandidate"]] = relationship(back_populates="task")

    def is_overdue(self, now: datetime) -> bool:
        """Whether the deadline has passed and the work is still to be done."""
        return self.state is TaskState.OPEN and self.due_at is not None and self.due_at < now


class TaskCandidate(Base):
    """A candidate group of a task: ``role`` in the whole city or in one unit."""

    __tablename__ = "task_candidate"
    __table_args__ = (Index("ix_task_candidate_role_unit", "role", "unit_code"),)

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    unit_code: Mapped[str] = mapped_column(primary_key=True, default="")
    """Empty: the role as held in the whole city."""

    task: Mapped[Task] = relationship(back_populates="candidates")


class TaskDraft(Base):
    """What a person has typed into a task's form so far; only he reads it."""

    __tablename__ = "task_draft"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    answers: Mapped[dict[str, Any]]
    """The form's raw fields: name -> list of strings."""
    saved_at: Mapped[datetime]


class TaskComment(Base):
    """A remark at a task, seen by all who may see the instance."""

    __tablename__ = "task_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    instance_id: Mapped[int] = mapped_column(ForeignKey("process_instance.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str]
    written_at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class Upload(Base):
    """A file somebody handed in; the bytes lie in the files folder under their digest."""

    __tablename__ = "upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size_bytes: Mapped[int]
    uploaded_at: Mapped[datetime]
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"), index=True)

    uploaded_by: Mapped[Person] = relationship()
