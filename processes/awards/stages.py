"""The words and colours for the stages of dossiers, sessions, decisions and inspections."""

from collections.abc import Mapping

from processes.awards.models import (
    CouncilState,
    DecisionState,
    DossierStage,
    InspectionState,
    NomineeResult,
    Verdict,
)

Words = tuple[str, str, str]
"""Vietnamese, English, and the colour of the chip ("" for none)."""

STAGE_NAMES: Mapping[DossierStage, Words] = {
    DossierStage.PREPARING: ("Nháp", "Draft", ""),
    DossierStage.AWAITING_SIGNATURE: ("Chờ ký tờ trình", "Awaiting signature", "info"),
    DossierStage.SENT: ("Đã gửi", "Sent", "ok"),
    DossierStage.SENT_BACK: ("Trả lại", "Sent back", "warn"),
    DossierStage.APPRAISING: ("Đang thẩm định", "Under appraisal", "info"),
    DossierStage.AWAITING_SUPPLEMENT: ("Yêu cầu bổ sung", "Supplement requested", "warn"),
    DossierStage.AWAITING_APPROVAL: ("Chờ duyệt thẩm định", "Awaiting approval", "info"),
    DossierStage.AWAITING_COUNCIL: ("Chờ họp Hội đồng", "Awaiting the council", "info"),
    DossierStage.VOTING: ("Đang bỏ phiếu", "Voting", "vote"),
    DossierStage.AWAITING_DECISION: ("Chờ quyết định", "Awaiting decision", "info"),
    DossierStage.AWAITING_CHAIRMAN: ("Trình ký", "For signature", "gold"),
    DossierStage.GRANTED: ("Đã khen thưởng", "Granted", "ok"),
    DossierStage.REFUSED: ("Không được khen thưởng", "Not granted", "stop"),
    DossierStage.WITHDRAWN: ("Rút", "Withdrawn", ""),
}

HOLDERS_WITHOUT_TASK: Mapping[DossierStage, Words] = {
    DossierStage.AWAITING_COUNCIL: ("Hội đồng", "Council", ""),
    DossierStage.VOTING: ("Hội đồng", "Council", ""),
    DossierStage.AWAITING_DECISION: ("Ban Thi đua - Khen thưởng", "Standing agency", ""),
    DossierStage.AWAITING_CHAIRMAN: ("Chủ tịch Ủy ban nhân dân thành phố", "Chairman of the city", ""),
}
"""Whom a dossier waits for while no task of its own process is open."""

COUNCIL_STATE_NAMES: Mapping[CouncilState, Words] = {
    CouncilState.PLANNING: ("Đang chuẩn bị", "In preparation", ""),
    CouncilState.INVITED: ("Đã mời họp", "Invited", "info"),
    CouncilState.VOTING: ("Đang bỏ phiếu", "Voting", "vote"),
    CouncilState.COUNTED: ("Đã kiểm phiếu", "Counted", "info"),
    CouncilState.SIGNED: ("Đã ký biên bản", "Minutes signed", "ok"),
}

DECISION_STATE_NAMES: Mapping[DecisionState, Words] = {
    DecisionState.DRAFT: ("Dự thảo", "Draft", ""),
    DecisionState.SUBMITTED: ("Trình ký", "For signature", "gold"),
    DecisionState.SIGNED: ("Đã ký, chờ cấp số", "Signed, to be numbered", "info"),
    DecisionState.ISSUED: ("Đã ban hành", "Issued", "ok"),
    DecisionState.ABANDONED: ("Không ban hành", "Abandoned", ""),
}

INSPECTION_STATE_NAMES: Mapping[InspectionState, Words] = {
    InspectionState.AWAITING_REPORT: ("Chờ tự báo cáo", "Awaiting self-report", "warn"),
    InspectionState.UNDER_REVIEW: ("Đang xem xét báo cáo", "Report under review", "info"),
    InspectionState.AWAITING_VISIT: ("Chờ kiểm tra tại đơn vị", "Awaiting the visit", "info"),
    InspectionState.AWAITING_SIGNATURES: ("Chờ ký biên bản", "Minutes to be signed", "warn"),
    InspectionState.CONCLUDING: ("Chờ kết luận", "To be concluded", "info"),
    InspectionState.AWAITING_REMEDY: ("Chờ khắc phục", "Awaiting remedies", "warn"),
    InspectionState.CONCLUDED: ("Đã kết thúc", "Closed", "ok"),
    InspectionState.CANCELLED: ("Đã hủy", "Cancelled", ""),
}

VERDICT_NAMES: Mapping[Verdict, Words] = {
    Verdict.ACCEPT: ("Đồng ý", "Accepted", "ok"),
    Verdict.REJECT: ("Không đồng ý", "Rejected", "stop"),
    Verdict.SUPPLEMENT: ("Cần bổ sung", "Supplement needed", "warn"),
}

RESULT_NAMES: Mapping[NomineeResult, Words] = {
    NomineeResult.GRANTED: ("Được khen thưởng", "Granted", "ok"),
    NomineeResult.REFUSED: ("Không được khen thưởng", "Not granted", "stop"),
}


def word(words: Words, language: str) -> str:
    """Return the word in ``vi`` or ``en``."""
    return words[1] if language == "en" else words[0]
