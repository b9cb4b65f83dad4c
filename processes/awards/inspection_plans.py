"""Yearly plans of inspections as people read them: the list, a plan with its lines, the draw made again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from engine import people
from engine.errors import ConflictError, NotAllowedError, NotFoundError
from engine.models import Task, TaskState, Unit
from engine.people import Authority
from processes.awards import inspection_choice, permissions
from processes.awards.errors import AnswerError
from processes.awards.inspection_choice import ChoiceRule, grounds_of, lot
from processes.awards.inspection_figures import YearFigures, year_figures
from processes.awards.inspection_words import PLAN_STATE_NAMES, why_chosen
from processes.awards.inspections import unit_name
from processes.awards.models import Inspection, InspectionPlan, PlannedInspection, PlanState
from processes.awards.stages import INSPECTION_STATE_NAMES, word


@dataclass(frozen=True)
class PlanRow:
    """One plan in the list."""

    id: int
    code: str
    year: int
    state_name: str
    chip: str
    line_count: int
    opened_count: int
    approved_at: datetime | None


@dataclass(frozen=True)
class LineFacts:
    """One unit in a plan, in one language."""

    id: int
    unit: str
    unit_code: str
    why: str
    is_random: bool
    inspecting_unit: str
    notice_on: date
    visit_on: date
    is_dropped: bool
    drop_reason: str
    move_reason: str
    inspection_id: int | None
    state_name: str
    chip: str
    lacks_officer: bool
    lacks_head: bool

    @property
    def is_changeable(self) -> bool:
        """Whether the unit can still be dropped or moved: nothing was sent to it yet."""
        return self.inspection_id is None and not self.is_dropped


@dataclass(frozen=True)
class PlanFacts:
    """All that the page of a plan shows."""

    id: int
    code: str
    year: int
    state: PlanState
    state_name: str
    chip: str
    rule: ChoiceRule
    seed: str
    facts_on: str
    """The day the facts were gathered, ``2026-11-15``; empty before anything was proposed."""
    considered: int
    """How many units the choice was made from."""
    drafted_at: datetime
    approved_at: datetime | None
    approved_by: str
    review_note: str
    summary: str
    summarised_at: datetime | None
    summary_upload_id: int | None
    lines: Sequence[LineFacts]
    figures: YearFigures
    open_tasks: Sequence[Task]


@dataclass(frozen=True)
class DrawLine:
    """One unit in the draw made again."""

    unit: str
    unit_code: str
    why: str
    lot: str
    is_drawn: bool
    """Taken by its lot."""
    is_chosen: bool
    is_planned: bool

    @property
    def differs(self) -> bool:
        """Whether the plan says something else than the draw."""
        return self.is_chosen != self.is_planned


def find_plans(session: Session, *, reader: Authority, language: str) -> list[PlanRow]:
    """Return all plans, the latest year first; nothing for those who may see none."""
    if not permissions.can_see_plans(reader):
        return []
    lines = (
        select(func.count())
        .where(PlannedInspection.plan_id == InspectionPlan.id, PlannedInspection.dropped_at.is_(None))
        .scalar_subquery()
    )
    opened = (
        select(func.count())
        .where(Inspection.planned_id == PlannedInspection.id, PlannedInspection.plan_id == InspectionPlan.id)
        .scalar_subquery()
    )
    query = select(InspectionPlan, lines, opened).order_by(InspectionPlan.year.desc())
    return [
        PlanRow(
            plan.id,
            plan.code,
            plan.year,
            word(PLAN_STATE_NAMES[plan.state], language),
            PLAN_STATE_NAMES[plan.state][2],
            line_count,
            opened_count,
            plan.approved_at,
        )
        for plan, line_count, opened_count in session.execute(query)
    ]


def get_plan(session: Session, plan_id: int, *, reader: Authority) -> InspectionPlan:
    """Return a plan the reader may see.

    Raises:
        NotFoundError: there is none, or plans are not for him.

    """
    found = session.get(InspectionPlan, plan_id) if permissions.can_see_plans(reader) else None
    if found is None:
        raise NotFoundError(f"no inspection plan {plan_id} for person {reader.person_id}")
    return found


def get_line(plan: InspectionPlan, line_id: int) -> PlannedInspection:
    """Return a line of the plan.

    Raises:
        NotFoundError: it has none of that id.

    """
    for line in plan.lines:
        if line.id == line_id:
            return line
    raise NotFoundError(f"plan {plan.id} has no line {line_id}")


def plan_facts(session: Session, plan: InspectionPlan, *, on: date, language: str) -> PlanFacts:
    """Gather what the page of a plan shows; the caller has looked it up for its reader."""
    state = PLAN_STATE_NAMES[plan.state]
    return PlanFacts(
        id=plan.id,
        code=plan.code,
        year=plan.year,
        state=plan.state,
        state_name=word(state, language),
        chip=state[2],
        rule=ChoiceRule.read(plan.rule),
        seed=plan.seed,
        facts_on=str(plan.rule.get("facts_on", "")),
        considered=len(plan.rule.get("facts", [])),
        drafted_at=plan.drafted_at,
        approved_at=plan.approved_at,
        approved_by=plan.approved_by.full_name if plan.approved_by else "",
        review_note=plan.review_note,
        summary=plan.summary,
        summarised_at=plan.summarised_at,
        summary_upload_id=plan.summary_upload_id,
        lines=_lines(session, plan, on=on, language=language),
        figures=year_figures(session, year=plan.year, on=on),
        open_tasks=_open_tasks(session, plan),
    )


def _open_tasks(session: Session, plan: InspectionPlan) -> list[Task]:
    query = select(Task).where(Task.instance_id == plan.instance_id, Task.state == TaskState.OPEN)
    return list(session.scalars(query.order_by(Task.id)))


def _lines(session: Session, plan: InspectionPlan, *, on: date, language: str) -> list[LineFacts]:
    query = (
        select(PlannedInspection)
        .where(PlannedInspection.plan_id == plan.id)
        .options(selectinload(PlannedInspection.inspecting_unit))
        .order_by(PlannedInspection.visit_on, PlannedInspection.id)
    )
    lines = session.scalars(query).all()
    begun = select(Inspection).where(Inspection.planned_id.in_([line.id for line in lines]))
    inspections = {one.planned_id: one for one in session.scalars(begun)}
    staffed = people.staffed_groups(session, on=on)
    return [_line(line, inspections.get(line.id), staffed, language) for line in lines]


def _line(
    line: PlannedInspection, inspection: Inspection | None, staffed: frozenset[str], language: str
) -> LineFacts:
    state = INSPECTION_STATE_NAMES[inspection.state] if inspection else ("", "", "")
    return LineFacts(
        id=line.id,
        unit=unit_name(line.unit, language),
        unit_code=line.unit.code,
        why=why_chosen(line.grounds, language, by_hand_reason=line.by_hand_reason),
        is_random="random" in line.grounds,
        inspecting_unit=unit_name(line.inspecting_unit, language) if line.inspecting_unit else "",
        notice_on=line.notice_on,
        visit_on=line.visit_on,
        is_dropped=line.dropped_at is not None,
        drop_reason=line.drop_reason,
        move_reason=line.move_reason,
        inspection_id=inspection.id if inspection else None,
        state_name=word(state, language),
        chip=state[2],
        lacks_officer=f"unit_officer@{line.unit.code}" not in staffed,
        lacks_head=f"unit_head@{line.unit.code}" not in staffed,
    )


def draw_again(session: Session, plan: InspectionPlan, *, language: str) -> list[DrawLine]:
    """Draw once more from the facts and the seed the plan keeps, and hold it against the plan's lines.

    Units in the order of their lots. What was added by hand is left out: no draw gives that.
    """
    chosen = {choice.facts.code: choice.grounds for choice in inspection_choice.draw_again(plan)}
    standing = [line for line in plan.lines if line.dropped_at is None]
    planned = {line.unit.code for line in standing if "by_hand" not in line.grounds}
    facts, rule = inspection_choice.kept_facts(plan), ChoiceRule.read(plan.rule)
    grounds = {one.code: list(grounds_of(one, rule, year=plan.year)) for one in facts} | chosen
    names = _names(session, list(grounds), language)
    lines = [
        DrawLine(
            unit=names.get(code, code),
            unit_code=code,
            why=why_chosen(grounds[code], language),
            lot=lot(plan.seed, plan.year, code),
            is_drawn="random" in chosen.get(code, ()),
            is_chosen=code in chosen,
            is_planned=code in planned,
        )
        for code in grounds
    ]
    return sorted(lines, key=lambda line: line.lot)


def _names(session: Session, codes: Sequence[str], language: str) -> Mapping[str, str]:
    found = session.scalars(select(Unit).where(Unit.code.in_(codes)))
    return {unit.code: unit_name(unit, language) for unit in found}


def propose_again(
    session: Session, plan: InspectionPlan, rule: ChoiceRule, *, authority: Authority, now: datetime
) -> None:
    """Choose the units of a draft by another rule. Flushes.

    The seed stays: nobody draws again and again until the lots suit him.

    Raises:
        NotAllowedError: the person plans no inspections.
        ConflictError: the plan is no draft any more.
        AnswerError: the rule cannot hold, or leaves no unit.

    """
    if not permissions.can_manage_inspections(authority):
        raise NotAllowedError(f"person {authority.person_id} may not change plan {plan.id}")
    if plan.state is not PlanState.DRAFT:
        raise ConflictError(f"plan {plan.id} is {plan.state.value} and its units stand")
    plan.rule = rule.as_json()
    if not inspection_choice.propose(session, plan, now=now):
        raise AnswerError(
            "Quy tắc này không chọn đơn vị nào. Hạ ngưỡng, giảm số năm hoặc tăng phần bốc ngẫu nhiên.",
            "This rule chooses no unit. Lower a threshold, take fewer years or draw more by lot.",
        )
