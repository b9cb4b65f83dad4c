"""What pages and checks need to know of a task beside its row."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, instances
from engine.diagram import Element
from engine.feel import Value, from_json
from engine.models import HistoryEvent, Task, TaskState


def element_of(session: Session, task: Task) -> Element:
    """Return the user task in the diagram of the version that the task's instance runs on."""
    return definitions.program_of(session, task.instance.version_id).element(task.element_id)


def variables_of(session: Session, task: Task) -> Mapping[str, Value]:
    """Return the variables in reach of a waiting task; of the process, once it is done."""
    where = task.workflow_task_id if task.state is TaskState.OPEN else None
    return instances.variables_at(session, task.instance_id, where)


def answers_of(session: Session, task: Task) -> Mapping[str, Value]:
    """Return what was handed in with a completed task; nothing for others."""
    completed = (HistoryEvent.task_id == task.id, HistoryEvent.kind == "task_completed")
    details = session.scalar(select(HistoryEvent.details).where(*completed))
    answers = from_json(details["answers"]) if details else {}
    return answers if isinstance(answers, dict) else {}


def barred_from(session: Session, task: Task) -> frozenset[int]:
    """Return the ids of those who may not do a task because they did one it checks: four eyes.

    The property ``not_same_person_as`` of the user task names the other user tasks, with commas.
    """
    names = element_of(session, task).listed("not_same_person_as")
    if not names:
        return frozenset()
    done = select(Task.completed_by_id).where(
        Task.instance_id == task.instance_id,
        Task.element_id.in_(names),
        Task.state == TaskState.COMPLETED,
    )
    return frozenset(person_id for person_id in session.scalars(done) if person_id is not None)
