"""Values as JSON without loss, for storing variables."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias, cast

from engine.feel import temporal, values
from engine.feel.values import Function, Range, Value, YearsMonthsDuration

Json: TypeAlias = "None | bool | int | str | list[Json] | dict[str, Json]"

# Every JSON object we write has exactly one key, which tells the type; contexts are wrapped like everything else,
# so no entry of theirs can be taken for a mark of ours.
_CONTEXT: Final = "context"
_MAX_PLAIN_DIGITS: Final = 15


def to_json(value: Value) -> Json:
    """Return the value as something that ``json.dumps`` writes and ``from_json`` reads back; a function is null."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return _number_to_json(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {_CONTEXT: {key: to_json(item) for key, item in value.items()}}
    if isinstance(value, Range):
        return {"range": [to_json(value.start), to_json(value.end), value.start_included, value.end_included]}
    if isinstance(value, Function):
        return None
    return _temporal_to_json(value)


def _number_to_json(value: Decimal) -> Json:
    """Small whole numbers are JSON numbers; others are text, since JSON readers make floats of them."""
    sign, digits, exponent = value.as_tuple()
    is_plain = exponent == 0 and len(digits) <= _MAX_PLAIN_DIGITS and not (sign and value == 0)
    return int(value) if is_plain else {"number": str(value)}


def _temporal_to_json(value: temporal.Temporal) -> Json:
    if isinstance(value, timedelta):
        return {"microseconds": temporal.microseconds_of(value)}
    if isinstance(value, YearsMonthsDuration):
        return {"months": value.total_months}
    text = temporal.format_temporal(value)
    if isinstance(value, datetime):
        return {"later date and time" if value.fold else "date and time": text}
    if isinstance(value, time):
        return {"later time" if value.fold else "time": text}
    return {"date": text}


def from_json(obj: object) -> Value:
    """Return the value that ``to_json`` wrote.

    Raises:
        ValueError: it did not write this.

    """
    if obj is None or isinstance(obj, bool | str):
        return obj
    if isinstance(obj, int):
        return Decimal(obj)
    if isinstance(obj, list):
        return [from_json(item) for item in cast("list[object]", obj)]
    if isinstance(obj, dict) and len(cast("dict[object, object]", obj)) == 1:
        ((tag, content),) = cast("dict[str, Any]", obj).items()
        return _read(tag, content)
    raise ValueError(f"a stored value may not be a {type(obj).__name__} like this")


def _read(tag: str, content: Any) -> Value:  # noqa: ANN401 -- whatever JSON holds; the readers check
    if tag == _CONTEXT:
        return {key: from_json(item) for key, item in content.items()}
    if tag not in _READERS:
        raise ValueError(f"unknown mark {tag[:40]!r} of a stored value")
    try:
        value = _READERS[tag](content)
    except (TypeError, InvalidOperation, OverflowError) as error:
        raise ValueError(f"a stored {tag} is damaged") from error
    if value is None:
        raise ValueError(f"a stored {tag} is damaged")
    return value


def _read_range(content: Any) -> Value:  # noqa: ANN401 -- whatever JSON holds
    start, end, start_included, end_included = content
    return Range(from_json(start), from_json(end), bool(start_included), bool(end_included))


def _read_later_moment(text: str) -> Value:
    moment = temporal.parse_date_time(text)
    return moment and moment.replace(fold=1)


def _read_later_time(text: str) -> Value:
    at = temporal.parse_time(text)
    return None if at is None else at.replace(fold=1)


_READERS: Final[dict[str, Callable[[Any], Value]]] = {
    "number": lambda content: Decimal(content),
    "microseconds": lambda content: timedelta(microseconds=content),
    "months": lambda content: values.months(content),
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_time,
    "later date and time": _read_later_moment,
    "later time": _read_later_time,
    "range": _read_range,
}
