"""The facts printed minutes state, in the shape their template reads."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from engine.clock import CITY_ZONE
from engine.people import local_day
from processes.awards.council_page import LineFacts, LineGroup, MemberFacts, SessionFacts
from processes.awards.documents import Signature, official_date, render_pdf

TEMPLATE: Final = Path(__file__).parent / "minutes.typ"
ORGAN: Final = ("UBND THÀNH PHỐ HẢI PHÒNG", "HỘI ĐỒNG\nTHI ĐUA - KHEN THƯỞNG")

COUNT_HEADS: Final = (
    "STT",
    "Tên, đơn vị",
    "Có quyền",
    "Đồng ý",
    "Không đồng ý",
    "Phiếu trắng",
    "Cần đạt",
    "Tỷ lệ (%)",
    "Kết quả",
)


@dataclass(frozen=True)
class MemberRow:
    """A member and whether he was there."""

    number: int
    name: str
    job_title: str
    presence: str


@dataclass(frozen=True)
class CountRow:
    """The count of one line; all as text, empty where it was not counted."""

    number: int
    name: str
    unit: str
    entitled: str
    agree: str
    disagree: str
    blank: str
    required: str
    share: str
    """Votes in favour of all entitled on the line, in percent."""
    result: str


@dataclass(frozen=True)
class CountGroup:
    """The lines of one award with the rule they were counted by."""

    award: str
    rule: str
    article: str
    passed: int
    rows: tuple[CountRow, ...]


@dataclass(frozen=True)
class MinutesDocument:
    """Minutes on paper. Texts are plain; every member reaches ``minutes.typ`` under its own name."""

    organ: tuple[str, ...]
    """Lines of the issuing body; the last is bold and may hold a line break."""
    kind: str
    number_text: str
    number_line: str
    place_and_date: str
    subject: str
    when_and_where: tuple[str, ...]
    attendance: str
    members: tuple[MemberRow, ...]
    course: tuple[str, ...]
    groups: tuple[CountGroup, ...]
    note: str
    closing: str
    """Without the closing ``./.``, as ``count_closing``."""
    count_kind: str
    """BIÊN BẢN KIỂM PHIẾU."""
    count_subject: str
    count_heads: tuple[str, ...]
    count_facts: tuple[str, ...]
    count_closing: str
    signatures: tuple[Signature, ...]


def minutes_pdf(
    facts: SessionFacts, *, secretary: str, fonts: Path | None, dated: datetime | None = None
) -> bytes:
    """Return the PDF of a counted session's minutes, from its facts in Vietnamese."""
    document = minutes_document(facts, secretary=secretary)
    return render_pdf(TEMPLATE, document, fonts=fonts, dated=dated or facts.signed_at)


def minutes_document(facts: SessionFacts, *, secretary: str) -> MinutesDocument:
    """Word the minutes of a session and of its count."""
    chair = next((member.name for member in facts.members if member.is_chair), "")
    day = official_date(local_day(facts.meets_at) if facts.meets_at else None)
    secret = any(group.is_secret for group in facts.groups)
    return MinutesDocument(
        organ=ORGAN,
        kind="BIÊN BẢN",
        number_text=facts.code,
        number_line=f"Số: {facts.number:02d}/BB-HĐTĐKT",
        place_and_date=day,
        subject=f"Họp Hội đồng Thi đua - Khen thưởng thành phố\nPhiên thứ {facts.number} năm {facts.year}",
        when_and_where=_when_and_where(facts),
        attendance=_attendance(facts),
        members=tuple(_member(number, member) for number, member in enumerate(facts.members, start=1)),
        course=_course(facts, chair, secret=secret),
        groups=tuple(_group(group) for group in facts.groups),
        note=facts.minutes_note,
        closing="Biên bản được lập thành 02 bản, đã đọc cho các thành viên dự họp cùng nghe, thống nhất",
        count_kind="BIÊN BẢN KIỂM PHIẾU",
        count_heads=COUNT_HEADS,
        count_subject=f"Phiên họp thứ {facts.number} năm {facts.year} của Hội đồng ({facts.code})",
        count_facts=_count_facts(facts, secret=secret),
        count_closing="Các phong bì phiếu đã được mở cùng một lúc và hủy sau khi kiểm; khóa giải mã đã hủy"
        if secret
        else "Kết quả kiểm phiếu được công bố tại phiên họp",
        signatures=(Signature(("THƯ KÝ",), secretary), Signature(("CHỦ TỊCH HỘI ĐỒNG",), chair)),
    )


def _when_and_where(facts: SessionFacts) -> tuple[str, ...]:
    lines = [f"Thời gian: {_moment(facts.meets_at)}."] if facts.meets_at else []
    lines += [f"Địa điểm: {facts.place}."] if facts.place else []
    return tuple(lines)


def _moment(moment: datetime) -> str:
    local = moment.astimezone(CITY_ZONE)
    return f"{local.hour} giờ {local.minute:02d} phút, ngày {local:%d/%m/%Y}"


def _attendance(facts: SessionFacts) -> str:
    held = "đủ" if facts.present_count >= facts.quorum else "không đủ"
    return (
        f"Có mặt {facts.present_count} trên {len(facts.members)} thành viên; {held} số thành viên tối thiểu "
        f"({facts.quorum}) để họp."
    )


def _member(number: int, member: MemberFacts) -> MemberRow:
    words = {True: "Có mặt", False: "Vắng", None: ""}
    role = "Chủ tịch Hội đồng" if member.is_chair else ""
    return MemberRow(
        number,
        member.name,
        ", ".join(part for part in (member.job_title, role) if part),
        words[member.is_present],
    )


def _course(facts: SessionFacts, chair: str, *, secret: bool) -> tuple[str, ...]:
    how = "bỏ phiếu kín" if secret else "biểu quyết"
    return (
        (
            f"{chair or 'Chủ tịch Hội đồng'} chủ trì phiên họp. Cơ quan thường trực báo cáo kết quả thẩm "
            f"định {facts.line_count} trường hợp."
        ),
        (
            "Thành viên là người được đề nghị, thuộc đơn vị đề nghị hoặc đã khai báo xung đột lợi ích không "
            "bỏ phiếu đối với trường hợp đó."
        ),
        (
            f"Hội đồng thảo luận và {how} từng trường hợp: {facts.passed_count} trường hợp được thông qua, "
            f"{facts.line_count - facts.passed_count} trường hợp không được thông qua. Kết quả từng trường "
            "hợp tại biên bản kiểm phiếu kèm theo."
        ),
    )


def _count_facts(facts: SessionFacts, *, secret: bool) -> tuple[str, ...]:
    kind = "Hình thức: bỏ phiếu kín, mỗi trường hợp một lựa chọn." if secret else "Hình thức: biểu quyết."
    opened = (
        (f"Cuộc bỏ phiếu được mở {facts.opening} lần vì khóa giải mã bị mất trước khi kiểm phiếu.",)
        if facts.opening > 1
        else ()
    )
    return (
        kind,
        f"Số thành viên Hội đồng: {len(facts.members)}. Số phiếu thu về: {facts.voted_count}.",
        *opened,
    )


def _group(group: LineGroup) -> CountGroup:
    rows = tuple(_row(number, line) for number, line in enumerate(group.lines, start=1))
    article = f"Căn cứ: {group.article.rstrip('.')}." if group.article else ""
    passed = sum(line.is_passed is True for line in group.lines)
    return CountGroup(group.award, group.rule, article, passed, rows)


def _row(number: int, line: LineFacts) -> CountRow:
    return CountRow(
        number=number,
        name=line.name,
        unit=line.unit,
        entitled=_count(line.electorate_count),
        agree=_count(line.agree_count),
        disagree=_count(line.disagree_count),
        blank=_count(line.blank_count),
        required=_count(line.required_count),
        share=_share(line),
        result={True: "Thông qua", False: "Không thông qua", None: ""}[line.is_passed],
    )


def _count(number: int | None) -> str:
    return "" if number is None else str(number)


def _share(line: LineFacts) -> str:
    if line.agree_count is None or not line.electorate_count:
        return ""
    return f"{100 * line.agree_count / line.electorate_count:.1f}".replace(".", ",")
