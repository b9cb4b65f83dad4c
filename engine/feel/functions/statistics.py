"""Functions that make one value of many: counts, sums, averages, extremes, and ``all`` and ``any``.

Each takes a list, or the items themselves; where an item does not fit, the result is null.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import reduce

from engine.feel import arithmetic, comparison, values
from engine.feel.functions.registry import built_in
from engine.feel.values import NUMBERS, Value


def _items(given: tuple[Value, ...]) -> list[Value]:
    """Return the items of the only argument if that is a list, or all arguments."""
    only = given[0] if len(given) == 1 else None
    return only if isinstance(only, list) else list(given)


def _numbers(given: tuple[Value, ...]) -> list[Decimal]:
    """Return the numbers.

    Raises:
        ValueError: there is none, or something else among them.

    """
    items = _items(given)
    numbers = [item for item in items if isinstance(item, Decimal)]
    if not numbers or len(numbers) < len(items):
        raise ValueError("numbers are needed")
    return numbers


@built_in("count")
def count(list_: list[Value]) -> Value:
    """Return the number of items."""
    return Decimal(len(list_))


def _best(given: tuple[Value, ...], is_better: Callable[[Value, Value], bool | None]) -> Value:
    items = _items(given)
    if not items or (len(items) == 1 and comparison.less(items[0], items[0]) is None):
        return None
    best = items[0]
    for item in items[1:]:
        better = is_better(item, best)
        if better is None:
            return None
        best = item if better else best
    return best


@built_in("min")
def minimum(list_: Value, *items: Value) -> Value:
    """Return the smallest item."""
    return _best((list_, *items), comparison.less)


@built_in("max")
def maximum(list_: Value, *items: Value) -> Value:
    """Return the greatest item."""
    return _best((list_, *items), lambda item, best: comparison.less(best, item))


@built_in("sum")
def total(list_: Value, *items: Value) -> Value:
    """Add numbers, or durations of one kind."""
    first, *others = _items((list_, *items)) or [None]
    if arithmetic.negate(first) is None:
        return None
    return reduce(lambda result, item: arithmetic.apply("+", result, item), others, first)


@built_in("product")
def product(list_: Value, *items: Value) -> Value:
    """Multiply numbers."""
    return values.number(reduce(NUMBERS.multiply, _numbers((list_, *items))))


@built_in("mean")
def mean(list_: Value, *items: Value) -> Value:
    """Return the average of numbers."""
    return values.number(_mean(_numbers((list_, *items))))


def _mean(numbers: list[Decimal]) -> Decimal:
    return NUMBERS.divide(reduce(NUMBERS.add, numbers), Decimal(len(numbers)))


@built_in("median")
def median(list_: Value, *items: Value) -> Value:
    """Return the number in the middle, or the average of the two there."""
    numbers = sorted(_numbers((list_, *items)))
    middle = len(numbers) // 2
    return numbers[middle] if len(numbers) % 2 else values.number(_mean(numbers[middle - 1 : middle + 1]))


@built_in("stddev")
def standard_deviation(list_: Value, *items: Value) -> Value:
    """Return the standard deviation of a sample; one number alone has none."""
    numbers = _numbers((list_, *items))
    average = _mean(numbers)
    squares = [NUMBERS.power(NUMBERS.subtract(number, average), 2) for number in numbers]
    return values.number(
        NUMBERS.sqrt(NUMBERS.divide(reduce(NUMBERS.add, squares), Decimal(len(numbers) - 1)))
    )


@built_in("mode")
def mode(list_: Value, *items: Value) -> Value:
    """Return the most frequent numbers, in order; of nothing, nothing."""
    given = (list_, *items)
    if not _items(given):
        return []
    counts: dict[Decimal, int] = {}
    for number in _numbers(given):
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values())
    return [number for number in sorted(counts) if counts[number] == most]


@built_in("all")
def all_true(list_: Value, *items: Value) -> Value:
    """Whether all items are true; unless one is false, null if one is no boolean."""
    return _decide(_items((list_, *items)), decisive=False)


@built_in("any")
def any_true(list_: Value, *items: Value) -> Value:
    """Whether an item is true; unless one is, null if one is no boolean."""
    return _decide(_items((list_, *items)), decisive=True)


def _decide(items: list[Value], *, decisive: bool) -> Value:
    if any(item is decisive for item in items):
        return decisive
    return not decisive if all(isinstance(item, bool) for item in items) else None
