"""Draws up the yearly plans of inspections of the demo: begun, drafted, reviewed, approved, summarised."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from engine import starting
from engine.calendar import Calendar, load_calendar
from processes.awards import inspection_plans
from processes.awards.demo.inspection_rounds import HEAD, INSPECTOR
from processes.awards.demo.moves import Moves
from processes.awards.inspection_choice import ChoiceRule
from processes.awards.models import InspectionPlan, PlannedInspection

PROCESS: Final = "inspection_plan"
CHAIRMAN: Final = "chutich"
_NOTICE_DAYS: Final = 12
_BY_HAND: Final = "Nhiều hồ sơ khen thưởng trong năm, chưa được kiểm tra theo mô hình tổ chức mới."
_DROPPED: Final = "Đơn vị đang sắp xếp tổ chức bộ máy, chuyển kiểm tra sang năm sau."

_SUMMARY: Final = "Các đơn vị được kiểm tra chấp hành tốt; hạn chế chủ yếu ở sổ sách, đã khắc phục xong."


def begin(
    moves: Moves,
    *,
    most_units: int = ChoiceRule.most_units,
    random_units: int = ChoiceRule.random_units,
    cross_clusters: Sequence[str] = (),
) -> int:
    """Let the inspector begin a plan, and have the units proposed by this rule; return the plan's id."""
    with moves.acting_as(INSPECTOR) as (session, person, authority):
        way = next(one for one in starting.find_beginnings(session, authority) if one.key == PROCESS)
        instance = starting.begin(
            session,
            way.key,
            way.element_id,
            unit_code=way.unit_codes[0],
            starter=person,
            authority=authority,
            now=moves.now,
        )
        plan = session.scalars(select(InspectionPlan).where(InspectionPlan.instance_id == instance.id)).one()
        rule = ChoiceRule(
            most_units=most_units, random_units=random_units, cross_clusters=tuple(cross_clusters)
        )
        inspection_plans.propose_again(session, plan, rule, authority=authority, now=moves.now)
        return plan.id


def approve(
    moves: Moves,
    plan_id: int,
    *,
    days: Mapping[str, date] | None = None,
    later: date | None = None,
    up_to: str = "approve_plan",
) -> None:
    """Let the plan be drafted, reviewed and approved, or left after ``up_to``.

    ``days``: the notices of the units that are inspected in the story. Others that the rule proposes are
    inspected from ``later`` on where that is given and lies in the year, else they are left out; without
    ``days`` all stay as proposed.
    """
    moves.wait(20)
    with moves.factory() as session:
        plan, calendar = session.get_one(InspectionPlan, plan_id), load_calendar(session)
        instance_id = plan.instance_id or 0
        kept = [
            _row(line, notice_on, calendar)
            for line in plan.lines
            if (notice_on := _notice(line, days, later)) is not None
        ]
        known = {line.unit.code for line in plan.lines}
    added = [_added(code, day, calendar) for code, day in (days or {}).items() if code not in known]
    answers = {"lines": [*kept, *added], "drop_reason": _DROPPED if days else ""}
    moves.hand_in(INSPECTOR, "draft_plan", instance_id, answers)
    moves.wait(16)
    moves.hand_in(HEAD, "review_plan", instance_id, {"review_outcome": "submit"})
    if up_to == "approve_plan":
        moves.wait(30)
        moves.hand_in(CHAIRMAN, "approve_plan", instance_id, {"approval_outcome": "approve"})


def _notice(line: PlannedInspection, days: Mapping[str, date] | None, later: date | None) -> date | None:
    """Return when the unit of a proposed line is told; None where it is left out."""
    if days is None:
        return line.notice_on
    if line.unit.code in days:
        return days[line.unit.code]
    is_in_year = later is not None and (later + timedelta(days=25)).year == line.plan.year
    return later if is_in_year else None


def _row(line: PlannedInspection, notice_on: date, calendar: Calendar) -> dict[str, object]:
    is_moved = notice_on != line.notice_on
    row = _added(line.unit.code, calendar.next_working_day(notice_on), calendar)
    inspecting = line.inspecting_unit
    return {
        **row,
        "visit_on": row["visit_on"] if is_moved else line.visit_on,
        "inspecting_unit": inspecting.code if inspecting else "",
        "by_hand_reason": "",
    }


def _added(code: str, notice_on: date, calendar: Calendar) -> dict[str, object]:
    return {
        "unit": code,
        "notice_on": notice_on,
        "visit_on": calendar.add_working_days(notice_on, _NOTICE_DAYS),
        "inspecting_unit": "",
        "by_hand_reason": _BY_HAND,
    }


def summarise(moves: Moves, plan_id: int) -> None:
    """Let the inspector sum up the year and the head of the agency sign."""
    moves.settle()
    with moves.factory() as session:
        instance_id = session.get_one(InspectionPlan, plan_id).instance_id or 0
    moves.hand_in(INSPECTOR, "summarise_plan", instance_id, {"summary": _SUMMARY})
    moves.wait(10)
    moves.hand_in(HEAD, "sign_summary", instance_id, {"summary_outcome": "sign"})
