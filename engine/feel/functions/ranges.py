"""Functions that compare points and ranges (DMN 1.3, 10.3.4.9), and the making of ranges."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final

from engine.feel import temporal, values
from engine.feel.comparison import less
from engine.feel.functions.registry import built_in
from engine.feel.values import Range, Value

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


def _register(name: str, relation: Callable[[Range, Range], bool], opposite: str | None = None) -> None:
    """Register a relation of points or ranges, and the same relation read from the other side."""

    def forwards(range1: Value, range2: Value) -> Value:
        return relation(_as_range(range1), _as_range(range2))

    def backwards(range1: Value, range2: Value) -> Value:
        return relation(_as_range(range2), _as_range(range1))

    built_in(name)(forwards)
    if opposite:
        built_in(opposite)(backwards)


_register("before", _is_before, "after")
_register("overlaps", _overlaps)
_register("overlaps before", _overlaps_before, "overlaps after")
_register("coincides", _coincides)


def _register_for_ranges(name: str, relation: Callable[[Range, Range], bool], opposite: str) -> None:
    """Register a relation whose second (in the opposite: first) argument has to be a range."""

    def forwards(range1: Value, range2: Range) -> Value:
        return relation(_as_range(range1), range2)

    def backwards(range1: Range, range2: Value) -> Value:
        return relation(_as_range(range2), range1)

    built_in(name)(forwards)
    built_in(opposite)(backwards)


_register_for_ranges("meets", _meets, "met by")
_register_for_ranges("during", lambda inner, outer: _includes(outer, inner), "includes")
_register_for_ranges("starts", _starts, "started by")
_register_for_ranges("finishes", _finishes, "finished by")
