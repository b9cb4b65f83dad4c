"""The facts printed minutes of an inspection state, in the shape their template reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from engine.clock import CITY_ZONE
from engine.people import local_day
from processes.awards.checklist import topic_name
from processes.awards.documents import Signature, official_date, render_pdf
from processes.awards.inspection_words import DUTY_NAMES
from processes.awards.models import Inspection, InspectionKind, TeamDuty

TEMPLATE: Final = Path(__file__).parent / "minutes.typ"
AGENCY: Final = ("SỞ NỘI VỤ HẢI PHÒNG", "BAN THI ĐUA - KHEN THƯỞNG")

_GROUNDS: Final[Mapping[InspectionKind, str]] = {
    InspectionKind.PLANNED: "Thực hiện kế hoạch kiểm tra công tác thi đua, khen thưởng",
    InspectionKind.UNPLANNED: "Kiểm tra đột xuất công tác thi đua, khen thưởng",
    InspectionKind.CROSS: "Kiểm tra chéo công tác thi đua, khen thưởng trong cụm, khối thi đua",
}


@dataclass(frozen=True)
class TeamRow:
    """One member of the team."""

    number: int
    name: str
    job_title: str
    duty: str


@dataclass(frozen=True)
class FindingRow:
    """What was found on one topic."""

    number: int
    topic: str
    text: str
    verdict: str


@dataclass(frozen=True)
class MinutesDocument:
    """Minutes on paper. Texts are plain; every member reaches ``minutes.typ`` under its own name."""

    organ: tuple[str, ...]
    """Lines of the issuing body; the last is bold."""
    kind: str
    number_line: str
    place_and_date: str
    subject: str
    opening: str
    team: tuple[TeamRow, ...]
    attendance: str
    report: str
    """What there is to say of the self-report."""
    findings: tuple[FindingRow, ...]
    minutes: str
    objections: str
    """What the unit does not agree with; empty where it signed without a word."""
    unit_note: str
    """That the unit did not sign, and why the minutes stand."""
    closing: str
    """Without the closing ``./.``."""
    signatures: tuple[Signature, ...]


def minutes_pdf(document: MinutesDocument, *, fonts: Path | None, dated: datetime | None = None) -> bytes:
    """Return the PDF/A of minutes; the same facts give the same bytes."""
    return render_pdf(TEMPLATE, document, fonts=fonts, dated=dated)


def minutes_document(inspection: Inspection) -> MinutesDocument:
    """Word the minutes of a visit."""
    unit, visited = inspection.unit, inspection.visit_at or inspection.opened_at
    number = inspection.code.removeprefix("KT-").split("-")[-1]
    return MinutesDocument(
        organ=_organ(inspection),
        kind="BIÊN BẢN",
        number_line=f"Số: {number}/BB-KT",
        place_and_date=official_date(local_day(visited)),
        subject=f"Kiểm tra công tác thi đua, khen thưởng tại {unit.name}",
        opening=_opening(inspection, visited),
        team=tuple(
            TeamRow(place, member.person.full_name, member.person.job_title, DUTY_NAMES[member.duty][0])
            for place, member in enumerate(inspection.team, start=1)
        ),
        attendance=inspection.attendance,
        report=_report(inspection),
        findings=_findings(inspection),
        minutes=inspection.minutes,
        objections=inspection.objections,
        unit_note=_unit_note(inspection),
        closing="Biên bản được lập thành 02 bản có giá trị như nhau, mỗi bên giữ 01 bản",
        signatures=_signatures(inspection),
    )


def _organ(inspection: Inspection) -> tuple[str, ...]:
    inspecting = inspection.inspecting_unit
    return (inspecting.name.upper(), "ĐOÀN KIỂM TRA CHÉO") if inspecting else AGENCY


def _opening(inspection: Inspection, visited: datetime) -> str:
    local = visited.astimezone(CITY_ZONE)
    planned = inspection.planned
    year = f" năm {planned.plan.year}" if planned else ""
    reason = f" ({inspection.reason})" if inspection.reason else ""
    return (
        f"{_GROUNDS[inspection.kind]}{year}{reason}, hồi {local.hour} giờ {local.minute:02d} phút, ngày "
        f"{local:%d/%m/%Y}, tại {inspection.visit_place}, đoàn kiểm tra đã làm việc với "
        f"{inspection.unit.name} về: {inspection.topic}."
    )


def _report(inspection: Inspection) -> str:
    sent, due_on = inspection.reported_at, inspection.report_due_on
    if sent is None:
        return f"Đơn vị không nộp báo cáo tự kiểm tra (hạn {due_on:%d/%m/%Y})." if due_on else ""
    day = local_day(sent)
    late = f", quá hạn {due_on:%d/%m/%Y}" if due_on and day > due_on else ""
    return f"Đơn vị nộp báo cáo tự kiểm tra ngày {day:%d/%m/%Y}{late}."


def _findings(inspection: Inspection) -> tuple[FindingRow, ...]:
    return tuple(
        FindingRow(
            place,
            topic_name(finding.topic, "vi"),
            finding.text,
            "Có hạn chế" if finding.is_shortcoming else "Đạt",
        )
        for place, finding in enumerate(inspection.findings, start=1)
    )


def _unit_note(inspection: Inspection) -> str:
    if inspection.unit_signed_at is not None or inspection.unit_silent_at is None:
        return ""
    return (
        "Đơn vị được kiểm tra không ký biên bản sau 5 ngày làm việc kể từ khi nhận được; đoàn kiểm tra ghi "
        f"nhận ngày {local_day(inspection.unit_silent_at):%d/%m/%Y}."
    )


def _signatures(inspection: Inspection) -> tuple[Signature, ...]:
    signer, head = inspection.team_signed_by, inspection.unit_signed_by
    duty = next((member.duty for member in inspection.team if member.person is signer), TeamDuty.MEMBER)
    lines = ("TM. ĐOÀN KIỂM TRA", DUTY_NAMES[duty][0].upper())
    return (
        Signature(("ĐẠI DIỆN ĐƠN VỊ", "THỦ TRƯỞNG"), head.full_name if head else "(không ký)"),
        Signature(lines, signer.full_name if signer else ""),
    )
