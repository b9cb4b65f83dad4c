"""Since when instances wait where they wait, as far as the rows know it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, union_all
from sqlalchemy.orm import Session

from engine.models import MessageSubscription, Task, TaskState

Moments = Mapping[int, Mapping[UUID, datetime]]
"""Instance -> token -> when it came to where it waits."""


def waiting_since(session: Session, instance_ids: Collection[int]) -> Moments:
    """Return when tokens came to user tasks and to waits for messages; of timers it is not known."""
    rows = union_all(
        select(Task.instance_id, Task.workflow_task_id, Task.created_at).where(
            Task.state == TaskState.OPEN, Task.instance_id.in_(instance_ids)
        ),
        select(
            MessageSubscription.instance_id,
            MessageSubscription.workflow_task_id,
            MessageSubscription.waiting_since,
        ).where(MessageSubscription.instance_id.in_(instance_ids)),
    )
    found: dict[int, dict[UUID, datetime]] = defaultdict(dict)
    for instance_id, token, moment in session.execute(rows):
        found[instance_id][token] = moment
    return found
