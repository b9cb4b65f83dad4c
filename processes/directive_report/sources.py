"""What the forms of a regular report begin with: the directives to choose from, the facts, the draft."""

from sqlalchemy import select

from engine.feel import Value
from engine.people import local_day
from engine.setup import FormCall
from processes.awards.answers import context_of
from processes.awards.calls import directive_report_of
from processes.awards.directive_words import STANDING_NAMES
from processes.awards.models import Directive, DirectiveReport, DirectiveState
from processes.awards.registry import form_source
from processes.directive_report.facts import (
    REACH_NAMES,
    ReportFacts,
    counts_text,
    gather_facts,
    reported_text,
    wanted_text,
)


@form_source("directive_report.choice")
def choice_values(call: FormCall) -> dict[str, Value]:
    """Give the directives that are under way."""
    under_way = select(Directive).where(Directive.state == DirectiveState.IN_FORCE)
    found = call.session.scalars(under_way.order_by(Directive.issued_on.desc(), Directive.id))
    return context_of(
        {
            "directives": [
                {
                    "label": f"{one.number}: {one.subject}",
                    "label_en": f"{one.number}: {one.subject_en or one.subject}",
                    "value": str(one.id),
                }
                for one in found
            ]
        }
    )


@form_source("directive_report.draft")
def draft_values(call: FormCall) -> dict[str, Value]:
    """Give the facts with the assessment and proposals as they stand, and why the draft came back."""
    report = directive_report_of(call)
    return context_of(
        _reading(call, report)
        | {"assessment": report.assessment, "proposals": report.proposals, "returned": report.review_note}
    )


@form_source("directive_report.signing")
def signing_values(call: FormCall) -> dict[str, Value]:
    """Give the report as its signer reads it."""
    report = directive_report_of(call)
    return context_of(
        _reading(call, report) | {"assessment_read": report.assessment, "proposals_read": report.proposals}
    )


def _reading(call: FormCall, report: DirectiveReport) -> dict[str, object]:
    facts = gather_facts(call.session, report.directive, today=local_day(call.now))
    directive = report.directive
    return {
        "period_name": report.period_name,
        "number": directive.number,
        "subject": directive.subject,
        "subject_en": directive.subject_en or directive.subject,
        "counts": counts_text(facts),
        "counts_en": counts_text(facts, english=True),
        "task_table": _task_table(facts),
        "target_table": [
            {
                "name": row.target.name,
                "wanted": wanted_text(row),
                "reported": reported_text(row),
                "finding": REACH_NAMES[row.reach][0],
            }
            for row in facts.targets
        ],
    }


def _task_table(facts: ReportFacts) -> list[dict[str, object]]:
    return [
        {
            "item_number": str(row.task.item.position) if row.task.item else "",
            "name": row.task.name,
            "lead_unit": row.task.lead_unit.name,
            "due_on": f"{row.task.due_on:%d/%m/%Y}",
            "progress": f"{row.task.progress_percent}%",
            "standing": STANDING_NAMES[row.standing][0],
        }
        for row in facts.tasks
    ]
