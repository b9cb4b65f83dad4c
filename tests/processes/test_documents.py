"""Decisions and minutes on paper: every name is there, in our own font, whatever it is made of."""

import io
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from engine.text import nfc
from processes.awards import documents
from processes.awards.amounts import dotted, in_words
from processes.awards.council_page import LineFacts, LineGroup, MemberFacts, SessionFacts
from processes.awards.decision_page import DecisionFacts, DecisionGroup, DecisionLineFacts
from processes.awards.models import CouncilState, DecisionState, LineState
from processes.council_session.document import minutes_pdf
from processes.decision.document import Wording, decision_document, decision_pdf

FONTS = Path(__file__).parents[2] / "web" / "static" / "dist" / "fonts"
LONG = "Công Tằng Tôn Nữ Thị Bích Quỳnh"
WORDING = Wording(("Căn cứ Luật Thi đua, khen thưởng",), ("Như Điều 3", "Lưu: VT, TĐKT"))
MARKUP = '#panic("x") *Nguyễn* _Thị_ $x$ \\ <An> @b'


def decision(names: list[str], *, issued: bool = True) -> DecisionFacts:
    lines = [
        DecisionLineFacts(
            id=number,
            position=number,
            name=name,
            about="Giáo viên, Trường Trung học phổ thông An Phú",
            unit="Sở Giáo dục và Đào tạo",
            award="Bằng khen",
            dossier_id=1,
            dossier_code="HS-2026-0001",
            bonus=2_530_000,
            state=LineState.INCLUDED,
            reason="",
        )
        for number, name in enumerate(names, start=1)
    ]
    total = 2_530_000 * len(lines)
    group = DecisionGroup("Bằng khen", "commendation_form", False, len(lines), total, lines)
    return DecisionFacts(
        id=1,
        code="DT-2026-001",
        number_text="08/QĐ-UBND" if issued else "",
        subject="Về việc tặng Bằng khen",
        state=DecisionState.ISSUED if issued else DecisionState.DRAFT,
        state_name="",
        chip="",
        groups=[group],
        pulled=[],
        individual_count=len(lines),
        collective_count=0,
        direct_worker_count=0,
        total_bonus=total,
        base_salary=2_530_000,
        submission_note="",
        send_back_reason="",
        created_at=datetime(2026, 11, 20, 2, tzinfo=UTC),
        created_by="",
        signed_at=datetime(2026, 11, 24, 3, tzinfo=UTC) if issued else None,
        signed_by="Đoàn Minh Khải" if issued else "",
        issued_on=date(2026, 2, 4) if issued else None,
        issued_by="",
        has_document=False,
    )


def meeting(names: list[str]) -> SessionFacts:
    lines = [
        LineFacts(
            id=number,
            position=number,
            name=name,
            about="",
            unit="Sở Y tế",
            dossier_id=1,
            dossier_code="HS-2026-0001",
            achievement="",
            exclusion="",
            exclusion_reason="",
            agree_count=8,
            disagree_count=1,
            blank_count=0,
            required_count=9,
            electorate_count=9,
            is_passed=False,
        )
        for number, name in enumerate(names, start=1)
    ]
    return SessionFacts(
        id=1,
        code="PH-2026-07",
        number=7,
        year=2026,
        state=CouncilState.COUNTED,
        state_name="",
        chip="",
        meets_at=datetime(2026, 11, 24, 1, 30, tzinfo=UTC),
        closes_at=None,
        place="Phòng họp số 2",
        groups=[LineGroup("Chiến sĩ thi đua thành phố", "title", "Cần 9 phiếu.", "Điều 22", True, lines)],
        members=[MemberFacts(1, "Hoàng Gia Phúc", "Phó Chủ tịch", True, True, True)],
        quorum=1,
        present_count=1,
        voted_count=1,
        is_ballot_open=False,
        is_member=False,
        has_voted=False,
        minutes_note="",
        signed_at=None,
        signed_by="",
        opening=1,
    )


def text_of(pdf: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return nfc(" ".join(" ".join(pages).split()))


def fonts_of(pdf: bytes) -> set[str]:
    found: set[str] = set()
    for page in PdfReader(io.BytesIO(pdf)).pages:
        resources = page["/Resources"]
        assert isinstance(resources, DictionaryObject)
        fonts = resources["/Font"]
        assert isinstance(fonts, DictionaryObject)
        found |= {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts.values()}
    return found


def test_all_849_names_of_a_decision_are_on_its_list() -> None:
    names = [f"{LONG} {number}" for number in range(1, 850)]

    text = text_of(decision_pdf(decision(names), WORDING, fonts=FONTS))

    assert [name for name in names if name not in text] == []
    assert "2.147.970.000" in text


def test_grounds_and_receivers_are_those_of_the_texts() -> None:
    text = text_of(
        decision_pdf(decision([LONG]), Wording(("Căn cứ A", "Theo đề nghị B"), ("Nơi C",)), fonts=FONTS)
    )

    assert "Căn cứ A; Theo đề nghị B." in text
    assert "Nơi C" in text


def test_a_decision_of_one_line_fits_two_pages() -> None:
    pdf = decision_pdf(decision([LONG]), WORDING, fonts=FONTS)

    assert len(PdfReader(io.BytesIO(pdf)).pages) == 2
    text = text_of(pdf)
    assert "Số: 08/QĐ-UBND" in text
    assert "Hải Phòng, ngày 04 tháng 02 năm 2026" in text
    assert "thi hành Quyết định này./." in text
    assert "CHỦ TỊCH Đoàn Minh Khải" in text, "the Chairman decides in his own name"
    assert "TM. ỦY BAN NHÂN DÂN" not in text
    assert "Đoàn Minh Khải" in text


def test_a_draft_leaves_number_date_and_name_to_be_filled_in() -> None:
    text = text_of(decision_pdf(decision([LONG], issued=False), WORDING, fonts=FONTS))

    assert "08/QĐ-UBND" not in text
    assert "Đoàn Minh Khải" not in text
    assert "Hải Phòng, ngày tháng năm" in text


def test_a_name_is_never_read_as_markup() -> None:
    text = text_of(decision_pdf(decision([MARKUP]), WORDING, fonts=FONTS))

    assert MARKUP in text


def test_minutes_count_every_line() -> None:
    names = [f"{LONG} {number}" for number in range(1, 121)]

    text = text_of(minutes_pdf(meeting(names), secretary="Phạm Lan Chi", fonts=FONTS))

    assert [name for name in names if name not in text] == []
    assert "BIÊN BẢN KIỂM PHIẾU" in text
    assert text.count("88,9") == 120


@pytest.mark.skipif(not FONTS.is_dir(), reason="the fonts are not built")
def test_only_the_fonts_of_the_house_are_embedded() -> None:
    pdf = decision_pdf(decision([LONG]), WORDING, fonts=FONTS)

    assert fonts_of(pdf)
    assert {font for font in fonts_of(pdf) if not font.startswith("Tinos")} == set()


def test_without_fonts_of_the_house_those_of_the_system_serve(tmp_path: Path) -> None:
    assert LONG in text_of(decision_pdf(decision([LONG]), WORDING, fonts=tmp_path / "none"))


def test_the_same_facts_give_the_same_bytes() -> None:
    facts = decision([LONG])

    assert decision_pdf(facts, WORDING, fonts=FONTS) == decision_pdf(facts, WORDING, fonts=FONTS)


def test_a_template_outside_the_house_is_refused(tmp_path: Path) -> None:
    template = tmp_path / "evil.typ"
    template.write_text("Hello")

    with pytest.raises(documents.DocumentFailedError):
        documents.render_pdf(template, {}, fonts=None)


def test_what_the_typesetter_refuses_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    template = tmp_path / "curious.typ"
    template.write_text('#read("/etc/passwd") #read("../../../../../../etc/passwd")')

    with pytest.raises(documents.DocumentFailedError, match="curious"):
        documents.render_pdf(template, {}, fonts=None)


def test_a_typesetter_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(documents, "ROOT", tmp_path)
    monkeypatch.setattr(documents, "WALL_SECONDS", 1)
    template = tmp_path / "endless.typ"
    template.write_text("#let f(n) = range(2000000).fold(0, (a, b) => a + b) + n\n#range(900).map(f)")

    with pytest.raises(documents.DocumentFailedError):
        documents.render_pdf(template, {}, fonts=None)


def test_a_document_lies_under_its_digest(tmp_path: Path) -> None:
    sha256 = documents.store_pdf(tmp_path, b"%PDF-1.7")

    assert (tmp_path / "documents" / f"{sha256}.pdf").read_bytes() == b"%PDF-1.7"
    assert [path.name for path in (tmp_path / "documents").iterdir()] == [f"{sha256}.pdf"]


def test_counts_below_ten_carry_a_zero() -> None:
    assert "cho 01 cá nhân" in decision_document(decision([LONG]), WORDING).articles[0]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (105, "một trăm linh năm"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_265_000, "một triệu hai trăm sáu mươi lăm nghìn"),
        (2_147_970_000, "hai tỷ một trăm bốn mươi bảy triệu chín trăm bảy mươi nghìn"),
        (1_000_000_000, "một tỷ"),
    ],
)
def test_amounts_are_written_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


def test_thousands_have_dots() -> None:
    assert dotted(1_265_000) == "1.265.000"
