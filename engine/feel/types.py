"""Answers ``instance of``."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from engine.feel.limits import Run
from engine.feel.nodes import TypeName
from engine.feel.values import Function, Range, Value, YearsMonthsDuration

_CLASSES: Final[dict[str, type]] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "days and time duration": timedelta,
    "day time duration": timedelta,
    "years and months duration": YearsMonthsDuration,
    "year month duration": YearsMonthsDuration,
    "list": list,
    "context": dict,
    "range": Range,
    "function": Function,
    "null": type(None),
}


def is_instance(value: Value, type_name: TypeName, run: Run) -> bool | None:
    """Whether a value is of a type, with all that it contains; null for a type that nobody knows."""
    if type_name.name == "Any":
        return value is not None
    expected = _CLASSES.get(type_name.name)
    if expected is None:
        return None
    if type(value) is not expected:
        return False
    if not type_name.members:
        return True
    return _has_members(value, type_name, run)


def _has_members(value: Value, type_name: TypeName, run: Run) -> bool | None:
    if isinstance(value, list):
        run.charge(len(value))
        return all(_fits(item, type_name.members[0][1], run) for item in value)
    if isinstance(value, dict):
        return all(key in value and _fits(value[key], member, run) for key, member in type_name.members)
    if isinstance(value, Range):
        return all(_fits(end, type_name.members[0][1], run) for end in (value.start, value.end))
    if isinstance(value, Function):
        return len(value.parameters) == sum(key != "->" for key, _ in type_name.members)
    return False


def _fits(value: Value, type_name: TypeName, run: Run) -> bool:
    """Null is of every type inside a list or context."""
    return value is None or is_instance(value, type_name, run) is True
