"""Functions of lists; places are counted from 1, and from -1 at the end. No function changes its argument."""

from collections.abc import Iterator
from decimal import Decimal
from functools import cmp_to_key

from engine.feel import comparison
from engine.feel.functions.registry import built_in
from engine.feel.functions.strings import whole
from engine.feel.limits import Run
from engine.feel.values import Function, Value


def _place(position: Decimal, length: int) -> int:
    """Return the index of a place.

    Raises:
        ValueError: the list has no such place.

    """
    place = whole(position)
    if not 1 <= abs(place) <= length:
        raise ValueError(f"a list of {length} has no place {place}")
    return place - 1 if place > 0 else length + place


@built_in("list contains")
def list_contains(run: Run, list_: list[Value], element: Value) -> Value:
    """Whether an item equals the element."""
    return any(comparison.equal(item, element, run) or (item is None and element is None) for item in list_)


@built_in("sublist")
def sublist(list_: list[Value], start_position: Decimal, length: Decimal | None = None) -> Value:
    """Return the items from a place on; without a length, up to the end."""
    start = _place(start_position, len(list_))
    if length is None:
        return list_[start:]
    count = whole(length)
    return list_[start : start + count] if 0 <= count <= len(list_) - start else None


@built_in("append")
def append(list_: list[Value], *items: Value) -> Value:
    """Return the list with items added behind it."""
    return [*list_, *items]


@built_in("concatenate")
def concatenate(run: Run, *lists: list[Value]) -> Value:
    """Return the items of all lists, one list behind the other."""
    run.grow(sum(len(list_) for list_ in lists))
    return [item for list_ in lists for item in list_]


@built_in("insert before")
def insert_before(list_: list[Value], position: Decimal, newItem: Value) -> Value:  # noqa: N803
    """Return the list with an item put in before the one at the place."""
    place = _place(position, len(list_))
    return [*list_[:place], newItem, *list_[place:]]


@built_in("remove")
def remove(list_: list[Value], position: Decimal) -> Value:
    """Return the list without the item at the place."""
    place = _place(position, len(list_))
    return [*list_[:place], *list_[place + 1 :]]


@built_in("list replace")
def list_replace_at(list_: list[Value], position: Decimal, newItem: Value) -> Value:  # noqa: N803
    """Return the list with another item at the place."""
    place = _place(position, len(list_))
    return [*list_[:place], newItem, *list_[place + 1 :]]


@built_in("list replace")
def list_replace_where(run: Run, list_: list[Value], match: Function, newItem: Value) -> Value:  # noqa: N803
    """Return the list with another item wherever ``match(item, new item)`` is true."""
    result: list[Value] = []
    for item in list_:
        is_match = match.call(run, [item, newItem])
        if not isinstance(is_match, bool):
            return None
        result.append(newItem if is_match else item)
    return result


@built_in("reverse")
def reverse(list_: list[Value]) -> Value:
    """Return the items in reversed order."""
    return list_[::-1]


@built_in("index of")
def index_of(run: Run, list_: list[Value], match: Value) -> Value:
    """Return the places of all items that equal the value."""
    wanted = comparison.identity(match, run)
    return [Decimal(i) for i, item in enumerate(list_, 1) if comparison.identity(item, run) == wanted]


@built_in("union")
def union(run: Run, *lists: list[Value]) -> Value:
    """Return the items of all lists, each once."""
    return _distinct([item for list_ in lists for item in list_], run)


@built_in("distinct values")
def distinct_values(run: Run, list_: list[Value]) -> Value:
    """Return the items, each once, where it occurred first."""
    return _distinct(list_, run)


def _distinct(items: list[Value], run: Run) -> list[Value]:
    first: dict[object, Value] = {}
    for item in items:
        first.setdefault(comparison.identity(item, run), item)
    return list(first.values())


@built_in("duplicate values")
def duplicate_values(run: Run, list_: list[Value]) -> Value:
    """Return the items that occur more than once, each once."""
    counts: dict[object, int] = {}
    for item in list_:
        key = comparison.identity(item, run)
        counts[key] = counts.get(key, 0) + 1
    return _distinct([item for item in list_ if counts[comparison.identity(item, run)] > 1], run)


@built_in("flatten")
def flatten(run: Run, list_: list[Value]) -> Value:
    """Return the items of lists inside lists as one list."""
    return list(_leaves(list_, run))


def _leaves(items: list[Value], run: Run) -> Iterator[Value]:
    for item in items:
        run.charge(1)
        if isinstance(item, list):
            yield from _leaves(item, run)
        else:
            yield item


@built_in("sort")
def sort_by(run: Run, list_: list[Value], precedes: Function) -> Value:
    """Return the items in the order in which ``precedes(a, b)`` is true for neighbours."""

    def is_first(left: Value, right: Value) -> bool:
        result = precedes.call(run, [left, right])
        if not isinstance(result, bool):
            raise ValueError("an order is true or false")  # noqa: TRY004 -- ValueError is what makes null
        return result

    def compare(left: Value, right: Value) -> int:
        return -1 if is_first(left, right) else int(is_first(right, left))

    return sorted(list_, key=cmp_to_key(compare))


@built_in("sort")
def sort_naturally(list_: list[Value]) -> Value:
    """Return numbers, texts or dates in rising order."""
    if any(comparison.less(list_[0], item) is None for item in list_):
        return None
    return sorted(list_, key=cmp_to_key(_natural_order))


def _natural_order(left: Value, right: Value) -> int:
    return -1 if comparison.less(left, right) else int(comparison.less(right, left) is True)


@built_in("is empty")
def is_empty(list_: list[Value]) -> Value:
    """Whether the list has no item."""
    return not list_


@built_in("partition")
def partition(list_: list[Value], size: Decimal) -> Value:
    """Return the items in lists of so many."""
    count = whole(size)
    if count < 1:
        return None
    return [list_[start : start + count] for start in range(0, len(list_), count)]
