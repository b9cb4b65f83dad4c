"""Cuts a column at the values its cells compare with, so that a value leads straight to the rules it passes.

Between two cuts all values fare alike: one of them is tested in place of all. Rules are bits, the first is
the lowest.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any, Final

from engine.dmn.cells import constants_of, is_ordering
from engine.feel import FeelLimitError, UnaryTests, Value, YearsMonthsDuration

MOST_BITS: Final = 20_000_000
"""Columns with more pieces times rules are not cut."""
_OTHER_TEXT: Final = "…"
_DAY: Final = timedelta(days=1)
_Segment = tuple[int, int]
"""From one place among the pieces up to another."""


@dataclass(frozen=True)
class _Kind:
    """How values of one type are cut: an example of it, those beside a value, and one between two."""

    sample: Any
    below: Callable[[Any], Any]
    above: Callable[[Any], Any]
    between: Callable[[Any, Any], Any]
    """May give an end, where there is nothing between."""


_KINDS: Final[Mapping[type, _Kind]] = {
    Decimal: _Kind(Decimal(0), lambda n: n - 1, lambda n: n + 1, lambda low, high: (low + high) / 2),
    date: _Kind(date(2000, 1, 1), lambda day: day - _DAY, lambda day: day + _DAY, lambda low, _: low + _DAY),
    datetime: _Kind(
        datetime(2000, 1, 1),  # noqa: DTZ001  # compared with nothing
        lambda at: at - _DAY,
        lambda at: at + _DAY,
        lambda low, high: low + (high - low) / 2,
    ),
    timedelta: _Kind(
        _DAY, lambda span: span - _DAY, lambda span: span + _DAY, lambda low, high: (low + high) / 2
    ),
    YearsMonthsDuration: _Kind(
        YearsMonthsDuration(0),
        lambda span: YearsMonthsDuration(span.total_months - 1),
        lambda span: YearsMonthsDuration(span.total_months + 1),
        lambda low, _: YearsMonthsDuration(low.total_months + 1),
    ),
    str: _Kind(_OTHER_TEXT, lambda _: _OTHER_TEXT, lambda _: _OTHER_TEXT, lambda _low, _high: _OTHER_TEXT),
    bool: _Kind(True, lambda _: None, lambda _: None, lambda _low, _high: None),
}
"""Texts are told apart and not ordered here: one that no cell names stands for all others."""


@dataclass(frozen=True)
class Pieces:
    """A column that is cut: below the first cut, at it, between it and the next, and so on."""

    kind: type
    cuts: Sequence[Any]
    rules: Sequence[int]
    """For each piece the rules that its values pass."""
    examples: Sequence[Value]
    """For each piece a value, or null where there is none."""
    null: int
    """The rules that null passes."""

    def rules_of(self, value: Value) -> int | None:
        """Return the rules that a value passes; None for a value of another type, which was not looked at."""
        if value is None:
            return self.null
        if type(value) is not self.kind:
            return None
        try:
            place = bisect_left(self.cuts, value)
            is_cut = place < len(self.cuts) and self.cuts[place] == value
        except TypeError:
            return None
        return self.rules[2 * place + is_cut]


def cut(cells: Mapping[int, UnaryTests], rule_count: int, kind: type | None) -> Pieces | None:
    """Return the pieces of a column with these cells by rule number, or None if it cannot be cut.

    It cannot where a cell depends on more than the tested value, or compares with values of several types.
    """
    constants = {number: constants_of(tests) for number, tests in cells.items()}
    found = _kind_of([value for values in constants.values() for value in values or []], kind)
    if found is None or any(values is None for values in constants.values()):
        return None
    if found is str and any(is_ordering(tests) for tests in cells.values()):
        return None
    try:
        return _cut(
            cells, {n: _sorted(values or [], found) for n, values in constants.items()}, rule_count, found
        )
    except (TypeError, OverflowError, FeelLimitError):
        return None


def _kind_of(values: list[Value], kind: type | None) -> type | None:
    kinds = {type(value) for value in values if value is not None} | (
        {kind} if kind is not None else set[type]()
    )
    if len(kinds) > 1:
        kinds.discard(bool)  # a cell may say true or false of itself
    found = kinds.pop() if len(kinds) == 1 else None
    return found if found in _KINDS else None


def _sorted(values: list[Value], kind: type) -> list[Any]:
    own: list[Any] = [False, True] if kind is bool else [value for value in values if type(value) is kind]
    return sorted(set(own))


def _cut(
    cells: Mapping[int, UnaryTests], own_cuts: Mapping[int, list[Any]], rule_count: int, kind: type
) -> Pieces | None:
    cuts = sorted({value for own in own_cuts.values() for value in own})
    count = 2 * len(cuts) + 1
    if count * rule_count > MOST_BITS:
        return None
    places = {value: place for place, value in enumerate(cuts)}
    toggled = [0] * (count + 1)
    null = everywhere = _all_but(cells, rule_count)
    known: dict[int, list[_Segment]] = {}
    for number, tests in cells.items():
        bit = 1 << (number - 1)
        null |= bit if tests.evaluate(None, {}) is True else 0
        if id(tests) not in known:
            known[id(tests)] = list(_passed(tests, own_cuts[number], places, kind=kind))
        for start, end in known[id(tests)]:
            toggled[start] ^= bit
            toggled[end] ^= bit
    rules = [everywhere | mask for mask in accumulate(toggled[:-1], int.__xor__)]
    return Pieces(kind, cuts, rules, list(_examples(cuts, kind)), null)


def _all_but(cells: Mapping[int, UnaryTests], rule_count: int) -> int:
    tested = sum(1 << (number - 1) for number in cells)
    return ((1 << rule_count) - 1) & ~tested


def _passed(
    tests: UnaryTests, own: list[Any], places: Mapping[Any, int], *, kind: type
) -> Iterator[_Segment]:
    """Give the segments of all pieces that pass a cell, which only its own cuts can part."""
    edges = [edge for value in own for edge in (2 * places[value] + 1, 2 * places[value] + 2)]
    segments = pairwise([0, *edges, 2 * len(places) + 1])
    for example, segment in zip(_examples(own, kind), segments, strict=True):
        if example is not None and tests.evaluate(example, {}) is True:
            yield segment


def _examples(cuts: Sequence[Any], kind: type) -> Iterator[Value]:
    """Give a value for each piece that these cuts make, null where a piece holds none."""
    ways = _KINDS[kind]
    if not cuts:
        yield ways.sample
        return
    yield ways.below(cuts[0])
    for low, high in pairwise(cuts):
        yield low
        middle = ways.between(low, high)
        yield middle if kind is str or (middle is not None and low < middle < high) else None
    yield cuts[-1]
    yield ways.above(cuts[-1])
