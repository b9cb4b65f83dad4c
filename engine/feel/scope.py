"""The variables that an expression sees while it runs: a chain of contexts, the innermost first."""

from collections.abc import Mapping
from typing import Final, cast

from engine.feel.limits import Run
from engine.feel.values import Value

MISSING: Final = cast("Value", object())
"""What ``find`` gives for a name that no scope has."""


class Scope:
    """One link of the chain; ``variables`` belongs to the scope or to the caller, who does not change it."""

    __slots__ = ("parent", "run", "variables")

    def __init__(self, variables: Mapping[str, Value], parent: "Scope | None", run: Run) -> None:
        self.variables = variables
        self.parent = parent
        self.run = run

    def inner(self, variables: Mapping[str, Value]) -> "Scope":
        """Return a scope inside this one."""
        return Scope(variables, self, self.run)

    def find(self, name: str) -> Value:
        """Return the value of the innermost variable of this name, or ``MISSING``."""
        scope: Scope | None = self
        while scope is not None:
            value = scope.variables.get(name, MISSING)
            if value is not MISSING:
                return value
            scope = scope.parent
        return MISSING
