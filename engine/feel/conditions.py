"""Compiles what is true, false or unknown: comparisons, logic, and the tests of a value."""

import operator
from collections.abc import Callable
from typing import Any, Final

from engine.feel import comparison
from engine.feel.compiler import Code, compile_node
from engine.feel.nodes import Between, Comparison, In, Logic, OneSidedRange, RangeLiteral, Test
from engine.feel.scope import Scope
from engine.feel.values import Value

Check = Callable[[Value, Scope], Value]

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
