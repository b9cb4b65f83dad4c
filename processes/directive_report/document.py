"""A regular report on paper, in the layout of Decree 30/2020: the same facts as PDF and as Word."""

import io
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

from docxtpl import DocxTemplate
from jinja2.sandbox import SandboxedEnvironment

from engine.people import local_day
from engine.text import nfc
from processes.awards.directive_words import STANDING_NAMES
from processes.awards.documents import Signature, official_date, render_pdf
from processes.awards.models import DirectiveReport
from processes.directive.citing import about, cited
from processes.directive_report.facts import (
    REACH_NAMES,
    ReportFacts,
    counts_text,
    extension_lines,
    last_accepted,
    lateness_lines,
    reached_text,
    reported_text,
)
from processes.directive_task.figures import target_text

TYPST: Final = Path(__file__).parent / "report.typ"
WORD: Final = Path(__file__).parent / "report.docx"
"""The template of the Word file; its words and layout are changed in Word."""
ORGAN: Final = ("SỞ NỘI VỤ HẢI PHÒNG", "BAN THI ĐUA - KHEN THƯỞNG")
NUMBER_MARK: Final = "/BC-BTĐKT"
CITY_COMMITTEE: Final = "Ủy ban nhân dân thành phố"


@dataclass(frozen=True)
class TaskLine:
    """One task of the table; all as text."""

    number: str
    item: str
    name: str
    unit: str
    due_on: str
    progress: str
    standing: str
    result: str
    """What its last accepted report says."""


@dataclass(frozen=True)
class TargetLine:
    """One target of the table; all as text."""

    number: str
    name: str
    wanted: str
    reported: str
    finding: str


@dataclass(frozen=True)
class ReportDocument:
    """A report on paper. Texts are plain; every member reaches both templates under its own name."""

    organ: tuple[str, ...]
    """Lines of the issuing body; the last is bold."""
    kind: str
    number_text: str
    number_line: str
    place_and_date: str
    subject: str
    addressee: str
    opening: str
    counts: tuple[str, ...]
    tasks: tuple[TaskLine, ...]
    targets: tuple[TargetLine, ...]
    lateness: tuple[str, ...]
    extensions: tuple[str, ...]
    assessment: tuple[str, ...]
    proposals: tuple[str, ...]
    closing: str
    """Without the closing ``./.``."""
    receivers: tuple[str, ...]
    signature: Signature


def report_document(
    report: DirectiveReport, facts: ReportFacts, *, receivers: tuple[str, ...]
) -> ReportDocument:
    """Word a report; unsigned it has blanks for number and date."""
    directive = facts.directive
    signed_on = local_day(report.signed_at) if report.signed_at else None
    name = cited(directive)
    return ReportDocument(
        organ=ORGAN,
        kind="BÁO CÁO",
        number_text=report.number,
        number_line=f"Số: {report.number or f'        {NUMBER_MARK}'}",
        place_and_date=official_date(signed_on),
        subject=f"Kết quả thực hiện {name} của {CITY_COMMITTEE}\n({report.period_name})",
        addressee=f"Kính gửi: {CITY_COMMITTEE}.",
        opening=(
            f"Thực hiện {name} của {CITY_COMMITTEE} {about(directive)}, Ban Thi đua - Khen thưởng "
            f"báo cáo kết quả đến ngày {facts.today:%d/%m/%Y} như sau:"
        ),
        counts=tuple(text for text in (f"Chỉ thị giao {counts_text(facts)}", reached_text(facts)) if text),
        tasks=_task_lines(facts),
        targets=_target_lines(facts),
        lateness=lateness_lines(facts),
        extensions=extension_lines([row.task for row in facts.tasks]),
        assessment=_paragraphs(report.assessment),
        proposals=_paragraphs(report.proposals),
        closing=f"Ban Thi đua - Khen thưởng báo cáo {CITY_COMMITTEE} xem xét, chỉ đạo",
        receivers=receivers,
        signature=Signature(("TRƯỞNG BAN",), report.signed_by.full_name if report.signed_by else ""),
    )


def make_report(
    document: ReportDocument, *, fonts: Path | None, dated: datetime | None
) -> tuple[bytes, bytes]:
    """Return a report as Word and as PDF."""
    return report_word(document), render_pdf(TYPST, document, fonts=fonts, dated=dated)


def report_word(document: ReportDocument) -> bytes:
    """Return the Word file of a report.

    The template is ours. What stands in ``document`` is escaped and set once: marks of a template or of XML
    in it appear as they were typed.
    """
    template = DocxTemplate(WORD)
    values = _printable(asdict(document))
    template.render(values, jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True)
    target = io.BytesIO()
    template.save(target)
    return target.getvalue()


def _task_lines(facts: ReportFacts) -> tuple[TaskLine, ...]:
    return tuple(
        TaskLine(
            number=str(number),
            item=str(row.task.item.position) if row.task.item else "",
            name=row.task.name,
            unit=row.task.lead_unit.name,
            due_on=f"{row.task.due_on:%d/%m/%Y}",
            progress=f"{row.task.progress_percent}%",
            standing=STANDING_NAMES[row.standing][0],
            result=report.text if (report := last_accepted(row.task)) else "",
        )
        for number, row in enumerate(facts.tasks, 1)
    )


def _target_lines(facts: ReportFacts) -> tuple[TargetLine, ...]:
    return tuple(
        TargetLine(
            number=str(number),
            name=row.target.name,
            wanted=target_text(row.target),
            reported=reported_text(row),
            finding=REACH_NAMES[row.reach][0],
        )
        for number, row in enumerate(facts.targets, 1)
    )


def _paragraphs(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _printable(value: object) -> Any:  # noqa: ANN401  # facts are of any kind
    """Return facts as XML can hold them: texts in NFC, without control characters."""
    if isinstance(value, str):
        return "".join(one for one in nfc(value) if one in "\n\t" or unicodedata.category(one) != "Cc")
    if isinstance(value, Mapping):
        members = cast("Mapping[str, object]", value)
        return {name: _printable(item) for name, item in members.items()}
    if isinstance(value, list | tuple):
        return [_printable(item) for item in cast("list[object]", value)]
    return value
