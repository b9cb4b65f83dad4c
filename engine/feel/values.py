"""The values of FEEL as Python objects, and the way in for values from outside."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final, TypeAlias

from engine.feel.limits import Run
from engine.feel.types import ANY_FUNCTION, Type

NUMBERS: Final = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=0, traps=[])
"""IEEE 754 decimal128, the numbers of DMN; a result out of range is infinite or no number, never an error."""

MAX_YEARS: Final = 999_999_999
"""The longest duration in years that we hold."""
MAX_MONTHS: Final = MAX_YEARS * 12 + 11
_MAX_NESTING: Final = 100

DaysTimeDuration: TypeAlias = timedelta


@dataclass(frozen=True, order=True)
class YearsMonthsDuration:
    """A duration of whole months, negative or not."""

    total_months: int

    @property
    def years(self) -> int:
        """Whole years, with the sign of the duration."""
        return int(self.total_months / 12)

    @property
    def months(self) -> int:
        """The months beyond the whole years, with the sign of the duration."""
        return self.total_months - self.years * 12


@dataclass(frozen=True)
class Range:
    """All values between two ends; an end that is None is open to infinity."""

    start: "Value"
    end: "Value"
    start_included: bool = True
    end_included: bool = True
    operator: str = ""
    """``=`` or ``!=`` in a range that was written so: all values (un)equal to its start and end."""


@dataclass(frozen=True, eq=False)
class Function:
    """A function as a value; it lives only while expressions run and is never stored."""

    name: str
    parameters: tuple[str, ...]
    call: Callable[[Run, list["Value"]], "Value"]
    call_named: Callable[[Run, dict[str, "Value"]], "Value"]
    type: Type = ANY_FUNCTION


Value: TypeAlias = (
    bool
    | str
    | Decimal
    | date
    | time
    | datetime
    | timedelta
    | YearsMonthsDuration
    | Range
    | Function
    | list["Value"]
    | dict[str, "Value"]
    | None
)
"""Numbers are always ``Decimal``; the type of a value is exactly one of these, never a subclass of one."""
_PLAIN: Final = (bool, datetime, date, time, timedelta, YearsMonthsDuration, Range, Function)


def one_sided_range(operator: str, end: "Value") -> Range:
    """Return the range of all values that compare so with its end: ``(> 5)``."""
    if operator in ("=", "!="):
        return Range(end, end, operator=operator)
    included = operator.endswith("=")
    if operator.startswith("<"):
        return Range(None, end, start_included=False, end_included=included)
    return Range(end, None, start_included=included, end_included=False)


def number(value: Decimal) -> Decimal | None:
    """Return the number rounded to 34 digits, or None if it is out of range."""
    rounded = NUMBERS.plus(value)
    return rounded if rounded.is_finite() else None


def months(total: int) -> YearsMonthsDuration | None:
    """Return the duration of so many months, or None if it is too long to be one."""
    return YearsMonthsDuration(total) if abs(total) <= MAX_MONTHS else None


def to_feel(obj: object) -> Value:
    """Turn a Python or JSON value into a FEEL value; lists and contexts are copied.

    Raises:
        TypeError: it has no counterpart, is no finite number, or is nested more than 100 deep.

    """
    return _convert(obj, _MAX_NESTING)


def _convert(obj: object, levels: int) -> Value:
    if obj is None or isinstance(obj, _PLAIN):
        return obj
    if isinstance(obj, str):
        return str.__str__(obj)
    if isinstance(obj, int | float | Decimal):
        return _convert_number(obj)
    if levels == 0:
        raise TypeError(f"a value may not be nested more than {_MAX_NESTING} levels deep")
    if isinstance(obj, Mapping):
        return {_key(key): _convert(value, levels - 1) for key, value in obj.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] -- checked value by value
    if isinstance(obj, list | tuple):
        return [_convert(item, levels - 1) for item in obj]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] -- checked value by value
    raise TypeError(f"a {type(obj).__name__} is no FEEL value")


def _key(key: object) -> str:
    if isinstance(key, str):
        return str.__str__(key)
    raise TypeError(f"the key of a context is text, not a {type(key).__name__}")


def _convert_number(obj: float | Decimal) -> Decimal:
    """Floats become the number that is written when they are printed."""
    if isinstance(obj, float) and not math.isfinite(obj):
        raise TypeError("a number that is not finite is no FEEL value")
    result = number(
        obj if isinstance(obj, Decimal) else Decimal(repr(obj) if isinstance(obj, float) else obj)
    )
    if result is None:
        raise TypeError("a number out of range is no FEEL value")
    return result
