"""Reads tests of a value: what stands behind ``in``, and in the cells of decision tables."""

from collections.abc import Callable

from engine.feel import brackets
from engine.feel.cursor import COMPARATORS, COMPARE, Cursor
from engine.feel.nodes import In, Node, Test
from engine.feel.tokens import Kind


def parse_tests(cursor: Cursor) -> tuple[bool, tuple[Test, ...]]:
    """Parse the cell of a decision table; return whether it is negated, and its tests (none: any value).

    Raises:
        FeelSyntaxError: it is no list of tests.

    """
    if cursor.at("-") and cursor.ahead(1).kind is Kind.END:
        return False, ()
    if cursor.token.text == "not" and cursor.ahead(1).text == "(":
        cursor.position = 2
        tests = _comma_separated_tests(cursor)
        if cursor.accept(")") and cursor.token.kind is Kind.END:
            return True, tests
        cursor.position = 0
    tests = _comma_separated_tests(cursor)
    if cursor.token.kind is not Kind.END:
        raise cursor.error("end_of_test")
    return False, tests


def parse_in(cursor: Cursor, left: Node) -> Node:
    """Parse behind ``in``: one test, or several in brackets; a bracket may also open a range."""
    if not cursor.at("("):
        return In(left, (_test(cursor, cursor.binary),))
    cursor.advance()
    tests = _comma_separated_tests(cursor)
    if len(tests) == 1 and tests[0].operator is None and cursor.at(".."):
        return In(left, (Test(None, brackets.range_from(cursor, tests[0].operand, included=False)),))
    cursor.expect(")")
    return In(left, tests)


def _comma_separated_tests(cursor: Cursor) -> tuple[Test, ...]:
    tests = [_test(cursor, cursor.nested)]
    while cursor.accept(","):
        tests.append(_test(cursor, cursor.nested))
    return tuple(tests)


def _test(cursor: Cursor, parse: Callable[[int], Node]) -> Test:
    if cursor.at(*COMPARATORS):
        return Test(cursor.advance().text, parse(COMPARE))
    before, cursor.uses_input = cursor.uses_input, False
    operand = parse(COMPARE if parse == cursor.binary else 0)
    uses_input, cursor.uses_input = cursor.uses_input, cursor.uses_input or before
    return Test(None, operand, uses_input)
