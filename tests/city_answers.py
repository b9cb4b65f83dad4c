"""What the people of a city answer at each step of what starts by itself: plans, inspections, directives."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import files, tasks
from engine.calendar import at_local_time, load_calendar
from engine.models import Person, Task, Unit
from engine.people import local_day
from processes.awards import checklist
from processes.awards.models import DirectiveTask, InspectionPlan, PlannedInspection

if TYPE_CHECKING:
    from city_year import Answers, CityYear

PDF: Final = b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"
REASON: Final = "Cân đối lực lượng kiểm tra trong năm."
FEBRUARY: Final = 2
LONG_REMEDY: Final = timedelta(days=20)


def report_on_itself(year: "CityYear", session: Session, task: Task) -> Mapping[str, object]:
    """Answer every topic, with one file of evidence."""
    said = dict.fromkeys(checklist.TOPICS, "Đã thực hiện.")
    return {**said, "direct_worker_percent": 62.5, "movements_files": [paper(year, session, task)]}


def draw_up_plan(year: "CityYear", session: Session, task: Task) -> Mapping[str, object]:
    """Keep the units that take part in this test, a month after the other, and leave out the others."""
    plan_id = int(str(tasks.variables_of(session, task)["plan_id"]))
    plan = session.get_one(InspectionPlan, plan_id)
    lines = [line for line in plan.lines if line.unit.code in year.habits]
    missing = [code for code in year.habits if code not in {line.unit.code for line in lines}]
    rows = [_row(year, session, plan, line.unit, number) for number, line in enumerate(lines)]
    added = session.scalars(select(Unit).where(Unit.code.in_(missing)).order_by(Unit.id))
    rows += [_row(year, session, plan, unit, len(lines) + number) for number, unit in enumerate(added)]
    return {"lines": rows, "drop_reason": REASON}


def _row(
    year: "CityYear", session: Session, plan: InspectionPlan, unit: Unit, number: int
) -> dict[str, object]:
    calendar = load_calendar(session)
    earliest = calendar.add_working_days(local_day(year.now), 20)
    day = max(earliest, date(plan.year, FEBRUARY + number, 15))
    return {
        "unit": unit.code,
        "by_hand_reason": REASON,
        "notice_on": calendar.next_working_day(day),
        "visit_on": calendar.add_working_days(day, 25),
    }


def appoint_team(year: "CityYear", session: Session, task: Task) -> Mapping[str, object]:
    """Send the inspector and an appraiser, on the planned day or as soon as may be."""
    ids = {one.username: one.id for one in session.scalars(select(Person))}
    calendar = load_calendar(session)
    planned = tasks.variables_of(session, task).get("visit_on")
    soonest = calendar.add_working_days(local_day(year.now), 5)
    visit_on = (
        max(planned, soonest) if isinstance(planned, date) and not isinstance(planned, datetime) else soonest
    )
    return {
        "team_leader": str(ids["kiemtra"]),
        "team_secretary": str(ids["thamdinh"]),
        "team_members": [str(ids["thamdinh2"])],
        "visit_at": at_local_time(calendar.next_working_day(visit_on), time(9)),
        "visit_place": "Trụ sở đơn vị",
    }


def conclude(year: "CityYear", _session: Session, _task: Task) -> Mapping[str, object]:
    """Ask for two remedies, each by its own day."""
    today = local_day(year.now)
    rows = [
        {"text": "Lập sổ theo dõi khen thưởng.", "due_on": today + LONG_REMEDY},
        {"text": "Bổ sung biên bản bình xét.", "due_on": today + LONG_REMEDY * 2},
    ]
    return {"conclusion": "Còn hạn chế.", "remedies": rows}


def mend(year: "CityYear", session: Session, task: Task) -> Mapping[str, object]:
    """Report what was mended, with a file that proves it."""
    return {"remedy_note": "Đã bổ sung.", "remedy_files": [paper(year, session, task)]}


def enter_directive(year: "CityYear", _session: Session, _task: Task) -> Mapping[str, object]:
    """Give every unit of this test a task: reported by the month, by the quarter, or once."""
    today, units = local_day(year.now), list(year.habits)
    rhythms = ("monthly", "quarterly", "once")
    rows = [
        {
            "name": f"Nhiệm vụ {number}",
            "item_number": Decimal(1),
            "lead_unit": code,
            "starts_on": today,
            "due_on": date(today.year, 11, 30) if number % 2 else date(today.year, 8, 12),
            "rhythm": rhythms[number % len(rhythms)],
        }
        for number, code in enumerate(units, start=1)
    ]
    target = {"task": Decimal(1), "name": "Tốc độ tăng GRDP", "measure": "%", "lowest": Decimal("11.5")}
    return {
        "number": "01/CT-UBND",
        "subject": "Về việc triển khai thực hiện Luật Thi đua, khen thưởng",
        "issued_on": today,
        "signer": "Đoàn Bách Tùng",
        "signer_title": "Chủ tịch",
        "closes_on": date(today.year, 12, 20),
        "items": [{"text": "Phấn đấu hoàn thành chỉ tiêu năm.", "summary": "Chỉ tiêu"}],
        "tasks": rows,
        "targets": [target],
        "recipients": [{"name": "Các đơn vị", "group": "unit_head@*"}],
    }


def report_progress(year: "CityYear", session: Session, task: Task) -> Mapping[str, object]:
    """Report half of a task, and its end when it is due."""
    number = int(str(tasks.variables_of(session, task)["task_id"]))
    followed = session.get_one(DirectiveTask, number)
    said = {"progress_percent": Decimal(50), "report_text": "Đang thực hiện."}
    if local_day(year.now) < followed.due_on - timedelta(days=5):
        return said
    figures = [{"target_id": target.id, "value": Decimal(12)} for target in followed.targets]
    whole = {"progress_percent": Decimal(100), "is_final": True, "figures": figures}
    return {**said, **whole, "evidence": [paper(year, session, task)]}


def paper(year: "CityYear", session: Session, task: Task) -> int:
    """Hand in a file as whoever does the task, and return the upload's id."""
    actor = year.candidates_of(session, task)[0]
    return files.store_upload(session, PDF, "minh-chung.pdf", person=actor, now=year.now).id


def plans_of(session: Session) -> list[PlannedInspection]:
    """Return what was planned and not dropped, by the day of the notice."""
    found = select(PlannedInspection).where(PlannedInspection.dropped_at.is_(None))
    return list(session.scalars(found.order_by(PlannedInspection.notice_on, PlannedInspection.id)))


FINDINGS: Final = [
    {"topic": "movements", "text": "Có kế hoạch, có sơ kết.", "is_shortcoming": False},
    {"topic": "record_keeping", "text": "Thiếu sổ theo dõi.", "is_shortcoming": True},
]
ANSWERS: Final[Mapping[tuple[str, str], "Answers"]] = {
    ("inspection_plan", "draft_plan"): draw_up_plan,
    ("inspection_plan", "review_plan"): {"review_outcome": "submit"},
    ("inspection_plan", "approve_plan"): {"approval_outcome": "approve"},
    ("inspection_plan", "summarise_plan"): {"summary": "Đã kiểm tra đủ số đơn vị."},
    ("inspection_plan", "sign_summary"): {"summary_outcome": "sign"},
    ("inspection", "submit_self_report"): report_on_itself,
    ("inspection", "sign_self_report"): {"report_outcome": "sign"},
    ("inspection", "review_self_report"): {"review_outcome": "accept"},
    ("inspection", "appoint_team"): appoint_team,
    ("inspection", "write_minutes"): {
        "visit_outcome": "done",
        "attendance": "Thủ trưởng đơn vị",
        "findings": FINDINGS,
    },
    ("inspection", "sign_minutes_unit"): {"objections": ""},
    ("inspection", "sign_minutes_team"): {"minutes_outcome": "sign"},
    ("inspection", "conclude_inspection"): conclude,
    ("inspection", "report_remedy"): mend,
    ("inspection", "verify_remedy"): {"remedy_outcome": "verify"},
    ("directive", "enter_directive"): enter_directive,
    ("directive", "approve_distribution"): {"approval_outcome": "approve"},
    ("directive_task", "report_progress"): report_progress,
    ("directive_task", "sign_report"): {"signature_outcome": "sign"},
    ("directive_task", "verify_report"): {"verification_outcome": "accept"},
    ("directive_task", "decide_extension"): {
        "extension_outcome": "grant",
        "granted_on": date(2027, 9, 30),
        "answer": "Đồng ý.",
    },
    ("directive_report", "draft_report"): {"assessment": "Tốt.", "proposals": "Không có."},
    ("directive_report", "sign_report"): {"signature_outcome": "sign"},
}
"""By process and step."""
