"""What the forms of a directive begin with: the directive as entered, units and groups to choose from."""

from typing import Final

from sqlalchemy.orm import Session

from engine import people, setup
from engine.feel import Value
from engine.models import Unit
from engine.people import local_day
from engine.setup import FormCall
from processes.awards.answers import context_of
from processes.awards.calls import directive_of
from processes.awards.directive_words import RHYTHM_NAMES
from processes.awards.models import Directive, DirectiveTarget, DirectiveTask
from processes.awards.registry import form_source
from processes.directive.entering import find_draft
from processes.directive.entry import ALL_UNITS
from processes.directive_task.figures import name_of, plain_number, target_text
from processes.directive_task.sources import is_english

_PER_UNIT: Final = "unit_head"
"""The role whose holder in one unit may be named as a recipient by himself."""


@form_source("directive.entry")
def entry_values(call: FormCall) -> dict[str, Value]:
    """Give what was entered before, why it came back, and the units and groups there are."""
    units = _units(call)
    choices = {
        "units": [_choice(unit.name, unit.name_en, unit.code) for unit in units],
        "recipient_groups": _groups(call.session, units),
        "rhythms": [_choice(vi, en, code) for code, (vi, en) in RHYTHM_NAMES.items()],
        "returned": "",
    }
    directive = find_draft(call.session, call.instance)
    return context_of(choices | _entered(directive)) if directive else context_of(choices)


@form_source("directive.reading")
def reading_values(call: FormCall) -> dict[str, Value]:
    """Give a directive as whoever approves it reads it."""
    directive, english = directive_of(call), is_english(call)
    offered = _groups(call.session, _units(call))
    groups = {one["value"]: one["label_en" if english else "label"] for one in offered}
    return context_of(
        {
            "number": directive.number,
            "subject": directive.subject,
            "subject_en": directive.subject_en or directive.subject,
            "issued_on_text": f"{directive.issued_on:%d/%m/%Y}",
            "closes_on_text": f"{directive.closes_on:%d/%m/%Y}",
            "task_table": [_task_line(task, english=english) for task in directive.tasks],
            "recipient_table": [
                {
                    "position": line.position,
                    "name": (line.name_en if english else "") or line.name,
                    "group": groups.get(line.group, line.address),
                }
                for line in directive.recipients
            ],
        }
    )


def _entered(directive: Directive) -> dict[str, object]:
    return {
        "number": directive.number,
        "subject": directive.subject,
        "subject_en": directive.subject_en,
        "issued_on": directive.issued_on,
        "signer": directive.signer,
        "signer_title": directive.signer_title,
        "closes_on": directive.closes_on,
        "document": [directive.upload_id] if directive.upload_id else [],
        "items": [
            {"text": item.text, "summary": item.summary, "summary_en": item.summary_en}
            for item in directive.items
        ],
        "tasks": [_task(task) for task in directive.tasks],
        "targets": [_target(task, target) for task in directive.tasks for target in task.targets],
        "recipients": [
            {"name": line.name, "name_en": line.name_en, "group": line.group, "address": line.address}
            for line in directive.recipients
        ],
        "returned": directive.review_note,
    }


def _task(task: DirectiveTask) -> dict[str, object]:
    return {
        "name": task.name,
        "name_en": task.name_en,
        "item_number": task.item.position if task.item else None,
        "lead_unit": task.lead_unit.code,
        "partners": [partner.unit.code for partner in task.partners],
        "starts_on": task.starts_on,
        "due_on": task.due_on,
        "rhythm": task.rhythm,
    }


def _target(task: DirectiveTask, target: DirectiveTarget) -> dict[str, object]:
    return {
        "task": task.position,
        "name": target.name,
        "name_en": target.name_en,
        "measure": target.measure,
        "measure_en": target.measure_en,
        "lowest": plain_number(target.lowest),
        "highest": plain_number(target.highest) if target.highest is not None else None,
    }


def _task_line(task: DirectiveTask, *, english: bool) -> dict[str, object]:
    units = [task.lead_unit, *(partner.unit for partner in task.partners)]
    lead, *partners = [(unit.name_en if english else "") or unit.name for unit in units]
    return {
        "position": task.position,
        "item_number": task.item.position if task.item else "",
        "name": (task.name_en if english else "") or task.name,
        "lead_unit": lead,
        "partners": ", ".join(partners),
        "due_on": f"{task.due_on:%d/%m/%Y}",
        "rhythm": RHYTHM_NAMES[task.rhythm][english],
        "targets": "; ".join(
            f"{name_of(one, english=english)}: {target_text(one, english=english)}" for one in task.targets
        ),
    }


def _units(call: FormCall) -> list[Unit]:
    today = local_day(call.now)
    return [unit for unit in people.find_units(call.session) if not people.is_abolished(unit, on=today)]


def _groups(session: Session, units: list[Unit]) -> list[dict[str, str]]:
    """Offer every role: held in the city, in all units, and the heads of single units."""
    roles = setup.of(session).roles
    city = [_choice(one.name_vi, one.name_en, one.code) for one in roles.values() if not one.per_unit]
    everywhere = [
        _choice(f"{one.name_vi}: mọi đơn vị", f"{one.name_en}: all units", f"{one.code}@{ALL_UNITS}")
        for one in roles.values()
        if one.per_unit
    ]
    heads = roles[_PER_UNIT]
    single = [
        _choice(
            f"{heads.name_vi}: {unit.name}",
            f"{heads.name_en}: {unit.name_en or unit.name}",
            f"{_PER_UNIT}@{unit.code}",
        )
        for unit in units
    ]
    return [*city, *everywhere, *single]


def _choice(vi: str, en: str, value: str) -> dict[str, str]:
    return {"label": vi, "label_en": en or vi, "value": value}
