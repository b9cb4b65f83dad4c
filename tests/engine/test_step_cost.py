"""A step stays cheap: how many statements the completion of a task takes."""

from factories import MONDAY
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from engine import tasks
from engine.models import Person, Task

MOST_STATEMENTS = 18


def test_completing_a_task_takes_few_statements(
    session: Session, database_engine: Engine, ask: Task, officer: Person
) -> None:
    session.commit()
    session.expunge_all()
    officer = session.get_one(Person, officer.id)
    said: list[str] = []

    def note(*arguments: object) -> None:
        said.append(str(arguments[2]))

    event.listen(database_engine, "before_cursor_execute", note)
    task = tasks.get_task(session, ask.id, reader=officer, now=MONDAY)
    tasks.complete_task(session, task, actor=officer, answers={}, now=MONDAY)
    event.remove(database_engine, "before_cursor_execute", note)

    assert len(said) <= MOST_STATEMENTS, "\n".join(said)
