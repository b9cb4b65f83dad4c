"""Knows the values that a cell compares with, where they stand in the cell itself."""

from engine.feel import Environment, FeelLimitError, Range, Run, Scope, UnaryTests, Value
from engine.feel.compiler import compile_node


def constants_of(tests: UnaryTests) -> list[Value] | None:
    """Return the values that the tests compare with; None if they depend on more than the tested value.

    The ends of a range and the items of a list are told one by one.
    """
    if tests.names or any(test.uses_input for test in tests.tests):
        return None
    run = Run(Environment())
    found: list[Value] = []
    try:
        for test in tests.tests:
            found += _parts(compile_node(test.operand)(Scope({}, None, run)))
    except (FeelLimitError, RecursionError):
        return None
    return found


def _parts(value: Value) -> list[Value]:
    if isinstance(value, Range):
        return [end for end in (value.start, value.end) if end is not None]
    if isinstance(value, list):
        return [part for item in value for part in _parts(item)]
    return [value]
