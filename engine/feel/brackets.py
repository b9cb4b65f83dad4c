"""Reads what stands in brackets: groups, lists and ranges, which may begin and end with any bracket."""

from engine.feel.cursor import COMPARATORS, COMPARE, Cursor
from engine.feel.nodes import ListLiteral, Node, OneSidedRange, RangeLiteral
from engine.feel.tokens import Kind


def parse_group(cursor: Cursor) -> Node:
    """Parse behind ``(``: ``(a)``, the range ``(a..b)`` or the half-open range ``(> a)``."""
    if cursor.at(*COMPARATORS):
        node: Node = OneSidedRange(cursor.advance().text, cursor.nested(COMPARE))
    else:
        node = cursor.nested()
        if cursor.at(".."):
            return range_from(cursor, node, included=False)
    cursor.expect(")")
    return node


def parse_list(cursor: Cursor) -> Node:
    """Parse behind ``[``: ``[a, b]`` or the range ``[a..b]``."""
    if cursor.accept("]"):
        return ListLiteral(())
    items = [cursor.nested()]
    if cursor.at(".."):
        return range_from(cursor, items[0], included=True)
    while cursor.accept(","):
        items.append(cursor.nested())
    cursor.expect("]")
    return ListLiteral(tuple(items))


def parse_reversed(cursor: Cursor) -> Node:
    """Parse behind ``]``: the range ``]a..b]``, which excludes its start."""
    return range_from(cursor, cursor.nested(), included=False)


def range_from(cursor: Cursor, start: Node, *, included: bool) -> Node:
    """Parse from the ``..`` of a range on, whose start was read.

    Raises:
        FeelSyntaxError: it is no range.

    """
    cursor.expect("..")
    cursor.is_range_end, before = True, cursor.is_range_end
    end = cursor.binary(COMPARE)
    cursor.is_range_end = before
    if not cursor.at(")", "]", "["):
        raise cursor.error("end_of_range")
    return RangeLiteral(start, end, start_included=included, end_included=cursor.advance().text == "]")


def closes_range(cursor: Cursor) -> bool:
    """Whether ``[`` ends a range such as ``]1..5[``: behind it no value can start."""
    token = cursor.ahead(1)
    if token.kind is Kind.KEYWORD:
        return token.text not in ("true", "false", "null", "if", "for", "some", "every", "function")
    return token.kind is Kind.END or (
        token.kind is Kind.SYMBOL and token.text not in ("(", "[", "{", "@", "?", "-")
    )
