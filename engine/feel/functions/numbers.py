"""Functions of numbers; scales count digits behind the point."""

from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Final

from engine.feel import values
from engine.feel.functions.registry import built_in
from engine.feel.values import NUMBERS, Value, YearsMonthsDuration

_MAX_SCALE: Final = 6176
_MIN_SCALE: Final = -6111
_REMAINDERS: Final = Context(prec=200, traps=[])
"""The quotient of a remainder has to fit; it may be far longer than the remainder."""
_ZERO: Final = Decimal(0)


def round_to(number: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """Return the number with at most so many digits behind the point; None if the scale is out of range."""
    digits = int(scale)
    if not _MIN_SCALE <= digits <= _MAX_SCALE:
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent >= -digits:
        return number
    rounded = number.quantize(Decimal((0, (1,), -digits)), rounding=rounding, context=NUMBERS)
    return values.number(rounded)


def _register(name: str, rounding: str, *, needs_scale: bool) -> None:
    def with_scale(n: Decimal, scale: Decimal) -> Value:
        return round_to(n, scale, rounding)

    def without_scale(n: Decimal) -> Value:
        return round_to(n, _ZERO, rounding)

    built_in(name)(with_scale)
    if not needs_scale:
        built_in(name)(without_scale)


_register("decimal", ROUND_HALF_EVEN, needs_scale=True)
_register("floor", ROUND_FLOOR, needs_scale=False)
_register("ceiling", ROUND_CEILING, needs_scale=False)
_register("round up", ROUND_UP, needs_scale=True)
_register("round down", ROUND_DOWN, needs_scale=True)
_register("round half up", ROUND_HALF_UP, needs_scale=True)
_register("round half down", ROUND_HALF_DOWN, needs_scale=True)


@built_in("abs")
def absolute(n: Decimal | timedelta | YearsMonthsDuration) -> Value:
    """Return the number or duration without its sign."""
    if isinstance(n, YearsMonthsDuration):
        return YearsMonthsDuration(abs(n.total_months))
    return n.copy_abs() if isinstance(n, Decimal) else abs(n)


@built_in("modulo")
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    """Return the rest of a division; it has the sign of the divisor."""
    rest = _REMAINDERS.remainder(dividend, divisor)
    if rest and (rest < 0) is not (divisor < 0):
        rest = NUMBERS.add(rest, divisor)
    return values.number(rest)


def _finite(name: str, compute: Callable[[Decimal], Decimal], *, cost: int) -> None:
    def function(number: Decimal) -> Value:
        return values.number(compute(number))

    built_in(name, cost=cost)(function)


_finite("sqrt", NUMBERS.sqrt, cost=2)
_finite("log", NUMBERS.ln, cost=10)
_finite("exp", NUMBERS.exp, cost=10)


@built_in("odd")
def odd(number: Decimal) -> Value:
    """Whether a number is odd; null if it is not whole."""
    even_ = even(number)
    return None if even_ is None else not even_


@built_in("even")
def even(number: Decimal) -> bool | None:
    """Whether a number is even; null if it is not whole."""
    if number != number.to_integral_value():
        return None
    return number.adjusted() > len(number.as_tuple().digits) or int(number.as_tuple().digits[-1]) % 2 == 0
