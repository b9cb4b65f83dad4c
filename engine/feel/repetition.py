"""Compiles what evaluates a part of an expression many times: loops and functions written in FEEL."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal

from engine.feel import nodes
from engine.feel.closures import make_function
from engine.feel.compiler import Code, compile_node
from engine.feel.measure import measure
from engine.feel.scope import Scope
from engine.feel.values import Range, Value

Source = Callable[[Scope], Iterable[Value]]


class _NotIterableError(Exception):
    """What a loop should run over is no list and no range."""


@compile_node.register(nodes.For)
def _for(node: nodes.For) -> Code:
    iterators = [_compile_iterator(iterator) for iterator in node.iterators]
    body, cost = compile_node(node.body), node.cost
    uses_partial = node.uses_partial

    def evaluate(scope: Scope) -> Value:
        results: list[Value] = []
        try:
            for inside in _bindings(iterators, scope):
                scope.run.charge(cost)
                results.append(body(_with_partial(inside, results) if uses_partial else inside))
        except _NotIterableError:
            return None
        measure(results, scope.run)
        return results

    return evaluate


def _with_partial(scope: Scope, results: list[Value]) -> Scope:
    """The body gets a copy: were it to return the list of results itself, that would contain itself."""
    partial = list(results)
    measure(partial, scope.run)
    return scope.inner({"partial": partial})


@compile_node.register(nodes.Quantified)
def _quantified(node: nodes.Quantified) -> Code:
    """``some`` is true once one is true; unless decided, null if one was neither true nor false."""
    iterators = [_compile_iterator(iterator) for iterator in node.iterators]
    condition, cost, decisive = compile_node(node.condition), node.cost, not node.is_every

    def evaluate(scope: Scope) -> Value:
        result: Value = not decisive
        try:
            for inside in _bindings(iterators, scope):
                scope.run.charge(cost)
                value = condition(inside)
                if value is decisive:
                    return decisive
                result = result if isinstance(value, bool) else None
        except _NotIterableError:
            return None
        return result

    return evaluate


def _bindings(iterators: list[tuple[str, Source]], scope: Scope) -> Iterator[Scope]:
    """Give a scope for each combination; the last iterator turns fastest and sees the earlier ones."""
    (name, source), *others = iterators
    for item in source(scope):
        scope.run.charge(1)
        inside = scope.inner({name: item})
        if others:
            yield from _bindings(others, inside)
        else:
            yield inside


def _compile_iterator(iterator: nodes.Iterator) -> tuple[str, Source]:
    source = compile_node(iterator.source)
    if iterator.end is None:
        return iterator.name, lambda scope: _items(source(scope))
    end = compile_node(iterator.end)
    return iterator.name, lambda scope: _steps(source(scope), end(scope))


def _items(value: Value) -> Iterable[Value]:
    if isinstance(value, list):
        return value
    if isinstance(value, Range):
        return _whole_values(value)
    if value is None:
        raise _NotIterableError
    return [value]


def _whole_values(bounds: Range) -> Iterable[Value]:
    """A range can be run over if it ends in whole numbers or dates, upwards."""
    for value in _steps(bounds.start, bounds.end):
        is_excluded = (value == bounds.start and not bounds.start_included) or (
            value == bounds.end and not bounds.end_included
        )
        if not is_excluded:
            yield value


def _steps(start: Value, end: Value) -> Iterable[Value]:
    """Count from start to end, up or down, by ones or by days."""
    if isinstance(start, Decimal) and isinstance(end, Decimal) and _is_whole(start) and _is_whole(end):
        return _whole_numbers(start, end)
    if type(start) is date and type(end) is date:
        return _days(start, end)
    raise _NotIterableError


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _whole_numbers(start: Decimal, end: Decimal) -> Iterator[Value]:
    step = 1 if start <= end else -1
    while (end - start) * step >= 0:
        yield start
        start += step


def _days(start: date, end: date) -> Iterator[Value]:
    step = 1 if start <= end else -1
    for ordinal in range(start.toordinal(), end.toordinal() + step, step):
        yield date.fromordinal(ordinal)


@compile_node.register(nodes.FunctionLiteral)
def _function(node: nodes.FunctionLiteral) -> Code:
    """A function sees the variables of the place where it is written."""
    body = compile_node(node.body)

    def evaluate(scope: Scope) -> Value:
        return make_function(
            node.type,
            lambda run, arguments: body(Scope(arguments, scope, run)),
            cost=node.cost,
            depth=node.depth,
        )

    return evaluate
