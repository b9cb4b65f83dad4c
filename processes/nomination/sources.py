"""What the forms of the nomination process begin with: options, rows, and facts to read."""

from engine.feel import Value
from engine.people import local_day
from engine.setup import FormCall
from processes.awards import catalogue, finding_words
from processes.awards.answers import context_of
from processes.awards.calls import dossier_of
from processes.awards.dossier_page import document_name, find_opinions, missing_names
from processes.awards.findings import DossierFindings, find_findings, worst
from processes.awards.models import Award, AwardKind, AwardRule, Dossier, Nominee, NomineeKind
from processes.awards.registry import form_source
from processes.awards.stages import VERDICT_NAMES
from processes.nomination.preparing import DOCUMENT_FIELDS


@form_source("nomination.dossier")
def dossier_values(call: FormCall) -> dict[str, Value]:
    """Give the form of the unit: open rounds, the city's awards, and what was written before."""
    dossier = dossier_of(call)
    session = call.session
    rules = catalogue.find_awards(session, catalogue.rule_set_on(session, local_day(call.now)))
    needing = {rule.award.slug: rule.documents for rule in rules}
    rounds = catalogue.open_rounds(session, local_day(call.now))
    values: dict[str, object] = {
        "rounds": [{"label": item.name, "label_en": item.name_en, "value": item.code} for item in rounds],
        "awards": [_award_option(award) for award in catalogue.city_awards(session)],
        "needing_minutes": [slug for slug, kinds in needing.items() if "bien_ban_binh_xet" in kinds],
        "needing_initiative": [slug for slug, kinds in needing.items() if "chung_nhan_sang_kien" in kinds],
        "needing_scores": [slug for slug, kinds in needing.items() if "bang_diem_cum_khoi" in kinds],
        "needing_opinions": [
            slug for slug, kinds in needing.items() if "y_kien_so_ngoai_vu_va_cong_an" in kinds
        ],
        "award_round": dossier.round.code if dossier.round else (rounds[0].code if rounds else None),
        "award": dossier.award.slug if dossier.award else None,
        "summary": dossier.summary,
        "returned": last_return(call, dossier),
    }
    if dossier.nominees:
        values["nominees"] = [_nominee_row(nominee) for nominee in dossier.nominees]
    for field, kind in DOCUMENT_FIELDS.items():
        values[field] = [document.upload_id for document in dossier.documents if document.kind == kind]
    return context_of(values)


def _award_option(award: Award) -> dict[str, object]:
    kind, kind_en = (
        ("Danh hiệu", "Title") if award.kind is AwardKind.TITLE else ("Hình thức", "Commendation form")
    )
    return {
        "label": f"{kind}: {award.name}",
        "label_en": f"{kind_en}: {award.name_en}",
        "value": award.slug,
    }


def _nominee_row(nominee: Nominee) -> dict[str, object]:
    return {
        "kind": nominee.kind.value,
        "name": nominee.name,
        "born_on": nominee.born_on,
        "job_title": nominee.job_title,
        "workplace": nominee.workplace,
        "serves_since_year": nominee.serves_since_year,
        "member_count": nominee.member_count,
        "advanced_worker_count": nominee.advanced_worker_count,
        "emulation_fighter_count": nominee.emulation_fighter_count,
        "is_direct_worker": nominee.is_direct_worker,
        "is_female": nominee.is_female,
        "achievement": nominee.achievement,
        "initiative": nominee.initiative,
        "prior_awards": nominee.prior_awards,
    }


@form_source("nomination.reading")
def reading_values(call: FormCall) -> dict[str, Value]:
    """Give the forms that judge a dossier: its facts, its papers, what is missing, earlier opinions."""
    dossier = dossier_of(call)
    return context_of(_reading(call, dossier, find_findings(call.session, dossier)))


@form_source("nomination.appraisal")
def appraisal_values(call: FormCall) -> dict[str, Value]:
    """Give the appraisal one row per nominee, those with findings against them first.

    A row has what the rules found, and the verdict of the turn before.
    """
    dossier = dossier_of(call)
    found = find_findings(call.session, dossier)
    language = call.reader.language
    order = sorted(dossier.nominees, key=lambda nominee: worst(found.of_nominee[nominee.id]))
    return context_of(
        _reading(call, dossier, found)
        | {
            "nominees": [_appraisal_row(nominee, found, language) for nominee in order],
            "nominee_findings": [_lines(nominee, found, language) for nominee in order],
            "findings_tally": finding_words.tally(found.of_nominee.values(), language),
            "unit_findings": finding_words.lines(found.of_unit, [], language),
            "supplement_request": dossier.supplement_request,
        }
    )


def _appraisal_row(nominee: Nominee, found: DossierFindings, language: str) -> dict[str, object]:
    check, kind = finding_words.chip(found.of_nominee[nominee.id], language)
    return {
        "nominee_id": nominee.id,
        "name": nominee.name,
        "about": about(nominee),
        "verdict": nominee.verdict.value if nominee.verdict else None,
        "reason": nominee.verdict_reason,
        "check": check,
        "check_kind": kind,
    }


def _lines(nominee: Nominee, found: DossierFindings, language: str) -> list[dict[str, object]]:
    """Return what is to be read under a nominee: the findings, and what his unit says he achieved."""
    label = "Achievement" if language == "en" else "Thành tích"
    achieved: dict[str, object] = {"kind": "info", "label": label, "text": nominee.achievement, "note": ""}
    return [*finding_words.lines(found.of_nominee[nominee.id], found.held[nominee.id], language), achieved]


def _reading(call: FormCall, dossier: Dossier, found: DossierFindings) -> dict[str, object]:
    rule, language = _rule(call, dossier), call.reader.language
    return {
        "award_name": dossier.award.name if dossier.award else "",
        "award_name_en": dossier.award.name_en if dossier.award else "",
        "unit_name": (dossier.unit.name_en if language == "en" else "") or dossier.unit.name,
        "summary": dossier.summary,
        "submission_number": dossier.submission_number,
        "article": rule.article if rule else "",
        "criteria": [{"text": text} for text in (rule.criteria if rule else [])],
        "nominee_table": [
            _table_row(nominee, finding_words.chip(found.of_nominee[nominee.id], language)[0])
            for nominee in dossier.nominees
        ],
        "document_table": [
            {"kind": document_name(document.kind, language), "file": document.upload.name}
            for document in dossier.documents
        ],
        "missing_documents": "; ".join(missing_names(call.session, dossier, language="vi")),
        "missing_documents_en": "; ".join(missing_names(call.session, dossier, language="en")),
        "opinion_table": _opinion_rows(call, dossier),
        "supplement_asked": dossier.supplement_request,
        "returned": last_return(call, dossier),
    }


def _rule(call: FormCall, dossier: Dossier) -> AwardRule | None:
    if dossier.award_id is None:
        return None
    rule_set = dossier.rule_set or catalogue.rule_set_on(call.session, local_day(call.now))
    return call.session.get(AwardRule, (rule_set.id, dossier.award_id))


def about(nominee: Nominee) -> str:
    """Return what stands under a nominee's name: job, workplace, and what counts for him."""
    parts = [nominee.job_title, nominee.workplace]
    parts += ["Trực tiếp lao động"] if nominee.is_direct_worker else []
    parts += [f"Sáng kiến: {nominee.initiative}"] if nominee.initiative else []
    return " · ".join(part for part in parts if part)


def _table_row(nominee: Nominee, check: str) -> dict[str, object]:
    return {
        "number": nominee.position,
        "name": nominee.name,
        "kind": "Cá nhân" if nominee.kind is NomineeKind.INDIVIDUAL else "Tập thể",
        "about": about(nominee),
        "achievement": nominee.achievement,
        "check": check,
        "verdict": _verdict_text(nominee),
    }


def _verdict_text(nominee: Nominee) -> str:
    if nominee.verdict is None:
        return ""
    name = VERDICT_NAMES[nominee.verdict][0]
    return f"{name}: {nominee.verdict_reason}" if nominee.verdict_reason else name


def _opinion_rows(call: FormCall, dossier: Dossier) -> list[dict[str, object]]:
    return [
        {
            "turn": opinion.turn,
            "about": opinion.about or "Cả hồ sơ",
            "verdict": opinion.verdict,
            "text": opinion.text,
            "author": opinion.author,
        }
        for opinion in find_opinions(call.session, dossier, language="vi")
        if opinion.text or opinion.verdict
    ]


def last_return(call: FormCall, dossier: Dossier) -> str:
    """Return why the dossier was last sent back, if it was the last thing said."""
    said = find_opinions(call.session, dossier, language="vi")
    if said and said[0].verdict == "Trả lại":
        return f"{said[0].author}: {said[0].text}"
    return ""
