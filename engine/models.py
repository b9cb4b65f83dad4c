"""The tables of the engine: people, definitions, instances, tasks, time, mail and history."""

import enum
from datetime import UTC, date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    Enum,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC; SQLite forgets the zone, so it is put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Refuse naive moments and turn the others into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give the moment its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(members: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in members]


def enum_type(kind: type[enum.Enum]) -> Enum:
    """Return a column type that stores ``kind`` by value, checked by a constraint named after it."""
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=40,
        name=kind.__name__.lower(),
        values_callable=_values,
    )


class Base(DeclarativeBase):
    """The base of every table, of the engine and of the processes above."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        str: Text,
        bytes: LargeBinary,
        dict[str, Any]: JSON,
        list[str]: JSON,
    }


class Unit(Base):
    """An organisation in which people hold roles."""

    __tablename__ = "unit"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    """Lower case, as candidate groups name it: ``head@sales``."""
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    """department, commune, body, enterprise ... (content, not logic)."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    search_text: Mapped[str] = mapped_column(default="")
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]

    parent: Mapped["Unit | None"] = relationship(remote_side="Unit.id")


class Person(Base):
    """Somebody who can sign in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    full_name: Mapped[str]
    job_title: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="vi")
    password_hash: Mapped[str | None]
    session_epoch: Mapped[int] = mapped_column(default=0)
    """Raised to sign the person out everywhere."""
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    sort_key: Mapped[str] = mapped_column(default="", index=True)
    search_text: Mapped[str] = mapped_column(default="")

    unit: Mapped[Unit | None] = relationship(lazy="joined")
    holdings: Mapped[list["RoleHolding"]] = relationship(back_populates="person")


class RoleHolding(Base):
    """Who holds a role, in which unit (none: the whole city), from when to when (both days included)."""

    __tablename__ = "role_holding"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        Index("ix_role_holding_role_unit", "role", "unit_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    person: Mapped[Person] = relationship(back_populates="holdings")
    unit: Mapped[Unit | None] = relationship(lazy="joined")


class Delegation(Base):
    """One person acts for another in one of his roles, for some days."""

    __tablename__ = "delegation"
    __table_args__ = (
        CheckConstraint("giver_id <> taker_id", name="not_to_oneself"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    giver_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    taker_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    reason: Mapped[str]

    giver: Mapped[Person] = relationship(foreign_keys=[giver_id])
    taker: Mapped[Person] = relationship(foreign_keys=[taker_id])
    unit: Mapped[Unit | None] = relationship()


class VersionState(enum.Enum):
    """Where a version of a definition stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class DefinitionVersion(Base):
    """An immutable, numbered bundle: diagram, called diagrams, tables, forms, templates."""

    __tablename__ = "definition_version"
    __table_args__ = (UniqueConstraint("key", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(index=True)
    """The definition's name and folder, e.g. ``leave_request``; also the id of its main process."""
    number: Mapped[int]
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    state: Mapped[VersionState] = mapped_column(enum_type(VersionState), default=VersionState.DRAFT)
    sha256: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    """The files, as ``engine.definitions`` packs them."""
    comment: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    created_by: Mapped[Person | None] = relationship(foreign_keys=[created_by_id])
    published_by: Mapped[Person | None] = relationship(foreign_keys=[published_by_id])


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

    version: Mapped[DefinitionVersion] = relationship()
    unit: Mapped[Unit | None] = relationship()
    started_by: Mapped[Person | None] = relationship()


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


class Schedule(Base):
    """A recurring start of a definition for chosen units."""

    __tablename__ = "schedule"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    """The definition to start."""
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    rhythm: Mapped[str]
    """once, monthly, quarterly, half_yearly, yearly."""
    first_on: Mapped[date]
    shift_to_working_day: Mapped[bool] = mapped_column(default=True)
    unit_codes: Mapped[list[str]]
    variables: Mapped[dict[str, Any]]
    """Start variables, as ``engine.feel.to_json`` gives them."""
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """The next start; none when it has ended."""
    is_paused: Mapped[bool] = mapped_column(default=False)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))


class ScheduledStart(Base):
    """One start a schedule has made: once per occurrence and unit, whatever the number of workers."""

    __tablename__ = "scheduled_start"
    __table_args__ = (UniqueConstraint("schedule_id", "occurs_on", "unit_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    schedule_id: Mapped[int] = mapped_column(ForeignKey("schedule.id"))
    occurs_on: Mapped[date]
    unit_code: Mapped[str]
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("process_instance.id"))


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


class CalendarDay(Base):
    """A day an official has decided otherwise than the rule: a holiday, or a weekend worked."""

    __tablename__ = "calendar_day"

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    name: Mapped[str]


class Heartbeat(Base):
    """When a worker was last alive."""

    __tablename__ = "heartbeat"

    worker: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]
