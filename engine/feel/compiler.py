"""Turns the nodes of an expression into nested Python functions that evaluate it.

Each node becomes one function that takes the scope and returns the value; its parts are compiled before.
Work inside a repeated part is charged by the length of its text, so that single steps need no counting.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import singledispatch
from typing import Final

from engine.feel import arithmetic, comparison, functions, properties
from engine.feel.conformance import is_instance
from engine.feel.measure import measure
from engine.feel.nodes import (
    Chain,
    ContextLiteral,
    If,
    InstanceOf,
    IsDefined,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    OneSidedRange,
    Postfix,
    Property,
    RangeLiteral,
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
    if isinstance(node.start, Literal) and isinstance(node.end, Literal):
        always = functions.make_range(
            node.start.value, node.end.value, start_included=start_included, end_included=end_included
        )
        return lambda _: always
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
