"""Finds the rows that an action or a form source is called for."""

from typing import TypeVar

from engine.errors import InvalidInputError, NotFoundError
from engine.models import Base, Person
from engine.setup import ActionCall, FormCall
from processes.awards.answers import whole_of
from processes.awards.models import (
    CouncilSession,
    Decision,
    Directive,
    DirectiveReport,
    DirectiveTask,
    Dossier,
    Inspection,
    InspectionPlan,
    Remedy,
)

Row = TypeVar("Row", bound=Base)


def dossier_of(call: ActionCall | FormCall) -> Dossier:
    """Return the dossier that the instance is about."""
    return _row(call, Dossier, "dossier_id")


def meeting_of(call: ActionCall | FormCall) -> CouncilSession:
    """Return the council session that the instance is about."""
    return _row(call, CouncilSession, "session_id")


def decision_of(call: ActionCall | FormCall) -> Decision:
    """Return the decision that the instance is about."""
    return _row(call, Decision, "decision_id")


def inspection_of(call: ActionCall | FormCall) -> Inspection:
    """Return the inspection that the instance is about."""
    return _row(call, Inspection, "inspection_id")


def remedy_of(call: ActionCall | FormCall) -> Remedy:
    """Return what a unit has to mend, in the repetition that the call belongs to."""
    return _row(call, Remedy, "remedy_id")


def inspection_plan_of(call: ActionCall | FormCall) -> InspectionPlan:
    """Return the yearly plan of inspections that the instance is about."""
    return _row(call, InspectionPlan, "plan_id")


def directive_of(call: ActionCall | FormCall) -> Directive:
    """Return the directive that the instance is about."""
    return _row(call, Directive, "directive_id")


def directive_task_of(call: ActionCall | FormCall) -> DirectiveTask:
    """Return the task of a directive that the instance is about."""
    return _row(call, DirectiveTask, "task_id")


def directive_report_of(call: ActionCall | FormCall) -> DirectiveReport:
    """Return the regular report on a directive that the instance is about."""
    return _row(call, DirectiveReport, "report_id")


def actor_of(call: ActionCall) -> Person:
    """Return who completed the task.

    Raises:
        InvalidInputError: nobody did: the action belongs at a user task.

    """
    if call.actor is None:
        raise InvalidInputError(f"{call.element.id} records a person's answers and nobody gave them")
    return call.actor


def _row(call: ActionCall | FormCall, kind: type[Row], name: str) -> Row:
    number = whole_of(call.variables, name)
    row = call.session.get(kind, number) if number is not None else None
    if row is None:
        raise NotFoundError(f"instance {call.instance.id} has no {name} that is there")
    return row
