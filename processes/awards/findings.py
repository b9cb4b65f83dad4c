"""What the award rules find of the nominees of a dossier, each finding with its article of law."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from engine.people import holder_of
from processes.awards import catalogue
from processes.awards.decisions import NUMBER_MARK
from processes.awards.finding_rules import (
    NOMINEE_RULES,
    UNIT_RULES,
    FindingVerdict,
    Said,
    human,
)
from processes.awards.models import (
    Award,
    AwardRule,
    Decision,
    DecisionLine,
    DecisionState,
    Dossier,
    DossierStage,
    LineState,
    Nominee,
    NomineeKind,
)
from processes.awards.prior_awards import read_declared
from processes.awards.standing import Condition, Held, Rival, Standing, UnitStanding, read_conditions

SURE: Final = "A"
"""The certainty of a condition that was read in its source; all others are defaults to be confirmed."""
_UNSENT: Final = (DossierStage.PREPARING, DossierStage.AWAITING_SIGNATURE, DossierStage.SENT_BACK)
"""Drafts of units: nobody else is told of them."""
_ENDED: Final = (DossierStage.REFUSED, DossierStage.WITHDRAWN)


@dataclass(frozen=True)
class Finding:
    """What one condition found, as a sentence that tells the fact, with its article of law."""

    rule: str
    verdict: FindingVerdict
    sentence_vi: str
    sentence_en: str
    article: str
    article_en: str


def judge_nominee(conditions: Iterable[Condition], standing: Standing) -> list[Finding]:
    """Return what the conditions find of a nominee, the worst first."""
    asked = [one for one in conditions if one.rule not in UNIT_RULES]
    fitting = [one for one in asked if one.recipient in {"", standing.kind.value}]
    found = [_finding(one, NOMINEE_RULES.get(one.rule, human)(one, standing)) for one in fitting]
    return sorted(found, key=lambda finding: finding.verdict)


def judge_unit(conditions: Iterable[Condition], standing: UnitStanding) -> list[Finding]:
    """Return what the conditions on all nominees of a unit find, the worst first."""
    asked = [one for one in conditions if one.rule in UNIT_RULES]
    found = [_finding(one, UNIT_RULES[one.rule](one, standing)) for one in asked]
    return sorted(found, key=lambda finding: finding.verdict)


def worst(findings: Iterable[Finding]) -> FindingVerdict:
    """Return the worst verdict; with no finding there is nothing against the nominee."""
    return min((finding.verdict for finding in findings), default=FindingVerdict.MET)


def _finding(condition: Condition, said: Said) -> Finding:
    """Fail nobody on a figure that is not sure: Law 06/2026 and the city's own rules may say otherwise."""
    verdict, vi, en = said
    if verdict is FindingVerdict.FAILED and condition.certainty != SURE:
        verdict = FindingVerdict.DOUBTFUL
        vi, en = f"{vi}; mức này đang chờ xác nhận", f"{en}; this figure is to be confirmed"
    return Finding(condition.rule, verdict, f"{vi}.", f"{en}.", condition.article, condition.article_en)


@dataclass(frozen=True)
class DossierFindings:
    """What was found of one dossier: of each nominee by id, and of all that its unit nominates."""

    of_nominee: Mapping[int, list[Finding]]
    of_unit: list[Finding]
    held: Mapping[int, list[Held]]
    """The earlier awards of each nominee, the youngest first."""


def find_findings(session: Session, dossier: Dossier) -> DossierFindings:
    """Judge all nominees by the rule set fixed at receipt; a fixed number of queries, however many they are.

    Before receipt, and where the rule set asks nothing, nobody has findings.
    """
    rule = session.get(AwardRule, (dossier.rule_set_id or 0, dossier.award_id or 0))
    conditions = read_conditions(rule.conditions) if rule else []
    if not conditions:
        nobody: Mapping[int, list[Finding]] = {nominee.id: [] for nominee in dossier.nominees}
        return DossierFindings(nobody, [], {number: [] for number in nobody})
    awards = {award.slug: award for award in session.scalars(select(Award))}
    others = _other_nominations(session, dossier)
    standings = {
        nominee.id: _standing(nominee, others.get((nominee.kind, nominee.name_key), []), awards)
        for nominee in dossier.nominees
    }
    return DossierFindings(
        {number: judge_nominee(conditions, standing) for number, standing in standings.items()},
        judge_unit(conditions, _unit_standing(session, dossier)),
        {
            number: sorted(standing.held, key=lambda one: (-one.year, one.slug))
            for number, standing in standings.items()
        },
    )


@dataclass(frozen=True)
class _Other:
    """A nominee of another dossier, with the issued decision that honours him."""

    nominee: Nominee
    dossier: Dossier
    decision: Decision | None


def _other_nominations(session: Session, dossier: Dossier) -> dict[tuple[NomineeKind, str], list[_Other]]:
    """Return who bears a name of this dossier in another one, with the issued decision that honours him."""
    keys = {nominee.name_key for nominee in dossier.nominees} - {""}
    is_honoured = and_(DecisionLine.nominee_id == Nominee.id, DecisionLine.state == LineState.INCLUDED)
    is_issued = and_(Decision.id == DecisionLine.decision_id, Decision.state == DecisionState.ISSUED)
    query = (
        select(Nominee, Dossier, Decision)
        .join(Dossier, Dossier.id == Nominee.dossier_id)
        .outerjoin(DecisionLine, is_honoured)
        .outerjoin(Decision, is_issued)
        .where(Nominee.name_key.in_(keys), Nominee.dossier_id != dossier.id, Dossier.stage.not_in(_UNSENT))
    )
    found: dict[tuple[NomineeKind, str], list[_Other]] = {}
    for nominee, other, decision in session.execute(query):
        found.setdefault((nominee.kind, nominee.name_key), []).append(_Other(nominee, other, decision))
    return found


def _standing(nominee: Nominee, others: Sequence[_Other], awards: Mapping[str, Award]) -> Standing:
    dossier = nominee.dossier
    known = [(other, match) for other in others if (match := recognise(nominee, other.nominee))]
    granted = [_held(other, match) for other, match in known if other.decision is not None]
    return Standing(
        kind=nominee.kind,
        award=dossier.award.slug if dossier.award else "",
        year=year_of(dossier),
        awards=awards,
        documents=frozenset(document.kind for document in dossier.documents),
        held=[*granted, *_declared(nominee, awards)],
        rivals=[_rival(other.dossier, match) for other, match in known if _is_rival(dossier, other)],
        initiative=nominee.initiative,
        serves_since_year=nominee.serves_since_year,
        member_count=nominee.member_count,
        advanced_worker_count=nominee.advanced_worker_count,
        emulation_fighter_count=nominee.emulation_fighter_count,
    )


@dataclass(frozen=True)
class Match:
    """By what a nominee was recognised in another dossier."""

    text: str
    text_en: str
    is_sure: bool


_SAME_BODY: Final = Match("khớp tên và đơn vị", "same name and unit", is_sure=True)
_MERGED_BODY: Final = Match(
    "trùng tên, ở đơn vị nay đã sáp nhập", "same name, in a unit that has merged with this one", is_sure=False
)
_SAME_BIRTH: Final = Match("khớp họ tên và ngày sinh", "same name and birth date", is_sure=True)
_SAME_UNIT: Final = Match(
    "trùng họ tên, cùng đơn vị, chưa có ngày sinh để đối chiếu",
    "same name and unit, no birth date to compare",
    is_sure=False,
)
_SAME_NAME: Final = Match(
    "trùng họ tên, chưa có ngày sinh để đối chiếu", "same name, no birth date to compare", is_sure=False
)


def recognise(nominee: Nominee, other: Nominee) -> Match | None:
    """Return by what two nominees of one name are the same; None where they are not.

    People are told apart by their day of birth: without it one name may be two people. Bodies are named
    within their unit; where units have merged, one name may be two bodies.
    """
    is_same_unit = nominee.dossier.unit_id == other.dossier.unit_id
    is_merged = holder_of(nominee.dossier.unit) is holder_of(other.dossier.unit)
    if nominee.kind is NomineeKind.COLLECTIVE:
        return _SAME_BODY if is_same_unit else _MERGED_BODY if is_merged else None
    if nominee.born_on and other.born_on:
        return _SAME_BIRTH if nominee.born_on == other.born_on else None
    return _SAME_UNIT if is_merged else _SAME_NAME


def year_of(dossier: Dossier) -> int:
    """Return the year that the dossier's round honours."""
    if dossier.round is not None:
        return dossier.round.year
    return (dossier.received_at or dossier.created_at).year


def _held(other: _Other, match: Match) -> Held:
    award, decision = other.dossier.award, other.decision
    number = f"{decision.number or 0:02d}{NUMBER_MARK}" if decision else ""
    day = f"{decision.issued_on:%d/%m/%Y}" if decision and decision.issued_on else ""
    doubt, doubt_en = ("", "") if match.is_sure else (f", {match.text}", f", {match.text_en}")
    return Held(
        slug=award.slug if award else "",
        name=award.name if award else "",
        name_en=award.name_en if award else "",
        year=year_of(other.dossier),
        source=f"Quyết định số {number} ngày {day}{doubt}",
        source_en=f"Decision {number} of {day}{doubt_en}",
        is_sure=match.is_sure,
    )


def _declared(nominee: Nominee, awards: Mapping[str, Award]) -> list[Held]:
    return [
        Held(
            slug=one.slug,
            name=awards[one.slug].name if one.slug in awards else one.name,
            name_en=awards[one.slug].name_en if one.slug in awards else one.name,
            year=one.year,
            source="theo kê khai, chưa đối chiếu" + (f", {one.decision}" if one.decision else ""),
            source_en="declared, not checked" + (f", {one.decision}" if one.decision else ""),
            is_declared=True,
        )
        for one in read_declared(nominee.prior_awards, catalogue.award_spellings())
    ]


def _is_rival(dossier: Dossier, other: _Other) -> bool:
    """Whether the other dossier still asks for the same award in the same round."""
    asked = other.dossier
    is_same = (asked.award_id, asked.round_id) == (dossier.award_id, dossier.round_id)
    return is_same and asked.stage not in _ENDED and other.nominee.result is None


def _rival(dossier: Dossier, match: Match) -> Rival:
    unit = dossier.unit
    return Rival(dossier.code, unit.name, unit.name_en or unit.name, match.text, match.text_en, match.is_sure)


def _unit_standing(session: Session, dossier: Dossier) -> UnitStanding:
    """Count what the unit nominates for the award in the round, over all dossiers that were sent."""
    query = (
        select(Nominee.kind, Nominee.is_direct_worker, func.count())
        .join(Dossier)
        .where(
            Dossier.unit_id == dossier.unit_id,
            Dossier.award_id == dossier.award_id,
            Dossier.round_id == dossier.round_id,
            Dossier.stage.not_in({*_UNSENT, *_ENDED}),
        )
        .group_by(Nominee.kind, Nominee.is_direct_worker)
    )
    counts = {(kind, is_direct): count for kind, is_direct, count in session.execute(query)}
    direct = counts.get((NomineeKind.INDIVIDUAL, True), 0)
    collectives = [count for (kind, _direct), count in counts.items() if kind is NomineeKind.COLLECTIVE]
    return UnitStanding(
        individual_count=direct + counts.get((NomineeKind.INDIVIDUAL, False), 0),
        collective_count=sum(collectives),
        direct_worker_count=direct,
    )
