"""Loads the 43 awards and their rules into dated rule sets, and looks them up."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidInputError
from engine.text import fold
from processes.awards import rules
from processes.awards.models import (
    Award,
    AwardKind,
    AwardRound,
    AwardRule,
    BallotKind,
    RuleSet,
    VoteBase,
)

CITY_DECIDER = "chu_tich_ubnd_thanh_pho"

DOCUMENT_NAMES: Mapping[str, tuple[str, str]] = {
    "to_trinh": ("Tờ trình kèm danh sách", "Submission letter with list"),
    "bao_cao_thanh_tich": ("Báo cáo thành tích có xác nhận của cấp trình", "Achievement reports, confirmed"),
    "bien_ban_binh_xet": ("Biên bản bình xét thi đua, khen thưởng", "Minutes of the unit's council"),
    "chung_nhan_sang_kien": ("Chứng nhận hoặc xác nhận sáng kiến, đề tài", "Certificate of initiative"),
    "bang_diem_cum_khoi": ("Bảng điểm của cụm, khối thi đua", "Score table of the cluster"),
    "y_kien_so_ngoai_vu_va_cong_an": (
        "Ý kiến của Sở Ngoại vụ và Công an thành phố",
        "Opinions of Foreign Affairs and the police",
    ),
    "y_kien_co_quan_lien_quan": ("Ý kiến của cơ quan liên quan", "Opinions of the bodies concerned"),
    "y_kien_nhan_dan": ("Kết quả lấy ý kiến nhân dân", "Result of public posting"),
    "ket_qua_bo_phieu_kin": ("Kết quả bỏ phiếu kín", "Result of the secret ballot"),
    "danh_sach": ("Danh sách đề nghị", "List of nominees"),
    "ket_qua_niem_yet_10_ngay": ("Kết quả niêm yết 10 ngày", "Result of ten days of posting"),
    "ho_so_theo_nghi_dinh_rieng": ("Hồ sơ theo nghị định riêng", "Papers under a decree of its own"),
    "bo_sung": ("Tài liệu bổ sung", "Supplement"),
    "khac": ("Tài liệu khác", "Other papers"),
}
"""Kinds of documents, in Vietnamese and English."""


@dataclass(frozen=True)
class RuleSetFacts:
    """What a rule set is made with."""

    code: str
    name: str
    name_en: str
    starts_on: date
    ends_on: date | None
    legal_basis: str
    base_salary: int
    base_salary_steps: Mapping[str, int]


KNOWN_RULE_SETS = (
    RuleSetFacts(
        code="2025-07",
        name="Áp dụng từ 01/07/2025 đến 30/09/2026",
        name_en="In force from 01/07/2025 to 30/09/2026",
        starts_on=date(2025, 7, 1),
        ends_on=date(2026, 9, 30),
        legal_basis="Luật Thi đua, khen thưởng số 06/2022/QH15; Nghị định số 152/2025/NĐ-CP",
        base_salary=2_340_000,
        base_salary_steps={"2026-07-01": 2_530_000},
    ),
    RuleSetFacts(
        code="2026-10",
        name="Áp dụng từ 01/10/2026",
        name_en="In force from 01/10/2026",
        starts_on=date(2026, 10, 1),
        ends_on=None,
        legal_basis=(
            "Luật Thi đua, khen thưởng số 06/2022/QH15, sửa đổi, bổ sung bởi Luật số 06/2026/QH16; "
            "Nghị định số 152/2025/NĐ-CP"
        ),
        base_salary=2_530_000,
        base_salary_steps={},
    ),
)
"""Dates and numbers are read in sources; the content of Law 06/2026 is to be confirmed by the department."""


def load_catalogue(session: Session) -> list[RuleSet]:
    """Add the awards and the known rule sets that are not there yet. Flushes; the caller commits."""
    entries = _entries()
    awards = {award.slug: award for award in session.scalars(select(Award))}
    for position, entry in enumerate(entries, start=1):
        if entry["slug"] not in awards:
            awards[entry["slug"]] = _award(entry, position)
    session.add_all(awards.values())
    present = {rule_set.code: rule_set for rule_set in session.scalars(select(RuleSet))}
    for facts in KNOWN_RULE_SETS:
        if facts.code not in present:
            present[facts.code] = _rule_set(facts, entries, awards)
            session.add(present[facts.code])
    session.flush()
    return list(present.values())


def _entries() -> list[dict[str, Any]]:
    text = resources.files("processes.awards").joinpath("awards.json").read_text("utf-8")
    entries: list[dict[str, Any]] = json.loads(text)
    return entries


@lru_cache(maxsize=1)
def award_spellings() -> Mapping[str, str]:
    """Return how people write the names of awards, folded, each with its slug."""
    return {
        fold(name): entry["slug"]
        for entry in _entries()
        for name in (entry["name"], *entry.get("aliases", ()))
    }


def _award(entry: Mapping[str, Any], position: int) -> Award:
    return Award(
        slug=entry["slug"],
        name=entry["name"],
        name_en=entry["name_en"],
        kind=AwardKind(entry["kind"]),
        category=entry["category"],
        scope=entry["scope"],
        recipients=entry["recipients"],
        deciders=entry["deciders"],
        submitters=entry["submitters"],
        position=position,
    )


def _rule_set(facts: RuleSetFacts, entries: list[dict[str, Any]], awards: Mapping[str, Award]) -> RuleSet:
    return RuleSet(
        code=facts.code,
        name=facts.name,
        name_en=facts.name_en,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        legal_basis=facts.legal_basis,
        base_salary=facts.base_salary,
        base_salary_steps=dict(facts.base_salary_steps),
        rules=[_rule(entry, awards[entry["slug"]]) for entry in entries],
    )


def _rule(entry: Mapping[str, Any], award: Award) -> AwardRule:
    return AwardRule(
        award=award,
        is_vote_required=entry["is_vote_required"],
        threshold_percent=entry["threshold_percent"],
        must_exceed=entry["must_exceed"],
        base=VoteBase(entry["base"]),
        ballot=BallotKind(entry["ballot"]),
        documents=entry["documents"],
        appraisal_working_days=entry["appraisal_working_days"],
        individual_multiple=_decimal(entry["individual_multiple"]),
        collective_multiple=_decimal(entry["collective_multiple"]),
        criteria=entry["criteria"],
        conditions=entry.get("conditions", []),
        article=entry["article"],
        confidence=f"{entry['confidence']}; {entry['threshold_confidence']}",
    )


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def find_rule_sets(session: Session) -> list[RuleSet]:
    """Return all rule sets, the youngest first."""
    return list(session.scalars(select(RuleSet).order_by(RuleSet.starts_on.desc())))


def rule_set_on(session: Session, day: date) -> RuleSet:
    """Return the rule set in force on ``day``.

    Raises:
        InvalidInputError: none is.

    """
    found = rules.in_force(session.scalars(select(RuleSet)), day)
    if found is None:
        raise InvalidInputError(f"no rule set is in force on {day}")
    return found


def find_awards(session: Session, rule_set: RuleSet) -> list[AwardRule]:
    """Return the rules of a set in the order of the catalogue, each with its award."""
    query = select(AwardRule).join(Award).where(AwardRule.rule_set_id == rule_set.id).order_by(Award.position)
    return list(session.scalars(query))


def get_rule(session: Session, rule_set_id: int, award_id: int) -> AwardRule:
    """Return the rule of an award in a rule set.

    Raises:
        InvalidInputError: the rule set has none for it.

    """
    rule = session.get(AwardRule, (rule_set_id, award_id))
    if rule is None:
        raise InvalidInputError(f"rule set {rule_set_id} has no rule for award {award_id}")
    return rule


def city_awards(session: Session) -> list[Award]:
    """Return the awards that the Chairman of the city decides himself."""
    awards = session.scalars(select(Award).order_by(Award.position))
    return [award for award in awards if CITY_DECIDER in award.deciders]


def open_rounds(session: Session, day: date) -> list[AwardRound]:
    """Return the rounds in which units may nominate on ``day``."""
    query = (
        select(AwardRound)
        .where(AwardRound.opens_on <= day, AwardRound.closes_on >= day)
        .order_by(AwardRound.closes_on, AwardRound.id)
    )
    return list(session.scalars(query))
