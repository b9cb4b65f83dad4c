"""The facts a printed summary of a year's inspections states, in the shape its template reads."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from engine.people import local_day
from processes.awards.checklist import topic_name
from processes.awards.documents import Signature, official_date, render_pdf
from processes.awards.inspection_figures import YearFigures
from processes.awards.models import InspectionPlan
from processes.inspection.document import AGENCY

TEMPLATE: Final = Path(__file__).parent / "summary.typ"
RECEIVERS: Final = (
    "Chủ tịch Ủy ban nhân dân thành phố",
    "Thường trực Hội đồng Thi đua - Khen thưởng thành phố",
    "Giám đốc Sở Nội vụ",
    "Lưu: VT, TĐKT",
)


@dataclass(frozen=True)
class FigureRow:
    """One figure of the year."""

    name: str
    count: int


@dataclass(frozen=True)
class SummaryDocument:
    """A summary on paper. Texts are plain; every member reaches ``summary.typ`` under its own name."""

    organ: tuple[str, ...]
    kind: str
    number_line: str
    place_and_date: str
    subject: str
    opening: str
    figures: tuple[FigureRow, ...]
    shortcomings: tuple[FigureRow, ...]
    """Topics and in how many inspections something was wanting there, the most first."""
    summary: str
    receivers: tuple[str, ...]
    signatures: tuple[Signature, ...]


def summary_pdf(document: SummaryDocument, *, fonts: Path | None, dated: datetime | None = None) -> bytes:
    """Return the PDF/A of a summary; the same facts give the same bytes."""
    return render_pdf(TEMPLATE, document, fonts=fonts, dated=dated)


def summary_document(plan: InspectionPlan, figures: YearFigures, *, signer: str, on: date) -> SummaryDocument:
    """Word the summary of a year."""
    approved = f" được phê duyệt ngày {local_day(plan.approved_at):%d/%m/%Y}" if plan.approved_at else ""
    return SummaryDocument(
        organ=AGENCY,
        kind="BÁO CÁO",
        number_line="Số:       /BC-TĐKT",
        place_and_date=official_date(on),
        subject=f"Kết quả kiểm tra công tác thi đua, khen thưởng năm {plan.year}",
        opening=(
            f"Thực hiện kế hoạch {plan.code}{approved}, Ban Thi đua - Khen thưởng báo cáo kết quả kiểm tra "
            f"công tác thi đua, khen thưởng năm {plan.year}, số liệu đến ngày {on:%d/%m/%Y}."
        ),
        figures=tuple(FigureRow(vi, count) for vi, _, count in figure_rows(figures)),
        shortcomings=tuple(FigureRow(topic_name(key, "vi"), count) for key, count in figures.shortcomings),
        summary=plan.summary,
        receivers=RECEIVERS,
        signatures=(Signature(("TRƯỞNG BAN",), signer),),
    )


def figure_rows(figures: YearFigures) -> tuple[tuple[str, str, int], ...]:
    """Return the year's figures: their names in Vietnamese and English, and the count."""
    return (
        ("Đơn vị trong kế hoạch", "Units in the plan", figures.planned),
        ("Đơn vị đưa ra khỏi kế hoạch", "Units dropped from the plan", figures.dropped),
        ("Cuộc kiểm tra đã mở", "Inspections opened", figures.opened),
        ("Trong đó: kiểm tra đột xuất", "Of these unplanned", figures.unplanned),
        ("Trong đó: kiểm tra chéo", "Of these cross-inspections", figures.cross),
        ("Báo cáo tự kiểm tra muộn hoặc không có", "Self-reports late or missing", figures.late_reports),
        ("Cuộc kiểm tra đã có kết luận", "Inspections concluded", figures.concluded),
        ("Cuộc kiểm tra phát hiện hạn chế", "Inspections with shortcomings", figures.with_shortcomings),
        ("Nội dung phải khắc phục", "Remedies asked for", figures.remedies),
        ("Đã khắc phục", "Remedies verified", figures.verified_remedies),
        ("Đang khắc phục", "Remedies open", figures.open_remedies),
        ("Trong đó: quá hạn", "Of these late", figures.late_remedies),
        ("Đơn vị bị giữ hồ sơ khen thưởng", "Holds on nominations", figures.holds),
        ("Trong đó: còn hiệu lực", "Of these in force", figures.holds_in_force),
    )
