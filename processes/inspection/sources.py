"""What the forms of an inspection begin with: the questions answered before, and facts to read."""

from decimal import Decimal
from typing import Final

from engine.feel import Value, to_feel
from engine.setup import FormCall
from processes.awards.calls import inspection_of
from processes.awards.inspections import QUESTIONS
from processes.awards.models import Inspection
from processes.awards.registry import form_source

PERCENT: Final = "direct_worker_percent"


@form_source("inspection.self_report")
def self_report_values(call: FormCall) -> dict[str, Value]:
    """Give the unit its earlier answers, and what the inspector asks for."""
    inspection = inspection_of(call)
    answers: dict[str, object] = dict(inspection.report)
    if PERCENT in answers:
        answers[PERCENT] = Decimal(str(answers[PERCENT]))
    return _context(_head(inspection) | answers)


@form_source("inspection.reading")
def reading_values(call: FormCall) -> dict[str, Value]:
    """Give those who judge the unit's report as a table, and what was written so far."""
    inspection = inspection_of(call)
    return _context(
        _head(inspection)
        | {
            "report_table": [
                {"question": names[0], "question_en": names[1], "answer": str(inspection.report[key])}
                for key, names in QUESTIONS.items()
                if inspection.report.get(key)
            ],
        }
    )


def _head(inspection: Inspection) -> dict[str, object]:
    return {
        "code": inspection.code,
        "topic": inspection.topic,
        "unit_name": inspection.unit.name,
        "unit_name_en": inspection.unit.name_en or inspection.unit.name,
        "inspector_note": inspection.review_note,
        "conclusion_text": inspection.conclusion,
        "recommendations_text": inspection.recommendations,
        "remedy_text": inspection.remedy_note,
    }


def _context(values: dict[str, object]) -> dict[str, Value]:
    value = to_feel(values)
    if not isinstance(value, dict):
        raise TypeError("a form starts with a context")
    return value
