"""Whose a user task is and until when, worked out once when it is created."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from engine.diagram import Element
from engine.errors import StepFailedError
from engine.feel import Value
from engine.spiff.timing import TimingError, deadline

DEFAULT_PRIORITY: Final = 50
Evaluate = Callable[[str], Value]
"""Gives plain text as it is and the value of FEEL text, which begins with ``=``."""


def assign(element: Element, evaluate: Evaluate, *, now: datetime) -> dict[str, Any]:
    """Return candidate groups, assignee, deadlines and priority of a user task, as JSON.

    Raises:
        StepFailedError: an expression fails or gives something of another kind.

    """
    due_at = _deadline(element, "due date", element.due_date, evaluate, now=now)
    follow_up_at = _deadline(element, "follow-up date", element.follow_up_date, evaluate, now=now)
    return {
        "groups": _groups(element, evaluate),
        "users": _names(element, "candidate users", element.candidate_users, evaluate),
        "assignee": _assignee(element, evaluate),
        "due_at": due_at and due_at.isoformat(),
        "follow_up_at": follow_up_at and follow_up_at.isoformat(),
        "priority": _priority(element, evaluate),
    }


def _groups(element: Element, evaluate: Evaluate) -> list[list[str]]:
    groups: list[list[str]] = []
    for name in _names(element, "candidate groups", element.candidate_groups, evaluate):
        role, _, unit_code = (part.strip() for part in name.partition("@"))
        if not role or ("@" in name and not unit_code):
            raise StepFailedError(f"{name!r} is no role or role@unit", element_id=element.id)
        if [role, unit_code] not in groups:
            groups.append([role, unit_code])
    return groups


def _names(element: Element, what: str, text: str | None, evaluate: Evaluate) -> list[str]:
    """Return the names of a text with commas, or of a FEEL list."""
    value = evaluate(text) if text else None
    if value is None and not text:
        return []
    parts: list[Value] = list(value) if isinstance(value, list) else [value]
    names: list[str] = []
    for part in parts:
        if not isinstance(part, str) or not part.strip():
            raise StepFailedError(f"the {what} give no name", element_id=element.id)
        names.extend(name.strip() for name in part.split(",") if name.strip())
    return names


def _assignee(element: Element, evaluate: Evaluate) -> str | None:
    value = evaluate(element.assignee) if element.assignee else None
    if value is None or value == "":
        if element.assignee and not element.candidate_groups:
            raise StepFailedError("the assignee gives no name", element_id=element.id)
        return None
    if not isinstance(value, str):
        raise StepFailedError(f"the assignee gives a {type(value).__name__}, no name", element_id=element.id)
    return value.strip()


def _deadline(
    element: Element, what: str, text: str | None, evaluate: Evaluate, *, now: datetime
) -> datetime | None:
    try:
        return deadline(evaluate(text) if text else None, now=now)
    except TimingError as error:
        raise StepFailedError(f"the {what} is wrong: {error}", element_id=element.id) from error


def _priority(element: Element, evaluate: Evaluate) -> int:
    value = evaluate(element.priority) if element.priority else None
    if value is None:
        return DEFAULT_PRIORITY
    if isinstance(value, str) and value.strip().isdecimal():
        value = Decimal(value.strip())
    limit = 100
    if not isinstance(value, Decimal) or not 0 <= value <= limit:
        raise StepFailedError(f"the priority is no number from 0 to {limit}", element_id=element.id)
    return int(value)
