"""Words of inspections: why a unit was chosen, kinds of inspections, duties in a team, states."""

from collections.abc import Iterable, Mapping
from typing import Final

from processes.awards.models import InspectionKind, PlanState, RemedyState, TeamDuty
from processes.awards.stages import Words, word

PLAN_STATE_NAMES: Final[Mapping[PlanState, Words]] = {
    PlanState.DRAFT: ("Dự thảo", "Draft", ""),
    PlanState.UNDER_REVIEW: ("Chờ Trưởng ban xem xét", "Under review", "info"),
    PlanState.AWAITING_CHAIRMAN: ("Trình ký", "For approval", "gold"),
    PlanState.APPROVED: ("Đã phê duyệt", "Approved", "ok"),
    PlanState.SUMMARISED: ("Đã tổng kết", "Summarised", "ok"),
}

KIND_NAMES: Final[Mapping[InspectionKind, Words]] = {
    InspectionKind.PLANNED: ("Theo kế hoạch", "Planned", ""),
    InspectionKind.UNPLANNED: ("Đột xuất", "Unplanned", "warn"),
    InspectionKind.CROSS: ("Kiểm tra chéo", "Cross-inspection", "info"),
}

REMEDY_STATE_NAMES: Final[Mapping[RemedyState, Words]] = {
    RemedyState.OPEN: ("Đang khắc phục", "Being mended", "info"),
    RemedyState.REPORTED: ("Chờ xác minh", "To be verified", "info"),
    RemedyState.VERIFIED: ("Đã khắc phục", "Mended", "ok"),
}

DUTY_NAMES: Final[Mapping[TeamDuty, Words]] = {
    TeamDuty.LEADER: ("Trưởng đoàn", "Leader", ""),
    TeamDuty.SECRETARY: ("Thư ký", "Secretary", ""),
    TeamDuty.MEMBER: ("Thành viên", "Member", ""),
}

_GROUNDS: Final[Mapping[str, Words]] = {
    "not_inspected": ("{} năm chưa được kiểm tra", "not inspected for {} years", ""),
    "never_inspected": ("chưa được kiểm tra lần nào", "never inspected so far", ""),
    "returned_dossiers": ("{} hồ sơ bị trả lại trong 12 tháng", "dossiers returned in 12 months: {}", ""),
    "late_reports": ("{} báo cáo gửi muộn trong 12 tháng", "reports late in 12 months: {}", ""),
    "open_remedies": ("{} việc khắc phục chưa xong", "remedies still open: {}", ""),
    "late_remedies": ("{} việc khắc phục quá hạn", "remedies past their day: {}", ""),
    "complaints": (
        "{} lần kiểm tra ghi nhận đơn thư chưa giải quyết xong",
        "inspections that noted unsettled complaints: {}",
        "",
    ),
    "random": ("bốc ngẫu nhiên", "drawn by lot", ""),
    "by_hand": ("do Ban Thi đua - Khen thưởng chọn thêm", "added by the standing agency", ""),
}


def ground(text: str, language: str) -> str:
    """Return one ground in words: ``not_inspected:3`` -> "3 năm chưa được kiểm tra"."""
    name, _, count = text.partition(":")
    words = _GROUNDS.get(name)
    return word(words, language).format(count) if words else text


def why_chosen(grounds: Iterable[str], language: str, *, by_hand_reason: str = "") -> str:
    """Answer "Vì sao chọn?": all grounds in one sentence, and the reason of whoever added the unit."""
    said = "; ".join(ground(text, language) for text in grounds)
    sentence = f"{said[:1].upper()}{said[1:]}."
    return f"{sentence} {by_hand_reason}".strip() if said else by_hand_reason
