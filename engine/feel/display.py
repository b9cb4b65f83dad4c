"""Values as text: as an expression would write them, or as ``string()`` gives them."""

import json
from decimal import Decimal

from engine.feel.limits import Environment, Run
from engine.feel.temporal import format_temporal
from engine.feel.values import Function, Range, Value


def display(value: Value) -> str:
    """Return the value as FEEL would write it, for logs and messages.

    Raises:
        FeelLimitError: the text is longer than a million characters.

    """
    return literal(value, Run(Environment()))


def text_of(value: Value, run: Run) -> str | None:
    """Return what ``string()`` gives: text as it is, null for null, everything else as FEEL writes it."""
    if value is None or isinstance(value, str):
        return value
    return literal(value, run)


def literal(value: Value, run: Run) -> str:
    """Return the value as FEEL would write it; dates and durations without quotes.

    Raises:
        FeelLimitError: the text grows too long.

    """
    text = _literal(value, run)
    run.grow(len(text))
    return text


def _literal(value: Value, run: Run) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, Range):
        return _range_literal(value, run)
    if isinstance(value, Function):
        return f"function({', '.join(value.parameters)})"
    if isinstance(value, list):
        return f"[{', '.join([literal(item, run) for item in value])}]"
    if isinstance(value, dict):
        return "{" + ", ".join([f"{_key(key)}: {literal(item, run)}" for key, item in value.items()]) + "}"
    return format_temporal(value)


def number_text(value: Decimal) -> str:
    """Return the number without an exponent and without zeros behind the last digit."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _range_literal(bounds: Range, run: Run) -> str:
    start = "" if bounds.start is None else literal(bounds.start, run)
    end = "" if bounds.end is None else literal(bounds.end, run)
    return f"{'[' if bounds.start_included else '('}{start}..{end}{']' if bounds.end_included else ')'}"


def _key(key: str) -> str:
    return key if key.replace(" ", "_").isidentifier() else json.dumps(key, ensure_ascii=False)
