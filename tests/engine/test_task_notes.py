"""Drafts and comments."""

import pytest
from factories import MONDAY, person
from sqlalchemy.orm import Session

from engine import history, tasks
from engine.errors import InvalidInputError, NotAllowedError, TaskAlreadyCompletedError
from engine.models import Person, Task


def test_a_draft_is_kept_for_its_author_alone(session: Session, ask: Task, officer: Person) -> None:
    second = person(session, "second", [("officer", "")])
    tasks.save_draft(session, ask, officer, {"reason": ["nghỉ"]}, now=MONDAY)

    tasks.save_draft(session, ask, officer, {"reason": ["nghỉ phép"], "days": ["3"]}, now=MONDAY)

    draft = tasks.find_draft(session, ask, officer)
    assert draft is not None
    assert draft.answers == {"reason": ["nghỉ phép"], "days": ["3"]}
    assert tasks.find_draft(session, ask, second) is None


def test_who_was_slower_keeps_his_draft(session: Session, ask: Task, officer: Person) -> None:
    second = person(session, "second", [("officer", "")])
    tasks.save_draft(session, ask, officer, {"reason": ["a"]}, now=MONDAY)
    tasks.save_draft(session, ask, second, {"reason": ["b"]}, now=MONDAY)

    tasks.complete_task(session, ask, actor=officer, answers={}, now=MONDAY)

    assert tasks.find_draft(session, ask, officer) is None
    assert tasks.find_draft(session, ask, second) is not None
    with pytest.raises(TaskAlreadyCompletedError):
        tasks.save_draft(session, ask, second, {}, now=MONDAY)


def test_who_cannot_hand_in_writes_no_draft(session: Session, ask: Task, head: Person) -> None:
    with pytest.raises(NotAllowedError):
        tasks.save_draft(session, ask, head, {}, now=MONDAY)


def test_a_comment_is_seen_with_the_instance(session: Session, ask: Task, officer: Person) -> None:
    tasks.add_comment(session, ask, author=officer, text="  Xin xem giúp.  ", now=MONDAY)

    assert [(one.author.id, one.text) for one in tasks.list_comments(session, ask)] == [
        (officer.id, "Xin xem giúp.")
    ]
    assert history.events_of(session, ask.instance_id)[-1].kind == "commented"


def test_a_stranger_does_not_comment(session: Session, ask: Task, stranger: Person) -> None:
    with pytest.raises(NotAllowedError):
        tasks.add_comment(session, ask, author=stranger, text="hello", now=MONDAY)


def test_an_empty_comment_is_refused(session: Session, ask: Task, officer: Person) -> None:
    with pytest.raises(InvalidInputError):
        tasks.add_comment(session, ask, author=officer, text=" \n ", now=MONDAY)
