"""The ladders that administrators give to processes, without a new version of any diagram."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import history, people, permissions
from engine.errors import NotAllowedError
from engine.ladders import parse_ladder
from engine.models import InstanceState, Person, ProcessInstance, ProcessLadder, Task, TaskState
from engine.reminders.choosing import has_own_ladder, ladder_of_process
from engine.reminders.planning import plan_for

__all__ = ["ladder_of_process", "set_process_ladder"]


def set_process_ladder(
    session: Session, key: str, ladder: str | None, *, actor: Person, now: datetime
) -> int:
    """Give a process another ladder, or with None its own again; return how many open tasks follow it now.

    Tasks that the diagram gives a ladder of their own keep it. What was sent stays sent. Flushes.

    Raises:
        NotAllowedError: the actor administers no processes.
        InvalidInputError: the ladder cannot be read.

    """
    if not permissions.can_administer(session, people.authority_of(session, actor, on=people.local_day(now))):
        raise NotAllowedError(f"person {actor.id} administers no processes")
    if ladder is not None:
        parse_ladder(ladder)
    if not _write(session, key, ladder, actor=actor, now=now):
        return 0
    followers = _followers(session, key)
    for task in followers:
        session.expire(task.instance, ["given_ladder"])
        plan_for(session, task, now)
    return len(followers)


def _write(session: Session, key: str, ladder: str | None, *, actor: Person, now: datetime) -> bool:
    """Write the ladder with its history; whether it is another than before."""
    row = session.get(ProcessLadder, key, with_for_update=True)
    before = row.ladder if row else None
    if before == ladder:
        return False
    if ladder is not None:
        session.merge(ProcessLadder(key=key, ladder=ladder, changed_at=now, changed_by_id=actor.id))
    elif row is not None:
        session.delete(row)
    session.flush()
    details = {"key": key, "from": before, "to": ladder}
    history.append(
        session, instance_id=None, kind="process_ladder_changed", actor=actor, now=now, details=details
    )
    return True


def _followers(session: Session, key: str) -> list[Task]:
    """Return the open tasks with a deadline that have no ladder of their own."""
    found = (
        select(Task)
        .join(ProcessInstance, Task.instance_id == ProcessInstance.id)
        .where(
            ProcessInstance.key == key,
            ProcessInstance.state == InstanceState.RUNNING,
            Task.state == TaskState.OPEN,
            Task.due_at.is_not(None),
        )
        .order_by(Task.id)
    )
    return [task for task in session.scalars(found) if not has_own_ladder(session, task)]
