"""Values that stand in the text of an expression: numbers and ``@"..."``."""

from decimal import Decimal, InvalidOperation

from engine.feel import values
from engine.feel.cursor import Cursor
from engine.feel.errors import FeelSyntaxError
from engine.feel.nodes import Literal
from engine.feel.temporal import parse_temporal
from engine.feel.tokens import Kind, Token


def parse_number(token: Token) -> Literal:
    """Read a number; digits beyond the 34th are rounded.

    Raises:
        FeelSyntaxError: it is out of range.

    """
    try:
        value = values.number(Decimal(token.text))
    except InvalidOperation:
        value = None
    if value is None:
        raise FeelSyntaxError("too_big_number", position=token.start, code="too_big_number")
    return Literal(value)


def negate(literal: Literal) -> Literal:
    """Return the literal with its sign turned; what is no number becomes null."""
    value = literal.value
    if isinstance(value, Decimal):
        return Literal(values.NUMBERS.minus(value))
    if isinstance(value, values.DaysTimeDuration):
        return Literal(-value)
    if isinstance(value, values.YearsMonthsDuration):
        return Literal(values.YearsMonthsDuration(-value.total_months))
    return Literal(None)


def parse_at_literal(cursor: Cursor) -> Literal:
    """Read the date, time or duration behind ``@``; what is none is null.

    Raises:
        FeelSyntaxError: no text follows.

    """
    if cursor.token.kind is not Kind.STRING:
        raise cursor.error("temporal")
    return Literal(parse_temporal(cursor.advance().text))
