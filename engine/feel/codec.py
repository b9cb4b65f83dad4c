"""Values as JSON without loss, for storing variables."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, TypeAlias, cast

from engine.feel import temporal, values
from engine.feel.values import Function, Range, Value, YearsMonthsDuration

Json: TypeAlias = bool | int | str | list["Json"] | dict[str, "Json"] | None

# Every JSON object we write has exactly one key, which tells the type. Contexts are wrapped like all else,
# so that no entry of theirs can be taken for a mark of ours.
_CONTEXT: Final = "context"
_MAX_PLAIN_DIGITS: Final = 15


def to_json(value: Value) -> Json:
    """Return the value so that JSON can hold it and ``from_json`` read it; only a function becomes null."""
    if isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return _number_to_json(value)
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {_CONTEXT: {key: to_json(item) for key, item in value.items()}}
    if isinstance(value, Range):
        ends = [to_json(value.start), to_json(value.end), value.start_included, value.end_included]
        return {"range": [*ends, value.operator] if value.operator else ends}
    return None if value is None or isinstance(value, Function) else _temporal_to_json(value)


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
    if isinstance(obj, Mapping):
        return _read(dict(cast("Mapping[str, Any]", obj)))
    raise ValueError(f"a stored value is no {type(obj).__name__}")


def _read(obj: dict[str, Any]) -> Value:
    tag = next(iter(obj), "")
    if len(obj) != 1 or tag not in _READERS:
        raise ValueError(f"a stored value carries one mark of its type, not {sorted(obj)[:5]}")
    try:
        value = _READERS[tag](obj[tag])
    except (TypeError, AttributeError, ArithmeticError, ValueError) as error:
        raise ValueError(f"a stored {tag} is damaged") from error
    if value is None:
        raise ValueError(f"a stored {tag} is damaged")
    return value


def _read_context(content: dict[str, Any]) -> Value:
    return {key: from_json(item) for key, item in content.items()}


def _read_range(content: Any) -> Value:  # noqa: ANN401 -- whatever JSON holds
    start, end, start_included, end_included, *operator = content
    return Range(from_json(start), from_json(end), bool(start_included), bool(end_included), str(*operator))


def _read_later_moment(text: str) -> Value:
    moment = temporal.parse_date_time(text)
    return moment and moment.replace(fold=1)


def _read_later_time(text: str) -> Value:
    at = temporal.parse_time(text)
    return None if at is None else at.replace(fold=1)


_READERS: Final[dict[str, Callable[[Any], Value]]] = {
    _CONTEXT: _read_context,
    "number": Decimal,
    "microseconds": lambda content: timedelta(microseconds=content),
    "months": values.months,
    "date": temporal.parse_date,
    "time": temporal.parse_time,
    "date and time": temporal.parse_date_time,
    "later date and time": _read_later_moment,
    "later time": _read_later_time,
    "range": _read_range,
}
