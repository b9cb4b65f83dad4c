"""Functions that turn values into others, stand in for null, or vouch for a value."""

import re
from datetime import datetime, time
from decimal import Decimal
from typing import Final

from engine.feel import comparison, values
from engine.feel.display import text_of
from engine.feel.errors import FeelAssertionError
from engine.feel.functions.registry import built_in
from engine.feel.limits import Run
from engine.feel.temporal import format_temporal
from engine.feel.values import Value

_NUMBER: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,10})?")
_GROUPING: Final = frozenset({" ", ",", "."})
_DECIMAL: Final = frozenset({",", "."})


@built_in("string")
def string(run: Run, from_: Value) -> Value:
    """Return the value as text."""
    return text_of(from_, run)


@built_in("number")
def number_of_text(from_: str) -> Value:
    """Return the number that is written there."""
    return _read_number(from_)


@built_in("number")
def number_of_number(from_: Decimal) -> Value:
    """Return the number itself."""
    return from_


@built_in("number")
def number_with_separators(
    from_: str, grouping_separator: str | None, decimal_separator: str | None = None
) -> Value:
    """Return the number that is written with these separators: ``number("1.234,5", ".", ",")``."""
    if grouping_separator is not None and grouping_separator not in _GROUPING:
        return None
    if decimal_separator is not None and decimal_separator not in _DECIMAL:
        return None
    if grouping_separator is not None and grouping_separator == (decimal_separator or "."):
        return None
    text = from_.replace(grouping_separator, "") if grouping_separator else from_
    return _read_number(text.replace(decimal_separator, ".") if decimal_separator else text)


def _read_number(text: str) -> Value:
    return values.number(Decimal(text)) if _NUMBER.fullmatch(text) else None


@built_in("not")
def negation(negand: Value) -> Value:
    """Return the opposite of a boolean."""
    return not negand if isinstance(negand, bool) else None


@built_in("get or else")
def get_or_else(value: Value, default: Value) -> Value:
    """Return the value, or the default if it is null."""
    return default if value is None else value


@built_in("assert")
def assert_(value: Value, condition: Value, cause: str | None = None) -> Value:
    """Return the value if the condition is true.

    Raises:
        FeelAssertionError: it is not.

    """
    if condition is not True:
        raise FeelAssertionError(cause or "an assertion of the expression does not hold")
    return value


@built_in("is")
def is_same(run: Run, value1: Value, value2: Value) -> Value:
    """Whether two values are the same in type and value; times also in how they tell their zone."""
    if isinstance(value1, datetime | time) and isinstance(value2, datetime | time):
        return type(value1) is type(value2) and format_temporal(value1) == format_temporal(value2)
    return bool(comparison.identity(value1, run) == comparison.identity(value2, run))
