"""The statements of every step, built once: composing one costs more than SQLite takes to run it."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Integer,
    bindparam,
    cast,
    delete,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import joinedload, undefer

from engine.database import table_of
from engine.models import MessageSubscription, ProcessInstance, Task, TaskDraft, TaskState, Timer

_OF_TASK: Final = bindparam("of_task", type_=Integer)
_OF_PERSON: Final = bindparam("of_person", type_=Integer)
LOCKED: Final = (
    select(ProcessInstance)
    .where(ProcessInstance.id == bindparam("instance_id", type_=Integer))
    .options(
        undefer(ProcessInstance.workflow),
        undefer(ProcessInstance.variables),
        joinedload(ProcessInstance.given_ladder),
    )
    .with_for_update(of=ProcessInstance)
    .execution_options(populate_existing=True)
)
CLOSE: Final = (
    update(Task)
    .where(Task.id == _OF_TASK, Task.assignee_id.is_(None) | (Task.assignee_id == _OF_PERSON))
    .values(
        state=TaskState.COMPLETED,
        completed_at=bindparam("now"),
        completed_by_id=_OF_PERSON,
        incident_id=None,
    )
    .execution_options(synchronize_session=False)
)
DROP_DRAFT: Final = (
    delete(TaskDraft)
    .where(TaskDraft.task_id == _OF_TASK, TaskDraft.person_id == _OF_PERSON)
    .execution_options(synchronize_session=False)
)
SAVE: Final = (
    update(ProcessInstance)
    .where(
        ProcessInstance.id == bindparam("of_instance", type_=Integer),
        ProcessInstance.revision == bindparam("known_revision", type_=Integer),
    )
    .execution_options(synchronize_session=False)
)
_OF_INSTANCE: Final = bindparam("instance_id", type_=Integer)
# One for all three tables: their columns have the same types.
WAITING: Final[CompoundSelect[str, int, UUID, str, datetime, int | None]] = union_all(
    select(
        literal("task").label("kind"),
        Task.id,
        Task.workflow_task_id,
        Task.element_id,
        Task.due_at,
        Task.incident_id,
    ).where(Task.instance_id == _OF_INSTANCE, Task.state == TaskState.OPEN),
    select(
        literal("timer"),
        cast(null(), Integer),
        Timer.workflow_task_id,
        Timer.element_id,
        Timer.due_at,
        Timer.incident_id,
    ).where(Timer.instance_id == _OF_INSTANCE),
    select(
        literal("subscription"),
        cast(null(), Integer),
        MessageSubscription.workflow_task_id,
        MessageSubscription.element_id,
        MessageSubscription.waiting_since,
        cast(null(), Integer),
    ).where(MessageSubscription.instance_id == _OF_INSTANCE),
)


DROP_TIMERS: Final = (
    delete(Timer)
    .where(Timer.workflow_task_id.in_(bindparam("ids", expanding=True)))
    .execution_options(synchronize_session=False)
)
ARM_TIMERS: Final = insert(table_of(Timer))
SUBSCRIBE: Final = insert(table_of(MessageSubscription))
