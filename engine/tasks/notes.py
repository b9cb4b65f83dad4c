"""What people write at a task beside its answers: drafts, which only they read, and comments for all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine import history, instances, people, permissions
from engine.errors import InvalidInputError, NotAllowedError, TaskAlreadyCompletedError
from engine.models import Person, Task, TaskComment, TaskDraft
from engine.text import nfc

COMMENT_LIMIT: Final = 10_000


def save_draft(
    session: Session, task: Task, person: Person, answers: Mapping[str, Sequence[str]], *, now: datetime
) -> None:
    """Keep what a person has typed into a task's form so far, in place of what he had before. Flushes.

    Raises:
        TaskAlreadyCompletedError: the task is done.
        NotAllowedError: he could not hand it in anyway.

    """
    if not permissions.is_waiting(task):
        raise TaskAlreadyCompletedError(f"task {task.id} is {task.state.value}")
    authority = people.authority_of(session, person, on=people.local_day(now))
    if not permissions.can_work_on(authority, task):
        raise NotAllowedError(f"person {person.id} may not write a draft for task {task.id}")
    # Two windows of one person may save at once: the lock on the task makes them queue.
    session.execute(select(Task.id).where(Task.id == task.id).with_for_update())
    draft = find_draft(session, task, person)
    if draft is None:
        draft = TaskDraft(task_id=task.id, person_id=person.id)
        session.add(draft)
    draft.answers = {name: list(values) for name, values in answers.items()}
    draft.saved_at = now
    session.flush()


def find_draft(session: Session, task: Task, person: Person) -> TaskDraft | None:
    """Return what the person has typed so far."""
    return session.get(TaskDraft, (task.id, person.id), populate_existing=True)


def add_comment(session: Session, task: Task, *, author: Person, text: str, now: datetime) -> TaskComment:
    """Add a remark at a task, open or done, for all who may see its instance. Flushes.

    Raises:
        NotAllowedError: the author may not see the instance.
        InvalidInputError: it is empty or too long.

    """
    authority = people.authority_of(session, author, on=people.local_day(now))
    if not permissions.can_see_instance(session, authority, task.instance_id):
        raise NotAllowedError(f"person {author.id} may not comment on task {task.id}")
    said = nfc(text).strip()
    if not said or len(said) > COMMENT_LIMIT:
        raise InvalidInputError(f"a comment of {len(said)} characters on task {task.id}")
    instances.lock(session, task.instance_id)
    comment = TaskComment(
        task_id=task.id, instance_id=task.instance_id, author=author, text=said, written_at=now
    )
    session.add(comment)
    session.flush()
    history.append(
        session,
        instance_id=task.instance_id,
        kind="commented",
        actor=author,
        now=now,
        element_id=task.element_id,
        task_id=task.id,
    )
    return comment


def list_comments(session: Session, task: Task) -> list[TaskComment]:
    """Return the comments of the task's instance, oldest first. The caller has checked the reader."""
    found = select(TaskComment).where(TaskComment.instance_id == task.instance_id)
    return list(session.scalars(found.options(joinedload(TaskComment.author)).order_by(TaskComment.id)))
