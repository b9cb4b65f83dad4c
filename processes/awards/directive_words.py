"""The words and colours for what directives, their tasks, reports and extensions are in."""

from collections.abc import Mapping
from typing import Final

from processes.awards.directive_states import Standing
from processes.awards.models.directives import (
    DirectiveReportState,
    DirectiveState,
    ExtensionState,
    ReportState,
)
from processes.awards.stages import Words

STANDING_NAMES: Final[Mapping[Standing, Words]] = {
    Standing.DONE: ("Hoàn thành", "Done", "ok"),
    Standing.ON_TIME: ("Đúng tiến độ", "On time", "info"),
    Standing.AT_RISK: ("Có nguy cơ chậm", "At risk", "warn"),
    Standing.LATE: ("Quá hạn", "Late", "late"),
    Standing.CANCELLED: ("Thôi theo dõi", "Cancelled", ""),
}

DIRECTIVE_STATE_NAMES: Final[Mapping[DirectiveState, Words]] = {
    DirectiveState.DRAFT: ("Đang nhập", "Being entered", ""),
    DirectiveState.AWAITING_APPROVAL: ("Chờ duyệt gửi", "Awaiting approval", "info"),
    DirectiveState.IN_FORCE: ("Đang thực hiện", "Under way", "info"),
    DirectiveState.CLOSED: ("Đã tổng kết", "Closed", "ok"),
}

REPORT_STATE_NAMES: Final[Mapping[ReportState, Words]] = {
    ReportState.WRITTEN: ("Chờ thủ trưởng ký", "Awaiting signature", ""),
    ReportState.SUBMITTED: ("Chờ xác minh", "To be verified", "info"),
    ReportState.ACCEPTED: ("Đã xác minh", "Verified", "ok"),
    ReportState.SENT_BACK: ("Trả lại", "Sent back", "warn"),
}

EXTENSION_STATE_NAMES: Final[Mapping[ExtensionState, Words]] = {
    ExtensionState.ASKED: ("Chờ trả lời", "Awaiting an answer", "info"),
    ExtensionState.GRANTED: ("Được gia hạn", "Granted", "ok"),
    ExtensionState.REFUSED: ("Không gia hạn", "Refused", "stop"),
}

REGULAR_REPORT_STATE_NAMES: Final[Mapping[DirectiveReportState, Words]] = {
    DirectiveReportState.DRAFT: ("Dự thảo", "Draft", ""),
    DirectiveReportState.AWAITING_SIGNATURE: ("Trình ký", "For signature", "gold"),
    DirectiveReportState.SENT: ("Đã gửi", "Sent", "ok"),
}

RHYTHM_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "once": ("một lần khi xong", "once, when done"),
    "monthly": ("hằng tháng", "monthly"),
    "quarterly": ("hằng quý", "quarterly"),
    "half_yearly": ("sáu tháng một lần", "half-yearly"),
    "yearly": ("hằng năm", "yearly"),
}
