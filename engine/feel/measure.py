"""Counts values, so that lists which share their parts cannot unfold to more than the limit."""

from engine.feel.errors import FeelLimitError
from engine.feel.limits import Run
from engine.feel.values import Value


def measure(value: Value, run: Run) -> None:
    """Charge the run for every item and entry of a new list or context, shared or not.

    Raises:
        FeelLimitError: there are too many, or too many levels.

    """
    level: list[Value] = [value]
    for _ in range(run.limits.value_depth):
        level = [part for item in level for part in _parts(item, run)]
        if not level:
            return
    raise FeelLimitError(f"a value is nested more than {run.limits.value_depth} levels deep")


def _parts(value: Value, run: Run) -> list[Value]:
    """Return the lists and contexts directly inside a value."""
    if isinstance(value, list):
        run.grow(len(value))
        return [item for item in value if isinstance(item, list | dict)]
    if isinstance(value, dict):
        run.grow(len(value))
        return [item for item in value.values() if isinstance(item, list | dict)]
    return []
