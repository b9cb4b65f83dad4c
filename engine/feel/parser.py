"""Reads an expression by the binding power of its operators and gives its nodes."""

from collections.abc import Callable
from typing import Final

from engine.feel import brackets, forms, functions, literals, unary
from engine.feel.cursor import COMPARATORS, COMPARE, Cursor, Known
from engine.feel.errors import FeelSyntaxError
from engine.feel.limits import MAX_NESTING, MAX_PATTERNS
from engine.feel.nodes import (
    Between,
    Call,
    Chain,
    Comparison,
    Filter,
    InstanceOf,
    IsDefined,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Postfix,
    Property,
    Step,
)
from engine.feel.tokens import Kind
from engine.feel.type_names import parse_type

_NEGATE: Final = 7
_POWERS: Final = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "in", "between", "instance", "is"), COMPARE),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/", 5),
    "**": 6,
}
_OPERATOR_KINDS: Final = (Kind.SYMBOL, Kind.KEYWORD)


def open_cursor(text: str, known: Known) -> Cursor:
    """Return a cursor at the start of the text.

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
    cursor.expect_end()
    return node


def parse_from(cursor: Cursor, power: int) -> Node:
    """Parse an operand and every operator behind it that binds more strongly than ``power``."""
    node = _postfix(cursor, _operand(cursor))
    comparisons = 0
    while (found := _operator_power(cursor)) > power:
        comparisons += found == COMPARE
        if comparisons > MAX_NESTING:
            raise cursor.error("too_many_comparisons", code="too_deep")
        node = _infix(cursor, node, found)
    return node


def _operator_power(cursor: Cursor) -> int:
    token = cursor.token
    if token.kind in _OPERATOR_KINDS:
        return _POWERS.get(token.text, 0)
    return COMPARE if token.text == "is" and cursor.ahead(1).text == "defined" else 0


def _infix(cursor: Cursor, left: Node, power: int) -> Node:
    operator = cursor.token.text
    if operator in _INFIX:
        cursor.advance()
        return _INFIX[operator](cursor, left)
    if operator in COMPARATORS:
        cursor.advance()
        return Comparison(operator, left, cursor.binary(COMPARE))
    rest: list[tuple[str, Node]] = []
    while _operator_power(cursor) == power:
        operator = cursor.advance().text
        rest.append((operator, cursor.binary(power)))
    if operator in ("and", "or"):
        return Logic(operator, (left, *(operand for _, operand in rest)))
    return Chain(left, tuple(rest))


def _between(cursor: Cursor, left: Node) -> Node:
    low = cursor.binary(COMPARE)
    cursor.expect("and")
    return Between(left, low, cursor.binary(COMPARE))


def _instance_of(cursor: Cursor, left: Node) -> Node:
    cursor.expect("of")
    return InstanceOf(left, parse_type(cursor))


def _is_defined_behind(cursor: Cursor, left: Node) -> Node:
    cursor.advance()
    return IsDefined(left)


_INFIX: Final[dict[str, Callable[[Cursor, Node], Node]]] = {
    "between": _between,
    "instance": _instance_of,
    "is": _is_defined_behind,
    "in": unary.parse_in,
}


def _operand(cursor: Cursor) -> Node:
    token = cursor.token
    if name := cursor.take_bound_phrase():
        return _named(cursor, name)
    if token.kind in (Kind.NAME, Kind.QUOTED_NAME):
        return _name(cursor)
    if token.kind is Kind.NUMBER:
        return literals.parse_number(cursor.advance())
    if token.kind is Kind.STRING:
        return Literal(cursor.advance().text)
    if token.text in _PREFIX and token.kind in _OPERATOR_KINDS:
        cursor.advance()
        return _PREFIX[token.text](cursor)
    raise cursor.error("value")


def _name(cursor: Cursor) -> Node:
    """A variable or a function; only known names and functions consist of several words."""
    start = cursor.position
    name = cursor.take_phrase(functions.PHRASES)
    if name and cursor.at("("):
        return _called_name(cursor, name)
    if name and " and " not in name and (function := functions.find(name)):
        cursor.functions.add(name)
        return Literal(function)
    cursor.position = start  # ``date and time`` that is not called may be two variables
    return _named(cursor, cursor.advance().text)


def _named(cursor: Cursor, name: str) -> Node:
    if cursor.at("("):
        return _called_name(cursor, name)
    _refuse_unknown_words(cursor, name)
    cursor.note_free(name)
    return Name(name)


def _refuse_unknown_words(cursor: Cursor, name: str) -> None:
    """Words in a row that are called are most likely a function that we do not have, or a slip of the pen."""
    words = [name]
    while cursor.ahead(len(words) - 1).kind is Kind.NAME:
        words.append(cursor.ahead(len(words) - 1).text)
    following = cursor.ahead(len(words) - 1)
    if len(words) > 1 and following.kind is Kind.SYMBOL and following.text == "(":
        raise _unknown_function(cursor, " ".join(words))


def _unknown_function(cursor: Cursor, name: str) -> FeelSyntaxError:
    return FeelSyntaxError(
        "unknown_function",
        position=cursor.tokens[cursor.position - 1].start,
        code="unknown_function",
        name=name[:60],
    )


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
        raise _unknown_function(cursor, name)
    cursor.functions.add(name)
    return Literal(function)


def _negation(cursor: Cursor) -> Node:
    operand = cursor.nested(_NEGATE)
    if isinstance(operand, Literal):
        return literals.negate(operand)
    return Negation(operand)


def _input(cursor: Cursor) -> Node:
    cursor.uses_input = True
    return Name("?")


_PREFIX: Final[dict[str, Callable[[Cursor], Node]]] = {
    "(": brackets.parse_group,
    "[": brackets.parse_list,
    "]": brackets.parse_reversed,
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
            steps.append(Property(cursor.take_property()))
        elif cursor.at("[") and not (cursor.is_range_end and brackets.closes_range(cursor)):
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
    return Filter(condition.node, condition.cost, "item" in condition.uses)


def _call(cursor: Cursor, base: Node | None) -> Call:
    start = cursor.token.start
    call = forms.parse_arguments(cursor)
    if isinstance(base, Literal):
        cursor.patterns += functions.check_literal_pattern(base.value, call.arguments, start)
    if cursor.patterns > MAX_PATTERNS:
        raise cursor.error("too_many_patterns", code="too_deep", limit=MAX_PATTERNS)
    return call


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
