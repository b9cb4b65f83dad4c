"""Writes a directive as it was entered, and what the head of the agency says to it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import people
from engine.models import Person, ProcessInstance, Unit, Upload
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards.answers import text_of
from processes.awards.calls import actor_of, directive_of
from processes.awards.errors import AnswerError
from processes.awards.models import (
    Directive,
    DirectiveItem,
    DirectiveRecipient,
    DirectiveState,
    DirectiveTarget,
    DirectiveTask,
    DirectiveTaskPartner,
)
from processes.awards.registry import action
from processes.directive.checking import Problem, problems_of
from processes.directive.entry import DirectiveEntry, TaskEntry, read_entry

_SECTIONS = {
    "items": ("Mục", "Item"),
    "tasks": ("Nhiệm vụ", "Task"),
    "targets": ("Chỉ tiêu", "Target"),
    "recipients": ("Nơi nhận", "Recipient"),
}


@action("directive.record_entry")
def record_entry(call: ActionCall) -> ActionResult:
    """Write the directive with its items, tasks, targets and recipients, and submit it for approval."""
    entry = read_entry(call.variables)
    present = find_draft(call.session, call.instance)
    problems = problems_of(
        call.session,
        entry,
        directive_id=present.id if present else None,
        today=local_day(call.now),
    )
    if problems:
        raise _refusal(problems)
    directive = write_entry(call.session, entry, call.instance, actor=actor_of(call), now=call.now)
    directive.state = DirectiveState.AWAITING_APPROVAL
    return {"directive_id": Decimal(directive.id), "closes_on": directive.closes_on}


@action("directive.record_approval")
def record_approval(call: ActionCall) -> ActionResult:
    """Write whether the directive is sent out, or goes back with a reason."""
    directive = directive_of(call)
    if text_of(call.variables, "approval_outcome") == "approve":
        directive.review_note = ""
        return {"approval_outcome": "approve"}
    reason = text_of(call.variables, "reason")
    if not reason:
        raise AnswerError("Ghi lý do trả lại.", "Give the reason for sending it back.")
    directive.review_note = reason
    directive.state = DirectiveState.DRAFT
    return {"approval_outcome": "send_back"}


def find_draft(session: Session, instance: ProcessInstance) -> Directive | None:
    """Return the directive that an instance has entered; None before it was first handed in."""
    return session.scalar(select(Directive).where(Directive.instance_id == instance.id))


def write_entry(
    session: Session, entry: DirectiveEntry, instance: ProcessInstance, *, actor: Person, now: datetime
) -> Directive:
    """Write an entry without problems as the instance's directive; what was entered before goes. Flushes."""
    directive = find_draft(session, instance)
    if directive is None:
        directive = Directive(instance_id=instance.id, entered_at=now)
        session.add(directive)
    with session.no_autoflush:
        _write_facts(session, directive, entry)
        directive.entered_by_id = actor.id
        directive.tasks.clear()
        directive.items.clear()
        directive.recipients.clear()
    session.flush()
    _write_rows(session, directive, entry)
    session.flush()
    instance.title = f"{directive.number} · {directive.subject}"[:200]
    instance.business_key = f"directive:{directive.id}"
    return directive


def _write_facts(session: Session, directive: Directive, entry: DirectiveEntry) -> None:
    if entry.issued_on is None or entry.closes_on is None:
        raise ValueError("an entry with problems is not written")
    directive.number, directive.subject = entry.number, entry.subject
    directive.subject_en = entry.subject_en
    directive.issued_on, directive.closes_on = entry.issued_on, entry.closes_on
    directive.signer, directive.signer_title = entry.signer, entry.signer_title
    directive.upload_id = entry.upload_id
    upload = session.get(Upload, entry.upload_id) if entry.upload_id else None
    if upload is not None and upload.instance_id is None:
        upload.instance_id = directive.instance_id


def _write_rows(session: Session, directive: Directive, entry: DirectiveEntry) -> None:
    directive.items = [
        DirectiveItem(position=number, text=item.text, summary=item.summary, summary_en=item.summary_en)
        for number, item in enumerate(entry.items, 1)
    ]
    directive.tasks = [
        _task(session, directive, task, position) for position, task in enumerate(entry.tasks, 1)
    ]
    for position, target in enumerate(entry.targets, 1):
        directive.tasks[(target.task or 1) - 1].targets.append(
            DirectiveTarget(
                position=position,
                name=target.name,
                name_en=target.name_en,
                measure=target.measure,
                measure_en=target.measure_en,
                lowest=target.lowest,
                highest=target.highest,
            )
        )
    directive.recipients = [
        DirectiveRecipient(
            position=position, name=line.name, name_en=line.name_en, group=line.group, address=line.address
        )
        for position, line in enumerate(entry.recipients, 1)
    ]


def _task(session: Session, directive: Directive, task: TaskEntry, position: int) -> DirectiveTask:
    return DirectiveTask(
        position=position,
        name=task.name,
        name_en=task.name_en,
        item=directive.items[task.item - 1] if task.item else None,
        lead_unit=_unit(session, task.lead_unit),
        starts_on=task.starts_on,
        due_on=task.due_on,
        rhythm=task.rhythm,
        partners=[DirectiveTaskPartner(unit=_unit(session, code)) for code in dict.fromkeys(task.partners)],
    )


def _unit(session: Session, code: str) -> Unit:
    unit = people.find_unit(session, code)
    if unit is None:
        raise ValueError(f"no unit {code}")
    return unit


def _refusal(problems: list[Problem]) -> AnswerError:
    """Say the first problems in a sentence each, for a form that shows one message."""
    shown = problems[:5]
    vi = " ".join(f"{_where(one.place, english=False)}{one.vi}" for one in shown)
    en = " ".join(f"{_where(one.place, english=True)}{one.en}" for one in shown)
    return AnswerError(vi, en)


def _where(place: str, *, english: bool) -> str:
    section, _dot, rest = place.partition(".")
    if not rest:
        return ""
    return f"{_SECTIONS[section][english]} {rest.partition('.')[0]}: "
