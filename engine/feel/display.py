"""Values as text: as an expression would write them, or as ``string()`` gives them."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from engine.feel.limits import Environment, Run
from engine.feel.temporal import format_temporal
from engine.feel.values import Function, Range, Value, YearsMonthsDuration


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
    write = _WRITERS.get(type(value))
    text = write(value, run) if write else str(value)
    run.grow(len(text))
    return text


def number_text(value: Decimal) -> str:
    """Return the number without an exponent and without zeros behind the last digit."""
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _range_literal(bounds: Range, run: Run) -> str:
    if bounds.operator:
        return f"({bounds.operator}{literal(bounds.end, run)})"
    start = "" if bounds.start is None else literal(bounds.start, run)
    end = "" if bounds.end is None else literal(bounds.end, run)
    return f"{'[' if bounds.start_included else '('}{start}..{end}{']' if bounds.end_included else ')'}"


def _list_literal(items: list[Value], run: Run) -> str:
    return f"[{', '.join([literal(item, run) for item in items])}]"


def _context_literal(context: dict[str, Value], run: Run) -> str:
    entries = [f"{_key(key)}: {literal(item, run)}" for key, item in context.items()]
    return "{" + ", ".join(entries) + "}"


def _key(key: str) -> str:
    return key if key.replace(" ", "_").isidentifier() else json.dumps(key, ensure_ascii=False)


# The type of the value chooses the writer, so that a writer may declare the type it takes.
_WRITERS: Final[dict[type, Callable[[Any, Run], str]]] = {
    type(None): lambda _, __: "null",
    bool: lambda value, _: "true" if value else "false",
    str: lambda value, _: json.dumps(value, ensure_ascii=False),
    Decimal: lambda value, _: number_text(value),
    Range: _range_literal,
    Function: lambda value, _: f"function({', '.join(value.parameters)})",
    list: _list_literal,
    dict: _context_literal,
    **dict.fromkeys(
        (date, time, datetime, timedelta, YearsMonthsDuration), lambda value, _: format_temporal(value)
    ),
}
