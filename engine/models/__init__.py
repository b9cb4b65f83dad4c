"""The tables of the engine: people, definitions, instances, tasks, time, mail and history."""

from engine.models.base import Base, UtcDateTime, enum_type
from engine.models.calendar_entries import CalendarEntry, CalendarEntryAudience
from engine.models.calendar_feeds import CalendarFeed
from engine.models.definitions import DefinitionVersion, VersionState
from engine.models.drafts import DefinitionContributor, DefinitionDraft, DraftEdit, DraftVisit
from engine.models.history import HistoryEvent, Incident, IncidentState
from engine.models.instances import (
    InstanceState,
    Message,
    MessageSubscription,
    ProcessInstance,
    ProcessLadder,
    Timer,
)
from engine.models.mails import (
    DeliveryAttempt,
    DigestItem,
    MailState,
    OutboxMail,
    Reminder,
)
from engine.models.migrations import InstanceMigration, MigrationPlan, MigrationState
from engine.models.people import Delegation, Person, RoleHolding, Unit
from engine.models.schedules import START_OF_WORK, CalendarDay, Heartbeat, Schedule, ScheduledStart, Shift
from engine.models.tasks import Task, TaskCandidate, TaskComment, TaskDraft, TaskState, Upload

__all__ = [
    "START_OF_WORK",
    "Base",
    "CalendarDay",
    "CalendarEntry",
    "CalendarEntryAudience",
    "CalendarFeed",
    "DefinitionContributor",
    "DefinitionDraft",
    "DefinitionVersion",
    "Delegation",
    "DeliveryAttempt",
    "DigestItem",
    "DraftEdit",
    "DraftVisit",
    "Heartbeat",
    "HistoryEvent",
    "Incident",
    "IncidentState",
    "InstanceMigration",
    "InstanceState",
    "MailState",
    "Message",
    "MessageSubscription",
    "MigrationPlan",
    "MigrationState",
    "OutboxMail",
    "Person",
    "ProcessInstance",
    "ProcessLadder",
    "Reminder",
    "RoleHolding",
    "Schedule",
    "ScheduledStart",
    "Shift",
    "Task",
    "TaskCandidate",
    "TaskComment",
    "TaskDraft",
    "TaskState",
    "Timer",
    "Unit",
    "Upload",
    "UtcDateTime",
    "VersionState",
    "enum_type",
]
