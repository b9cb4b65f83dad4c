"""What the forms of a regular report begin with: the directives to choose from, the facts, the draft."""

from sqlalchemy import select

from engine.feel import Value
from engine.people import local_day
from engine.setup import FormCall
from processes.awards.answers import context_of
from processes.awards.calls import directive_report_of
from processes.awards.directive_page import TargetRow, TaskRow
from processes.awards.directive_words import STANDING_NAMES
from processes.awards.models import Directive, DirectiveReport, DirectiveState
from processes.awards.registry import form_source
from processes.directive.citing import about
from processes.directive_report.facts import (
    REACH_NAMES,
    counts_text,
    gather_facts,
    reported_text,
)
from processes.directive_task.figures import name_of, target_text
from processes.directive_task.sources import is_english


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
    directive, english = report.directive, is_english(call)
    return {
        "period_name": report.period_name,
        "number": directive.number,
        "subject": about(directive),
        "subject_en": directive.subject_en or directive.subject,
        "counts": counts_text(facts),
        "counts_en": counts_text(facts, english=True),
        "task_table": [_task_line(row, english=english) for row in facts.tasks],
        "target_table": [_target_line(row, english=english) for row in facts.targets],
    }


def _task_line(row: TaskRow, *, english: bool) -> dict[str, object]:
    task, unit = row.task, row.task.lead_unit
    return {
        "item_number": str(task.item.position) if task.item else "",
        "name": (task.name_en if english else "") or task.name,
        "lead_unit": (unit.name_en if english else "") or unit.name,
        "due_on": f"{task.due_on:%d/%m/%Y}",
        "progress": f"{task.progress_percent}%",
        "standing": STANDING_NAMES[row.standing][english],
    }


def _target_line(row: TargetRow, *, english: bool) -> dict[str, object]:
    return {
        "name": name_of(row.target, english=english),
        "wanted": target_text(row.target, english=english),
        "reported": reported_text(row, english=english),
        "finding": REACH_NAMES[row.reach][english],
    }
