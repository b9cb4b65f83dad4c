"""Functions that compare points and ranges (DMN 1.3, 10.3.4.9), and the making of ranges."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from engine.feel import temporal, values
from engine.feel.comparison import less
from engine.feel.functions.registry import built_in
from engine.feel.values import Range, Value, YearsMonthsDuration

Point = Decimal | str | date | time | datetime | timedelta | YearsMonthsDuration
Relation = Callable[[Range, Range], bool]

_RANGE: Final = re.compile(r"\s*([\[\](])([^\n]*?)\.\.([^\n]*)([\[\])])\s*")
_NUMBER: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_TEXT: Final = re.compile(r'(@|[a-z ]+\()?\s*"([^"\\]*)"\s*(\))?')
_READERS: Final[dict[str, Callable[[str], Value]]] = {
    "@": temporal.parse_temporal,
    "date(": temporal.parse_date,
    "time(": temporal.parse_time,
    "date and time(": temporal.parse_date_time,
    "duration(": temporal.parse_duration,
}


def make_range(start: Value, end: Value, *, start_included: bool, end_included: bool) -> Range | None:
    """Return a range between two ends; None if they have no order."""
    return None if less(start, end) is None else Range(start, end, start_included, end_included)


@built_in("range")
def range_of(from_: str) -> Value:
    """Return the range that is written with numbers, texts, dates, times or durations as its ends."""
    match = _RANGE.fullmatch(from_)
    if match is None:
        return None
    start, end = _read_end(match[2].strip()), _read_end(match[3].strip())
    if less(end, start) is not False:
        return None
    return make_range(start, end, start_included=match[1] == "[", end_included=match[4] == "]")


def _read_end(text: str) -> Value:
    """Return the value of one end.

    Raises:
        ValueError: it is no value written out.

    """
    if _NUMBER.fullmatch(text):
        return values.number(Decimal(text))
    match = _TEXT.fullmatch(text)
    reader = (match[1] or "") if match else "none"
    if match is None or reader.endswith("(") is not bool(match[3]):
        raise ValueError("the end of a range is a value written out")
    value = _READERS[reader](match[2]) if reader in _READERS else match[2] if not reader else None
    if value is None:
        raise ValueError("the end of a range is a value written out")
    return value


def _before(left: Value, right: Value) -> bool:
    """Whether one end is smaller.

    Raises:
        ValueError: the two have no order.

    """
    result = less(left, right)
    if result is None:
        raise ValueError("the ends have no order")
    return result


def _same(left: Value, right: Value) -> bool:
    return not _before(left, right) and not _before(right, left)


def _as_range(value: Value) -> Range:
    """A point is the range from itself to itself."""
    return value if isinstance(value, Range) else Range(value, value)


def _ends_before_start(left: Range, right: Range) -> bool:
    are_both_included = left.end_included and right.start_included
    return _before(left.end, right.start) or (not are_both_included and _same(left.end, right.start))


def _starts_no_later(left: Range, right: Range) -> bool:
    return _before(left.start, right.start) or (
        _same(left.start, right.start) and (left.start_included or not right.start_included)
    )


def _ends_no_later(left: Range, right: Range) -> bool:
    return _before(left.end, right.end) or (
        _same(left.end, right.end) and (not left.end_included or right.end_included)
    )


def _share_start(left: Range, right: Range) -> bool:
    return left.start_included is right.start_included and _same(left.start, right.start)


def _share_end(left: Range, right: Range) -> bool:
    return left.end_included is right.end_included and _same(left.end, right.end)


def _is_before(left: Range, right: Range) -> bool:
    return _ends_before_start(left, right)


def _meets(left: Range, right: Range) -> bool:
    return left.end_included and right.start_included and _same(left.end, right.start)


def _overlaps(left: Range, right: Range) -> bool:
    return not _ends_before_start(left, right) and not _ends_before_start(right, left)


def _overlaps_before(left: Range, right: Range) -> bool:
    starts_earlier = _starts_no_later(left, right) and not _share_start(left, right)
    return starts_earlier and _overlaps(left, right) and _ends_no_later(left, right)


def _includes(left: Range, right: Range) -> bool:
    return _starts_no_later(left, right) and _ends_no_later(right, left)


def _starts(left: Range, right: Range) -> bool:
    return _share_start(left, right) and _ends_no_later(left, right)


def _finishes(left: Range, right: Range) -> bool:
    return _share_end(left, right) and _starts_no_later(right, left)


def _coincides(left: Range, right: Range) -> bool:
    return _share_start(left, right) and _share_end(left, right)


def _opposite(relation: Relation) -> Relation:
    return lambda left, right: relation(right, left)


def _of_points(relation: Relation) -> Callable[..., Value]:
    def function(point1: Point, point2: Point) -> Value:
        return relation(_as_range(point1), _as_range(point2))

    return function


def _of_point_and_range(relation: Relation) -> Callable[..., Value]:
    def function(point: Point, range_: Range) -> Value:
        return relation(_as_range(point), range_)

    return function


def _of_range_and_point(relation: Relation) -> Callable[..., Value]:
    def function(range_: Range, point: Point) -> Value:
        return relation(range_, _as_range(point))

    return function


def _of_ranges(relation: Relation) -> Callable[..., Value]:
    def function(range1: Range, range2: Range) -> Value:
        return relation(range1, range2)

    return function


def _register(name: str, relation: Relation, *shapes: Callable[[Relation], Callable[..., Value]]) -> None:
    """Register a relation of ranges, and of what else the standard defines it for."""
    for shape in (*shapes, _of_ranges):
        built_in(name)(shape(relation))


_register("before", _is_before, _of_points, _of_point_and_range, _of_range_and_point)
_register("after", _opposite(_is_before), _of_points, _of_point_and_range, _of_range_and_point)
_register("meets", _meets)
_register("met by", _opposite(_meets))
_register("overlaps", _overlaps)
_register("overlaps before", _overlaps_before)
_register("overlaps after", _opposite(_overlaps_before))
_register("finishes", _finishes, _of_point_and_range)
_register("finished by", _opposite(_finishes), _of_range_and_point)
_register("includes", _includes, _of_range_and_point)
_register("during", _opposite(_includes), _of_point_and_range)
_register("starts", _starts, _of_point_and_range)
_register("started by", _opposite(_starts), _of_range_and_point)
_register("coincides", _coincides, _of_points)
