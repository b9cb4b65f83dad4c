"""Dossiers as people work with them: begin, find, look up, withdraw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from engine import instances, people
from engine.errors import ConflictError, NotAllowedError, NotFoundError
from engine.models import Person, Task, TaskState, Unit
from engine.people import Authority, local_day
from engine.text import escape_like, fold, nfc
from processes.awards import decision_lines, permissions, registers
from processes.awards.errors import AnswerError
from processes.awards.models import Award, Dossier, DossierStage, Nominee
from processes.awards.permissions import can_withdraw
from processes.awards.stages import HOLDERS_WITHOUT_TASK, STAGE_NAMES

__all__ = [
    "STAGE_NAMES",
    "DossierPage",
    "DossierQuery",
    "DossierRow",
    "can_withdraw",
    "find_dossiers",
    "get_dossier",
    "refresh_search_text",
    "start_nomination",
    "withdraw",
]

MAX_REASON = 2_000


@dataclass(frozen=True)
class DossierQuery:
    """What a list of dossiers is narrowed to; empty fields narrow nothing."""

    text: str = ""
    """Words of the code, unit, award or nominees; marks do not matter."""
    stages: Sequence[DossierStage] = ()
    unit_code: str = ""
    """With it come the units that have gone into it."""
    award_slug: str = ""
    year: int | None = None
    page: int = 1
    per_page: int = 30


@dataclass(frozen=True)
class DossierRow:
    """One row of the list."""

    id: int
    code: str
    unit: str
    unit_en: str
    award: str
    award_en: str
    nominee_count: int
    stage: DossierStage
    holder: str
    """The open task's name and, where one has it, its assignee; without a task, the body it waits for."""
    holder_en: str
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True)
class DossierPage:
    """One page of the list."""

    rows: list[DossierRow]
    total: int
    page: int
    page_count: int


def start_nomination(session: Session, *, unit: Unit, actor: Person, now: datetime) -> Dossier:
    """Begin a dossier of the unit and start its process; the first task is the actor's. Flushes."""
    year = local_day(now).year
    number = registers.next_number(session, "dossier", year)
    dossier = Dossier(
        code=registers.code("HS", year, number, width=4),
        unit=unit,
        created_at=now,
        created_by_id=actor.id,
        stage=DossierStage.PREPARING,
    )
    session.add(dossier)
    session.flush()
    refresh_search_text(dossier)
    instance = instances.start(
        session,
        "nomination",
        variables={
            "dossier_id": dossier.id,
            "dossier_code": dossier.code,
            "unit_code": unit.code,
            "officer": actor.username,
        },
        business_key=f"dossier:{dossier.id}",
        title=f"{dossier.code} · {unit.name}",
        unit=unit,
        actor=actor,
        now=now,
    )
    dossier.instance_id = instance.id
    session.flush()
    return dossier


def refresh_search_text(dossier: Dossier) -> None:
    """Fold what the list is searched by."""
    award = dossier.award
    parts = [dossier.code, dossier.unit.name, dossier.unit.name_en, dossier.submission_number or ""]
    parts += [award.name, award.name_en] if award else []
    parts += [f"{nominee.name} {nominee.workplace}" for nominee in dossier.nominees]
    dossier.search_text = fold(" ".join(parts))


def find_dossiers(session: Session, *, reader: Authority, query: DossierQuery) -> DossierPage:
    """Return one page of the dossiers the reader may see, the newest first, with few queries."""
    narrowed = _narrowed(session, query).where(permissions.dossiers_visible_to(reader))
    total = session.scalar(select(func.count()).select_from(narrowed.subquery())) or 0
    page_count = max(1, -(-total // query.per_page))
    page = min(max(query.page, 1), page_count)
    found = session.scalars(
        narrowed.order_by(Dossier.id.desc()).limit(query.per_page).offset((page - 1) * query.per_page)
    ).all()
    return DossierPage(_rows(session, found), total, page, page_count)


def _narrowed(session: Session, query: DossierQuery) -> Select[Dossier]:
    found = select(Dossier)
    for word in query.text.split():
        found = found.where(Dossier.search_text.like(f"%{escape_like(word)}%", escape="\\"))
    if query.stages:
        found = found.where(Dossier.stage.in_(query.stages))
    if query.unit_code:
        found = found.where(Dossier.unit_id.in_(people.ids_of_body(session, query.unit_code)))
    if query.award_slug:
        found = found.where(Dossier.award_id.in_(select(Award.id).where(Award.slug == query.award_slug)))
    if query.year is not None:
        found = found.where(Dossier.code.like(f"HS-{query.year:d}-%"))
    return found


def _rows(session: Session, found: Sequence[Dossier]) -> list[DossierRow]:
    ids = [dossier.id for dossier in found]
    count_of = (
        select(Nominee.dossier_id, func.count())
        .where(Nominee.dossier_id.in_(ids))
        .group_by(Nominee.dossier_id)
    )
    counts = dict(session.execute(count_of).all())
    open_tasks = select(Task).where(
        Task.instance_id.in_([dossier.instance_id for dossier in found if dossier.instance_id]),
        Task.state == TaskState.OPEN,
    )
    tasks = {task.instance_id: task for task in session.scalars(open_tasks)}
    return [
        _row(dossier, counts.get(dossier.id, 0), tasks.get(dossier.instance_id or 0)) for dossier in found
    ]


def _row(dossier: Dossier, nominee_count: int, task: Task | None) -> DossierRow:
    award = dossier.award
    holder, holder_en = _holder(dossier, task)
    return DossierRow(
        id=dossier.id,
        code=dossier.code,
        unit=dossier.unit.name,
        unit_en=dossier.unit.name_en or dossier.unit.name,
        award=award.name if award else "",
        award_en=award.name_en if award else "",
        nominee_count=nominee_count,
        stage=dossier.stage,
        holder=holder,
        holder_en=holder_en,
        since=task.created_at if task else dossier.received_at or dossier.created_at,
        due_at=task.due_at if task else None,
    )


def _holder(dossier: Dossier, task: Task | None) -> tuple[str, str]:
    if task is None:
        holder = HOLDERS_WITHOUT_TASK.get(dossier.stage, ("", "", ""))
        return holder[0], holder[1]
    who = f" · {task.assignee.full_name}" if task.assignee else ""
    return task.name + who, (task.name_en or task.name) + who


def get_dossier(session: Session, dossier_id: int, *, reader: Authority) -> Dossier:
    """Return a dossier the reader may see.

    Raises:
        NotFoundError: there is none, or it is none of his.

    """
    dossier = session.get(Dossier, dossier_id)
    if dossier is None or not permissions.can_see_dossier(reader, dossier):
        raise NotFoundError(f"no dossier {dossier_id} for person {reader.person_id}")
    return dossier


def withdraw(  # noqa: PLR0913  # who takes back what, and why
    session: Session, dossier: Dossier, *, actor: Person, authority: Authority, reason: str, now: datetime
) -> None:
    """Take a dossier back: note who, when and why, and tell its process. Flushes.

    The process ends its open work and writes the stage; that happens after this transaction.

    Raises:
        NotAllowedError: not the actor's unit.
        ConflictError: it is decided or withdrawn already.
        AnswerError: no reason is given.

    """
    if not permissions.holds_one_of(authority, permissions.UNIT_ROLES, dossier.unit.code):
        raise NotAllowedError(f"person {actor.id} may not withdraw dossier {dossier.id}")
    if not can_withdraw(authority, dossier):
        raise ConflictError(f"dossier {dossier.id} is {dossier.stage.value} and cannot be withdrawn")
    if decision_lines.is_signed_for(session, dossier):
        raise ConflictError(f"a decision on dossier {dossier.id} is signed already")
    text = nfc(reason).strip()
    if not text or len(text) > MAX_REASON:
        raise AnswerError(
            "Ghi lý do rút hồ sơ, tối đa 2.000 ký tự.", "Give the reason, at most 2,000 characters."
        )
    dossier.withdrawn_at = now
    dossier.withdrawn_by = actor
    dossier.withdrawal_reason = text
    instances.throw_message(session, "dossier_withdrawn", dossier.code, {}, now=now)
    session.flush()
