"""Measures a decision table of 20 rules, beside the same choice in Python."""

from decimal import Decimal
from pathlib import Path
from typing import Final

from engine import dmn, feel
from web.bench.expressions import Ratio, compare

_TABLE: Final = Path(__file__).with_name("bench.dmn")
_FACTS: Final[dict[str, object]] = {"points": Decimal(95), "unit": "so-y-te", "late": False}
_RULES: Final = [
    (f"r{2 * tens + (1 if late else 2)}", 10 * tens, 10 * tens + 10, late)
    for tens in range(10)
    for late in (True, False)
]
_PYTHON: Final = "[row for row, fires in ({}) if fires]".format(
    ", ".join(
        f"({row!r}, {low} <= points < {high} and unit in ('so-noi-vu', 'so-y-te') and late is {late})"
        for row, low, high, late in _RULES
    )
)
"""Every rule is looked at, as UNIQUE asks."""


def measure_decisions() -> list[Ratio]:
    """Return the median duration of one evaluation."""
    model = dmn.load(_TABLE.read_bytes(), file=_TABLE.name)
    inputs = {name: feel.to_feel(value) for name, value in _FACTS.items()}
    return [compare("decision table of 20 rules", lambda: model.evaluate("row", inputs), _PYTHON, _FACTS)]
