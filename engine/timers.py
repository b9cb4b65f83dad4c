"""Fires what is due: the rows are the truth, the worker's bell only asks."""

import logging
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, sessionmaker

from engine import incidents
from engine.database import transaction
from engine.errors import ConflictError, InstanceSuspendedError
from engine.instances import FireTimer
from engine.models import ProcessInstance, Timer

log = logging.getLogger(__name__)


def fire_due(factory: sessionmaker[Session], *, now: datetime, limit: int = 100) -> int:
    """Fire the timers that are due, in order, each in a transaction of its own; return how many.

    Any number of workers may call it at once: each timer fires once. What fails becomes an incident, at which
    its timer stands still, and holds up no other.
    """
    tried: list[UUID] = []
    for _ in range(limit):
        known = len(tried)
        try:
            with transaction(factory) as session:
                timer = _claim(session, now, tried)
                if timer is None:
                    break
                tried.append(timer.workflow_task_id)
                _fire(session, timer, now)
        except Exception:
            # One broken instance must not keep the others waiting; it is tried again at the next ring.
            log.exception("timer %s could not fire", tried[known:])
            if len(tried) == known:
                break
    return len(tried)


def _claim(session: Session, now: datetime, tried: list[UUID]) -> Timer | None:
    """Lock the instance of the first due timer that no other worker is busy with.

    Instances come first in the order of locks; so the timer's own row is not locked but looked at again,
    since whoever held the instance before may have fired it.
    """
    due = (Timer.due_at <= now, Timer.incident_id.is_(None))
    query = (
        select(Timer.workflow_task_id)
        .join(ProcessInstance, Timer.instance_id == ProcessInstance.id)
        .where(*due, Timer.workflow_task_id.not_in(tried), ProcessInstance.suspended_at.is_(None))
        .order_by(Timer.due_at, Timer.workflow_task_id)
        .limit(1)
        .with_for_update(of=ProcessInstance, skip_locked=True)
    )
    while (found := session.scalar(query)) is not None:
        timer = session.scalar(select(Timer).where(Timer.workflow_task_id == found, *due))
        if timer is not None:
            return timer
    return None


def _fire(session: Session, timer: Timer, now: datetime) -> None:
    try:
        incidents.attempt(session, timer.instance_id, FireTimer(timer.workflow_task_id), actor=None, now=now)
    except InstanceSuspendedError:
        log.info("timer %s waits: its instance has just been suspended", timer.workflow_task_id)
    except ConflictError as gone:
        log.warning("timer %s is dropped: %s", timer.workflow_task_id, gone)
        session.execute(delete(Timer).where(Timer.workflow_task_id == timer.workflow_task_id))
