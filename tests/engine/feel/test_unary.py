"""The cells of decision tables test values."""

from decimal import Decimal

import pytest

from engine import feel
from engine.feel import Value


@pytest.mark.parametrize(
    ("cell", "value", "passes"),
    [
        ("-", None, True),
        ("5", 5, True),
        ("1, 5", 5, True),
        ("< 5", 5, False),
        ("[1..5]", 5, True),
        ("]1..5[, 9", 5, False),
        ("not(1, 2)", 5, True),
        ("not(> 4)", 5, False),
        ("not(true)", False, True),
        ("? > limit", 5, True),
        ("limit", 3, True),
        ("> limit", "a", None),
        ("null", None, True),
        ('"a", "b"', "b", True),
        ("count(list) = 2", 7, True),
        ("list", 2, True),
        ('starts with(?, "a")', "abc", True),
    ],
)
def test_a_cell_tests_a_value(cell: str, value: object, passes: bool | None) -> None:
    variables: dict[str, Value] = {"limit": Decimal(3), "list": [Decimal(1), Decimal(2)]}

    assert feel.parse_unary_tests(cell).evaluate(feel.to_feel(value), variables) is passes
