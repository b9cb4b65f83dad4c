"""Records the conclusion, what is to be mended by when, and each remedy to its end."""

from collections.abc import Mapping
from decimal import Decimal

from engine.feel import Value
from engine.models import Person
from engine.setup import ActionCall, ActionResult
from processes.awards.answers import day_of, flag_of, rows_of, text_of, wholes_of
from processes.awards.calls import actor_of, inspection_of, remedy_of
from processes.awards.errors import AnswerError
from processes.awards.models import Inspection, InspectionState, Remedy, RemedyState
from processes.awards.registry import action
from processes.inspection.days import check_deadline
from processes.inspection.evidence import keep_evidence
from processes.inspection.telling import Said, holders, team_people, tell, unit_people
from processes.inspection_plan.progress import tell_plan_of


@action("inspection.record_conclusion")
def record_conclusion(call: ActionCall) -> ActionResult:
    """Write the conclusion with what is to be mended, and whether the unit's nominations wait for that."""
    inspection = inspection_of(call)
    if actor_of(call).id in {member.person_id for member in inspection.team}:
        raise AnswerError(
            "Người trong đoàn kiểm tra không ký kết luận.", "Nobody of the team concludes the inspection."
        )
    conclusion = text_of(call.variables, "conclusion")
    if not conclusion:
        raise AnswerError("Ghi kết luận.", "Write the conclusion.")
    inspection.conclusion = conclusion
    inspection.recommendations = text_of(call.variables, "recommendations")
    inspection.remedies[:] = [
        _remedy(call, row, position)
        for position, row in enumerate(rows_of(call.variables, "remedies"), start=1)
    ]
    _set_hold(call, inspection)
    inspection.concluded_at = call.now
    inspection.state = InspectionState.AWAITING_REMEDY if inspection.remedies else InspectionState.CONCLUDED
    inspection.closed_at = None if inspection.remedies else call.now
    call.session.flush()
    tell_plan_of(call.session, inspection, now=call.now)
    return {
        "remedies": [{"id": Decimal(remedy.id), "due_on": remedy.due_on} for remedy in inspection.remedies]
    }


def _remedy(call: ActionCall, row: Mapping[str, Value], position: int) -> Remedy:
    text = text_of(row, "text")
    if not text:
        raise AnswerError(
            f"Nội dung khắc phục {position}: ghi rõ việc phải khắc phục.",
            f"Remedy {position}: say what is to be mended.",
        )
    return Remedy(position=position, text=text, due_on=check_deadline(call, day_of(row, "due_on"), text))


def _set_hold(call: ActionCall, inspection: Inspection) -> None:
    inspection.holds_awards = flag_of(call.variables, "holds_awards")
    inspection.hold_reason = text_of(call.variables, "hold_reason") if inspection.holds_awards else ""
    if inspection.holds_awards and not inspection.remedies:
        raise AnswerError(
            "Chỉ giữ hồ sơ khen thưởng khi có nội dung phải khắc phục. Thêm nội dung hoặc bỏ chọn giữ hồ sơ.",
            "Nominations are held only while something is to be mended. Add a remedy, or hold nothing.",
        )
    if inspection.holds_awards and not inspection.hold_reason:
        raise AnswerError("Ghi lý do giữ hồ sơ khen thưởng.", "Say why nominations are held.")


@action("inspection.tell_conclusion")
def tell_conclusion(call: ActionCall) -> ActionResult:
    """Tell the unit and the team the conclusion, each remedy with its day, and a hold."""
    inspection = inspection_of(call)
    lines = [(inspection.conclusion, inspection.conclusion)]
    if inspection.recommendations:
        text = inspection.recommendations
        lines.append((f"Kiến nghị: {text}", f"Recommendations: {text}"))
    if inspection.holds_awards:
        lines.append(
            (
                (
                    "Hồ sơ đề nghị khen thưởng của đơn vị chưa được duyệt đến khi khắc phục xong. Lý do: "
                    f"{inspection.hold_reason}"
                ),
                f"The unit's nominations are not approved until all is mended: {inspection.hold_reason}",
            )
        )
    rows = tuple(
        (
            f"Khắc phục {remedy.position}",
            f"Remedy {remedy.position}",
            f"{remedy.text} ({remedy.due_on:%d/%m/%Y})",
        )
        for remedy in inspection.remedies
    )
    said = Said("conclusion", ("Kết luận kiểm tra", "Conclusion of inspection"), tuple(lines), rows)
    tell(call, inspection, said, _receivers(call, inspection))
    return None


def _receivers(call: ActionCall, inspection: Inspection) -> list[Person]:
    inspecting = inspection.inspecting_unit
    others = unit_people(call, inspecting) if inspecting else holders(call, ("inspector",))
    return [*unit_people(call, inspection.unit), *team_people(inspection), *others]


@action("inspection.record_remedy")
def record_remedy(call: ActionCall) -> ActionResult:
    """Write what the unit has mended, with the files that prove it."""
    inspection, remedy = inspection_of(call), remedy_of(call)
    note, proofs = text_of(call.variables, "remedy_note"), wholes_of(call.variables, "remedy_files")
    if not note:
        raise AnswerError("Ghi kết quả khắc phục.", "Say what was mended.")
    if not proofs:
        raise AnswerError(
            "Đính kèm minh chứng đã khắc phục: văn bản, biên bản hoặc ảnh.",
            "Attach what proves the remedy: a document, minutes or a picture.",
        )
    keep_evidence(call, inspection, proofs, remedy=remedy)
    remedy.note = note
    remedy.reported_at = call.now
    remedy.state = RemedyState.REPORTED
    return {"is_remedy_reported": True}


@action("inspection.record_verification")
def record_verification(call: ActionCall) -> ActionResult:
    """Close one remedy, or give the unit until another day with the reason."""
    remedy = remedy_of(call)
    if text_of(call.variables, "remedy_outcome") == "verify":
        remedy.state = RemedyState.VERIFIED
        remedy.verified_at = call.now
        remedy.verified_by_id = actor_of(call).id
        return {"remedy_outcome": "verify", "remedy_due_on": remedy.due_on}
    note = text_of(call.variables, "review_note")
    if not note:
        raise AnswerError("Ghi nội dung chưa đạt.", "Say what is not mended.")
    remedy.due_on = check_deadline(call, day_of(call.variables, "next_due_on"), remedy.text)
    remedy.review_note = note
    remedy.state = RemedyState.OPEN
    return {"remedy_outcome": "send_back", "remedy_due_on": remedy.due_on}


@action("inspection.close")
def close(call: ActionCall) -> ActionResult:
    """End what was followed: all is mended, a hold is over, the unit is told."""
    inspection = inspection_of(call)
    inspection.closed_at = call.now
    inspection.state = InspectionState.CONCLUDED
    tell_plan_of(call.session, inspection, now=call.now)
    lines = [
        (
            "Các nội dung phải khắc phục đã được xác nhận. Cuộc kiểm tra kết thúc.",
            "All that was to be mended is verified. The inspection is closed.",
        )
    ]
    if inspection.holds_awards:
        lines.append(
            (
                "Hồ sơ đề nghị khen thưởng của đơn vị được duyệt trở lại.",
                "The unit's nominations can be approved again.",
            )
        )
    said = Said("closed", ("Kết thúc kiểm tra", "Inspection closed"), tuple(lines))
    tell(call, inspection, said, _receivers(call, inspection))
    return None
