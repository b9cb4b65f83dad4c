"""Functions that turn values into others, stand in for null, or vouch for a value."""

import pytest

from engine import feel
from engine.feel import FeelAssertionError

# Each expression stands beside one that says its value more plainly.
GIVES = [
    ("string(1.50)", '"1.5"'),
    ("string(1e10)", '"10000000000"'),
    ('string("a")', '"a"'),
    ("string(null)", "null"),
    ('string([1, "a", null, {b: @"P1D"}])', r'"[1, \"a\", null, {b: P1D}]"'),
    ('string(@"P1DT36H")', '"P2DT12H"'),
    ('string(@"2024-01-01T10:00:00.500+07:00")', '"2024-01-01T10:00:00.5+07:00"'),
    ('number("1.234.567,8", ".", ",")', "1234567.8"),
    ('number(from: "1 000", grouping separator: " ", decimal separator: ".")', "1000"),
    ('number("1.000", ".", ".")', "null"),
    ('number("1e999999")', "null"),
    ('number("một")', "null"),
    ('number("1_000")', "null"),
    ("not(false)", "true"),
    ("not(1)", "null"),
    ("get or else(null, 1)", "1"),
    ("get or else(false, 1)", "false"),
    ("is(1, 1.0)", "true"),
    ('is(@"10:00:00Z", @"10:00:00+00:00")', "true"),
    ('is(@"10:00:00Z", @"11:00:00+01:00")', "false"),
    ("is(value1: null)", "true"),
    ('is(1, "1")', "false"),
    ("assert(1, 1 < 2)", "1"),
]


@pytest.mark.parametrize(("text", "plainly"), GIVES)
def test_a_conversion_gives(text: str, plainly: str) -> None:
    assert feel.evaluate(text, {}) == feel.evaluate(plainly, {})


def test_what_is_asserted_and_not_so_ends_the_evaluation() -> None:
    with pytest.raises(FeelAssertionError, match="thiếu số tiền"):
        feel.evaluate('assert(tiền, tiền > 0, "thiếu số tiền")', {"tiền": None})
