"""Counts values, so that lists which share their parts cannot unfold to more than the limit."""

from typing import Final

from engine.feel.errors import FeelLimitError
from engine.feel.limits import Run
from engine.feel.values import Value

_CHARACTERS_PER_ITEM: Final = 16


def measure(value: Value, run: Run) -> None:
    """Charge the run for every item and entry of a new list or context, shared or not.

    Raises:
        FeelLimitError: there are too many, or too many levels.

    """
    level: list[Value] = [value]
    for _ in range(run.limits.value_depth):
        level = _parts(level, run)
        if not level:
            return
    raise FeelLimitError(f"a value is nested more than {run.limits.value_depth} levels deep")


def _parts(level: list[Value], run: Run) -> list[Value]:
    """Return the lists and contexts directly inside; long texts count, as they will be written out."""
    parts: list[Value] = []
    size, room = 0, run.limits.size - run.size
    for value in level:
        items = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
        size += len(items)
        if size > room:
            break
        for item in items:
            kind = type(item)
            if kind is list or kind is dict:
                parts.append(item)
            elif isinstance(item, str):
                size += len(item) // _CHARACTERS_PER_ITEM
    run.grow(size)
    return parts
