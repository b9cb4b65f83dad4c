"""What the tasks of an inspection may call: notice, self-report, review, conclusion, remedy."""

from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from engine import outbox, people
from engine.errors import InvalidInputError
from engine.mail import Notice
from engine.models import Person, Unit
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards import registers
from processes.awards.answers import day_of, flag_of, text_of, whole_of
from processes.awards.calls import actor_of, inspection_of
from processes.awards.errors import AnswerError
from processes.awards.inspections import QUESTIONS
from processes.awards.models import Inspection, InspectionState
from processes.awards.registry import action

TOPIC: Final = "Công tác thi đua, khen thưởng"
"""What is inspected where the schedule says nothing else; point 7 of Directive 01/CT-UBND of 03/01/2024."""
SELF_REPORT_DAYS: Final = 10
LONGEST_REMEDY: Final = timedelta(days=365)


@action("inspection.send_notice")
def send_notice(call: ActionCall) -> ActionResult:
    """Enter the inspection in the register and tell the unit what it is to report and until when."""
    unit = _unit_of(call)
    year = local_day(call.now).year
    number = registers.next_number(call.session, "inspection", year)
    inspection = Inspection(
        code=registers.code("KT", year, number),
        unit=unit,
        instance_id=call.instance.id,
        topic=text_of(call.variables, "topic") or TOPIC,
        opened_at=call.now,
        report={},
    )
    call.session.add(inspection)
    call.session.flush()
    call.instance.title = f"{inspection.code} · {unit.name}"
    call.instance.unit_id = unit.id
    days = max(1, whole_of(call.variables, "self_report_days") or SELF_REPORT_DAYS)
    _tell(
        call,
        inspection,
        about="notice",
        subject=("Thông báo kiểm tra", "Notice of inspection"),
        line=(
            f"Nội dung kiểm tra: {inspection.topic}. Nộp báo cáo tự kiểm tra trong {days} ngày làm việc.",
            f"To be inspected: {inspection.topic}. The self-report is due in {days} working days.",
        ),
    )
    return {
        "inspection_id": Decimal(inspection.id),
        "inspection_code": inspection.code,
        "self_report_days": Decimal(days),
    }


@action("inspection.record_self_report")
def record_self_report(call: ActionCall) -> ActionResult:
    """Write the unit's answers; a report sent again replaces the one before."""
    inspection = inspection_of(call)
    inspection.report = {key: _answer(call, key) for key in QUESTIONS if _answer(call, key)}
    inspection.reported_at = call.now
    inspection.state = InspectionState.UNDER_REVIEW
    return None


@action("inspection.record_review")
def record_review(call: ActionCall) -> ActionResult:
    """Write whether the report suffices; what is missing goes back to the unit with the reason."""
    inspection = inspection_of(call)
    outcome = "accept" if text_of(call.variables, "review_outcome") == "accept" else "send_back"
    note = text_of(call.variables, "review_note")
    if outcome == "send_back" and not note:
        raise AnswerError("Ghi nội dung cần bổ sung.", "Say what the unit is to add.")
    inspection.review_note = note
    accepted = outcome == "accept"
    inspection.state = InspectionState.CONCLUDING if accepted else InspectionState.AWAITING_REPORT
    return {"review_outcome": outcome}


@action("inspection.record_conclusion")
def record_conclusion(call: ActionCall) -> ActionResult:
    """Write the conclusion; what is to be mended has its day."""
    inspection = inspection_of(call)
    conclusion = text_of(call.variables, "conclusion")
    if not conclusion:
        raise AnswerError("Ghi kết luận.", "Write the conclusion.")
    is_remedy_needed = flag_of(call.variables, "is_remedy_needed")
    due_on = day_of(call.variables, "remedy_due_on") if is_remedy_needed else None
    today = local_day(call.now)
    if is_remedy_needed and (due_on is None or not today < due_on <= today + LONGEST_REMEDY):
        raise AnswerError(
            "Chọn hạn khắc phục sau hôm nay, trong vòng một năm.",
            "Choose a day after today, within a year, for the remedy.",
        )
    inspection.conclusion = conclusion
    inspection.recommendations = text_of(call.variables, "recommendations")
    inspection.remedy_due_on = due_on
    inspection.concluded_at = call.now
    inspection.state = InspectionState.AWAITING_REMEDY if is_remedy_needed else InspectionState.CONCLUDED
    return {"is_remedy_needed": is_remedy_needed, "remedy_due_on": due_on}


@action("inspection.tell_conclusion")
def tell_conclusion(call: ActionCall) -> ActionResult:
    """Tell the unit the conclusion."""
    inspection = inspection_of(call)
    due_on = inspection.remedy_due_on
    until_vi = f" Hạn khắc phục: {due_on:%d/%m/%Y}." if due_on else ""
    until_en = f" To be mended by {due_on:%d/%m/%Y}." if due_on else ""
    _tell(
        call,
        inspection,
        about="conclusion",
        subject=("Kết luận kiểm tra", "Conclusion of inspection"),
        line=(f"{inspection.conclusion}{until_vi}", f"{inspection.conclusion}{until_en}"),
    )
    return None


@action("inspection.record_remedy")
def record_remedy(call: ActionCall) -> ActionResult:
    """Write what the unit has mended."""
    inspection = inspection_of(call)
    note = text_of(call.variables, "remedy_note")
    if not note:
        raise AnswerError("Ghi kết quả khắc phục.", "Say what was mended.")
    inspection.remedy_note = note
    inspection.state = InspectionState.CONFIRMING_REMEDY
    return None


@action("inspection.record_confirmation")
def record_confirmation(call: ActionCall) -> ActionResult:
    """Close the inspection, or give the unit until another day with the reason."""
    inspection = inspection_of(call)
    actor_of(call)
    if text_of(call.variables, "confirmation_outcome") == "confirm":
        inspection.state = InspectionState.CONCLUDED
        inspection.remedied_at = call.now
        return {"confirmation_outcome": "confirm", "remedy_due_on": inspection.remedy_due_on}
    note, due_on = text_of(call.variables, "review_note"), day_of(call.variables, "next_remedy_due_on")
    today = local_day(call.now)
    if not note or due_on is None or not today < due_on <= today + LONGEST_REMEDY:
        raise AnswerError(
            "Ghi nội dung chưa đạt và chọn hạn mới sau hôm nay, trong vòng một năm.",
            "Say what is not mended and choose a new day after today, within a year.",
        )
    inspection.review_note = note
    inspection.remedy_due_on = due_on
    inspection.state = InspectionState.AWAITING_REMEDY
    return {"confirmation_outcome": "send_back", "remedy_due_on": due_on}


def _unit_of(call: ActionCall) -> Unit:
    code = text_of(call.variables, "unit_code")
    unit = call.session.scalar(select(Unit).where(Unit.code == code))
    if unit is None:
        raise InvalidInputError(f"instance {call.instance.id} inspects no unit that is there: {code!r}")
    return unit


def _answer(call: ActionCall, key: str) -> str:
    value = call.variables.get(key)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else text_of(call.variables, key)


def _tell(
    call: ActionCall,
    inspection: Inspection,
    *,
    about: str,
    subject: tuple[str, str],
    line: tuple[str, str],
) -> None:
    outbox.notify(
        call.session,
        kind="notice",
        recipients=_receivers(call, inspection.unit),
        facts=Notice(
            subject_vi=f"{subject[0]} {inspection.code}: {inspection.unit.name}",
            subject_en=f"{subject[1]} {inspection.code}: {inspection.unit.name_en or inspection.unit.name}",
            lines_vi=(line[0],),
            lines_en=(line[1],),
            path=f"/inspections/{inspection.id}",
        ),
        dedupe=f"{about}:inspection:{inspection.id}",
        now=call.now,
        instance_id=call.instance.id,
    )


def _receivers(call: ActionCall, unit: Unit) -> list[Person]:
    on = local_day(call.now)
    found = [
        person
        for role in ("unit_head", "unit_officer")
        for person in people.people_holding(call.session, role, unit.code, on=on)
    ]
    return list(dict.fromkeys(found))
