"""The facts a printed decision states, in the shape its template reads."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from engine import definitions
from engine.errors import NotFoundError
from engine.texts import paragraphs
from processes.awards.amounts import dotted, in_words
from processes.awards.decision_page import DecisionFacts, DecisionGroup
from processes.awards.decisions import NUMBER_MARK
from processes.awards.documents import CITY_HEAD, CITY_NAME, Signature, official_date, render_pdf

TEMPLATE: Final = Path(__file__).parent / "decision.typ"

GROUNDS_TEXT: Final = "decision_grounds"
RECEIVERS_TEXT: Final = "decision_receivers"


@dataclass(frozen=True)
class Wording:
    """What officials word in the texts of the process: one entry a paragraph, without closing marks."""

    grounds: tuple[str, ...]
    receivers: tuple[str, ...]


@dataclass(frozen=True)
class ListRow:
    """One line of the list: ``about`` is job and workplace, or the unit; ``bonus`` in đồng."""

    number: int
    name: str
    about: str
    bonus: int


@dataclass(frozen=True)
class ListGroup:
    """The table of one award and one kind of nominee."""

    heading: str
    is_collective: bool
    count_text: str
    name_heading: str
    about_heading: str
    rows: tuple[ListRow, ...]
    bonus: int


@dataclass(frozen=True)
class DecisionDocument:
    """A decision on paper. Texts are plain; every member reaches ``decision.typ`` under its own name."""

    organ: tuple[str, ...]
    """Lines of the issuing body; the last is bold."""
    kind: str
    """QUYẾT ĐỊNH."""
    number_text: str
    """08/QĐ-UBND; empty before the clerk numbers it."""
    number_line: str
    place_and_date: str
    subject: str
    """Trích yếu: ``Về việc tặng Bằng khen ...``."""
    authority: str
    """Who decides, above the grounds."""
    grounds: tuple[str, ...]
    """Without closing marks: the template sets ``;`` and ``.``."""
    articles: tuple[str, ...]
    """Without ``Điều 1.`` and without the closing ``./.``."""
    list_heading: str
    list_reference: str
    groups: tuple[ListGroup, ...]
    total_text: str
    receivers: tuple[str, ...]
    signature: Signature


def wording_of(session: Session, version_id: int | None) -> Wording:
    """Return the wording that a version of the process keeps; empty where it keeps none."""
    return Wording(
        _paragraphs(session, version_id, GROUNDS_TEXT), _paragraphs(session, version_id, RECEIVERS_TEXT)
    )


def _paragraphs(session: Session, version_id: int | None, text_id: str) -> tuple[str, ...]:
    if version_id is None:
        return ()
    try:
        return paragraphs(definitions.text_of(session, version_id, text_id).body.vi)
    except NotFoundError:
        return ()


def decision_pdf(
    facts: DecisionFacts, wording: Wording, *, fonts: Path | None, dated: datetime | None = None
) -> bytes:
    """Return the PDF of a decision from its facts in Vietnamese; a draft has blanks for number and date."""
    document = decision_document(facts, wording)
    return render_pdf(TEMPLATE, document, fonts=fonts, dated=dated or facts.signed_at)


def decision_document(facts: DecisionFacts, wording: Wording) -> DecisionDocument:
    """Word a decision in the layout of Decree 30/2020."""
    number = facts.number_text or f"        {NUMBER_MARK}"
    date_text = official_date(facts.issued_on)
    return DecisionDocument(
        organ=(CITY_HEAD, CITY_NAME),
        kind="QUYẾT ĐỊNH",
        number_text=facts.number_text,
        number_line=f"Số: {number}",
        place_and_date=date_text,
        subject=facts.subject,
        authority=f"CHỦ TỊCH {CITY_HEAD} {CITY_NAME}",
        grounds=wording.grounds,
        articles=_articles(facts),
        list_heading=f"Tập thể, cá nhân được khen thưởng ({_counted(facts)})",
        list_reference=f"(Kèm theo Quyết định số {number} {date_text.removeprefix('Hải Phòng, ')} của "
        "Chủ tịch Ủy ban nhân dân thành phố)",
        groups=tuple(_group(group) for group in facts.groups),
        total_text=f"{_counted(facts)}; tiền thưởng {dotted(facts.total_bonus)} đồng "
        f"({_sentence(in_words(facts.total_bonus))} đồng).",
        receivers=wording.receivers,
        signature=Signature(("CHỦ TỊCH",), facts.signed_by),
    )


def _articles(facts: DecisionFacts) -> tuple[str, ...]:
    total = f"{dotted(facts.total_bonus)} đồng ({_sentence(in_words(facts.total_bonus))} đồng)"
    given = "; ".join(f"{_award(group)} cho {_count_text(group)}" for group in facts.groups)
    return (
        f"Tặng {given}, đã có thành tích như hồ sơ đề nghị (có danh sách kèm theo).",
        (
            f"Mức tiền thưởng kèm theo tính trên mức lương cơ sở {dotted(facts.base_salary)} đồng. Tổng số "
            f"tiền thưởng là {total}, trích từ Quỹ thi đua, khen thưởng thành phố."
        ),
        (
            "Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Ủy ban nhân dân thành phố, Giám đốc "
            "Sở Nội vụ, Giám đốc Sở Tài chính, thủ trưởng các cơ quan, đơn vị có liên quan và các tập thể, "
            "cá nhân có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này"
        ),
    )


def _award(group: DecisionGroup) -> str:
    kind = "danh hiệu " if group.award_kind == "title" else ""
    return f"{kind}{group.award}"


def _count_text(group: DecisionGroup) -> str:
    return f"{group.count:02d} {'tập thể' if group.is_collective else 'cá nhân'}"


def _counted(facts: DecisionFacts) -> str:
    counts = ((facts.collective_count, "tập thể"), (facts.individual_count, "cá nhân"))
    return " và ".join(f"{count:02d} {name}" for count, name in counts if count) or "không có trường hợp nào"


def _group(group: DecisionGroup) -> ListGroup:
    return ListGroup(
        heading=_sentence(_award(group)),
        is_collective=group.is_collective,
        count_text=_count_text(group),
        name_heading="Tên tập thể" if group.is_collective else "Họ và tên",
        about_heading="Đơn vị" if group.is_collective else "Chức vụ, đơn vị công tác",
        rows=tuple(
            ListRow(number, line.name, line.about or line.unit, line.bonus)
            for number, line in enumerate(group.lines, start=1)
        ),
        bonus=group.bonus,
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
