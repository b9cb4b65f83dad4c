"""Turns the nodes of an expression into nested Python functions that evaluate it.

Each node becomes one function that takes the scope and returns the value; its parts are compiled before.
Work inside a repeated part is charged by the length of its text, so that single steps need no counting.
"""

import operator
from collections.abc import Callable
from decimal import Decimal
from functools import singledispatch
from typing import Any, Final

from engine.feel import arithmetic, comparison, functions, properties
from engine.feel.conformance import is_instance
from engine.feel.measure import measure
from engine.feel.nodes import (
    Between,
    Chain,
    Comparison,
    ContextLiteral,
    If,
    In,
    InstanceOf,
    IsDefined,
    ListLiteral,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    OneSidedRange,
    Postfix,
    Property,
    RangeLiteral,
    Test,
)
from engine.feel.scope import MISSING, Scope
from engine.feel.values import Value, one_sided_range

_STEPS_OF_A_POWER: Final = 15
Code = Callable[[Scope], Value]


@singledispatch
def compile_node(node: Node) -> Code:
    """Return the function that evaluates a node.

    Raises:
        TypeError: nobody has said how.

    """
    raise TypeError(f"no way to evaluate a {type(node).__name__}")


@compile_node.register(Literal)
def _literal(node: Literal) -> Code:
    value = node.value
    return lambda _: value


@compile_node.register(Name)
def _name(node: Name) -> Code:
    """A variable, or else the built-in function of this name, or else null."""
    name, built_in = node.name, functions.find(node.name)

    def evaluate(scope: Scope) -> Value:
        value = scope.variables.get(name, MISSING)
        if value is MISSING:
            value = scope.find(name)
        return built_in if value is MISSING else value

    return evaluate


@compile_node.register(ListLiteral)
def _list(node: ListLiteral) -> Code:
    items = [compile_node(item) for item in node.items]

    def evaluate(scope: Scope) -> Value:
        result = [item(scope) for item in items]
        measure(result, scope.run)
        return result

    return evaluate


@compile_node.register(ContextLiteral)
def _context(node: ContextLiteral) -> Code:
    entries = [(key, compile_node(value)) for key, value in node.entries]

    def evaluate(scope: Scope) -> Value:
        result: dict[str, Value] = {}
        inside = scope.inner(result)
        for key, value in entries:
            result[key] = value(inside)
        measure(result, scope.run)
        return result

    return evaluate


@compile_node.register(RangeLiteral)
def _range(node: RangeLiteral) -> Code:
    start, end = compile_node(node.start), compile_node(node.end)
    start_included, end_included = node.start_included, node.end_included
    return lambda scope: functions.make_range(
        start(scope), end(scope), start_included=start_included, end_included=end_included
    )


@compile_node.register(OneSidedRange)
def _one_sided_range(node: OneSidedRange) -> Code:
    """Everything that compares so with a value that has an order."""
    operator, end = node.operator, compile_node(node.end)

    def evaluate(scope: Scope) -> Value:
        value = end(scope)
        return None if comparison.less(value, value) is None else one_sided_range(operator, value)

    return evaluate


@compile_node.register(Negation)
def _negation(node: Negation) -> Code:
    operand = compile_node(node.operand)
    return lambda scope: arithmetic.negate(operand(scope))


@compile_node.register(Chain)
def _chain(node: Chain) -> Code:
    first = compile_node(node.first)
    rest = [(symbol, arithmetic.NUMERIC[symbol], compile_node(operand)) for symbol, operand in node.rest]

    def evaluate(scope: Scope) -> Value:
        result = first(scope)
        for symbol, of_numbers, operand in rest:
            value = operand(scope)
            if symbol == "**":
                scope.run.charge(_STEPS_OF_A_POWER)
            if type(result) is Decimal and type(value) is Decimal:
                result = of_numbers(result, value)
                continue
            result = arithmetic.apply(symbol, result, value)
            if type(result) is str:
                scope.run.grow(len(result))
        return result

    return evaluate


_COMPARE: Final[dict[str, Callable[[Value, Value, Scope], Value]]] = {
    "=": lambda left, right, scope: comparison.equal(left, right, scope.run),
    "!=": lambda left, right, scope: _not(comparison.equal(left, right, scope.run)),
    "<": lambda left, right, _: comparison.less(left, right),
    "<=": lambda left, right, _: comparison.less_or_equal(left, right),
    ">": lambda left, right, _: comparison.less(right, left),
    ">=": lambda left, right, _: comparison.less_or_equal(right, left),
}


_COMPARE_DIRECTLY: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


@compile_node.register(Comparison)
def _comparison(node: Comparison) -> Code:
    """Numbers, texts and the like are compared by Python at once; that is what most conditions consist of."""
    left, right = compile_node(node.left), compile_node(node.right)
    compare, compare_directly = _COMPARE[node.operator], _COMPARE_DIRECTLY[node.operator]

    def evaluate(scope: Scope) -> Value:
        a, b = left(scope), right(scope)
        kind = type(a)
        if kind is type(b) and kind in comparison.DIRECT_ORDER:
            return compare_directly(a, b)
        return compare(a, b, scope)

    return evaluate


@compile_node.register(Logic)
def _logic(node: Logic) -> Code:
    """Three values: what is neither true nor false counts as unknown."""
    operands = [compile_node(operand) for operand in node.operands]
    decisive = node.operator == "or"

    def evaluate(scope: Scope) -> Value:
        result: Value = not decisive
        for operand in operands:
            value = operand(scope)
            if value is decisive:
                return decisive
            if value is not (not decisive):
                result = None
        return result

    return evaluate


@compile_node.register(Between)
def _between(node: Between) -> Code:
    operand, low, high = compile_node(node.operand), compile_node(node.low), compile_node(node.high)

    def evaluate(scope: Scope) -> Value:
        value = operand(scope)
        above = comparison.less_or_equal(low(scope), value)
        below = comparison.less_or_equal(value, high(scope))
        return comparison.both(above, below)

    return evaluate


Check = Callable[[Value, Scope], Value]


def compile_test(test: Test) -> Check:
    """Return the function that checks a value; the scope knows the value as ``?``."""
    operand = compile_node(test.operand)
    if test.operator is not None:
        compare = _COMPARE[test.operator]
        return lambda value, scope: compare(value, operand(scope), scope)
    if test.uses_input:
        return lambda _, scope: operand(scope)

    is_range = isinstance(test.operand, RangeLiteral | OneSidedRange)

    def check(value: Value, scope: Scope) -> Value:
        expected = operand(scope)
        if expected is None and is_range:
            return None
        if isinstance(expected, bool) and not isinstance(value, bool):
            return expected
        return comparison.satisfies(value, expected, scope.run)

    return check


def compile_tests(tests: tuple[Test, ...]) -> Check:
    """Return the function that checks whether a value passes one of the tests; null if that is unknown."""
    checks = [compile_test(test) for test in tests]

    def check(value: Value, scope: Scope) -> Value:
        inside = scope.inner({"?": value})
        result: Value = False
        for one in checks:
            passed = one(value, inside)
            if passed is True:
                return True
            result = result if passed is False else None
        return result

    return check


@compile_node.register(In)
def _in(node: In) -> Code:
    operand, check = compile_node(node.operand), compile_tests(node.tests)
    return lambda scope: check(operand(scope), scope)


@compile_node.register(InstanceOf)
def _instance_of(node: InstanceOf) -> Code:
    operand, wanted = compile_node(node.operand), node.type
    return lambda scope: is_instance(operand(scope), wanted, scope.run)


@compile_node.register(If)
def _if(node: If) -> Code:
    branches = [(compile_node(condition), compile_node(value)) for condition, value in node.branches]
    otherwise = compile_node(node.otherwise)

    def evaluate(scope: Scope) -> Value:
        for condition, value in branches:
            if condition(scope) is True:
                return value(scope)
        return otherwise(scope)

    return evaluate


@compile_node.register(IsDefined)
def _is_defined(node: IsDefined) -> Code:
    """A name or path is there, even if null; any other expression is, if it is not null."""
    path = node.path
    if isinstance(path, Name):
        name = path.name
        return lambda scope: scope.find(name) is not MISSING
    if isinstance(path, Postfix) and isinstance(last := path.steps[-1], Property):
        owner = compile_node(Postfix(path.base, path.steps[:-1]) if len(path.steps) > 1 else path.base)
        return lambda scope: properties.has(owner(scope), last.name)
    value = compile_node(path)
    return lambda scope: value(scope) is not None
