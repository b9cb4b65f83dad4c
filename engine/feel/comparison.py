"""Which values are equal, which is less, and which are in a range."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.feel.limits import Run
from engine.feel.temporal import offset_of
from engine.feel.values import Function, Range, Value, YearsMonthsDuration

_DIRECT: Final = frozenset({Decimal, str, bool, date, timedelta, YearsMonthsDuration})
DIRECT_ORDER: Final = _DIRECT - {bool}
"""Types whose values Python puts into the same order as FEEL."""


def equal(left: Value, right: Value, run: Run) -> bool | None:
    """Whether two values are the same; null if they are of different types and neither is null."""
    kind = type(left)
    if kind is type(right):
        return left == right if kind in _DIRECT else identity(left, run) == identity(right, run)
    if left is None or right is None:
        return False
    return None


def identity(value: Value, run: Run) -> Any:  # noqa: ANN401 -- any hashable; only compared
    """Return something hashable that is the same for equal values and for no others.

    Raises:
        FeelLimitError: the value is too big to be looked at.

    """
    kind = type(value)
    if kind in _DIRECT or value is None:
        return kind, value
    if isinstance(value, list):
        run.charge(len(value))
        return list, tuple(identity(item, run) for item in value)
    if isinstance(value, dict):
        run.charge(len(value))
        return dict, frozenset((key, identity(item, run)) for key, item in value.items())
    if isinstance(value, Range):
        ends = identity(value.start, run), identity(value.end, run)
        return Range, ends, value.start_included, value.end_included, value.operator
    if isinstance(value, Function):
        return Function, id(value)
    return _identity_of_clock(value)


def _identity_of_clock(value: Value) -> tuple[object, ...]:
    """Moments are told apart by their seconds in UTC; what is no value of FEEL equals nothing but itself."""
    if isinstance(value, datetime):
        return datetime, value.tzinfo is not None, _in_utc(value)
    if isinstance(value, time):
        return time, *_time_key(value)
    return type(value), id(value)


def _in_utc(moment: datetime) -> object:
    """The second without its zone; near the years 1 and 9999 UTC may have no date for it."""
    second = moment.replace(microsecond=0)
    if second.tzinfo is None:
        return second
    try:
        return second.astimezone(UTC).replace(tzinfo=None)
    except OverflowError:
        return second


def _time_key(at: time) -> tuple[bool, timedelta]:
    offset = offset_of(at)
    since = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    return offset is not None, since - (offset or timedelta())


def less(left: Value, right: Value) -> bool | None:
    """Whether ``left`` is smaller or earlier; null if the two have no order."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in DIRECT_ORDER:
        return _less_alike(left, right)
    if kind is datetime:
        return _less_moments(left, right)
    return _less_times(left, right) if kind is time else None


def _less_alike(left: Any, right: Any) -> bool:  # noqa: ANN401 -- both of one ordered type
    return bool(left < right)


def _less_moments(left: Any, right: Any) -> bool | None:  # noqa: ANN401 -- both are moments
    """Fractions of seconds do not count, as in equality."""
    try:
        return bool(left.replace(microsecond=0) < right.replace(microsecond=0))
    except (TypeError, OverflowError):
        return None


def _less_times(left: Any, right: Any) -> bool | None:  # noqa: ANN401 -- both are times
    (left_has_zone, left_at), (right_has_zone, right_at) = _time_key(left), _time_key(right)
    return left_at < right_at if left_has_zone is right_has_zone else None


def less_or_equal(left: Value, right: Value) -> bool | None:
    """Whether ``left`` is not greater than ``right``; null if the two have no order."""
    greater = less(right, left)
    return None if greater is None else not greater


def both(left: bool | None, right: bool | None) -> bool | None:
    """Whether both are true; null if that cannot be told."""
    if left is False or right is False:
        return False
    return None if left is None or right is None else True


def is_in_range(value: Value, bounds: Range) -> bool | None:
    """Whether the value lies between the ends; null if it has no order with them."""
    if bounds.operator == "!=":
        above, below = less(value, bounds.start), less(bounds.end, value)
        return None if above is None or below is None else above or below
    above = bounds.start is None or _at_least(bounds.start, value, included=bounds.start_included)
    below = bounds.end is None or _at_least(value, bounds.end, included=bounds.end_included)
    return both(above, below)


def _at_least(low: Value, high: Value, *, included: bool) -> bool | None:
    return less_or_equal(low, high) if included else less(low, high)


def satisfies(value: Value, test: Value, run: Run) -> bool | None:
    """Whether a value passes a test: it equals it, or is in the range or list that the test is."""
    if isinstance(test, Range):
        return equal(value, test, run) if isinstance(value, Range) else is_in_range(value, test)
    if isinstance(test, list):
        return _satisfies_one(value, test, run)
    return equal(value, test, run)


def _satisfies_one(value: Value, tests: list[Value], run: Run) -> bool:
    run.charge(len(tests))
    if isinstance(value, list) and equal(value, tests, run):
        return True
    return any(
        is_in_range(value, test) if isinstance(test, Range) else equal(value, test, run) for test in tests
    )
