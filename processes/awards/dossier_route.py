"""The way of a dossier so far, in plain words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine.models import HistoryEvent, Person, Task
from processes.awards import successions
from processes.awards.models import AppraisalOpinion, Dossier


@dataclass(frozen=True)
class RouteEntry:
    """One thing that happened to the dossier."""

    happened_at: datetime
    who: str
    what_vi: str
    what_en: str
    detail: str
    is_return: bool


_SENTENCES: Mapping[str, tuple[str, str]] = {
    "started": ("Lập hồ sơ", "Dossier begun"),
    "task_claimed": ("Nhận việc", "Took the task"),
    "task_released": ("Trả việc về nhóm", "Gave the task back"),
    "task_handed_over": ("Giao việc cho người khác", "Handed the task over"),
    "message_received": ("Có kết quả từ bước trước", "A result arrived"),
    "cancelled": ("Hồ sơ bị dừng", "Dossier stopped"),
    "completed": ("Kết thúc quy trình", "Process ended"),
    "incident": ("Có sự cố, quản trị đã được báo", "A step failed; the administrator was told"),
    "retried": ("Chạy lại bước có sự cố", "Failed step tried again"),
}


def route_log(session: Session, dossier: Dossier) -> list[RouteEntry]:
    """Return what happened to the dossier in plain words, the newest first."""
    events = session.scalars(
        select(HistoryEvent)
        .where(HistoryEvent.instance_id == dossier.instance_id)
        .options(joinedload(HistoryEvent.actor))
        .order_by(HistoryEvent.number.desc())
    ).all()
    tasks = {
        task.id: task for task in session.scalars(select(Task).where(Task.instance_id == dossier.instance_id))
    }
    said = session.scalars(
        select(AppraisalOpinion).where(
            AppraisalOpinion.dossier_id == dossier.id, AppraisalOpinion.about == ""
        )
    ).all()
    entries = [_entry(event, tasks, said) for event in events]
    return [entry for entry in entries if entry is not None]


def _entry(
    event: HistoryEvent, tasks: Mapping[int, Task], said: Sequence[AppraisalOpinion]
) -> RouteEntry | None:
    task = tasks.get(event.task_id or 0)
    if event.kind == "task_completed" and task is not None:
        opinion = _opinion_at(event, said)
        return RouteEntry(
            event.happened_at,
            _name(event.actor),
            task.name,
            task.name_en or task.name,
            opinion.text if opinion else "",
            opinion is not None and opinion.verdict == "send_back",
        )
    if event.kind == "unit_succeeded":
        vi, en = successions.in_words(event.details)
        return RouteEntry(event.happened_at, _name(event.actor), vi, en, "", is_return=False)
    if event.kind not in _SENTENCES:
        return None
    vi, en = _SENTENCES[event.kind]
    if task is not None:
        vi, en = f"{vi}: {task.name}", f"{en}: {task.name_en or task.name}"
    return RouteEntry(event.happened_at, _name(event.actor), vi, en, "", is_return=False)


def _opinion_at(event: HistoryEvent, said: Sequence[AppraisalOpinion]) -> AppraisalOpinion | None:
    for opinion in said:
        if opinion.written_at == event.happened_at and opinion.step == event.element_id:
            return opinion
    return None


def _name(person: Person | None) -> str:
    return person.full_name if person else ""
