"""Reads what begins with a word or a brace: contexts, conditions, loops, functions, arguments, types."""

from typing import Final

from engine.feel.cursor import Cursor
from engine.feel.nodes import (
    Call,
    ContextLiteral,
    For,
    FunctionLiteral,
    If,
    Iterator,
    Node,
    Quantified,
)
from engine.feel.tokens import Kind
from engine.feel.type_names import parse_type
from engine.feel.types import ANY, Type

_MAX_ITERATORS: Final = 20


def parse_context(cursor: Cursor) -> Node:
    """Parse behind ``{``: entries that see the ones before them."""
    entries: dict[str, Node] = {}
    with cursor.binding():
        while not cursor.accept("}"):
            if entries:
                cursor.expect(",")
            key = _entry_key(cursor)
            if key in entries:
                raise cursor.error("entry_twice", name=key[:60])
            cursor.expect(":")
            entries[key] = cursor.nested()
            cursor.bind_entry(key)
    return ContextLiteral(tuple(entries.items()))


def _entry_key(cursor: Cursor) -> str:
    if cursor.token.kind is Kind.STRING:
        return cursor.advance().text
    return cursor.take_name("entry", ends=(":",))


def parse_if(cursor: Cursor) -> Node:
    """Parse behind ``if``, with every ``else if`` that follows."""
    branches: list[tuple[Node, Node]] = []
    while True:
        condition = cursor.nested()
        cursor.expect("then")
        branches.append((condition, cursor.nested()))
        cursor.expect("else")
        if not cursor.accept("if"):
            return If(tuple(branches), cursor.nested())


def parse_for(cursor: Cursor) -> Node:
    """Parse behind ``for``; the body knows the results so far as ``partial``."""
    with cursor.binding():
        iterators = _iterators(cursor)
        cursor.expect("return")
        cursor.bind("partial")
        body = cursor.repeated()
    return For(iterators, body.node, "partial" in body.uses, body.cost)


def parse_some(cursor: Cursor) -> Node:
    """Parse behind ``some``."""
    return _quantified(cursor, is_every=False)


def parse_every(cursor: Cursor) -> Node:
    """Parse behind ``every``."""
    return _quantified(cursor, is_every=True)


def _quantified(cursor: Cursor, *, is_every: bool) -> Node:
    with cursor.binding():
        iterators = _iterators(cursor)
        cursor.expect("satisfies")
        condition = cursor.repeated()
    return Quantified(is_every, iterators, condition.node, condition.cost)


def _iterators(cursor: Cursor) -> tuple[Iterator, ...]:
    iterators = [_iterator(cursor)]
    while cursor.accept(","):
        if len(iterators) == _MAX_ITERATORS:
            raise cursor.error("too_many_variables", code="too_deep", limit=_MAX_ITERATORS)
        iterators.append(_iterator(cursor))
    return tuple(iterators)


def _iterator(cursor: Cursor) -> Iterator:
    name = cursor.take_name("variable", ends=("in",))
    cursor.expect("in")
    source = cursor.nested()
    end = cursor.nested() if cursor.accept("..") else None
    cursor.bind(name)
    return Iterator(name, source, end)


def parse_function(cursor: Cursor) -> Node:
    """Parse behind ``function``.

    Raises:
        FeelSyntaxError: it is none, or its body is not FEEL.

    """
    cursor.expect("(")
    parameters: list[tuple[str, Type]] = []
    while not cursor.accept(")"):
        if parameters:
            cursor.expect(",")
        name = cursor.take_name("parameter", ends=(":", ",", ")"))
        parameters.append((name, parse_type(cursor) if cursor.accept(":") else ANY))
    if cursor.at("external"):
        raise cursor.error("external_function", code="external_function")
    with cursor.binding(*(name for name, _ in parameters)):
        body = cursor.repeated()
    return FunctionLiteral(Type("function", tuple(parameters)), body.node, body.cost, body.depth)


def parse_arguments(cursor: Cursor) -> Call:
    """Parse the arguments of a call, all by position or all by name."""
    cursor.expect("(")
    arguments: list[Node] = []
    names: list[str] = []
    while not cursor.accept(")"):
        if arguments:
            cursor.expect(",")
        if _at_argument_name(cursor):
            names.append(cursor.take_name("parameter", ends=(":",)))
            cursor.expect(":")
        arguments.append(cursor.nested())
    if names and len(names) != len(arguments):
        raise cursor.error("mixed_arguments")
    return Call(tuple(arguments), tuple(names))


def _at_argument_name(cursor: Cursor) -> bool:
    count = 1 if cursor.token.kind is Kind.QUOTED_NAME else cursor.count_name_words((":",))
    return count > 0 and cursor.ahead(count).text == ":" and cursor.ahead(count).kind is Kind.SYMBOL
