"""Proposes the year's plan, and records what is changed in it by hand and who agrees to it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from engine.errors import ConflictError
from engine.feel import Value
from engine.models import InstanceState, ProcessInstance, Unit
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards import inspection_choice
from processes.awards.answers import day_of, rows_of, text_of, whole_of
from processes.awards.calls import actor_of, inspection_plan_of
from processes.awards.errors import AnswerError
from processes.awards.inspection_choice import ChoiceRule
from processes.awards.models import InspectionPlan, PlannedInspection, PlanState
from processes.awards.registry import action
from processes.inspection.telling import UNIT_ROLES, holders
from processes.inspection_plan.days import check_days

MONTH_OF_NEXT_YEAR: Final = 7
"""From this month on a plan that names no year is the next year's."""
MONTH_OF_SUMMARY: Final = 12
"""On its first day the year is summed up, whatever is still open."""
BY_HAND: Final = "by_hand"


@action("inspection_plan.propose")
def propose(call: ActionCall) -> ActionResult:
    """Begin the plan of a year with the units that the rule proposes; the seed of its draw is kept."""
    today = local_day(call.now)
    year = whole_of(call.variables, "year") or today.year + (today.month >= MONTH_OF_NEXT_YEAR)
    plan = _plan_of(call, year)
    call.instance.title = f"{plan.code} · Kế hoạch kiểm tra năm {year}"
    inspection_choice.propose(call.session, plan, now=call.now)
    season_ends_on = date(year, MONTH_OF_SUMMARY, 1)
    return {"plan_id": Decimal(plan.id), "plan_code": plan.code, "season_ends_on": season_ends_on}


def _plan_of(call: ActionCall, year: int) -> InspectionPlan:
    """Return the plan to draw up: a new one, or one whose work was ended before it was approved."""
    plan = call.session.scalar(select(InspectionPlan).where(InspectionPlan.year == year))
    if plan is None:
        plan = InspectionPlan(
            code=f"KHKT-{year}",
            year=year,
            rule=ChoiceRule().as_json(),
            seed=inspection_choice.new_seed(),
            drafted_at=call.now,
        )
        call.session.add(plan)
    elif plan.approved_at is not None or _is_in_work(call, plan):
        raise AnswerError(
            f"Năm {year} đã có kế hoạch {plan.code}. Mở kế hoạch đó để xem hoặc thay đổi.",
            f"{year} has its plan {plan.code} already. Open that plan to read or change it.",
        )
    plan.instance_id = call.instance.id
    plan.state = PlanState.DRAFT
    call.session.flush()
    return plan


def _is_in_work(call: ActionCall, plan: InspectionPlan) -> bool:
    instance = call.session.get(ProcessInstance, plan.instance_id) if plan.instance_id else None
    return instance is not None and instance.state is not InstanceState.CANCELLED


@action("inspection_plan.record_draft")
def record_draft(call: ActionCall) -> ActionResult:
    """Write the plan as the inspector leaves it: what he adds or leaves out has his reason."""
    plan = inspection_plan_of(call)
    rows = list(rows_of(call.variables, "lines"))
    if not rows:
        raise AnswerError("Kế hoạch chưa có đơn vị nào.", "The plan has no unit.")
    lines = {line.id: line for line in plan.lines}
    kept: set[int] = set()
    for row in rows:
        line = _line_of(call, plan, lines, row)
        if line.id in kept:
            name = line.unit.name
            raise AnswerError(f"{name} có hai lần trong kế hoạch.", f"{name} is in the plan twice.")
        _set_days(call, line, row)
        kept.add(line.id)
    _leave_out(call, plan, kept)
    plan.review_note = ""
    plan.state = PlanState.UNDER_REVIEW
    call.session.flush()
    return {"unit_count": Decimal(len(kept))}


def _line_of(
    call: ActionCall, plan: InspectionPlan, lines: Mapping[int, PlannedInspection], row: Mapping[str, Value]
) -> PlannedInspection:
    """Return the line of a row: the one that was there for its unit, or a new one added by hand."""
    unit = call.session.scalar(select(Unit).where(Unit.code == text_of(row, "unit")))
    if unit is None:
        raise AnswerError("Chọn đơn vị ở mọi dòng.", "Choose a unit in every row.")
    there = next((line for line in lines.values() if line.unit_id == unit.id), None)
    line = there or next((line for line in plan.lines if line.unit is unit), None)
    if line is not None:
        line.dropped_at, line.drop_reason = None, ""
        if BY_HAND not in line.grounds:
            return line
    reason = text_of(row, "by_hand_reason")
    if not reason:
        raise AnswerError(
            f"Ghi lý do chọn thêm {unit.name}.", f"Say why {unit.name_en or unit.name} is added."
        )
    if line is None:
        today = local_day(call.now)
        line = PlannedInspection(unit=unit, grounds=[BY_HAND], notice_on=today, visit_on=today)
        plan.lines.append(line)
    line.by_hand_reason = reason
    call.session.flush()
    return line


def _set_days(call: ActionCall, line: PlannedInspection, row: Mapping[str, Value]) -> None:
    notice_on, visit_on = check_days(
        call.session,
        line.plan,
        unit=line.unit,
        notice_on=day_of(row, "notice_on"),
        visit_on=day_of(row, "visit_on"),
        now=call.now,
    )
    line.notice_on, line.visit_on = notice_on, visit_on
    line.inspecting_unit = _inspecting_unit(call, line, text_of(row, "inspecting_unit"))


def _inspecting_unit(call: ActionCall, line: PlannedInspection, code: str) -> Unit | None:
    if not code:
        return None
    unit = call.session.scalar(select(Unit).where(Unit.code == code))
    if unit is None or unit.id == line.unit_id:
        raise AnswerError(
            f"{line.unit.name}: chọn đơn vị khác để kiểm tra chéo.",
            f"{line.unit.name}: choose another unit for the cross-inspection.",
        )
    if any(not holders(call, (role,), unit.code) for role in UNIT_ROLES):
        raise AnswerError(
            f"{unit.name} chưa có thủ trưởng hoặc cán bộ trên hệ thống nên chưa kiểm tra chéo được.",
            f"{unit.name} has no head or no officer in the system and cannot inspect another unit.",
        )
    return unit


def _leave_out(call: ActionCall, plan: InspectionPlan, kept: set[int]) -> None:
    """Drop what is no longer in the form: what the rule proposed stays to be read, with the reason."""
    reason = text_of(call.variables, "drop_reason")
    for line in [line for line in plan.lines if line.id not in kept]:
        if BY_HAND in line.grounds:
            plan.lines.remove(line)
        elif line.dropped_at is None:
            if not reason:
                raise AnswerError(
                    f"Quy tắc đề xuất {line.unit.name}. Ghi lý do bỏ ra khỏi kế hoạch.",
                    f"The rule proposes {line.unit.name}. Say why it is left out.",
                )
            line.dropped_at, line.drop_reason = call.now, reason


@action("inspection_plan.record_review")
def record_review(call: ActionCall) -> ActionResult:
    """Submit the plan to the Chairman, or give it back to be changed."""
    plan = inspection_plan_of(call)
    if text_of(call.variables, "review_outcome") == "submit":
        plan.state = PlanState.AWAITING_CHAIRMAN
        return {"review_outcome": "submit"}
    _give_back(call, plan)
    return {"review_outcome": "send_back"}


@action("inspection_plan.record_approval")
def record_approval(call: ActionCall) -> ActionResult:
    """Approve the plan for the city, or give it back with the reason."""
    plan = inspection_plan_of(call)
    if text_of(call.variables, "approval_outcome") != "approve":
        _give_back(call, plan)
        return {"approval_outcome": "send_back"}
    if plan.approved_at is not None:
        raise ConflictError(f"plan {plan.id} is approved already")
    _check_ahead(plan, local_day(call.now))
    plan.state = PlanState.APPROVED
    plan.approved_at = call.now
    plan.approved_by = actor_of(call)
    return {"approval_outcome": "approve"}


def _give_back(call: ActionCall, plan: InspectionPlan) -> None:
    reason = text_of(call.variables, "reason")
    if not reason:
        raise AnswerError("Ghi lý do trả lại.", "Give the reason for sending it back.")
    plan.review_note = f"{actor_of(call).full_name}: {reason}"
    plan.state = PlanState.DRAFT


def _check_ahead(plan: InspectionPlan, today: date) -> None:
    """Refuse to approve a visit that would be over before its notice could go out."""
    for line in plan.lines:
        if line.dropped_at is None and line.visit_on <= today:
            raise AnswerError(
                (
                    f"Ngày kiểm tra {line.unit.name} ({line.visit_on:%d/%m/%Y}) đã qua. Trả lại để chọn "
                    "ngày khác."
                ),
                f"The visit of {line.unit.name} ({line.visit_on:%d/%m/%Y}) is past. Send the plan back.",
            )
