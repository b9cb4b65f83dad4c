"""What ``+ - * / **`` and the minus sign do to each pair of types; everything else is null."""

from calendar import monthrange
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.feel import values
from engine.feel.temporal import microseconds_of, offset_of
from engine.feel.values import NUMBERS, Value, YearsMonthsDuration

# The operand types are the key of the table, so that an operation may declare the types it takes.
Operation = Callable[[Any, Any], Value]

_MIDNIGHT: Final = time(tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_MAX_DIGITS: Final = 20


def apply(operator: str, left: Value, right: Value) -> Value:
    """Return the result of an operator, or null where it has none."""
    operation = OPERATIONS[operator].get((type(left), type(right)))
    if operation is None:
        return None
    try:
        return operation(left, right)
    except (OverflowError, ValueError):
        return None


def negate(operand: Value) -> Value:
    """Return the number or duration with its sign turned, or null."""
    if isinstance(operand, Decimal):
        return NUMBERS.minus(operand)
    if isinstance(operand, timedelta):
        return apply("*", operand, Decimal(-1))
    if isinstance(operand, YearsMonthsDuration):
        return YearsMonthsDuration(-operand.total_months)
    return None


def _finite(result: Decimal) -> Decimal | None:
    return result if result.is_finite() else None


def _add_numbers(left: Decimal, right: Decimal) -> Value:
    return _finite(NUMBERS.add(left, right))


def _subtract_numbers(left: Decimal, right: Decimal) -> Value:
    return _finite(NUMBERS.subtract(left, right))


def _multiply_numbers(left: Decimal, right: Decimal) -> Value:
    return _finite(NUMBERS.multiply(left, right))


def _divide_numbers(left: Decimal, right: Decimal) -> Value:
    return _finite(NUMBERS.divide(left, right)) if right else None


def _power(left: Decimal, right: Decimal) -> Value:
    if not right:
        return Decimal(1)
    return _finite(NUMBERS.power(left, right))


def add_months(day: date, duration: YearsMonthsDuration) -> date:
    """Return the same day of a later month, or its last day if that is shorter; keeps the time.

    Raises:
        ValueError: the year is not between 1 and 9999.

    """
    year, month = divmod(day.year * 12 + day.month - 1 + duration.total_months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise ValueError(f"the year {year} is out of range")
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _subtract_months(day: date, duration: YearsMonthsDuration) -> Value:
    return add_months(day, YearsMonthsDuration(-duration.total_months))


def add_to_moment(moment: datetime, duration: timedelta) -> datetime:
    """Return the moment so much later, told in the same zone.

    Raises:
        OverflowError: the year is not between 1 and 9999.

    """
    if moment.tzinfo is None:
        return moment + duration
    return (moment.astimezone(UTC) + duration).astimezone(moment.tzinfo)


def _add_to_date(day: date, duration: timedelta) -> Value:
    """A date is its midnight; the result is the date of the moment reached."""
    return day + timedelta(days=duration // _DAY)


def _add_to_time(at: time, duration: timedelta) -> Value:
    within_a_day = timedelta(microseconds=microseconds_of(duration) % microseconds_of(_DAY))
    return (
        (datetime.combine(date(2000, 1, 2), at.replace(tzinfo=None)) + within_a_day)
        .time()
        .replace(tzinfo=at.tzinfo)
    )


def _subtract_duration(add: Callable[[Any, timedelta], Value]) -> Operation:
    return lambda start, duration: add(start, -duration)


def as_moment(value: date) -> datetime:
    """Return a date as its midnight in UTC; a date and time as it is."""
    return value if isinstance(value, datetime) else datetime.combine(value, _MIDNIGHT)


def _subtract_moments(left: date, right: date) -> Value:
    """The difference of two moments exists if both have a zone or neither has."""
    start, end = as_moment(right), as_moment(left)
    if (start.tzinfo is None) is not (end.tzinfo is None):
        return None
    return end.astimezone(UTC) - start.astimezone(UTC) if end.tzinfo else end - start


def _subtract_times(left: time, right: time) -> Value:
    starts, ends = offset_of(right), offset_of(left)
    if (starts is None) is not (ends is None):
        return None
    return _since_midnight(left) - (ends or timedelta()) - _since_midnight(right) + (starts or timedelta())


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond)


def _add_durations(left: timedelta, right: timedelta) -> Value:
    return left + right


def _add_month_durations(left: YearsMonthsDuration, right: YearsMonthsDuration) -> Value:
    return values.months(left.total_months + right.total_months)


def _subtract_month_durations(left: YearsMonthsDuration, right: YearsMonthsDuration) -> Value:
    return values.months(left.total_months - right.total_months)


def _whole(number: Decimal) -> int:
    """Return the number without its fraction.

    Raises:
        OverflowError: it counts more units than any duration has.

    """
    if not number.is_finite() or number.adjusted() > _MAX_DIGITS:
        raise OverflowError("the duration is too long")
    return int(number)


def _scale_duration(duration: timedelta, factor: Decimal) -> Value:
    return timedelta(microseconds=_whole(NUMBERS.multiply(Decimal(microseconds_of(duration)), factor)))


def _scale_months(duration: YearsMonthsDuration, factor: Decimal) -> Value:
    return values.months(_whole(NUMBERS.multiply(Decimal(duration.total_months), factor)))


def _divide_duration(duration: timedelta, divisor: Decimal) -> Value:
    return timedelta(microseconds=_whole(NUMBERS.divide(Decimal(microseconds_of(duration)), divisor)))


def _divide_months(duration: YearsMonthsDuration, divisor: Decimal) -> Value:
    return values.months(_whole(NUMBERS.divide(Decimal(duration.total_months), divisor)))


def _ratio(left: timedelta, right: timedelta) -> Value:
    return _divide_numbers(Decimal(microseconds_of(left)), Decimal(microseconds_of(right)))


def _ratio_of_months(left: YearsMonthsDuration, right: YearsMonthsDuration) -> Value:
    return _divide_numbers(Decimal(left.total_months), Decimal(right.total_months))


def _join(left: str, right: str) -> Value:
    return left + right


def _swapped(operation: Operation) -> Operation:
    return lambda left, right: operation(right, left)


_Table = dict[tuple[type, type], Operation]

_ADD: Final[_Table] = {
    (Decimal, Decimal): _add_numbers,
    (str, str): _join,
    (timedelta, timedelta): _add_durations,
    (YearsMonthsDuration, YearsMonthsDuration): _add_month_durations,
    (date, timedelta): _add_to_date,
    (datetime, timedelta): add_to_moment,
    (time, timedelta): _add_to_time,
    (date, YearsMonthsDuration): add_months,
    (datetime, YearsMonthsDuration): add_months,
}
_MULTIPLY: Final[_Table] = {
    (Decimal, Decimal): _multiply_numbers,
    (timedelta, Decimal): _scale_duration,
    (YearsMonthsDuration, Decimal): _scale_months,
}


def _both_ways(table: _Table) -> _Table:
    return {(right, left): _swapped(operation) for (left, right), operation in table.items()} | table


OPERATIONS: Final[dict[str, _Table]] = {
    "+": _both_ways(_ADD),
    "-": {
        (Decimal, Decimal): _subtract_numbers,
        (timedelta, timedelta): lambda left, right: left - right,
        (YearsMonthsDuration, YearsMonthsDuration): _subtract_month_durations,
        (date, timedelta): _subtract_duration(_add_to_date),
        (datetime, timedelta): _subtract_duration(add_to_moment),
        (time, timedelta): _subtract_duration(_add_to_time),
        (date, YearsMonthsDuration): _subtract_months,
        (datetime, YearsMonthsDuration): _subtract_months,
        (date, date): _subtract_moments,
        (date, datetime): _subtract_moments,
        (datetime, date): _subtract_moments,
        (datetime, datetime): _subtract_moments,
        (time, time): _subtract_times,
    },
    "*": _both_ways(_MULTIPLY),
    "/": {
        (Decimal, Decimal): _divide_numbers,
        (timedelta, Decimal): _divide_duration,
        (YearsMonthsDuration, Decimal): _divide_months,
        (timedelta, timedelta): _ratio,
        (YearsMonthsDuration, YearsMonthsDuration): _ratio_of_months,
    },
    "**": {(Decimal, Decimal): _power},
}
"""For each operator, what it does to which types."""

NUMERIC: Final = {symbol: table[Decimal, Decimal] for symbol, table in OPERATIONS.items()}
"""For each operator, what it does to numbers; this never raises."""
