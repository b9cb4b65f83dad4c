"""Offers an open task to other groups than it was opened for."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from engine import people, permissions
from engine.models import Task, TaskCandidate


def groups_of(task: Task) -> set[tuple[str, str]]:
    """Return the candidate groups of a task: role and unit code."""
    return {(group.role, group.unit_code) for group in task.candidates}


def offer(session: Session, task: Task, groups: Iterable[tuple[str, str]], *, now: datetime) -> None:
    """Make ``groups`` the task's candidates; its assignee loses it unless he is among them. Flushes.

    The caller holds the instance's lock.
    """
    session.execute(delete(TaskCandidate).where(TaskCandidate.task_id == task.id))
    session.expire(task, ["candidates"])
    session.add_all(TaskCandidate(task_id=task.id, role=role, unit_code=unit) for role, unit in groups)
    session.flush()
    if task.assignee is not None and task.candidates:
        authority = people.authority_of(session, task.assignee, on=people.local_day(now))
        if not permissions.is_candidate(authority, task):
            task.assignee, task.claimed_at = None, None
            session.flush()
