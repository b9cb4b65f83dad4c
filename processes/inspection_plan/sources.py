"""What the forms of a yearly plan begin with: its lines with their grounds, options, figures."""

from collections import Counter

from sqlalchemy import select

from engine import people
from engine.feel import Value
from engine.models import Unit
from engine.people import local_day
from engine.setup import FormCall
from processes.awards.answers import context_of
from processes.awards.calls import inspection_plan_of
from processes.awards.checklist import topic_name
from processes.awards.inspection_figures import year_figures
from processes.awards.inspection_words import why_chosen
from processes.awards.models import InspectionPlan, PlannedInspection
from processes.awards.registry import form_source
from processes.inspection_plan.document import figure_rows
from processes.inspection_plan.drafting import BY_HAND


@form_source("inspection_plan.draft")
def draft_values(call: FormCall) -> dict[str, Value]:
    """Give the lines as they stand, and all units that may be added."""
    plan, language = inspection_plan_of(call), call.reader.language
    return context_of(
        _head(plan)
        | {
            "units": _units(call),
            "lines": [_row(line, language) for line in _standing(plan)],
            "drop_reason": next((line.drop_reason for line in plan.lines if line.drop_reason), ""),
        }
    )


@form_source("inspection_plan.reading")
def reading_values(call: FormCall) -> dict[str, Value]:
    """Give who reviews or approves how many units there are, why those, and when."""
    plan, language = inspection_plan_of(call), call.reader.language
    standing = _standing(plan)
    staffed = people.staffed_groups(call.session, on=local_day(call.now))
    return context_of(
        _head(plan)
        | {
            "line_table": [_table_row(line, staffed, language) for line in standing],
            "dropped_table": [
                {"unit": _name(line.unit, language), "reason": line.drop_reason}
                for line in plan.lines
                if line.dropped_at is not None
            ],
            "seed": plan.seed,
        }
        | _counts(standing, language)
    )


@form_source("inspection_plan.summary")
def summary_values(call: FormCall) -> dict[str, Value]:
    """Give the figures of the year as they stand today, and what was written on them."""
    plan, english = inspection_plan_of(call), call.reader.language == "en"
    figures = year_figures(call.session, year=plan.year, on=local_day(call.now))
    language = "en" if english else "vi"
    return context_of(
        _head(plan)
        | {
            "figure_table": [
                {"name": en if english else vi, "count": str(count)} for vi, en, count in figure_rows(figures)
            ],
            "shortcoming_table": [
                {"name": topic_name(key, language), "count": str(count)}
                for key, count in figures.shortcomings
            ],
            "summary": plan.summary,
            "summary_text": plan.summary,
        }
    )


def _head(plan: InspectionPlan) -> dict[str, object]:
    return {
        "code": plan.code,
        "year": str(plan.year),
        "returned": plan.review_note,
        "plan_path": f"/inspections/plans/{plan.id}",
    }


def _standing(plan: InspectionPlan) -> list[PlannedInspection]:
    """Return the lines that were not dropped, in order of their visits."""
    standing = [line for line in plan.lines if line.dropped_at is None]
    return sorted(standing, key=lambda line: (line.visit_on, line.id))


def _row(line: PlannedInspection, language: str) -> dict[str, object]:
    inspecting = line.inspecting_unit
    return {
        "id": line.id,
        "unit": line.unit.code,
        "why": why_chosen(line.grounds, language),
        "by_hand_reason": line.by_hand_reason,
        "is_proposed": BY_HAND not in line.grounds,
        "notice_on": line.notice_on,
        "visit_on": line.visit_on,
        "inspecting_unit": inspecting.code if inspecting else None,
    }


def _table_row(line: PlannedInspection, staffed: frozenset[str], language: str) -> dict[str, object]:
    vacant = [role for role in ("unit_head", "unit_officer") if f"{role}@{line.unit.code}" not in staffed]
    warning = (
        (" (nobody in charge yet)" if language == "en" else " (chưa có người phụ trách)") if vacant else ""
    )
    inspecting = line.inspecting_unit
    return {
        "unit": _name(line.unit, language) + warning,
        "why": why_chosen(line.grounds, language, by_hand_reason=line.by_hand_reason),
        "notice": f"{line.notice_on:%d/%m/%Y}",
        "visit": f"{line.visit_on:%d/%m/%Y}",
        "inspecting": _name(inspecting, language) if inspecting else "",
    }


def _counts(standing: list[PlannedInspection], language: str) -> dict[str, object]:
    quarters = Counter((line.visit_on.month + 2) // 3 for line in standing)
    word = "Q" if language == "en" else "quý "
    return {
        "unit_count": len(standing),
        "random_count": sum("random" in line.grounds for line in standing),
        "by_hand_count": sum(BY_HAND in line.grounds for line in standing),
        "cross_count": sum(line.inspecting_unit_id is not None for line in standing),
        "quarter_text": "; ".join(f"{word}{number}: {quarters[number]}" for number in sorted(quarters)),
    }


def _units(call: FormCall) -> list[dict[str, object]]:
    on = local_day(call.now)
    return [
        {"label": unit.name, "label_en": unit.name_en or unit.name, "value": unit.code}
        for unit in call.session.scalars(select(Unit).order_by(Unit.name))
        if not people.is_abolished(unit, on=on)
    ]


def _name(unit: Unit, language: str) -> str:
    return (unit.name_en if language == "en" else "") or unit.name
