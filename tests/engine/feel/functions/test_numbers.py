"""Functions of numbers are exact to 34 digits."""

import pytest

from engine import feel

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ("decimal(1 / 3, 2)", "0.33"),
    ("decimal(2.5, 0)", "2"),
    ("decimal(1234, -2)", "1200"),
    ("floor(-1.5)", "-2"),
    ("floor(1.56, 1)", "1.5"),
    ("ceiling(-1.5)", "-1"),
    ("ceiling(1.51, 1)", "1.6"),
    ("round up(-5.5, 0)", "-6"),
    ("round down(-5.5, 0)", "-5"),
    ("round half up(2.5, 0)", "3"),
    ("round half down(2.5, 0)", "2"),
    ("round half down(-2.6, 0)", "-3"),
    ("round up(5.5)", "null"),
    ("abs(-10)", "10"),
    ('abs(@"-P1DT1H")', '@"P1DT1H"'),
    ('abs(@"-P13M")', '@"P1Y1M"'),
    ("modulo(-12, 5)", "3"),
    ("modulo(12, -5)", "-3"),
    ("modulo(10.1, -4.5)", "-3.4"),
    ("modulo(1, 0)", "null"),
    ("sqrt(16)", "4"),
    ("sqrt(-1)", "null"),
    ("decimal(log(10), 8)", "2.30258509"),
    ("log(0)", "null"),
    ("decimal(exp(5), 8)", "148.41315910"),
    ("odd(-5)", "true"),
    ("odd(1.5)", "null"),
    ("even(10 ** 30)", "true"),
    ("even(n: 2)", "null"),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_a_function_of_numbers_gives(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})
