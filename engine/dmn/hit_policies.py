"""What a decision table answers when several rules fire, one function for each hit policy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from engine.dmn.errors import DecisionFailedError
from engine.dmn.spots import Spot
from engine.feel import Value
from engine.feel.comparison import equal, satisfies
from engine.feel.functions import find as find_built_in
from engine.feel.limits import Run


class HitPolicy(Enum):
    """Which of the rules that fire count."""

    UNIQUE = "UNIQUE"
    """One may fire."""
    ANY = "ANY"
    """Those that fire say the same."""
    PRIORITY = "PRIORITY"
    """The one whose outputs stand first among the output values."""
    FIRST = "FIRST"
    """The first in the table."""
    RULE_ORDER = "RULE ORDER"
    """All, as they stand in the table."""
    OUTPUT_ORDER = "OUTPUT ORDER"
    """All, as their outputs stand among the output values."""
    COLLECT = "COLLECT"
    """All, in no order that matters; perhaps gathered into one number."""


class Aggregation(Enum):
    """How COLLECT makes one value of all."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


IN_ORDER_OF_OUTPUT: Final = frozenset({HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER})


@dataclass(frozen=True)
class Outcome:
    """What one rule says: its number, the values of its outputs by column, and the two as one value."""

    number: int
    columns: tuple[Value, ...]
    value: Value


@dataclass(frozen=True)
class Choice:
    """How one table chooses among outcomes; there is always at least one of them."""

    policy: HitPolicy
    aggregation: Aggregation | None
    orders: Sequence[Sequence[Value]]
    """For each output its values, the most important first."""
    spot: Spot

    def of(self, outcomes: list[Outcome], run: Run) -> Value:
        """Return the value of the table.

        Raises:
            DecisionFailedError: the table does not allow that these rules fire together.

        """
        return _CHOICES[self.policy](self, outcomes, run)

    def of_none(self) -> Value:
        """Return the value of a table in which no rule fires and that has no default."""
        if self.policy is not HitPolicy.COLLECT:
            return None
        empty: dict[Aggregation | None, Value] = {None: [], Aggregation.COUNT: Decimal(0)}
        return empty.get(self.aggregation)

    def rank(self, outcome: Outcome, run: Run) -> tuple[int, ...]:
        """Return where the outputs stand among the output values; columns without such do not count.

        Raises:
            DecisionFailedError: one of them is not among them.

        """
        return tuple(
            self._position(value, order, outcome.number, run=run)
            for value, order in zip(outcome.columns, self.orders, strict=True)
            if order
        )

    def _position(self, value: Value, order: Sequence[Value], number: int, *, run: Run) -> int:
        for position, listed in enumerate(order):
            if satisfies(value, listed, run) is True:
                return position
        raise DecisionFailedError(self.spot, f"the output of rule {number} is not among the output values")


def _unique(choice: Choice, outcomes: list[Outcome], run: Run) -> Value:  # noqa: ARG001  # one signature
    if len(outcomes) > 1:
        raise DecisionFailedError(choice.spot, f"{_listed(outcomes)} fire together in a UNIQUE table")
    return outcomes[0].value


def _any(choice: Choice, outcomes: list[Outcome], run: Run) -> Value:
    first = outcomes[0]
    if not all(equal(first.value, other.value, run) for other in outcomes[1:]):
        raise DecisionFailedError(choice.spot, f"{_listed(outcomes)} fire together and say different things")
    return first.value


def _priority(choice: Choice, outcomes: list[Outcome], run: Run) -> Value:
    return min(outcomes, key=lambda outcome: choice.rank(outcome, run)).value


def _first(choice: Choice, outcomes: list[Outcome], run: Run) -> Value:  # noqa: ARG001  # one signature
    return outcomes[0].value


def _rule_order(choice: Choice, outcomes: list[Outcome], run: Run) -> Value:  # noqa: ARG001  # one signature
    return [outcome.value for outcome in outcomes]


def _output_order(choice: Choice, outcomes: list[Outcome], run: Run) -> Value:
    return [outcome.value for outcome in sorted(outcomes, key=lambda outcome: choice.rank(outcome, run))]


def _collect(choice: Choice, outcomes: list[Outcome], run: Run) -> Value:
    values: Value = [outcome.value for outcome in outcomes]
    if choice.aggregation is None:
        return values
    function = find_built_in(choice.aggregation.value.lower())
    gathered = None if function is None else function.call(run, [values])
    if gathered is None:
        raise DecisionFailedError(
            choice.spot, f"{choice.aggregation.value} cannot be made of {_listed(outcomes)}"
        )
    return gathered


def _listed(outcomes: list[Outcome]) -> str:
    return "rules " + ", ".join(str(outcome.number) for outcome in outcomes)


_CHOICES: Final[dict[HitPolicy, Callable[[Choice, list[Outcome], Run], Value]]] = {
    HitPolicy.UNIQUE: _unique,
    HitPolicy.ANY: _any,
    HitPolicy.PRIORITY: _priority,
    HitPolicy.FIRST: _first,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _collect,
}
