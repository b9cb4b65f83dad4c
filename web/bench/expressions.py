"""Measures FEEL expressions that were read before, beside the same condition in Python."""

import statistics
import timeit
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from engine import feel

_ROUNDS: Final = 7
_CALLS: Final = 2_000
_FACTS: Final[dict[str, object]] = {
    "amount": 7,
    "status": "ok",
    "dossier": {"unit": {"code": "so-noi-vu"}},
    "votes": [{"yes": 12 + place, "members": 30} for place in range(20)],
}
_VARIABLES: Final = {name: feel.to_feel(value) for name, value in _FACTS.items()}
_PAIRS: Final = (
    ('amount > 5 and status = "ok"', 'amount > 5 and status == "ok"'),
    ('dossier.unit.code in ("so-noi-vu", "so-y-te")', 'dossier["unit"]["code"] in ("so-noi-vu", "so-y-te")'),
    ("amount * 1.5 + 2", "amount * number('1.5') + 2"),
    ('if amount between 1 and 10 then "a" else "b"', '"a" if 1 <= amount <= 10 else "b"'),
    ("count(votes[yes / members > 0.5])", "len([v for v in votes if v['yes'] / v['members'] > 0.5])"),
)
"""An expression, and what a Python programmer would write instead."""


@dataclass(frozen=True)
class Ratio:
    """How long an expression takes, and how long Python's own takes."""

    text: str
    microseconds: float
    python_microseconds: float


def measure_expressions() -> list[Ratio]:
    """Return the median durations of one evaluation."""
    return [_ratio(text, python) for text, python in _PAIRS]


def _ratio(text: str, python: str) -> Ratio:
    expression = feel.parse(text)
    facts = {**_FACTS, "amount": Decimal(7), "number": Decimal}
    return compare(text, lambda: expression.evaluate(_VARIABLES), python, facts)


def compare(text: str, call: Callable[[], object], python: str, facts: dict[str, object]) -> Ratio:
    """Return the median durations of a call and of the Python expression that does the like."""
    code = compile(python, "<bench>", "eval")
    return Ratio(text, _median_us(call), _median_us(lambda: eval(code, facts)))  # noqa: S307 -- constant texts


def _median_us(call: Callable[[], object]) -> float:
    return statistics.median(timeit.repeat(call, number=_CALLS, repeat=_ROUNDS)) / _CALLS * 1_000_000
