"""What the forms of an inspection begin with: answers given before, options, and facts to read."""

from decimal import Decimal

from engine.clock import CITY_ZONE
from engine.feel import Value
from engine.models import Person
from engine.setup import FormCall
from processes.awards.answers import context_of
from processes.awards.calls import inspection_of, remedy_of
from processes.awards.checklist import PERCENT, QUESTIONS, TOPICS, topic_name
from processes.awards.inspection_words import DUTY_NAMES
from processes.awards.models import Inspection, Remedy, TeamDuty
from processes.awards.registry import form_source
from processes.inspection import teams
from processes.inspection.evidence import find_evidence
from processes.inspection.reporting import files_field


@form_source("inspection.self_report")
def self_report_values(call: FormCall) -> dict[str, Value]:
    """Give the unit its earlier answers and files, and what head or inspector ask for."""
    inspection = inspection_of(call)
    answers: dict[str, object] = dict(inspection.report)
    if PERCENT in answers:
        answers[PERCENT] = Decimal(str(answers[PERCENT]))
    for topic in TOPICS:
        answers[files_field(topic)] = [
            proof.upload_id for proof in find_evidence(call, inspection, topic=topic)
        ]
    return context_of(_head(call, inspection) | answers)


@form_source("inspection.reading")
def reading_values(call: FormCall) -> dict[str, Value]:
    """Give those who judge or sign the report, the minutes and what was said of them."""
    inspection = inspection_of(call)
    return context_of(
        _head(call, inspection) | _report_facts(call, inspection) | _minutes_facts(call, inspection)
    )


@form_source("inspection.team")
def team_values(call: FormCall) -> dict[str, Value]:
    """Give whom the team may be made of, and the day the visit was planned for."""
    inspection = inspection_of(call)
    found = teams.find_candidates(call, inspection)
    chosen = {member.duty: str(member.person_id) for member in inspection.team}
    others = [str(one.person_id) for one in inspection.team if one.duty is TeamDuty.MEMBER]
    return context_of(
        _head(call, inspection)
        | _report_facts(call, inspection)
        | {
            "candidates": [_option(person) for person in found],
            "team_leader": chosen.get(TeamDuty.LEADER),
            "team_secretary": chosen.get(TeamDuty.SECRETARY),
            "team_members": others,
            "visit_at": inspection.visit_at,
            "visit_place": inspection.visit_place or f"Trụ sở {inspection.unit.name}",
        }
    )


@form_source("inspection.minutes")
def minutes_values(call: FormCall) -> dict[str, Value]:
    """Give the team one row for each topic of the checklist, with what was written before."""
    inspection, language = inspection_of(call), call.reader.language
    written = {finding.topic: finding for finding in inspection.findings}
    rows = [
        {
            "topic": topic,
            "topic_name": topic_name(topic, language),
            "reported": str(inspection.report.get(topic, "")),
            "text": written[topic].text if topic in written else "",
            "is_shortcoming": topic in written and written[topic].is_shortcoming,
        }
        for topic in TOPICS
    ]
    return context_of(
        _head(call, inspection)
        | _report_facts(call, inspection)
        | _minutes_facts(call, inspection)
        | {
            "findings": rows,
            "attendance": inspection.attendance,
            "minutes": inspection.minutes,
            "visit_at": inspection.visit_at,
            "visit_place": inspection.visit_place,
        }
    )


@form_source("inspection.remedy")
def remedy_values(call: FormCall) -> dict[str, Value]:
    """Give what is to be mended, what the unit said of it, and its files."""
    inspection, remedy = inspection_of(call), remedy_of(call)
    return context_of(_head(call, inspection) | _remedy_facts(call, inspection, remedy))


def _head(call: FormCall, inspection: Inspection) -> dict[str, object]:
    english = call.reader.language == "en"
    unit = inspection.unit
    return {
        "code": inspection.code,
        "topic": inspection.topic,
        "unit_name": unit.name,
        "unit_name_en": unit.name_en or unit.name,
        "inspector_note": inspection.review_note,
        "conclusion_text": inspection.conclusion,
        "recommendations_text": inspection.recommendations,
        "report_due": f"{inspection.report_due_on:%d/%m/%Y}" if inspection.report_due_on else "",
        "visit_text": _visit_text(inspection),
        "team_text": "; ".join(
            f"{member.person.full_name} ({DUTY_NAMES[member.duty][english]})" for member in inspection.team
        ),
    }


def _visit_text(inspection: Inspection) -> str:
    if inspection.visit_at is None:
        return ""
    moment = f"{inspection.visit_at.astimezone(CITY_ZONE):%H:%M, %d/%m/%Y}"
    return f"{moment}, {inspection.visit_place}" if inspection.visit_place else moment


def _report_facts(call: FormCall, inspection: Inspection) -> dict[str, object]:
    language = call.reader.language
    return {
        "report_table": [
            {
                "question": topic_name(key, language),
                "answer": str(inspection.report[key]),
                "files": _names(call, inspection, topic=key),
            }
            for key in QUESTIONS
            if inspection.report.get(key)
        ],
    }


def _minutes_facts(call: FormCall, inspection: Inspection) -> dict[str, object]:
    language = call.reader.language
    fine, short = ("Fine", "Falls short") if language == "en" else ("Đạt", "Có hạn chế")
    return {
        "finding_table": [
            {
                "topic": topic_name(finding.topic, language),
                "text": finding.text,
                "verdict": short if finding.is_shortcoming else fine,
            }
            for finding in inspection.findings
        ],
        "attendance_text": inspection.attendance,
        "minutes_text": inspection.minutes,
        "objections_text": inspection.objections,
        "is_unit_silent": inspection.unit_silent_at is not None and inspection.unit_signed_at is None,
    }


def _remedy_facts(call: FormCall, inspection: Inspection, remedy: Remedy) -> dict[str, object]:
    proofs = find_evidence(call, inspection, remedy_id=remedy.id)
    return {
        "remedy_text": remedy.text,
        "remedy_position": remedy.position,
        "remedy_count": len(inspection.remedies),
        "remedy_due": f"{remedy.due_on:%d/%m/%Y}",
        "remedy_note": remedy.note,
        "remedy_said": remedy.note,
        "remedy_files": [proof.upload_id for proof in proofs],
        "file_table": [{"file": proof.upload.name} for proof in proofs],
        "remedy_returned": remedy.review_note,
    }


def _names(call: FormCall, inspection: Inspection, *, topic: str) -> str:
    return ", ".join(proof.upload.name for proof in find_evidence(call, inspection, topic=topic))


def _option(person: Person) -> dict[str, object]:
    title = f", {person.job_title}" if person.job_title else ""
    return {"label": f"{person.full_name}{title}", "value": str(person.id)}
