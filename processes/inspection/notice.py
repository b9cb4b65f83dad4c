"""Opens an inspection: enters it in the register and tells the unit its days."""

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from engine import people
from engine.calendar import at_local_time, load_calendar
from engine.errors import InvalidInputError
from engine.models import Unit
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards import registers
from processes.awards.answers import day_of, text_of, whole_of
from processes.awards.models import Inspection, InspectionKind, PlannedInspection
from processes.awards.registry import action
from processes.inspection.telling import UNIT_ROLES, Said, holders, tell, unit_people

TOPIC: Final = "Công tác thi đua, khen thưởng"
"""What is inspected where nobody says otherwise; point 7 of Directive 01/CT-UBND of 03/01/2024."""
SELF_REPORT_DAYS: Final = 10
VISIT_DAYS: Final = 5
"""Working days from the report to the visit, where no day was planned."""
VISIT_HOUR: Final = time(8, 30)
REPORT_ASKED: Final = (
    (
        "Đơn vị được kiểm tra công tác thi đua, khen thưởng. Cán bộ lập báo cáo tự kiểm tra kèm minh "
        "chứng, thủ trưởng ký gửi trước hạn."
    ),
    (
        "Your unit is inspected. Its officer writes the self-report with evidence; its head signs and "
        "sends it before the deadline."
    ),
)


@dataclass(frozen=True)
class _Days:
    """Until when the unit reports, and when it is to be visited."""

    report_due_on: date
    visit_on: date


@action("inspection.send_notice")
def send_notice(call: ActionCall) -> ActionResult:
    """Enter the inspection in the register and tell the unit what it is to report and until when."""
    unit, planned = _unit_of(call), _planned_of(call)
    days = _days_of(call, planned)
    inspection = _open(call, unit, planned, days)
    call.instance.title = f"{inspection.code} · {unit.name}"
    call.instance.unit_id = unit.id
    _tell_unit(call, inspection, days)
    _tell_vacancies(call, inspection)
    inspecting = inspection.inspecting_unit
    return {
        "inspection_id": Decimal(inspection.id),
        "inspection_code": inspection.code,
        "unit_code": unit.code,
        "inspecting_unit_code": inspecting.code if inspecting else "",
        "self_report_due_on": days.report_due_on,
    }


def _unit_of(call: ActionCall, name: str = "unit_code") -> Unit:
    """Return a unit by the variable of that name; an abolished one gives way to its heir."""
    code = text_of(call.variables, name)
    heir = people.heirs_of(call.session, {code}, on=local_day(call.now)).get(code)
    unit = call.session.scalar(select(Unit).where(Unit.code == (heir or code)))
    if unit is None:
        raise InvalidInputError(f"instance {call.instance.id} inspects no unit that is there: {code!r}")
    return unit


def _planned_of(call: ActionCall) -> PlannedInspection | None:
    """Return the line of the yearly plan that this inspection carries out."""
    plan_id = whole_of(call.variables, "plan_id")
    if plan_id is None:
        return None
    query = select(PlannedInspection).join(Unit, PlannedInspection.unit_id == Unit.id)
    code = text_of(call.variables, "unit_code")
    return call.session.scalar(query.where(PlannedInspection.plan_id == plan_id, Unit.code == code))


def _days_of(call: ActionCall, planned: PlannedInspection | None) -> _Days:
    """Return the unit's days: its report lies before the visit, however soon that is."""
    calendar, today = load_calendar(call.session), local_day(call.now)
    days = max(1, whole_of(call.variables, "self_report_days") or SELF_REPORT_DAYS)
    due_on = calendar.add_working_days(today, days)
    wished = planned.visit_on if planned else day_of(call.variables, "visit_on")
    if wished is None or wished <= today:
        return _Days(due_on, calendar.add_working_days(due_on, VISIT_DAYS))
    return _Days(max(today, min(due_on, calendar.add_working_days(wished, -1))), wished)


def _open(call: ActionCall, unit: Unit, planned: PlannedInspection | None, days: _Days) -> Inspection:
    year = local_day(call.now).year
    code = registers.code("KT", year, registers.next_number(call.session, "inspection", year))
    inspecting = _inspecting_unit(call, planned)
    inspection = Inspection(
        code=code,
        unit=unit,
        kind=_kind_of(call, inspecting),
        reason=text_of(call.variables, "reason"),
        planned=planned,
        inspecting_unit=inspecting,
        instance_id=call.instance.id,
        topic=text_of(call.variables, "topic") or TOPIC,
        opened_at=call.now,
        report={},
        report_due_on=days.report_due_on,
        visit_at=at_local_time(days.visit_on, VISIT_HOUR),
    )
    call.session.add(inspection)
    call.session.flush()
    return inspection


def _inspecting_unit(call: ActionCall, planned: PlannedInspection | None) -> Unit | None:
    if planned is not None:
        return planned.inspecting_unit
    return _unit_of(call, "inspecting_unit_code") if text_of(call.variables, "inspecting_unit_code") else None


def _kind_of(call: ActionCall, inspecting: Unit | None) -> InspectionKind:
    if inspecting is not None:
        return InspectionKind.CROSS
    unplanned = text_of(call.variables, "kind") == InspectionKind.UNPLANNED.value
    return InspectionKind.UNPLANNED if unplanned else InspectionKind.PLANNED


def _tell_unit(call: ActionCall, inspection: Inspection, days: _Days) -> None:
    inspecting = inspection.inspecting_unit
    rows = [
        ("Nội dung", "Topic", inspection.topic),
        ("Hạn nộp báo cáo tự kiểm tra", "Self-report due", f"{days.report_due_on:%d/%m/%Y}"),
        ("Ngày kiểm tra dự kiến", "Visit planned on", f"{days.visit_on:%d/%m/%Y}"),
    ]
    rows += [("Đơn vị kiểm tra chéo", "Inspected by", inspecting.name)] if inspecting else []
    rows += [("Lý do kiểm tra đột xuất", "Why unplanned", inspection.reason)] if inspection.reason else []
    said = Said(
        about="notice",
        subject=("Thông báo kiểm tra", "Notice of inspection"),
        lines=(REPORT_ASKED,),
        rows=tuple(rows),
    )
    tell(call, inspection, said, unit_people(call, inspection.unit))


def _tell_vacancies(call: ActionCall, inspection: Inspection) -> None:
    """Tell the agency at once where nobody in the unit can report or sign."""
    vacant = [role for role in UNIT_ROLES if not holders(call, (role,), inspection.unit.code)]
    if not vacant:
        return
    names = {"unit_head": ("thủ trưởng", "head"), "unit_officer": ("cán bộ thi đua, khen thưởng", "officer")}
    vi, en = (", ".join(names[role][place] for role in vacant) for place in (0, 1))
    said = Said(
        about="vacancy",
        subject=("Đơn vị chưa có người phụ trách", "Nobody is in charge at the unit"),
        lines=(
            (
                (
                    f"Trên hệ thống, {inspection.unit.name} chưa có {vi}. Đề nghị quản trị hệ thống bổ sung; "
                    "việc của đơn vị sẽ hiện ra ngay khi có người."
                ),
                (
                    f"The unit has no {en} in the system. Have the administrator add one: the unit's tasks "
                    "appear as soon as somebody is there."
                ),
            ),
        ),
    )
    tell(call, inspection, said, holders(call, ("agency_head", "inspector")))
