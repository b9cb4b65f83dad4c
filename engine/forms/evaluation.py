"""Evaluates the expressions of a form: mistakes and excess give null, and a whole page has a bound."""

from collections.abc import Mapping
from time import monotonic
from typing import Final

from engine.feel import Environment, Expression, FeelLimitError, Function, Value
from engine.forms.model import Path

_MAX_FAILURES: Final = 3
_MAX_SECONDS: Final = 5.0


class Evaluator:
    """Evaluates the expressions of one page; after a few that ask for too much it evaluates no more."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self._failures = 0
        self._ends = monotonic() + _MAX_SECONDS

    def evaluate(self, expression: Expression, names: Mapping[str, Value]) -> tuple[Value, bool]:
        """Return the value, and whether it could be computed within the limits."""
        if self._failures >= _MAX_FAILURES or monotonic() > self._ends:
            return None, False
        try:
            value = expression.evaluate(names, environment=self.environment)
        except FeelLimitError:
            self._failures += 1
            return None, False
        return (None if isinstance(value, Function) else value), True

    def is_true(self, expression: Expression, names: Mapping[str, Value]) -> bool:
        """Whether the expression gives ``true``; null and everything else is not."""
        return self.evaluate(expression, names)[0] is True


def value_at(values: Mapping[str, Value], path: Path) -> Value:
    """Return what stands at the path, or null."""
    current: Value = dict(values) if not path else values.get(path[0])
    for name in path[1:]:
        current = current.get(name) if isinstance(current, dict) else None
    return current


def put(values: dict[str, Value], path: Path, value: Value) -> None:
    """Set what stands at the path; contexts on the way are copied, not changed."""
    for name in path[:-1]:
        inner = values.get(name)
        copy = dict(inner) if isinstance(inner, dict) else {}
        values[name] = copy
        values = copy
    values[path[-1]] = value


def drop(values: dict[str, Value], path: Path) -> None:
    """Take away what stands at the path."""
    if value_at(values, path[:-1]) is None:
        return
    for name in path[:-1]:
        inner = values[name]
        copy = dict(inner) if isinstance(inner, dict) else {}
        values[name] = copy
        values = copy
    values.pop(path[-1], None)
