"""Directives as people read them: who may see which, and the facts the judgement of a task needs."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session, selectinload

from engine.calendar import Calendar
from engine.errors import NotFoundError
from engine.models import ProcessInstance, Unit
from engine.people import Authority, local_day
from processes.awards import permissions
from processes.awards.directive_states import FigureFacts, Judgement, TaskFacts, judge
from processes.awards.models.directives import (
    Directive,
    DirectiveDelivery,
    DirectiveRecipient,
    DirectiveReport,
    DirectiveState,
    DirectiveTarget,
    DirectiveTask,
    DirectiveTaskPartner,
    DirectiveTaskState,
    ReportedFigure,
    ReportState,
    TaskReport,
)

ENTRY_ROLES: Final = ("appraisal_officer", "agency_head")
_SENT: Final = (DirectiveState.IN_FORCE, DirectiveState.CLOSED)


def can_enter(authority: Authority) -> bool:
    """Whether the person may enter directives, remind their readers and begin reports on them."""
    return permissions.holds_one_of(authority, ENTRY_ROLES)


def units_of(authority: Authority) -> frozenset[str]:
    """Return the codes of the units for which the person answers, those they have succeeded included."""
    return frozenset(code for role, code in authority.reach if role in permissions.UNIT_ROLES and code)


def directives_visible_to(authority: Authority) -> ColumnElement[bool]:
    """Return the condition on ``Directive`` for those a person may read.

    Whoever sees everything sees all of them; others see what was sent to them or gives their unit work.
    """
    if permissions.sees_everything(authority):
        return true()
    sent = exists(
        select(DirectiveDelivery.id)
        .join(DirectiveRecipient)
        .where(
            DirectiveRecipient.directive_id == Directive.id,
            DirectiveDelivery.person_id == authority.person_id,
        )
    )
    ordered = exists(
        select(DirectiveTask.id).where(
            DirectiveTask.directive_id == Directive.id, tasks_visible_to(authority)
        )
    )
    return and_(Directive.state.in_(_SENT), or_(sent, ordered))


def tasks_visible_to(authority: Authority) -> ColumnElement[bool]:
    """Return the condition on ``DirectiveTask`` for those a person may read: his units lead or take part."""
    if permissions.sees_everything(authority):
        return true()
    own = select(Unit.id).where(Unit.code.in_(units_of(authority)))
    taking_part = exists(
        select(DirectiveTaskPartner.task_id).where(
            DirectiveTaskPartner.task_id == DirectiveTask.id, DirectiveTaskPartner.unit_id.in_(own)
        )
    )
    return or_(DirectiveTask.lead_unit_id.in_(own), taking_part)


def find_directives(session: Session, *, reader: Authority) -> list[Directive]:
    """Return the directives the reader may see, the newest first."""
    query = select(Directive).where(directives_visible_to(reader))
    return list(session.scalars(query.order_by(Directive.issued_on.desc(), Directive.id.desc())))


def get_directive(session: Session, directive_id: int, *, reader: Authority) -> Directive:
    """Return a directive the reader may see.

    Raises:
        NotFoundError: there is none, or it is none of his.

    """
    query = select(Directive).where(Directive.id == directive_id, directives_visible_to(reader))
    found = session.scalars(query).first()
    if found is None:
        raise NotFoundError(f"no directive {directive_id} for person {reader.person_id}")
    return found


def directive_of_instance(session: Session, instance: ProcessInstance) -> Directive | None:
    """Return the directive that an instance of ``directive`` carries out; None before it is entered."""
    return session.scalars(select(Directive).where(Directive.instance_id == instance.id)).first()


def find_tasks(
    session: Session, directives: Sequence[Directive], *, reader: Authority
) -> list[DirectiveTask]:
    """Return the tasks of directives that the reader may see, with all a page shows; few queries."""
    query = (
        select(DirectiveTask)
        .where(
            DirectiveTask.directive_id.in_([one.id for one in directives]),
            tasks_visible_to(reader),
            _is_sent_or_whole(reader),
        )
        .order_by(DirectiveTask.directive_id, DirectiveTask.position)
        .options(*_WITH_ALL)
    )
    return list(session.scalars(query))


def get_task(session: Session, task_id: int, *, reader: Authority) -> DirectiveTask:
    """Return a task of a directive that the reader may see.

    Raises:
        NotFoundError: there is none, or his units have no part in it.

    """
    query = select(DirectiveTask).where(
        DirectiveTask.id == task_id, tasks_visible_to(reader), _is_sent_or_whole(reader)
    )
    found = session.scalars(query.options(*_WITH_ALL)).first()
    if found is None:
        raise NotFoundError(f"no task {task_id} of a directive for person {reader.person_id}")
    return found


def find_reports(session: Session, directive: Directive, *, reader: Authority) -> list[DirectiveReport]:
    """Return the regular reports on a directive, the newest first: for those who see everything."""
    if not permissions.sees_everything(reader):
        return []
    query = select(DirectiveReport).where(DirectiveReport.directive_id == directive.id)
    return list(session.scalars(query.order_by(DirectiveReport.id.desc())))


def get_report(session: Session, report_id: int, *, reader: Authority) -> DirectiveReport:
    """Return a regular report.

    Raises:
        NotFoundError: there is none, or the reader does not see everything.

    """
    found = session.get(DirectiveReport, report_id)
    if found is None or not permissions.sees_everything(reader):
        raise NotFoundError(f"no report {report_id} on a directive for person {reader.person_id}")
    return found


def can_ask_extension(authority: Authority, task: DirectiveTask) -> bool:
    """Whether the person may ask for more time: for the unit that answers for an open task."""
    is_open = task.state is DirectiveTaskState.OPEN and task.directive.state is DirectiveState.IN_FORCE
    return is_open and any(authority.holds(role, task.lead_unit.code) for role in permissions.UNIT_ROLES)


def judge_task(task: DirectiveTask, *, today: date, calendar: Calendar) -> Judgement:
    """Return how a task stands on a day, and why."""
    return judge(facts_of(task), today=today, calendar=calendar)


def facts_of(task: DirectiveTask) -> TaskFacts:
    """Return what the judgement of a task looks at."""
    accepted = [one for one in task.reports if one.state is ReportState.ACCEPTED]
    waiting = [one for one in task.reports if one.state is ReportState.SUBMITTED]
    is_open = task.state is DirectiveTaskState.OPEN
    final = next((one for one in waiting if one.is_final and one.submitted_at), None)
    return TaskFacts(
        starts_on=task.starts_on,
        due_on=task.due_on,
        progress_percent=task.progress_percent,
        reported_on=accepted[-1].period_ends_on if accepted else None,
        report_due_on=task.next_report_on if is_open else None,
        is_reported=bool(waiting),
        finished_on=local_day(final.submitted_at) if final and final.submitted_at else None,
        done_on=_done_on(task, accepted),
        is_cancelled=task.state is DirectiveTaskState.CANCELLED,
        figures=[_figure(target) for target in task.targets],
    )


def accepted_figures(target: DirectiveTarget) -> list[ReportedFigure]:
    """Return the figures of a target that the agency has accepted, by report day."""
    found = [one for one in target.figures if one.report.state is ReportState.ACCEPTED]
    return sorted(found, key=lambda one: (one.report.period_ends_on, one.report_id))


def _done_on(task: DirectiveTask, accepted: Sequence[TaskReport]) -> date | None:
    """Return when the unit was done: the day it handed in what was accepted, not that of the verification."""
    if task.state is not DirectiveTaskState.DONE:
        return None
    final = next((one for one in reversed(accepted) if one.is_final and one.submitted_at), None)
    moment = final.submitted_at if final else task.done_at
    return local_day(moment) if moment else task.due_on


def _figure(target: DirectiveTarget) -> FigureFacts:
    figures = accepted_figures(target)
    return FigureFacts(
        name=target.name,
        name_en=target.name_en,
        lowest=target.lowest,
        value=figures[-1].value if figures else None,
        measured_on=figures[-1].report.period_ends_on if figures else None,
    )


def _is_sent_or_whole(reader: Authority) -> ColumnElement[bool]:
    """Return the condition that units see no task before its directive is sent."""
    if permissions.sees_everything(reader):
        return true()
    return DirectiveTask.directive_id.in_(select(Directive.id).where(Directive.state.in_(_SENT)))


_WITH_ALL: Final = (
    selectinload(DirectiveTask.directive),
    selectinload(DirectiveTask.item),
    selectinload(DirectiveTask.partners),
    selectinload(DirectiveTask.reports).selectinload(TaskReport.figures),
    selectinload(DirectiveTask.reports).selectinload(TaskReport.evidence),
    selectinload(DirectiveTask.targets)
    .selectinload(DirectiveTarget.figures)
    .selectinload(ReportedFigure.report),
    selectinload(DirectiveTask.extensions),
)
