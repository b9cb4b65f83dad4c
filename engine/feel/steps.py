"""Compiles the steps behind a value: properties, filters and calls."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from engine.feel import functions, properties
from engine.feel.compiler import Code, compile_node
from engine.feel.nodes import Call, Filter, Name, Postfix, Property, Step
from engine.feel.scope import Scope
from engine.feel.values import Function, Value

StepCode = Callable[[Value, Scope], Value]


@compile_node.register(Postfix)
def _postfix(node: Postfix) -> Code:
    base = _callee(node.base) if isinstance(node.base, Name) and isinstance(node.steps[0], Call) else None
    base = base or compile_node(node.base)
    steps = [_compile_step(step) for step in node.steps]
    if len(steps) == 1:
        (only,) = steps
        return lambda scope: only(base(scope), scope)

    def evaluate(scope: Scope) -> Value:
        value = base(scope)
        for step in steps:
            value = step(value, scope)
        return value

    return evaluate


def _callee(node: Name) -> Code:
    """A variable that is called and holds no function stands back behind the built-in of its name."""
    name, built_in = node.name, functions.find(node.name)

    def evaluate(scope: Scope) -> Value:
        value = scope.find(name)
        return value if isinstance(value, Function) else built_in

    return evaluate


def _compile_step(step: Step) -> StepCode:
    if isinstance(step, Property):
        name = step.name
        return lambda value, scope: properties.get(value, name, scope.run)
    if isinstance(step, Filter):
        return _compile_filter(step)
    return _compile_call(step)


def _compile_call(step: Call) -> StepCode:
    arguments = [compile_node(argument) for argument in step.arguments]
    names = step.names

    def call(value: Value, scope: Scope) -> Value:
        if not isinstance(value, Function):
            return None
        given = [argument(scope) for argument in arguments]
        if names:
            return value.call_named(scope.run, dict(zip(names, given, strict=True)))
        return value.call(scope.run, given)

    return call


_EMPTY: Final[dict[str, Value]] = {}


def _compile_filter(step: Filter) -> StepCode:
    condition, cost = compile_node(step.condition), step.cost
    item_scope = _named_item_scope if step.uses_item else _item_scope

    def keep(value: Value, scope: Scope) -> Value:
        """Choose by condition; one that gives a number is an index, any other value makes no sense."""
        items: list[Value] = value if isinstance(value, list) else [] if value is None else [value]
        if not items:
            return None if isinstance(condition(item_scope(None, scope)), Decimal) or value is None else []
        kept: list[Value] = []
        for item in items:
            scope.run.charge(cost)
            chosen = condition(item_scope(item, scope))
            if isinstance(chosen, Decimal):
                return at_index(items, chosen)
            if chosen is True:
                kept.append(item)
            elif chosen is not False and chosen is not None:
                return None
        scope.run.grow(len(kept))
        return kept

    return keep


def _item_scope(item: Value, scope: Scope) -> Scope:
    """Inside a filter the entries of the item are known by their own names."""
    return scope.inner(item) if isinstance(item, dict) else scope


def _named_item_scope(item: Value, scope: Scope) -> Scope:
    """The item itself is known as ``item``, unless it has an entry of this name."""
    return _item_scope(item, scope.inner({"item": item}))


def at_index(items: list[Value], index: Decimal) -> Value:
    """Return the item at a place counted from 1, or from -1 at the end; null where there is none."""
    if index != index.to_integral_value() or not 1 <= abs(index) <= len(items):
        return None
    return items[int(index) - 1] if index > 0 else items[int(index)]
