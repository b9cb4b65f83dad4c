"""Takes a task of a directive back, with a reason: its process ends and the units are told."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine import instances, people
from engine.errors import NotAllowedError
from engine.models import Person
from engine.people import Authority, local_day
from engine.text import nfc
from processes.awards.errors import AnswerError
from processes.awards.models import DirectiveTask, DirectiveTaskState
from processes.directive_task.following import MESSAGE_LIFETIME


def can_cancel(authority: Authority, task: DirectiveTask) -> bool:
    """Whether the person may take the task back: the head of the agency, while it is followed."""
    return task.state is DirectiveTaskState.OPEN and authority.holds("agency_head")


def cancel_task(session: Session, task: DirectiveTask, *, actor: Person, reason: str, now: datetime) -> None:
    """Take a task back. Flushes; the message that ends its process is delivered after the commit.

    Raises:
        NotAllowedError: the actor does not head the agency, or the task has ended.
        AnswerError: the reason is missing.

    """
    if not can_cancel(people.authority_of(session, actor, on=local_day(now)), task):
        raise NotAllowedError(f"person {actor.id} may not take back task {task.id} of a directive")
    text = nfc(reason).strip()
    if not text:
        raise AnswerError("Ghi lý do thôi giao.", "Say why the task is taken back.")
    task.state = DirectiveTaskState.CANCELLED
    task.cancelled_at, task.cancel_reason = now, text
    task.next_report_on = None
    instances.throw_message(
        session, "directive_task_cancelled", str(task.id), {}, now=now, lifetime=MESSAGE_LIFETIME
    )
