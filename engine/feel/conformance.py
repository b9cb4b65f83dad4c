"""Whether a value is of a type, and what a value becomes where a type is asked for."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from engine.feel.limits import Run
from engine.feel.types import ANY, Type, conforms
from engine.feel.values import Function, Range, Value, YearsMonthsDuration

_CLASSES: Final[dict[str, type]] = {
    "number": Decimal,
    "string": str,
    "boolean": bool,
    "date": date,
    "time": time,
    "date and time": datetime,
    "days and time duration": timedelta,
    "years and months duration": YearsMonthsDuration,
    "list": list,
    "context": dict,
    "range": Range,
    "function": Function,
    "Null": type(None),
}
NAMES_OF_CLASSES: Final = {kind: name for name, kind in _CLASSES.items()}


def is_instance(value: Value, wanted: Type, run: Run) -> bool:
    """Whether a value is of a type, with all that it contains.

    Raises:
        FeelLimitError: the value is too big to be looked at.

    """
    if wanted.name == "Any":
        return value is not None
    if type(value) is not _CLASSES[wanted.name]:
        return False
    if isinstance(value, Function):
        return _is_function_of(value, wanted)
    return not wanted.members or _has_members(value, wanted, run)


def _has_members(value: Value, wanted: Type, run: Run) -> bool:
    if isinstance(value, list):
        run.charge(len(value))
        return all(_fits(item, wanted.members[0][1], run) for item in value)
    if isinstance(value, dict):
        run.charge(len(wanted.members))
        return all(key in value and _fits(value[key], member, run) for key, member in wanted.members)
    return isinstance(value, Range) and all(
        _fits(end, wanted.members[0][1], run) for end in (value.start, value.end)
    )


def _fits(value: Value, wanted: Type, run: Run) -> bool:
    """Null is of every type inside a list or context."""
    return value is None or is_instance(value, wanted, run)


def _is_function_of(function: Function, wanted: Type) -> bool:
    """What a function gives is known only where its model declares it; else it is taken on trust."""
    if wanted.result is None:
        return True
    given = function.type
    return conforms(Type(given.name, given.members, given.result or wanted.result), wanted)


def conform(value: Value, wanted: Type, run: Run) -> Value:
    """Return the value as the type wants it; null if it is of another type.

    A list of one item stands for the item, an item for the list of it, and a date for its midnight in UTC
    (DMN 1.5, 10.3.2.9.4).

    Raises:
        FeelLimitError: the value is too big to be looked at.

    """
    if value is None or wanted == ANY or is_instance(value, wanted, run):
        return value
    if isinstance(value, list) and wanted.name != "list":
        return conform(value[0], wanted, run) if len(value) == 1 else None
    if wanted.name == "list" and not isinstance(value, list):
        return [value] if is_instance([value], wanted, run) else None
    if wanted.name == "date and time" and type(value) is date:
        return datetime.combine(value, time(), UTC)
    return None
