"""Variables as a player reads and writes them: one ``name = value`` a line, the value in FEEL."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from engine import feel
from engine.errors import InvalidInputError
from engine.feel import Value, YearsMonthsDuration, display

_NAME: Final = re.compile(r"(?!__)[^\W\d]\w*")
_TEMPORAL: Final = (date, datetime, time, timedelta, YearsMonthsDuration)
LINES_LIMIT: Final = 200


class BadLineError(InvalidInputError):
    """A line says no variable. ``line`` is its text; ``number`` counts from 1."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__(f"line {number} is no variable")
        self.number = number
        self.line = line


def write_value(value: Value) -> str:
    """Return a value as FEEL reads it again."""
    if isinstance(value, _TEMPORAL):
        return f'@"{display(value)}"'
    if isinstance(value, list):
        return f"[{', '.join(map(write_value, value))}]"
    if isinstance(value, dict):
        entries = (f"{json.dumps(key, ensure_ascii=False)}: {write_value(one)}" for key, one in value.items())
        return f"{{{', '.join(entries)}}}"
    return display(value)


def write_variables(variables: Mapping[str, Value]) -> str:
    """Return variables as lines, by name."""
    return "\n".join(f"{name} = {write_value(value)}" for name, value in sorted(variables.items()))


def read_variables(text: str) -> dict[str, Value]:
    """Return what the lines say; empty ones are left out. A value may use no variables.

    Raises:
        BadLineError: a line has no name, or no value that FEEL can read.

    """
    found: dict[str, Value] = {}
    for number, line in enumerate(text.splitlines()[:LINES_LIMIT], start=1):
        if not line.strip():
            continue
        name, _, expression = (part.strip() for part in line.partition("="))
        if not _NAME.fullmatch(name) or not expression:
            raise BadLineError(number, line)
        try:
            found[name] = feel.parse(expression).evaluate({})
        except (feel.FeelSyntaxError, feel.FeelLimitError) as error:
            raise BadLineError(number, line) from error
    return found
