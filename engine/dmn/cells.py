"""Knows what a cell compares with, where that stands in the cell itself."""

from typing import Final

from engine.feel import Environment, FeelLimitError, Limits, Range, Run, Scope, UnaryTests, Value
from engine.feel.compiler import compile_node

LITTLE: Final = Environment(limits=Limits(steps=200, size=2_000))
"""For what is worked out while a file is read: a cell that asks for more is looked at when it is used."""
_WITHOUT_ORDER: Final = frozenset({None, "=", "!="})
_CONSTRUCTORS: Final = frozenset({"date", "time", "date and time", "duration", "number", "string"})
"""The functions whose value depends on their arguments alone; others may ask for the time or the calendar."""


def constants_of(tests: UnaryTests) -> list[Value] | None:
    """Return the values that the tests compare with; None if they depend on more than the tested value.

    The ends of a range and the items of a list are told one by one.
    """
    found = _operands(tests)
    return None if found is None else [part for value in found for part in _parts(value)]


def is_ordering(tests: UnaryTests) -> bool:
    """Whether the tests ask what is less or greater, not only what is the same."""
    if any(test.operator not in _WITHOUT_ORDER for test in tests.tests):
        return True
    return any(_holds_range(value) for value in _operands(tests) or [])


def _operands(tests: UnaryTests) -> list[Value] | None:
    if tests.names or not tests.functions <= _CONSTRUCTORS or _speaks_of_input(tests):
        return None
    run = Run(LITTLE)
    try:
        return [compile_node(test.operand)(Scope({}, None, run)) for test in tests.tests]
    except (FeelLimitError, RecursionError):
        return None


def _speaks_of_input(tests: UnaryTests) -> bool:
    """Whether a test looks at the tested value as ``?``; behind an operator only the text tells."""
    return any(test.uses_input or (test.operator is not None and "?" in tests.text) for test in tests.tests)


def _holds_range(value: Value) -> bool:
    return isinstance(value, Range) or (isinstance(value, list) and any(map(_holds_range, value)))


def _parts(value: Value) -> list[Value]:
    if isinstance(value, Range):
        return [end for end in (value.start, value.end) if end is not None]
    if isinstance(value, list):
        return [part for item in value for part in _parts(item)]
    return [value]
