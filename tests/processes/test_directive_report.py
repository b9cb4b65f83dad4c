"""A regular report on a directive: its period, its draft, its documents, where it is sent."""

import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html import unescape
from pathlib import Path

import directive_moves as moves
import pytest
from institution import Institution
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import database, files, instances, people
from engine.models import Upload
from engine.text import nfc
from processes.awards.documents import Signature
from processes.awards.errors import AnswerError
from processes.awards.models import DirectiveReport, DirectiveReportState
from processes.directive_report.document import ReportDocument, TargetLine, TaskLine, make_report
from processes.directive_report.facts import Period, period_of
from processes.directive_task.figures import number_text

FONTS = Path(__file__).parents[2] / "web" / "static" / "dist" / "fonts"
MARKS = "{{ 7*7 }} {% raw %} <w:p> & #panic(1) $x$ *y* {{ organ.__class__ }}"
PAPER = ReportDocument(
    organ=("SỞ NỘI VỤ HẢI PHÒNG", "BAN THI ĐUA - KHEN THƯỞNG"),
    kind="BÁO CÁO",
    number_text="05/BC-BTĐKT",
    number_line="Số: 05/BC-BTĐKT",
    place_and_date="Hải Phòng, ngày 02 tháng 10 năm 2026",
    subject="Kết quả thực hiện Chỉ thị số 01/CT-UBND\n(Quý III năm 2026)",
    addressee="Kính gửi: Ủy ban nhân dân thành phố.",
    opening="Báo cáo như sau:",
    counts=("Chỉ thị giao 1 nhiệm vụ: 1 hoàn thành.",),
    tasks=(
        TaskLine("1", "4", "Thu ngân sách", "Sở Tài chính", "31/12/2026", "60%", "Đúng tiến độ", "Đã thu."),
    ),
    targets=(TargetLine("1", "Thu ngân sách", "106.761,592 tỷ đồng", "98.000 tỷ đồng", "Theo tiến độ"),),
    lateness=(),
    extensions=(),
    assessment=("Tốt.",),
    proposals=("Không có.",),
    closing="Trân trọng báo cáo",
    receivers=("Như trên", "Lưu: VT, TĐKT"),
    signature=Signature(("TRƯỞNG BAN",), "Trần Minh Đức"),
)


def word_text(word: bytes) -> str:
    """Return what a reader of a Word file sees, without its layout."""
    xml = zipfile.ZipFile(io.BytesIO(word)).read("word/document.xml").decode()
    return nfc(unescape(re.sub(r"<[^>]+>", "", xml.replace("</w:p>", "\n"))))


def pdf_text(pdf: bytes) -> str:
    """Return the words of a PDF file, one space between them."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return nfc(" ".join(" ".join(page.extract_text() for page in pages).split()))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 28), Period("Quý III năm 2026", date(2026, 9, 30))),
        (date(2026, 10, 9), Period("Quý III năm 2026", date(2026, 9, 30))),
        (date(2026, 12, 1), Period("Quý IV năm 2026", date(2026, 12, 31))),
        (date(2027, 1, 5), Period("Quý IV năm 2026", date(2026, 12, 31))),
    ],
)
def test_a_report_covers_the_quarter_that_ends_nearest(today: date, expected: Period) -> None:
    assert period_of(today, is_final=False) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("106761.592000", "106.761,592"), ("9000", "9.000"), ("0.380", "0,38"), ("11.5", "11,5"), ("-2", "-2")],
)
def test_figures_are_written_as_officials_write_them(value: str, expected: str) -> None:
    assert number_text(Decimal(value)) == expected


def test_word_and_pdf_say_the_same(tmp_path: Path) -> None:
    word, pdf = make_report(PAPER, fonts=FONTS, dated=datetime(2026, 10, 2, tzinfo=UTC))

    read_word, read_pdf = word_text(word), pdf_text(pdf)
    for words in ("05/BC-BTĐKT", "106.761,592 tỷ đồng", "Không có nhiệm vụ chậm.", "Trần Minh Đức", "TĐKT."):
        assert words in read_word, words
        assert words in read_pdf, words
    (tmp_path / "report.docx").write_bytes(word)
    assert zipfile.is_zipfile(tmp_path / "report.docx")


def test_what_people_typed_is_printed_as_it_was_typed() -> None:
    paper = replace(
        PAPER,
        subject=MARKS,
        tasks=(replace(PAPER.tasks[0], name=MARKS, result=f"{MARKS}\x0b\x00"),),
        assessment=(MARKS,),
    )

    word, pdf = make_report(paper, fonts=FONTS, dated=datetime(2026, 10, 2, tzinfo=UTC))

    assert word_text(word).count(MARKS) == 4
    assert "{{ 7*7 }}" in pdf_text(pdf)
    assert "49" not in word_text(word)


def test_the_same_facts_give_the_same_pdf() -> None:
    dated = datetime(2026, 10, 2, tzinfo=UTC)

    assert make_report(PAPER, fonts=FONTS, dated=dated)[1] == make_report(PAPER, fonts=FONTS, dated=dated)[1]


def test_a_signed_report_is_kept_as_word_and_pdf_and_sent(city: Institution) -> None:
    moves.hire(city, "office", "city_office")
    moves.send(city)
    moves.report(city, moves.answers(difficulties="Thiếu vốn đối ứng."))
    moves.begin(city, "directive_report", "report_wanted")
    moves.choose(city)
    with database.transaction(city.factory) as session:
        draft = moves.the_report(session)
        assert "1 nhiệm vụ: 1 đúng tiến độ" in draft.assessment
        assert draft.proposals == "Sở Y tế: Thiếu vốn đối ứng."

    moves.sum_up(city)

    with database.transaction(city.factory) as session:
        report = moves.the_report(session)
        assert (report.state, report.number) == (DirectiveReportState.SENT, "01/BC-BTĐKT")
        assert report.sent_at == city.now
        assert "Thiếu vốn" not in _read(city, session, report.word)  # the officer wrote other proposals
        for text in (_read(city, session, report.word), _read(city, session, report.pdf)):
            assert "01/CT-UBND" in text
            assert "Tăng trưởng GRDP" in text
    told = {address for address, _text in moves.mails(city, "Báo cáo số 01/BC-BTĐKT")}
    assert told == {"office@example.org", "chairman@example.org"}


def _read(city: Institution, session: Session, upload: Upload | None) -> str:
    """Return the words of a document that the head of the agency opens."""
    assert upload is not None
    reader = city.person(session, "agency")
    found, path = files.open_upload(session, upload.id, reader=reader, now=city.now)
    return (pdf_text if found.media_type == "application/pdf" else word_text)(path.read_bytes())


def test_a_report_that_comes_back_says_why_and_gets_no_number(city: Institution) -> None:
    moves.send(city)
    moves.begin(city, "directive_report", "report_wanted")
    moves.choose(city)
    city.complete("appraiser", "draft_report", assessment="Tốt.", proposals="Không có.")
    with pytest.raises(AnswerError):
        city.complete("agency", "sign_report", signature_outcome="send_back", reason=" ")

    city.complete("agency", "sign_report", signature_outcome="send_back", reason="Thiếu số liệu.")

    with database.transaction(city.factory) as session:
        report = moves.the_report(session)
        assert (report.state, report.number) == (DirectiveReportState.DRAFT, "")
        assert report.review_note == "Thiếu số liệu."


def test_a_draft_has_assessment_and_proposals(city: Institution) -> None:
    moves.send(city)
    moves.begin(city, "directive_report", "report_wanted")
    moves.choose(city)

    with pytest.raises(AnswerError):
        city.complete("appraiser", "draft_report", assessment="Tốt.", proposals="  ")


def test_only_a_directive_under_way_is_reported_on(city: Institution) -> None:
    moves.begin(city, "directive_report", "report_wanted")

    with pytest.raises(AnswerError):
        city.complete("appraiser", "choose_directive", directive="1")


def test_numbers_of_reports_follow_one_another(city: Institution) -> None:
    moves.send(city)
    for _ in range(2):
        _start(city)
        moves.sum_up(city)

    with database.transaction(city.factory) as session:
        numbers = session.scalars(select(DirectiveReport.number).order_by(DirectiveReport.id)).all()
        assert numbers == ["01/BC-BTĐKT", "02/BC-BTĐKT"]


def _start(city: Institution) -> None:
    """Start a report as a schedule does."""
    with database.transaction(city.factory) as session:
        directive_id = moves.the_directive(session).id
        variables = instances.as_context({"directive_id": directive_id})
        instances.start(session, "directive_report", variables=variables, actor=None, now=city.now)


def test_the_final_report_names_what_is_late_and_what_was_extended(city: Institution) -> None:
    moves.send(city)
    moves.grant_extension(city, days=5)
    while people.local_day(city.now) < date(2026, 11, 23) + timedelta(days=231):
        city.later(days=7)
    moves.sum_up(city)

    with database.transaction(city.factory) as session:
        report = moves.the_report(session)
        assert report.is_final
        text = _read(city, session, report.word)
    assert "(Tổng kết)" in text
    assert "Quá hạn" in text
    assert "lý do: Chờ vốn." in text
    assert city.outcome("directive") == "directive_closed"
    assert "report_progress" in city.open_elements()
