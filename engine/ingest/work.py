"""Checks what tasks ask of people and of their surroundings: assignment, form, action, decision."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from engine import feel
from engine.diagram import Diagram, Element
from engine.ingest.expressions import check_expression, check_text_or_expression, constant
from engine.ingest.groups import Groups, Named, groups_in
from engine.ingest.problems import Surroundings
from engine.ingest.references import is_id
from engine.ingest.report import Report

_ROLE: Final = re.compile(r"(?P<role>[a-z][a-z0-9_]{0,79})(@(?P<unit>[a-z0-9][a-z0-9_-]{0,79}))?")
_ACTION: Final = re.compile(r"[a-z][a-z0-9_]{0,79}(\.[a-z][a-z0-9_]{0,79}){0,7}")
_LANE_CODE: Final = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Bundle:
    """What the files that are checked together hold."""

    forms: Collection[str]
    decisions: Collection[str]
    processes: Collection[str]


def check_work(diagram: Diagram, bundle: Bundle, surroundings: Surroundings, *, report: Report) -> None:
    """Report tasks that name nobody, or what is not there."""
    for element in diagram.elements.values():
        if element.kind == "userTask":
            if not element.name.strip():
                report.add("name_missing", element)
            _check_assignment(element, surroundings, report)
            _check_form(element, bundle, report)
        elif element.kind in {"serviceTask", "sendTask"} and element.action is None and element.event is None:
            report.add("action_missing", element)
        elif element.kind == "businessRuleTask" and element.action is None:
            _check_decision(element, bundle, report)
        if element.action is not None:
            check_action(element, element.action, surroundings, report=report)


def _check_assignment(element: Element, surroundings: Surroundings, report: Report) -> None:
    if element.candidate_users is not None:
        report.add("candidate_users", element)
    groups, assignee = element.candidate_groups, element.assignee
    if groups is None and not (assignee or "").strip():
        report.add("assignment_missing", element)
    if assignee is not None and assignee.startswith("="):
        check_expression(assignee, "assignee", element, report=report)
    if groups is None:
        return
    found = _groups(element, groups, report)
    for group in found.named:
        check_role(element, group.text, surroundings, report=report)
    _check_staff(element, found, surroundings, report=report)
    _check_lane(element, {group.role for group in found.named}, surroundings, report=report)


def _groups(element: Element, groups: str, report: Report) -> Groups:
    """Return the groups that the text names."""
    if not groups.startswith("="):
        named = [group.strip(" ") for group in groups.split(",")]
        if not all(named):
            report.add("assignment_missing", element)
        return Groups([Named(group) for group in named if group])
    expression = check_expression(groups, "groups", element, report=report)
    try:
        known, value = constant(expression)
    except feel.FeelLimitError:
        report.add("feel_limit", element, place="groups")
        return Groups(is_complete=False)
    if not known:
        return groups_in(groups)
    values = value if isinstance(value, list) else [value]
    named = [group.strip(" ") for text in values if isinstance(text, str) for group in text.split(",")]
    if not named or not all(named):
        report.add("assignment_missing", element)
    return Groups([Named(group) for group in named if group])


def check_role(element: Element, group: str, surroundings: Surroundings, *, report: Report) -> None:
    """Report ``group`` unless it is a role, or a role in a unit, that this installation knows."""
    found = _ROLE.fullmatch(group)
    if found is None:
        report.add("role_malformed", element, value=group)
    elif surroundings.roles is not None and found["role"] not in surroundings.roles:
        report.add("role_unknown", element, value=found["role"])


def _check_staff(element: Element, groups: Groups, surroundings: Surroundings, *, report: Report) -> None:
    """Report a task whose groups all are empty: it would reach nobody."""
    staffed, roles = surroundings.staffed_groups, surroundings.roles
    if staffed is None or not groups.named or not groups.is_complete:
        return
    is_known = roles is None or all(group.role in roles for group in groups.named)
    if is_known and not any(group.is_among(staffed) for group in groups.named):
        report.add("group_unstaffed", element, value=", ".join(group.text for group in groups.named))


def _check_lane(element: Element, roles: set[str], surroundings: Surroundings, *, report: Report) -> None:
    """Note a lane that names a role which the task is not given to."""
    lane = element.lane.strip()
    known = surroundings.roles
    is_role = _LANE_CODE.fullmatch(lane) is not None if known is None else lane in known
    if is_role and roles and lane not in roles:
        report.add("lane_contradicts", element, lane=lane, value=", ".join(sorted(roles)))


def _check_form(element: Element, bundle: Bundle, report: Report) -> None:
    form = element.form_id
    if not form:
        if not element.properties.get("page"):
            report.add("form_none", element)
    elif not is_id(form):
        report.add("form_id_malformed", element, value=form)
    elif form not in bundle.forms:
        report.add("form_missing", element, value=form)


def check_action(element: Element, action: str, surroundings: Surroundings, *, report: Report) -> None:
    """Report ``action`` unless it names one that is there."""
    if _ACTION.fullmatch(action) is None:
        report.add("action_malformed", element, value=action)
    elif surroundings.actions is not None and action not in surroundings.actions:
        report.add("action_unknown", element, value=action)


def _check_decision(element: Element, bundle: Bundle, report: Report) -> None:
    decision = element.called_decision
    if not decision:
        report.add("decision_none", element)
        return
    check_text_or_expression(decision, "decision", element, report=report)
    if not decision.startswith("=") and decision not in bundle.decisions:
        report.add("decision_missing", element, value=decision)
