"""Keeps the schedules that start the inspections of a plan in line with its lines."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import schedules
from engine.models import Person, Schedule
from engine.people import local_day
from engine.schedules import Terms
from engine.setup import ActionCall, ActionResult
from processes.awards.calls import inspection_plan_of
from processes.awards.models import Inspection, InspectionPlan, PlannedInspection
from processes.awards.registry import action
from processes.inspection_plan.telling import tell_plan

PROCESS = "inspection"


@action("inspection_plan.open_inspections")
def open_inspections(call: ActionCall) -> ActionResult:
    """Let the worker start each inspection on the day of its notice; called again it adds nothing."""
    plan = inspection_plan_of(call)
    arrange_starts(call.session, plan, actor=call.actor, now=call.now)
    count = sum(line.dropped_at is None for line in plan.lines)
    tell_plan(
        call,
        plan,
        about="approved",
        subject=("Kế hoạch kiểm tra đã được phê duyệt", "Inspection plan approved"),
        line=(
            (
                f"Kế hoạch kiểm tra năm {plan.year} có {count} đơn vị. Đến ngày, hệ thống tự mở từng cuộc "
                "kiểm tra và gửi thông báo cho đơn vị."
            ),
            (
                f"The plan of {plan.year} has {count} units. Each inspection starts by itself on its day and "
                "tells the unit."
            ),
        ),
        roles=("agency_head", "inspector"),
    )
    return None


def arrange_starts(
    session: Session, plan: InspectionPlan, *, actor: Person | None, now: datetime
) -> list[Schedule]:
    """Make one schedule for each day on which notices go out, for the units of that day. Flushes.

    What was started already is left alone; schedules that are there are changed, or end when no unit is left.
    """
    wanted = _units_by_day(session, plan, today=local_day(now))
    for schedule in find_starts(session, plan):
        codes = wanted.pop(schedule.first_on, [])
        if not codes:
            schedules.retire(session, schedule, now=now, actor=actor)
        elif codes != schedule.unit_codes:
            terms = replace(Terms.of(schedule), unit_codes=tuple(codes))
            schedules.change(session, schedule, terms, revision=schedule.revision, actor=actor, now=now)
    for day, codes in wanted.items():
        schedules.create_schedule(
            session,
            key=PROCESS,
            name=f"{plan.code}: thông báo kiểm tra ngày {day:%d/%m/%Y}",
            name_en=f"{plan.code}: notices of {day:%d/%m/%Y}",
            rhythm="once",
            first_on=day,
            unit_codes=codes,
            variables={"plan_id": Decimal(plan.id)},
            now=now,
            created_by=actor,
        )
    return list(find_starts(session, plan))


def find_starts(session: Session, plan: InspectionPlan) -> Iterator[Schedule]:
    """Return the schedules of a plan that have still something to start."""
    for schedule in schedules.find_schedules(session, keys={PROCESS}):
        is_of_plan = schedules.variables_of(schedule).get("plan_id") == plan.id
        if is_of_plan and schedule.due_at is not None and schedule.retired_at is None:
            yield schedule


def has_begun(session: Session, line: PlannedInspection) -> bool:
    """Whether the inspection of a line was started."""
    return session.scalar(select(Inspection.id).where(Inspection.planned_id == line.id)) is not None


def _units_by_day(session: Session, plan: InspectionPlan, *, today: date) -> dict[date, list[str]]:
    """Return the units still to be started by the day of their notice; one that is past is today's."""
    days: dict[date, list[str]] = {}
    for line in sorted(plan.lines, key=lambda line: (line.notice_on, line.id)):
        if line.dropped_at is None and not has_begun(session, line):
            days.setdefault(max(line.notice_on, today), []).append(line.unit.code)
    return days
