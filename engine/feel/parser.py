"""Reads an expression by the binding power of its operators and gives its nodes."""

from collections.abc import Callable, Collection
from typing import Final

from engine.feel import forms, functions, literals
from engine.feel.cursor import Cursor
from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import MAX_NESTING
from engine.feel.nodes import (
    Between,
    Call,
    Chain,
    Comparison,
    Filter,
    In,
    InstanceOf,
    IsDefined,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Postfix,
    Property,
    RangeLiteral,
    Step,
    Test,
)
from engine.feel.tokens import Kind

_COMPARE: Final = 3
_NEGATE: Final = 7
_POWERS: Final = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "in", "between", "instance", "is"), _COMPARE),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/", 5),
    "**": 6,
}
_COMPARATORS: Final = ("=", "!=", "<", "<=", ">", ">=")
_OPERATOR_KINDS: Final = (Kind.SYMBOL, Kind.KEYWORD)


def open_cursor(text: str, known: Collection[str] = ()) -> Cursor:
    """Return a cursor at the start of the text, where the names ``known`` are bound from outside.

    Raises:
        FeelSyntaxError: the text is too long or contains what means nothing.

    """
    return Cursor(text, known=known, parse=parse_from)


def parse_whole(cursor: Cursor) -> Node:
    """Parse everything as one expression.

    Raises:
        FeelSyntaxError: it is none, or one that we refuse.

    """
    node = cursor.nested()
    if cursor.token.kind is not Kind.END:
        raise cursor.error("expected an operator or the end")
    return node


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
        raise cursor.error("expected ',' or the end")
    return False, tests


def parse_from(cursor: Cursor, power: int) -> Node:
    """Parse an operand and every operator behind it that binds more strongly than ``power``."""
    node = _postfix(cursor, _operand(cursor))
    comparisons = 0
    while (found := _operator_power(cursor)) > power:
        comparisons += found == _COMPARE
        if comparisons > MAX_NESTING:
            raise cursor.error("too many comparisons in a row", code="too_deep")
        node = _infix(cursor, node, found)
    return node


def _operator_power(cursor: Cursor) -> int:
    token = cursor.token
    if token.kind in _OPERATOR_KINDS:
        return _POWERS.get(token.text, 0)
    return _COMPARE if token.text == "is" and cursor.ahead(1).text == "defined" else 0


def _infix(cursor: Cursor, left: Node, power: int) -> Node:
    operator = cursor.token.text
    if operator in _INFIX:
        cursor.advance()
        return _INFIX[operator](cursor, left)
    if operator in _COMPARATORS:
        cursor.advance()
        return Comparison(operator, left, cursor.binary(_COMPARE))
    rest: list[tuple[str, Node]] = []
    while _operator_power(cursor) == power:
        operator = cursor.advance().text
        rest.append((operator, cursor.binary(power)))
    if operator in ("and", "or"):
        return Logic(operator, (left, *(operand for _, operand in rest)))
    return Chain(left, tuple(rest))


def _between(cursor: Cursor, left: Node) -> Node:
    low = cursor.binary(_COMPARE)
    cursor.expect("and")
    return Between(left, low, cursor.binary(_COMPARE))


def _instance_of(cursor: Cursor, left: Node) -> Node:
    cursor.expect("of")
    return InstanceOf(left, forms.parse_type(cursor))


def _is_defined_behind(cursor: Cursor, left: Node) -> Node:
    cursor.advance()
    return IsDefined(left)


def _in(cursor: Cursor, left: Node) -> Node:
    """The right side is one test, or several in brackets; a bracket may also open a range."""
    if not cursor.at("("):
        return In(left, (_test(cursor, cursor.binary),))
    cursor.advance()
    tests = _comma_separated_tests(cursor)
    if len(tests) == 1 and tests[0].operator is None and cursor.at(".."):
        return In(left, (Test(None, _range_from(cursor, tests[0].operand, included=False)),))
    cursor.expect(")")
    return In(left, tests)


def _comma_separated_tests(cursor: Cursor) -> tuple[Test, ...]:
    tests = [_test(cursor, cursor.nested)]
    while cursor.accept(","):
        tests.append(_test(cursor, cursor.nested))
    return tuple(tests)


def _test(cursor: Cursor, parse: Callable[[int], Node]) -> Test:
    if cursor.at(*_COMPARATORS):
        return Test(cursor.advance().text, parse(_COMPARE))
    before, cursor.uses_input = cursor.uses_input, False
    operand = parse(_COMPARE if parse == cursor.binary else 0)
    uses_input, cursor.uses_input = cursor.uses_input, cursor.uses_input or before
    return Test(None, operand, uses_input)


_INFIX: Final[dict[str, Callable[[Cursor, Node], Node]]] = {
    "between": _between,
    "instance": _instance_of,
    "is": _is_defined_behind,
    "in": _in,
}


def _operand(cursor: Cursor) -> Node:
    token = cursor.token
    if token.kind in (Kind.NAME, Kind.QUOTED_NAME):
        return _name(cursor)
    if token.kind is Kind.NUMBER:
        return literals.parse_number(cursor.advance())
    if token.kind is Kind.STRING:
        return Literal(cursor.advance().text)
    if token.text in _PREFIX and token.kind in _OPERATOR_KINDS:
        cursor.advance()
        return _PREFIX[token.text](cursor)
    raise cursor.error("expected a value")


def _name(cursor: Cursor) -> Node:
    """A variable or a called function; only known names and functions consist of several words."""
    if found := cursor.longest_bound_name():
        name, count = found
        cursor.position += count
    elif words := _function_of_several_words(cursor):
        cursor.position += len(words)
        name = " ".join(words)
    else:
        name = cursor.advance().text
    if cursor.at("("):
        return _called_name(cursor, name)
    cursor.note_free(name)
    return Name(name)


def _function_of_several_words(cursor: Cursor) -> tuple[str, ...]:
    """Such a name is one only where it is called: ``date and time`` may also be two variables."""
    for words in functions.of_several_words(cursor.token.text):
        if cursor.stands_here(words) and cursor.ahead(len(words)).text == "(":
            return words
    return ()


def _called_name(cursor: Cursor, name: str) -> Node:
    if name == "is defined":
        cursor.expect("(")
        path = cursor.nested()
        cursor.expect(")")
        return IsDefined(path)
    if cursor.is_bound(name):
        cursor.note_free(name)
        return Name(name)
    if (function := functions.find(name)) is None:
        raise FeelSyntaxError(
            f"there is no function {name[:60]}()",
            position=cursor.tokens[cursor.position - 1].start,
            code="unknown_function",
        )
    return Literal(function)


def _group(cursor: Cursor) -> Node:
    """``(a)``, the range ``(a..b)`` or the half-open range ``(> a)``."""
    if cursor.at("=", "<", "<=", ">", ">="):
        node = _one_sided_range(cursor)
    else:
        node = cursor.nested()
        if cursor.at(".."):
            return _range_from(cursor, node, included=False)
    cursor.expect(")")
    return node


def _one_sided_range(cursor: Cursor) -> Node:
    operator = cursor.advance().text
    end = cursor.nested(_COMPARE)
    if operator == "=":
        return RangeLiteral(end, end, start_included=True, end_included=True)
    included = operator.endswith("=")
    if operator.startswith("<"):
        return RangeLiteral(None, end, start_included=False, end_included=included)
    return RangeLiteral(end, None, start_included=included, end_included=False)


def _bracket(cursor: Cursor) -> Node:
    """``[a, b]`` or the range ``[a..b]``."""
    if cursor.accept("]"):
        return forms.list_of([])
    items = [cursor.nested()]
    if cursor.at(".."):
        return _range_from(cursor, items[0], included=True)
    while cursor.accept(","):
        items.append(cursor.nested())
    cursor.expect("]")
    return forms.list_of(items)


def _reversed_bracket(cursor: Cursor) -> Node:
    """The range ``]a..b]``, which excludes its start."""
    return _range_from(cursor, cursor.nested(), included=False)


def _range_from(cursor: Cursor, start: Node, *, included: bool) -> Node:
    cursor.expect("..")
    cursor.is_range_end, before = True, cursor.is_range_end
    end = cursor.binary(_COMPARE)
    cursor.is_range_end = before
    if not cursor.at(")", "]", "["):
        raise cursor.error("expected the end of the range")
    return RangeLiteral(start, end, start_included=included, end_included=cursor.advance().text == "]")


def _negation(cursor: Cursor) -> Node:
    operand = cursor.nested(_NEGATE)
    if isinstance(operand, Literal):
        return literals.negate(operand)
    return Negation(operand)


def _input(cursor: Cursor) -> Node:
    cursor.uses_input = True
    return Name("?")


_PREFIX: Final[dict[str, Callable[[Cursor], Node]]] = {
    "(": _group,
    "[": _bracket,
    "]": _reversed_bracket,
    "-": _negation,
    "?": _input,
    "@": literals.parse_at_literal,
    "{": forms.parse_context,
    "if": forms.parse_if,
    "for": forms.parse_for,
    "some": forms.parse_some,
    "every": forms.parse_every,
    "function": forms.parse_function,
    "true": lambda _: Literal(True),
    "false": lambda _: Literal(False),
    "null": lambda _: Literal(None),
}


def _postfix(cursor: Cursor, base: Node) -> Node:
    """Parse the steps ``.name``, ``[filter]`` and ``(arguments)`` behind a value."""
    steps: list[Step] = []
    while cursor.token.kind is Kind.SYMBOL:
        if cursor.accept("."):
            steps.append(Property(cursor.take_name("a property")))
        elif cursor.at("[") and not (cursor.is_range_end and _closes_range(cursor)):
            steps.append(_filter(cursor))
        elif cursor.at("("):
            steps.append(_call(cursor, base if not steps else None))
        else:
            break
    if not steps:
        return base
    _note_path(cursor, base, steps)
    return Postfix(base, tuple(steps))


def _filter(cursor: Cursor) -> Filter:
    cursor.expect("[")
    with cursor.filtering():
        condition = cursor.repeated()
    cursor.expect("]")
    return Filter(condition.node, condition.cost)


def _call(cursor: Cursor, base: Node | None) -> Call:
    start = cursor.token.start
    call = forms.parse_arguments(cursor)
    if isinstance(base, Literal):
        functions.check_literal_pattern(base.value, call.arguments, start)
    return call


def _closes_range(cursor: Cursor) -> bool:
    """Whether ``[`` ends a range such as ``]1..5[``: behind it no value can start."""
    token = cursor.ahead(1)
    if token.kind is Kind.KEYWORD:
        return token.text not in ("true", "false", "null", "if", "for", "some", "every", "function")
    return token.kind is Kind.END or (
        token.kind is Kind.SYMBOL and token.text not in ("(", "[", "{", "@", "?", "-")
    )


def _note_path(cursor: Cursor, base: Node, steps: list[Step]) -> None:
    if not isinstance(base, Name) or cursor.is_local(base.name):
        return
    path = [base.name]
    for step in steps:
        if not isinstance(step, Property):
            break
        path.append(step.name)
    if len(path) > 1:
        cursor.paths.add(tuple(path))
