"""Records the unit's self-report: its answers and evidence, its signature, and what the inspector says."""

from decimal import Decimal
from typing import Final

from engine.calendar import load_calendar
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards.answers import day_of, text_of, wholes_of
from processes.awards.calls import actor_of, inspection_of
from processes.awards.checklist import QUESTIONS, TOPICS
from processes.awards.errors import AnswerError
from processes.awards.models import Inspection, InspectionState
from processes.awards.registry import action
from processes.inspection.days import check_deadline
from processes.inspection.evidence import keep_evidence
from processes.inspection.telling import Said, holders, tell, unit_people

MORE_DAYS: Final = 5
"""Working days for what is to be added, where the inspector names no day."""
REPORT_MISSING: Final = (
    (
        "Đã quá hạn báo cáo tự kiểm tra 10 ngày làm việc. Đoàn kiểm tra làm việc trực tiếp tại đơn vị; "
        "việc không báo cáo được ghi vào hồ sơ kiểm tra."
    ),
    (
        "The self-report is ten working days late. The team comes without it; the missing report is put on "
        "record."
    ),
)


def files_field(topic: str) -> str:
    """Return the name of the form's field for the evidence on a topic."""
    return f"{topic}_files"


@action("inspection.record_self_report")
def record_self_report(call: ActionCall) -> ActionResult:
    """Write the unit's answers with their evidence; a report written again replaces the one before."""
    inspection = inspection_of(call)
    files = {topic: wholes_of(call.variables, files_field(topic)) for topic in TOPICS}
    if not any(files.values()):
        raise AnswerError(
            "Báo cáo chưa có minh chứng nào. Đính kèm ít nhất một tệp ở nội dung có tài liệu.",
            "The report has no evidence. Attach at least one file to a topic that has documents.",
        )
    for topic, upload_ids in files.items():
        keep_evidence(call, inspection, upload_ids, topic=topic)
    inspection.report = {key: _answer(call, key) for key in QUESTIONS if _answer(call, key)}
    inspection.state = InspectionState.AWAITING_REPORT
    return {"is_report_late": _is_late(call, inspection)}


def _answer(call: ActionCall, key: str) -> str:
    value = call.variables.get(key)
    return f"{value.normalize():f}" if isinstance(value, Decimal) else text_of(call.variables, key)


def _is_late(call: ActionCall, inspection: Inspection) -> bool:
    due_on = inspection.report_due_on
    return inspection.reported_at is None and due_on is not None and local_day(call.now) > due_on


@action("inspection.record_report_signature")
def record_report_signature(call: ActionCall) -> ActionResult:
    """Send the report under the name of the unit's head, or give it back to his officer with the reason.

    The moment it is first sent stays: a late report is a sign of risk for the choice of a later year.
    """
    inspection = inspection_of(call)
    if text_of(call.variables, "report_outcome") == "sign":
        inspection.reported_at = inspection.reported_at or call.now
        inspection.review_note = ""
        inspection.state = InspectionState.UNDER_REVIEW
        return {"report_outcome": "sign"}
    reason = text_of(call.variables, "reason")
    if not reason:
        raise AnswerError("Ghi lý do trả lại.", "Give the reason for sending it back.")
    inspection.review_note = f"{actor_of(call).full_name}: {reason}"
    return {"report_outcome": "send_back"}


@action("inspection.record_missing_report")
def record_missing_report(call: ActionCall) -> ActionResult:
    """Go on to the visit without the report: an inspection does not wait for a unit that is silent."""
    inspection = inspection_of(call)
    inspection.state = InspectionState.UNDER_REVIEW
    said = Said(
        about="missing_report",
        subject=("Không nộp báo cáo tự kiểm tra", "No self-report came"),
        lines=(REPORT_MISSING,),
    )
    receivers = [*unit_people(call, inspection.unit), *holders(call, ("agency_head", "inspector"))]
    tell(call, inspection, said, receivers)
    return None


@action("inspection.record_review")
def record_review(call: ActionCall) -> ActionResult:
    """Write whether the report suffices; what is missing goes back to the unit with the reason and a day."""
    inspection = inspection_of(call)
    note = text_of(call.variables, "review_note")
    if text_of(call.variables, "review_outcome") == "accept":
        inspection.review_note = note
        return {"review_outcome": "accept", "self_report_due_on": inspection.report_due_on}
    if not note:
        raise AnswerError("Ghi nội dung cần bổ sung.", "Say what the unit is to add.")
    proposed = load_calendar(call.session).add_working_days(local_day(call.now), MORE_DAYS)
    wished = day_of(call.variables, "next_report_due_on") or proposed
    due_on = check_deadline(call, wished, "Hạn bổ sung")
    inspection.review_note = note
    inspection.state = InspectionState.AWAITING_REPORT
    return {"review_outcome": "send_back", "self_report_due_on": due_on}
